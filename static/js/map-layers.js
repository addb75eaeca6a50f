// The layers that data fill: wards by share met, places by state, things in clusters.

import { bindPopup } from "./map-bind.js";
import { bunchIcon, nameIcon, placeIcon, thingIcon } from "./map-marks.js";
import { placePopup, thingPopup, wardPopup } from "./map-popups.js";

const ORDER = { none: 400, partly: 300, not_surveyed: 200, not_computed: 100, complete: 0 };

/** The class of a ward's colour: five steps of the share met, or silent where nobody looked. */
function step(page, ward) {
  if (!ward?.answered) return "silent";
  return Math.min(4, Math.floor((5 * ward[`met_${page.figure}`]) / ward.answered));
}

/** Draw the wards' lines; returns their bounds by id. */
export function drawWards(page, group, outlines, choose) {
  const bounds = new Map();
  const drawn = L.geoJSON(outlines, {
    pane: "wards",
    style: (feature) => {
      const look = step(page, page.wards.get(feature.id));
      return { className: `tq-ward tq-ward--${look}`, ...(look === "silent" && { fillColor: "url(#tq-hatch)" }) };
    },
    onEachFeature: (feature, layer) => {
      bounds.set(feature.id, layer.getBounds());
      const ward = page.wards.get(feature.id);
      if (!ward) return;
      bindPopup(layer, () => wardPopup(page, ward, choose));
      const at = feature.properties.at;
      if (!at) return;
      const share = ward.answered ? page.percent(ward[`met_${page.figure}`] / ward.answered) : "–";
      const options = { icon: nameIcon(ward.name, share), pane: "names", interactive: false, keyboard: false };
      group.addLayer(L.marker(at, options));
    },
  });
  group.addLayer(drawn);
  return bounds;
}

/** Make a mark for every place with a position; returns them by id. The list is their keyboard's way in. */
export function makePlaces(page, touch) {
  const marks = new Map();
  page.column("id").forEach((id, row) => {
    const lat = page.column("lat")[row];
    if (lat === null) return;
    const state = page.stateOf(row);
    const options = { icon: placeIcon(state), pane: "places", keyboard: false, zIndexOffset: ORDER[state] };
    const made = L.marker([lat, page.column("lon")[row]], options);
    bindPopup(made, () => placePopup(page, row));
    made.on("mouseover", () => touch(id, true)).on("mouseout", () => touch(id, false));
    made.place = id;
    made.row = row;
    marks.set(id, made);
  });
  return marks;
}

/** Make a mark for every standing thing and tell the cluster layer how a bunch looks. */
export function makeThings(page, cluster) {
  cluster.options.iconCreateFunction = (bunch) => {
    const broken = bunch.getAllChildMarkers().filter((made) => made.sound !== "works").length;
    const told = { n: page.number(bunch.getChildCount()), broken: page.number(broken) };
    return bunchIcon(told.n, told.broken, page.say("cluster", told));
  };
  const things = page.standing.things;
  return things.id.map((id, row) => {
    const sound = page.soundOf(row);
    const made = L.marker([things.lat[row], things.lon[row]], { icon: thingIcon(sound), pane: "things" });
    bindPopup(made, () => thingPopup(page, row));
    made.on("add", () => {
      const words = `${page.standing.kinds[things.kind[row]][1]}, ${page.sound[things.sound[row]]}`;
      made.getElement()?.setAttribute("aria-label", words);
    });
    made.sound = sound;
    made.row = row;
    return made;
  });
}
