// A small map to point at a position, without tiles and without a network: the ward's line, its places, what
// is recorded, the device's own fix. Leaflet is part of the app's files and is loaded when it is first opened.

import { button, h } from "./dom.js";
import { metresBetween } from "./geodesy.js";
import { _, number } from "./words.js";

const SCRIPT = "/static/vendor/leaflet-1.9.4/leaflet.js";
const STYLE = "/static/vendor/leaflet-1.9.4/leaflet.css";
const NEAR = 17; // zoom at a known point: a street's length
const PIN = 26; // px
/** As inventory/installations/limits.toml: a tap this far from the fix is told. */
export const APART_M = 100;

let loading = null;

function leaflet() {
  loading ??= Promise.all([
    new Promise((resolve, reject) => {
      document.head.append(Object.assign(document.createElement("script"), { src: SCRIPT, onload: resolve, onerror: reject }));
    }),
    new Promise((resolve, reject) => {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: STYLE });
      document.head.append(Object.assign(link, { onload: resolve, onerror: reject }));
    }),
  ]);
  loading.catch(() => { loading = null; });
  return loading;
}

/** "120 m" below a kilometre, else "1,2 km". */
export function metresWords(metres) {
  const whole = Math.round(metres);
  return whole < 1000 ? `${number(whole)}\u00a0m` : `${number(metres / 1000, 1)}\u00a0km`;
}

/** What to tell of a tapped point beside a fix: "" while they agree. */
export function apartWords(tap, fix, limits = {}) {
  if (!tap || !fix) return "";
  const metres = metresBetween(tap, fix);
  if (metres <= (limits.fix_apart_m ?? APART_M)) return "";
  return _("Điểm này cách vị trí máy đo {distance}. Nếu đúng là ở đây thì cứ lưu; phòng sẽ xem lại.", { distance: metresWords(metres) });
}

/** Draws what the phone knows and writes where somebody points. */
class TapMap {
  constructor(node, { outline = null, places = [], things = [], fix = null, at = null, centre = null, onpoint }) {
    Object.assign(this, { node, outline, places, things, fix, centre, onpoint });
    this.map = L.map(node, { zoomControl: false, maxZoom: 20, minZoom: 9, attributionControl: false });
    L.control.zoom({ zoomInTitle: _("Phóng to"), zoomOutTitle: _("Thu nhỏ") }).addTo(this.map);
    L.control.scale({ imperial: false }).addTo(this.map);
    this.draw(at);
    if (at) this.mark(at);
    this.map.on("click", ({ latlng }) => this.point(latlng));
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== node) return;
      event.preventDefault();
      this.point(this.map.getCenter());
    });
  }

  draw(at) {
    const line = this.outline && L.geoJSON(this.outline, { interactive: false, style: { className: "fx-map__ward" } });
    const known = [...this.places, ...this.things].filter((one) => Number.isFinite(one.lat) && Number.isFinite(one.lon));
    const near = at ?? this.centre ?? this.fix;
    if (near) this.map.setView([near.lat, near.lon], NEAR);
    else if (line?.getBounds().isValid()) this.map.fitBounds(line.getBounds());
    else if (known.length) this.map.fitBounds(L.latLngBounds(known.map((one) => [one.lat, one.lon])), { maxZoom: NEAR });
    else this.map.setView([16, 107], 9);
    line?.addTo(this.map);
    for (const thing of this.things) this.dot(thing, "thing", 5);
    for (const place of this.places) this.dot(place, "place", 9, place.name);
    if (this.fix) {
      L.circle([this.fix.lat, this.fix.lon], { radius: this.fix.accuracy_m, className: "fx-map__halo", interactive: false }).addTo(this.map);
      this.dot(this.fix, "fix", 6, _("máy đo"));
    }
  }

  dot(one, what, radius, name = "") {
    if (!Number.isFinite(one.lat) || !Number.isFinite(one.lon)) return;
    const dot = L.circleMarker([one.lat, one.lon], { radius, className: `fx-map__${what}`, interactive: false }).addTo(this.map);
    // A node, never markup: a place may be called anything.
    if (name) dot.bindTooltip(h("span", {}, name), { permanent: this.places.length < 8 || what === "fix", direction: what === "fix" ? "top" : "bottom" });
  }

  mark({ lat, lon }) {
    const icon = L.divIcon({ className: "fx-map__pin", iconSize: [PIN, PIN], iconAnchor: [0, PIN] });
    this.pin ??= L.marker([lat, lon], { icon, keyboard: false, interactive: false }).addTo(this.map);
    this.pin.setLatLng([lat, lon]);
  }

  point({ lat, lng }) {
    const round = (value) => Math.round(value * 1e7) / 1e7;
    const at = { lat: round(lat), lon: round(lng) };
    this.mark(at);
    this.onpoint(at);
  }

  close() {
    this.map.remove();
  }
}

/**
 * Put the map into `root`. known: {outline, places, things, fix, at, centre (seen first where nothing is pointed at), limits}; `onpoint({lat, lon} | null)` is called for each
 * tap, with null when it is taken back. Answers {close()}; when the map cannot be loaded it says so and nothing else.
 */
export async function openTap(root, { onpoint, limits = {}, words = _("Chạm vào chỗ của thứ này trên bản đồ."), ...known }) {
  const ground = h("div", {
    class: "fx-map", tabindex: "0", role: "application",
    "aria-label": _("Bản đồ: chạm để chỉ vị trí; bằng bàn phím thì dùng mũi tên rồi nhấn Enter"),
  });
  const status = h("p", { class: "fx-map__status", role: "status" }, words);
  const drop = button(_("Bỏ điểm đã chỉ"), () => tell(null), { kind: "secondary", picture: "undo-2" });
  drop.hidden = !known.at;
  const frame = h("div", { class: "fx-map__frame" }, ground, h("span", { class: "fx-map__cross", "aria-hidden": "true" }));
  root.append(frame, status, drop);
  let map = null;
  function tell(at) {
    drop.hidden = !at;
    if (!at) {
      map?.pin?.remove();
      if (map) map.pin = undefined;
    }
    status.textContent = at ? apartWords(at, known.fix, limits) || _("Đã chỉ vị trí trên bản đồ.") : _("Đã bỏ điểm chỉ trên bản đồ.");
    onpoint(at);
  }
  try {
    await leaflet();
    map = new TapMap(ground, { ...known, onpoint: tell });
  } catch {
    frame.remove();
    drop.remove();
    status.textContent = _("Chưa mở được bản đồ. Vẫn lưu được; vị trí bổ sung sau.");
  }
  return { close: () => map?.close() };
}
