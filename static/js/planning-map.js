// The maps of the inputs of planning: one to look at zones and free sites, one to tap the corners of a zone into
// the text box of its form. Leaflet and all that is drawn are fetched when somebody opens a map; no tiles.

const WARD = 13; // zoom
const CORNER = 24; // px
const LOOKS = { zone: "tq-planning__zone", site: "tq-planning__site" };

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

/** The corners in a box of "lat, lon" lines as [lat, lon]; null where it holds something else. */
function readCorners(text) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  const corners = lines.map((line) => {
    const parts = (line.includes(";") ? line.split(";") : /\s/.test(line) ? line.split(/\s+/) : line.split(","))
      .map((part) => part.replace(/^[\s,]+|[\s,]+$/g, "").replace(",", "."));
    return parts.length === 2 && parts.every((part) => /^\d{1,3}(\.\d+)?$/.test(part)) ? parts.map(Number) : null;
  });
  return corners.every(Boolean) ? corners : null;
}

const side = (a, b, c) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));

/** Do two edges of the closed line cross? Edges that follow each other share a corner and do not count. */
function crosses(corners) {
  const edges = corners.map((corner, index) => [corner, corners[(index + 1) % corners.length]]);
  return edges.some(([a, b], one) => edges.some(([c, d], other) =>
    other > one + 1 && !(one === 0 && other === edges.length - 1) &&
    side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0));
}

class ShapesMap {
  constructor(box) {
    this.box = box;
    this.words = box.dataset;
    this.status = box.querySelector("[data-planning-status]");
    this.ground = box.querySelector("[data-planning-ground]");
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
      this.box.dataset.drawn = "";
    } catch {
      this.status.textContent = this.words.failed;
      this.ground.parentElement.hidden = true;
    }
  }

  async draw() {
    const [land, islands, wards, shapes] = await Promise.all(
      [this.words.land, this.words.islands, this.words.wards, this.words.shapes].map(fetchJson));
    this.map = L.map(this.ground, { zoomControl: false, maxZoom: 19, minZoom: 9 });
    this.map.attributionControl.setPrefix(false).addAttribution(this.words.credit);
    L.control.zoom({ zoomInTitle: this.words.zoomIn, zoomOutTitle: this.words.zoomOut }).addTo(this.map);
    L.control.scale({ imperial: false }).addTo(this.map);
    const outlines = L.geoJSON(wards, { interactive: false, style: { className: "tq-tap__ward" } });
    this.frame(outlines, L.geoJSON(land));
    for (const ground of [land, islands]) {
      L.geoJSON(ground, { interactive: false, style: { className: "tq-land" } }).addTo(this.map);
    }
    outlines.addTo(this.map);
    this.drawShapes(shapes);
    this.status.textContent = this.words.ready;
  }

  frame(outlines, land) {
    const bounds = outlines.getBounds();
    if (bounds.isValid()) this.map.fitBounds(bounds);
    else this.map.setView(land.getBounds().getCenter(), WARD);
  }

  /** What people wrote goes into the page as text, never as markup. */
  drawShapes(shapes) {
    const look = ({ properties: { what, rule } }) => `${LOOKS[what]} ${LOOKS[what]}--${rule}`;
    const others = shapes.features.filter(({ properties }) =>
      !(properties.what === "zone" && String(properties.id) === this.words.own));
    for (const shape of others) {
      const layer = L.geoJSON(shape, {
        interactive: !this.words.corners,
        style: { className: look(shape) },
        pointToLayer: (_, at) => L.circleMarker(at, { radius: 8, className: look(shape), interactive: !this.words.corners }),
      });
      const label = document.createElement("span");
      label.textContent = shape.properties.name;
      layer.bindTooltip(label, { className: "tq-tap__label", sticky: true }).addTo(this.map);
    }
  }
}

class CornersMap extends ShapesMap {
  constructor(box) {
    super(box);
    this.field = box.closest("form").elements.namedItem(this.words.corners);
    this.undo = box.querySelector("[data-planning-undo]");
    this.clear = box.querySelector("[data-planning-clear]");
    this.marks = [];
  }

  async draw() {
    await super.draw();
    this.drawn = L.polygon([], { className: "tq-planning__drawn", interactive: false }).addTo(this.map);
    this.map.on("click", ({ latlng }) => this.add(latlng));
    this.ground.addEventListener("keydown", (event) => this.press(event));
    this.undo.addEventListener("click", () => this.take());
    this.clear.addEventListener("click", () => this.write([]));
    this.field.addEventListener("input", () => { if (!this.writing) this.follow(); });
    this.follow();
    if (this.corners?.length) this.map.fitBounds(L.latLngBounds(this.corners), { maxZoom: 17, padding: [40, 40] });
  }

  press(event) {
    if (event.target !== this.ground || !["Enter", "Backspace"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Enter") this.add(this.map.getCenter());
    else this.take();
  }

  add({ lat, lng }) {
    if (this.corners) this.write([...this.corners, [lat, lng]]);
  }

  take() {
    if (this.corners?.length) this.write(this.corners.slice(0, -1));
  }

  /** Write the corners into the box, as somebody who types would. */
  write(corners) {
    this.field.value = corners.map((corner) => corner.map((one) => one.toFixed(6)).join(", ")).join("\n");
    this.writing = true;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.writing = false;
    this.follow();
  }

  /** Draw what the box says. */
  follow() {
    this.corners = readCorners(this.field.value);
    const known = this.corners ?? [];
    this.drawn.setLatLngs(known);
    while (this.marks.length > known.length) this.marks.pop().remove();
    known.forEach((corner, index) => this.mark(corner, index));
    this.undo.disabled = !known.length;
    this.clear.disabled = !this.field.value.trim();
    this.status.textContent = this.told(known);
  }

  told(known) {
    if (!this.corners) return this.words.fixed;
    if (!known.length) return this.words.ready;
    const text = known.length < 3 ? this.words.few : crosses(known) ? this.words.crossing : this.words.count;
    return text.replace("{n}", known.length);
  }

  mark(corner, index) {
    if (!this.marks[index]) {
      const label = document.createElement("span");
      label.textContent = index + 1;
      const icon = L.divIcon({ className: "tq-planning__corner", html: label, iconSize: [CORNER, CORNER] });
      const mark = L.marker(corner, { icon, draggable: true, keyboard: false });
      mark.on("dragend", () => {
        const { lat, lng } = mark.getLatLng();
        this.write(this.corners.map((old, place) => (place === index ? [lat, lng] : old)));
      });
      this.marks[index] = mark.addTo(this.map);
    }
    this.marks[index].setLatLng(corner);
  }
}

for (const box of document.querySelectorAll("[data-planning-map]")) {
  if (box.dataset.corners) new CornersMap(box);
  else new ShapesMap(box);
}
