// Giving places by ticking rows or by tapping them on a map: both are the same tick boxes. Leaflet and what is
// drawn are fetched when the map is opened; no tiles, nothing from outside. Without scripts the list does it all.

const PIN = 44; // px: a finger's width

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

/** The tick boxes of the list, and how many are ticked. */
class Picking {
  constructor(form) {
    this.form = form;
    this.boxes = [...form.querySelectorAll("input[name=place]")];
    this.count = form.querySelector("[data-pick-count]");
    this.listeners = [];
    form.addEventListener("change", () => this.tell());
    for (const button of form.querySelectorAll("[data-pick]")) {
      button.hidden = false;
      button.addEventListener("click", () => this.pick(button.dataset.pick));
    }
    this.tell();
  }

  get chosen() {
    return this.boxes.filter((box) => box.checked).length;
  }

  pick(which) {
    for (const box of this.boxes) box.checked = which === "free" && !("held" in box.dataset);
    this.tell();
  }

  tell() {
    this.count.textContent = this.chosen ? this.count.dataset.words.replace("{n}", this.chosen) : "";
    for (const listener of this.listeners) listener();
  }
}

class AssignMap {
  constructor(box, picking) {
    this.box = box;
    this.words = box.dataset;
    this.picking = picking;
    this.status = box.querySelector("[data-assign-status]");
    this.ground = box.querySelector("[data-assign-ground]");
    this.pins = new Map();
    box.hidden = false;
    box.addEventListener("toggle", () => this.open());
    if (box.open) this.open();
  }

  async open() {
    if (!this.box.open || this.opened) return;
    this.opened = true;
    this.status.textContent = this.words.loading;
    try {
      await Promise.all([loadScript(this.words.script), ...this.words.styles.split(" ").map(loadStyle)]);
      await this.draw();
      this.picking.listeners.push(() => this.follow());
      this.follow();
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
    const own = (feature) => String(feature.id ?? feature.properties.id) === this.words.area;
    const outlines = L.geoJSON(wards, {
      interactive: false,
      style: (feature) => ({ className: own(feature) ? "as-ward as-ward--own" : "as-ward" }),
    });
    const ward = L.geoJSON({ type: "FeatureCollection", features: wards.features.filter(own) });
    this.frame(ward, L.geoJSON(land));
    for (const ground of [land, islands]) {
      L.geoJSON(ground, { interactive: false, style: { className: "tq-land" } }).addTo(this.map);
    }
    outlines.addTo(this.map);
    for (const box of this.placed) this.pin(box);
  }

  get placed() {
    return this.picking.boxes.filter((box) => box.dataset.lat);
  }

  frame(ward, land) {
    const bounds = L.latLngBounds(this.placed.map((box) => [box.dataset.lat, box.dataset.lon]));
    const outline = ward.getBounds();
    if (bounds.isValid()) this.map.fitBounds(bounds, { padding: [PIN, PIN], maxZoom: 17 });
    else if (outline.isValid()) this.map.fitBounds(outline);
    else this.map.setView(land.getBounds().getCenter(), 13);
  }

  /** A pin looks as its person's mark on the list, with the place's number in it; what people wrote is text. */
  pin(box) {
    const mark = document.querySelector(`[data-mark-of="${box.value}"] .as-mark`).cloneNode();
    mark.textContent = box.dataset.number;
    const html = document.createElement("span");
    html.className = "as-pin";
    html.append(mark);
    const icon = L.divIcon({ className: "", html, iconSize: [PIN, PIN], iconAnchor: [PIN / 2, PIN / 2] });
    const marker = L.marker([box.dataset.lat, box.dataset.lon], { icon, keyboard: false, riseOnHover: true });
    const label = document.createElement("span");
    label.textContent = document.querySelector(`label[for="${box.id}"]`).textContent;
    marker.bindTooltip(label, { className: "tq-tap__label", direction: "top", offset: [0, -PIN / 2] });
    marker.on("click", () => {
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    });
    marker.addTo(this.map);
    this.pins.set(box, html);
  }

  follow() {
    for (const [box, html] of this.pins) html.classList.toggle("as-pin--chosen", box.checked);
    const missing = this.picking.boxes.length - this.pins.size;
    const told = [this.words.chosen.replace("{n}", this.picking.chosen)];
    if (missing) told.push(this.words.unplaced.replace("{n}", missing));
    this.status.textContent = told.join(" ");
  }
}

for (const form of document.querySelectorAll("[data-assignments]")) {
  const picking = new Picking(form);
  for (const box of form.querySelectorAll("[data-assign-map]")) new AssignMap(box, picking);
}
