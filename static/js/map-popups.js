// What stands in the popups: nodes with text, never HTML made of strings.

import { reachedLines } from "./map-checks.js";
import { element, mark } from "./map-marks.js";
import { reachWords } from "./map-reach.js";

const MOST_GAPS = 4; // A popup is not a page: the rest is one press away.

/** A link to `stem` followed by an id; nothing where the page has no addresses (a file leads nowhere). */
function link(stem, id, words) {
  if (stem === undefined) return "";
  const made = element("a", "", words);
  made.href = stem + encodeURIComponent(id);
  return made;
}

function links(...made) {
  if (!made.some(Boolean)) return "";
  const line = element("p", "tq-popup__links");
  line.append(...made);
  return line;
}

function title(shape, text) {
  const line = element("p", "tq-popup__title");
  if (shape) line.append(mark(shape));
  line.append(element("strong", "", text));
  return line;
}

/** One gap as a list item, or null where the requirement is met in the figure. */
function gapLine(page, gap) {
  const [name, needed, missing, why] = page.figure === "verified" ? [gap[0], gap[1], gap[4], gap[5]] : gap;
  if (why < 0) return null;
  const said = [page.reasons[why], page.say("needs", { n: needed })];
  if (missing !== null) said.push(page.say("missing", { n: missing }));
  if (gap[6] !== null) said.push(page.say("nearest", { n: gap[6] }));
  if (gap[7] === 1) said.push(page.words.maybe_enough);
  const line = element("li");
  line.append(element("span", "", page.data.requirements[name]), element("span", "tq-popup__why", said.join(" · ")));
  return line;
}

/** A place: its state, what is missing there and why, and the way to both its pages. */
export function placePopup(page, row) {
  const box = element("div", "tq-popup");
  const state = page.stateOf(row);
  box.append(title(state, page.column("name")[row]));
  const said = [page.states.get(state), page.column("venue")[row]];
  const voters = page.column("voters")[row];
  if (voters !== null) said.push(page.say("voters", { n: voters }));
  box.append(element("p", "", said.join(" · ")));
  if (state !== "not_computed") {
    if (state !== "not_surveyed") {
      const n = page.column(`met_${page.figure}`)[row];
      box.append(element("p", "", page.say("met", { n, total: page.column("mandatory")[row] })));
    }
    const lines = page.column("gaps")[row].map((gap) => gapLine(page, gap)).filter(Boolean);
    if (lines.length === 0) box.append(element("p", "", page.words.no_gap));
    const list = element("ul", "tq-popup__gaps");
    list.append(...lines.slice(0, MOST_GAPS));
    if (lines.length > MOST_GAPS) list.append(element("li", "", page.say("more", { n: lines.length - MOST_GAPS })));
    if (lines.length) box.append(list);
    box.append(...reachedLines(page, row));
  }
  const id = page.column("id")[row];
  const ways = [link(page.addresses.place, id, page.words.open_place)];
  if (state !== "not_computed") ways.push(link(page.addresses.gaps, id, page.words.open_gaps));
  box.append(links(...ways));
  return box;
}

/** A standing thing: its kind, how much of it works, its condition. */
export function thingPopup(page, row) {
  const things = page.standing.things;
  const box = element("div", "tq-popup");
  const kind = page.standing.kinds[things.kind[row]];
  box.append(title(page.soundOf(row), kind[1]));
  const said = [page.say("working", { n: things.working[row], total: things.standing[row] })];
  said.push(page.conditions[things.condition[row]]);
  box.append(element("p", "", said.join(" · ")));
  box.append(element("p", "", page.wardName(things.ward[row])));
  for (const metres of page.standing.reach[things.kind[row]]) {
    box.append(element("p", "", page.say("within", { n: metres })));
  }
  const reach = reachWords(page, row);
  if (reach) {
    const line = element("p", "", reach[0]);
    line.append(element("span", "tq-popup__why", reach[1]));
    box.append(line);
  }
  box.append(links(link(page.addresses.thing, things.id[row], page.words.open_thing)));
  return box;
}

/** A ward: both shares, how much of it was surveyed, and a button to see it alone. */
export function wardPopup(page, ward, choose) {
  const box = element("div", "tq-popup");
  box.append(title("", ward.name));
  const share = (met) => (ward.answered ? page.percent(met / ward.answered) : "–");
  const shares = { verified: share(ward.met_verified), reported: share(ward.met_reported) };
  box.append(element("p", "", ward.answered ? page.say("share", shares) : page.words.not_surveyed));
  box.append(element("p", "", page.say("surveyed", { n: ward.surveyed, total: ward.places })));
  const planned = page.laid?.wards[ward.id];
  if (planned) {
    const [total, before, after] = planned;
    box.append(element("p", "", page.say("ward_plan", { total, before, after })));
  }
  const only = element("button", "tq-popup__button", page.words.only_ward);
  only.type = "button";
  only.addEventListener("click", () => choose(ward.id));
  box.append(links(link(page.addresses.ward_gaps, ward.id, page.words.open_gaps), only));
  return box;
}
