// Distances and ward lines in metres: the same mathematics as inventory/geodesy.py, for a phone without a
// network. A property test compares the two on drawn outlines: near a line they differ by less than a metre.

const A = 6_378_137.0; // WGS84: semi-major axis in metres
const E2 = 0.006_694_379_990_141_3; // and squared eccentricity
const RAD = Math.PI / 180;

/** Metres of one degree of latitude and of longitude at a latitude: {north, east}. */
export function metresPerDegree(lat) {
  const sine = Math.sin(lat * RAD);
  const bend = 1 - E2 * sine * sine;
  const meridian = (A * (1 - E2)) / bend ** 1.5;
  const normal = A / Math.sqrt(bend);
  return { north: meridian * RAD, east: normal * Math.cos(lat * RAD) * RAD };
}

/** Metres between two points {lat, lon}: flat at their middle latitude, right to a thousandth up to 50 km. */
export function metresBetween(one, other) {
  const { north, east } = metresPerDegree((one.lat + other.lat) / 2);
  return Math.hypot((other.lat - one.lat) * north, (other.lon - one.lon) * east);
}

/** The rings of a GeoJSON Polygon, MultiPolygon or Feature of one: [[ring, …], …], a ring being [[lon, lat], …]. */
function polygons(outline) {
  const shape = outline?.type === "Feature" ? outline.geometry : outline;
  if (shape?.type === "Polygon") return [shape.coordinates];
  return shape?.type === "MultiPolygon" ? shape.coordinates : [];
}

/** Whether a ring goes round the point: how often a ray to the east crosses it. */
function isRound(ring, { lat, lon }) {
  let inside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [x1, y1] = ring[before];
    const [x2, y2] = ring[at];
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

/** Metres from the point to a segment, in a flat frame whose units are metres at the point. */
function gapTo([lon1, lat1], [lon2, lat2], { lat, lon }, { north, east }) {
  const [x1, y1] = [(lon1 - lon) * east, (lat1 - lat) * north];
  const [x2, y2] = [(lon2 - lon) * east, (lat2 - lat) * north];
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, -(x1 * dx + y1 * dy) / length));
  const end = { lon: lon + (x1 + share * dx) / east, lat: lat + (y1 + share * dy) / north };
  return metresBetween({ lat, lon }, end);
}

/** How far outside an outline a point lies, in metres; 0 inside it and on its line, and without an outline. */
export function distanceOutside(outline, point) {
  const areas = polygons(outline);
  const within = ([shell, ...holes]) => isRound(shell, point) && !holes.some((hole) => isRound(hole, point));
  if (!areas.length || areas.some(within)) return 0;
  const frame = metresPerDegree(point.lat);
  let gap = Infinity;
  for (const ring of areas.flat()) {
    for (let at = 1; at < ring.length; at += 1) gap = Math.min(gap, gapTo(ring[at - 1], ring[at], point, frame));
  }
  return gap;
}

/** The bounds in which every unit of Viet Nam lies, as inventory/geodesy.py has them. */
export function inVietnam({ lat, lon }) {
  return lat >= 6 && lat <= 24 && lon >= 102 && lon <= 118;
}
