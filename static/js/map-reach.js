// How far things reach: the standard's distances as circles, the model's reach as circles and sectors.

const EARTH = 6371008.8; // metres
const RADIANS = Math.PI / 180;
const CHANNELS = ["hearing", "reading"];

/** The canvas that all reach is drawn on, below the marks. */
const canvas = () => (canvas.made ??= L.canvas({ pane: "reach" }));
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--tq-${name}`).trim();

/** The outline of a sector: its radius falls from the axis to the edge as the model's does. */
function outline([lat, lng], axis, [channel, half, radius, edge]) {
  const points = half < 180 ? [[lat, lng]] : [];
  const steps = Math.max(6, Math.ceil(half / 6));
  for (let step = -steps; step <= steps; step += 1) {
    const off = (half * step) / steps;
    const metres = channel === 1 ? radius * Math.cos(off * RADIANS) : radius + (edge - radius) * (off / half) ** 2;
    const bearing = (axis + off) * RADIANS;
    points.push([
      lat + (metres * Math.cos(bearing)) / EARTH / RADIANS,
      lng + (metres * Math.sin(bearing)) / (EARTH * Math.cos(lat * RADIANS)) / RADIANS,
    ]);
  }
  return points;
}

/** The shape of one reach at a position: a circle all round, or a sector. */
export function reachShape(at, axis, shape, look) {
  return axis === null ? L.circle(at, { radius: shape[2], ...look }) : L.polygon(outline(at, axis, shape), look);
}

/** How the reach of a channel is drawn: hearing solid, reading dashed. */
export function reachLook(channel) {
  const ink = colour(channel === "hearing" ? "brand" : "amber");
  const dash = channel === "hearing" ? null : "5 4";
  return { color: ink, dashArray: dash, weight: 1.25, opacity: 0.8, fillOpacity: 0.07, interactive: false, renderer: canvas() };
}

/** Circles round what works, as wide as the standard lets it count. */
export function drawReach(page, group, marks) {
  group.clearLayers();
  const things = page.standing.things;
  const look = { ...reachLook("hearing"), weight: 1, opacity: 0.7, fillOpacity: 0.06 };
  for (const made of marks) {
    if (things.working[made.row] === 0) continue;
    for (const radius of page.standing.reach[things.kind[made.row]]) {
      group.addLayer(L.circle(made.getLatLng(), { radius, ...look }));
    }
  }
}

/** What works is heard and read this far by the model. */
export function drawModel(page, group, marks) {
  group.clearLayers();
  const model = page.standing.model;
  if (!model) return;
  const looks = CHANNELS.map(reachLook);
  for (const made of marks) {
    const { lat, lng } = made.getLatLng();
    for (const [shape, axis] of model.of[made.row]) {
      const told = model.shapes[shape];
      group.addLayer(reachShape([lat, lng], axis, told, looks[told[0]]));
    }
  }
}

/** The model's reach of a thing in words: [metres and channel, the model's name and target], or null. */
export function reachWords(page, row) {
  const model = page.standing.model;
  const first = model?.of[row][0];
  if (!first) return null;
  const [channel, , metres] = model.shapes[first[0]];
  return [page.say(CHANNELS[channel], { n: metres }), model.said[page.standing.things.kind[row]]];
}
