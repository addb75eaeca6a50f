// A plan over the map: marks for what it mends and puts up, how far they reach, before and after.

import { bindPopup } from "./map-bind.js";
import { element, mark } from "./map-marks.js";
import { reachLook, reachShape } from "./map-reach.js";

const PARTS = ["repaired", "new"];
const CHANNELS = ["hearing", "reading"];
const LAYERS = ["plan_kept", "plan_repaired", "plan_new"];
const MOST = 6; // A popup is not a page: the list beside the map has every choice.
const AWAY = { repaired: [31, 31], new: [-5, 31] }; // beside the mark of their place, left and right

function icon(part, count) {
  const box = element("div", "tq-planned");
  box.append(mark(part));
  if (count > 1) box.append(element("span", "tq-planned__count", String(count)));
  return L.divIcon({ html: box, className: "tq-pin tq-pin--plan", iconSize: [26, 26], iconAnchor: AWAY[part] });
}

/** One choice in words: what, where, how many voters more, how much, how far. */
function line(page, plan, row) {
  const { rows, kinds, shapes, of } = plan;
  const made = element("li");
  const what = page.say("planned", { n: rows.units[row], kind: kinds[rows.kind[row]] });
  made.append(element("span", "", `${page.actions[rows.action[row]]}: ${what}`));
  const said = [rows.place[row], page.wardName(rows.ward[row])].filter(Boolean);
  if (rows.gained[row]) said.push(page.say("gained", { n: rows.gained[row] }));
  said.push(rows.store[row] ? page.words.store : page.say("amount", { n: rows.amount[row] }));
  if (of[row].length) {
    const [channel, , metres] = shapes[of[row][0][0]];
    said.push(page.say(CHANNELS[channel], { n: metres }));
  }
  made.append(element("span", "tq-popup__why", said.join(" · ")));
  return made;
}

function popup(page, plan, part, rows) {
  const box = element("div", "tq-popup");
  const title = element("p", "tq-popup__title");
  title.append(mark(part), element("strong", "", page.words[`part_${part}`]));
  const list = element("ul", "tq-popup__gaps");
  list.append(...rows.slice(0, MOST).map((row) => line(page, plan, row)));
  if (rows.length > MOST) list.append(element("li", "", page.say("more_planned", { n: rows.length - MOST })));
  box.append(title, list);
  return box;
}

/** Put a plan on its layers in place of what is there; returns the mark of each row that has one. */
function draw(page, plan, layers) {
  for (const name of LAYERS) layers[name].clearLayers();
  const { rows, shapes, of, kept } = plan;
  const spots = new Map();
  rows.part.forEach((part, row) => {
    if (rows.lat[row] === null) return;
    const key = `${rows.lat[row]} ${rows.lon[row]} ${part}`;
    spots.set(key, [...(spots.get(key) ?? []), row]);
  });
  const marks = new Map();
  for (const together of spots.values()) {
    const [first] = together;
    const part = PARTS[rows.part[first]];
    const at = [rows.lat[first], rows.lon[first]];
    const made = L.marker(at, { icon: icon(part, together.length), pane: "plan", keyboard: false });
    bindPopup(made, () => popup(page, plan, part, together));
    layers[`plan_${part}`].addLayer(made);
    for (const row of together) {
      marks.set(row, made);
      for (const [shape, axis] of of[row]) {
        const look = reachLook(CHANNELS[shapes[shape][0]]);
        layers[`plan_${part}`].addLayer(reachShape(at, axis, shapes[shape], { ...look, weight: 2, fillOpacity: 0.14 }));
      }
    }
  }
  const dot = { ...reachLook("hearing"), radius: 4, weight: 1, fillOpacity: 0.9 };
  for (const at of kept) layers.plan_kept.addLayer(L.circleMarker(at, dot));
  return marks;
}

/** Draw the plan, let the page choose between before, after and another plan; open a row's mark from the list. */
export function layPlan(page, map, layers, open) {
  const choice = document.getElementById("plan-when");
  const box = (value) => choice?.querySelector(`[value=${value}]`);
  let marks = new Map();
  const show = () => {
    const after = !box("before")?.checked;
    page.laid = box("beside")?.checked ? page.beside : page.plan;
    marks = draw(page, page.laid, layers);
    for (const name of LAYERS) if (after) map.addLayer(layers[name]);
    else map.removeLayer(layers[name]);
  };
  show();
  if (choice) {
    choice.hidden = false;
    choice.addEventListener("change", show);
  }
  for (const row of document.querySelectorAll("#plan-list tr[data-plan-row]")) {
    const button = row.querySelector("[data-locate]");
    if (!button) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      if (box("after")) box("after").checked = true;
      show();
      open(marks.get(Number(row.dataset.planRow)), button);
    });
  }
}
