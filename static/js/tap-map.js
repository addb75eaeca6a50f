// A small map to point at a position: it fills two text boxes of its form and nothing else. Leaflet and all
// that is drawn are fetched when somebody opens it for the first time; no tiles, nothing from outside.

const NEAR = 17; // zoom at a known point: a street's length
const WARD = 13;
const PIN = 26; // px

const english = document.documentElement.lang === "en";
const numbers = (places) => new Intl.NumberFormat(english ? "en-GB" : "vi-VN", { maximumFractionDigits: places });

/** "120 m" below a kilometre, else "1,2 km". */
function metres(distance) {
  const whole = Math.round(distance);
  return whole < 1000 ? `${whole}\u00a0m` : `${numbers(1).format(distance / 1000)}\u00a0km`;
}

/** The number in a box as people here write it; null for nothing or for another writing of degrees. */
function degrees(box) {
  const text = (box?.value ?? "").trim().replace(",", ".");
  return /^\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : null;
}

function loadScript(address) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}

function loadStyle(address) {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
    document.head.append(Object.assign(link, { onload: resolve, onerror: reject }));
  });
}

async function fetchJson(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

class TapMap {
  constructor(box) {
    this.box = box;
    this.words = box.dataset;
    this.form = box.closest("form");
    this.lat = this.field(this.words.lat);
    this.lon = this.field(this.words.lon);
    this.status = box.querySelector("[data-tap-status]");
    this.ground = box.querySelector("[data-tap-ground]");
    this.drop = box.querySelector("[data-tap-drop]");
    const { venueLat, venueLon } = this.words;
    this.venue = venueLat ? [Number(venueLat), Number(venueLon)] : null;
    box.hidden = false;
    box.addEventListener("toggle", () => this.open());
    this.drop.addEventListener("click", () => this.forget());
    if (box.open) this.open();
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  async open() {
    if (!this.box.open || this.opened) return;
    this.opened = true;
    this.status.textContent = this.words.loading;
    try {
      await Promise.all([loadScript(this.words.script), ...this.words.styles.split(" ").map(loadStyle)]);
      await this.draw();
      this.status.textContent = this.words.ready;
      this.box.dataset.drawn = "";
    } catch {
      this.status.textContent = this.words.failed;
      this.ground.parentElement.hidden = true;
    }
  }

  async draw() {
    const [land, islands, wards] = await Promise.all(
      [this.words.land, this.words.islands, this.words.wards].map(fetchJson));
    this.map = L.map(this.ground, { zoomControl: false, maxZoom: 19, minZoom: 9 });
    this.map.attributionControl.setPrefix(false).addAttribution(this.words.credit);
    L.control.zoom({ zoomInTitle: this.words.zoomIn, zoomOutTitle: this.words.zoomOut }).addTo(this.map);
    L.control.scale({ imperial: false }).addTo(this.map);
    const outlines = L.geoJSON(wards, { interactive: false, style: { className: "tq-tap__ward" } });
    this.frame(outlines, L.geoJSON(land));
    for (const shapes of [land, islands]) {
      L.geoJSON(shapes, { interactive: false, style: { className: "tq-land" } }).addTo(this.map);
    }
    outlines.addTo(this.map);
    this.known();
    this.map.on("click", ({ latlng }) => this.mark(latlng));
    this.ground.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.ground) return;
      event.preventDefault();
      this.mark(this.map.getCenter());
    });
  }

  /** Open at what is known: the position in the boxes, the venue, the ward; never at sea. */
  frame(outlines, land) {
    const written = this.written();
    const near = written ?? this.venue ?? this.device();
    const bounds = outlines.getBounds();
    if (near) this.map.setView(near, NEAR);
    else if (bounds.isValid()) this.map.fitBounds(bounds);
    else this.map.setView(land.getBounds().getCenter(), WARD);
  }

  written() {
    const [lat, lon] = [degrees(this.lat), degrees(this.lon)];
    return lat === null || lon === null ? null : [lat, lon];
  }

  /** The phone's own fix, where the page keeps one. */
  device() {
    const [lat, lon] = [degrees(this.field("fix_lat")), degrees(this.field("fix_lon"))];
    return lat === null || lon === null ? null : [lat, lon];
  }

  known() {
    this.dot(this.venue, "venue", 9);
    this.dot(this.device(), "device", 7);
    const written = this.written();
    if (!written || !this.venue || this.map.distance(written, this.venue) > 2) this.dot(written, "now", 7);
  }

  dot(at, what, radius) {
    if (!at) return;
    const label = document.createElement("span");
    label.textContent = this.words[what];
    const className = `tq-tap__${what}`;
    const direction = what === "venue" ? "bottom" : "top"; // they often stand close together
    L.circleMarker(at, { radius, className, interactive: false })
      .bindTooltip(label, { permanent: true, direction, className: "tq-tap__label" })
      .addTo(this.map);
  }

  mark(at) {
    this.before ??= this.kept();
    if (!this.pin) {
      const icon = L.divIcon({ className: "tq-tap__mark", iconSize: [PIN, PIN], iconAnchor: [0, PIN] });
      this.pin = L.marker(at, { icon, draggable: true, keyboard: false });
      this.pin.on("dragend", () => this.mark(this.pin.getLatLng()));
    }
    this.pin.setLatLng(at).addTo(this.map);
    this.write(this.lat, at.lat);
    this.write(this.lon, at.lng);
    this.drop.hidden = false;
    const told = this.words.marked.replace("{lat}", this.lat.value).replace("{lon}", this.lon.value);
    const far = this.venue && this.words.far.replace("{distance}", metres(this.map.distance(at, this.venue)));
    this.status.textContent = [told, far].filter(Boolean).join(" · ");
  }

  write(box, value) {
    box.value = value.toFixed(6).replace(".", ",");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** What the form held before the first mark: the boxes, and what the device had said of them. */
  kept() {
    return [this.lat, this.lon, ...this.form.querySelectorAll("[data-fix]")].map((box) => [box, box.value]);
  }

  forget() {
    for (const [box, value] of this.before ?? []) {
      box.value = value;
      if (!box.dataset.fix) box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.before = undefined;
    this.pin?.remove();
    this.drop.hidden = true;
    this.status.textContent = this.words.dropped;
    this.ground.focus();
  }
}

for (const box of document.querySelectorAll("[data-tap-map]")) new TapMap(box);
