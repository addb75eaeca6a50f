// The marks of the map: shapes by name (templates/draw/marks.html) as Leaflet icons. Text goes in as text only.

const SVG = "http://www.w3.org/2000/svg";

/** A new element with a class and a text. Whatever a person typed comes through here, as text. */
export function element(name, look = "", text = "") {
  const made = document.createElement(name);
  if (look) made.className = look;
  if (text !== "") made.textContent = text;
  return made;
}

/** The shape `name` of the page's sprite. */
export function mark(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `tq-mark tq-mark--${name}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#mark-${name}`);
  svg.append(use);
  return svg;
}

/** A place's icon, by state. */
export const placeIcon = (state) =>
  L.divIcon({ html: mark(state), className: "tq-pin tq-pin--place", iconSize: [26, 26] });

/** A thing's icon, by how much of it works. */
export const thingIcon = (sound) =>
  L.divIcon({ html: mark(sound), className: "tq-pin tq-pin--thing", iconSize: [24, 24] });

/** The icon of many things: how many, and how many of them are broken; it leaves its place's mark in sight. */
export function bunchIcon(count, broken, words) {
  const disc = element("span", "tq-bunch");
  const figures = element("span");
  figures.setAttribute("aria-hidden", "true");
  figures.append(element("span", "tq-bunch__count", count));
  if (broken !== "0") figures.append(element("span", "tq-bunch__broken", `✕${broken}`));
  disc.append(figures, element("span", "govuk-visually-hidden", words));
  return L.divIcon({ html: disc, className: "tq-pin", iconSize: [42, 42], iconAnchor: [8, 2] });
}

/** A ward's name and share, written on the ward. */
export function nameIcon(name, share) {
  const label = element("span", "tq-wardname", name);
  label.append(element("span", "tq-wardname__share", share));
  return L.divIcon({ html: label, className: "tq-wardname__anchor", iconSize: [0, 0] });
}
