// The checklist of a visit: what to look for, zone by zone, with what stands there so far. Pure.
//
// The office makes the rows of the items (inventory/surveys/checklist.py); which things stand there the phone knows
// by itself, and so which kind of a family it is and what is recorded though nobody asks for it. That half is
// written here as `_Maker` has it; tests/property/test_field_rules.py compares the two.

import { works } from "./rules.js";

/** Zones in the order a person walks: of a polling place, and of a whole ward. */
export const PLACE_ZONES = ["gate", "outside", "inside", "route"];
export const AREA_ZONES = ["public", "mobile"];
/** A thing can only be counted while it stands. */
const STANDING = new Set(["installed", "accepted", "in_use"]);

/** Whether a thing stands here; a missing one is kept, because it may come back. */
export const isPresent = (thing) => thing.condition !== "missing" && thing.quantity > 0;
export const isReturned = (thing) => thing.review?.state === "returned";
export const stands = (thing) => STANDING.has(thing.lifecycle);

/** How many of a record's things are in order. */
export function workingUnits(kind, thing) {
  if (kind.bulk) return thing.working;
  return works(kind, thing.condition) ? thing.quantity : 0;
}

/** Sum what is present: {found, working, condition of the first that does not work}. */
export function count(kind, things) {
  const present = things.filter(isPresent);
  const broken = present.find((thing) => workingUnits(kind, thing) < thing.quantity);
  const sum = (units) => present.reduce((total, thing) => total + units(thing), 0);
  return {
    found: sum((thing) => thing.quantity),
    working: sum((thing) => workingUnits(kind, thing)),
    condition: (broken ?? present[0])?.condition ?? null,
  };
}

/**
 * Make the checklist: [{zone, items, more}].
 * `rows` as the pack has them, `kinds` {code: kind} in the order of the catalogue, `things` that stand at the target,
 * `answers` {"zone.KIND": found} of the open visit.
 */
export function build(zones, rows, kinds, things, answers = {}) {
  const standing = things.filter((thing) => stands(thing) && thing.kind_code in kinds);
  const ordered = [...standing].sort((one, other) => (one.id < other.id ? -1 : 1));
  return zones.map((zone) => zoneList(zone, rows.filter((row) => row.zone === zone), kinds,
    ordered.filter((thing) => thing.zone === zone), answers));
}

function zoneList(zone, rows, kinds, things, answers) {
  const here = {};
  for (const thing of things) (here[thing.kind_code] ??= []).push(thing);
  const answer = (code) => answers[`${zone}.${code}`];
  const items = rows.map((row) => itemOf(row, kinds, here, answer)).filter(Boolean);
  const own = new Set(items.map((item) => item.kind.code));
  for (const code of Object.keys(kinds).filter((one) => one in here && !own.has(one))) {
    const row = { key: `${zone}.${code}`, zone, kinds: [code], kind: code, needed: 0, mandatory: false, requirements: [] };
    items.push(made(row, [kinds[code]], kinds[code], here[code], answer(code)));
  }
  const settled = new Set(items.filter((item) => item.kinds.length === 1).map((item) => item.kind.code));
  const more = Object.values(kinds).filter((kind) => kind.in_use && !settled.has(kind.code));
  return { zone, items, more };
}

function itemOf(row, kinds, here, answer) {
  const family = row.kinds.map((code) => kinds[code]).filter(Boolean);
  if (!family.length) return null;
  const kind = choose(row, family, here, answer);
  const things = here[kind.code] ?? [];
  const taken = things.some(isPresent) || Boolean(answer(kind.code));
  // A kind that is recorded here beside the chosen one has an item of its own.
  const free = family.filter((one) => one === kind || !(one.code in here));
  return made(row, taken ? [kind] : free, kind, things, answer(kind.code));
}

/** The kind that is there; else the one the standard prices; else the first. */
function choose(row, family, here, answer) {
  const weight = (kind) => [
    answer(kind.code) === undefined ? 0 : 1,
    (here[kind.code] ?? []).filter(isPresent).length,
    kind.code === row.kind ? 1 : 0,
  ];
  return family.reduce((best, kind) => (compare(weight(kind), weight(best)) > 0 ? kind : best));
}

function compare(one, other) {
  const at = one.findIndex((value, place) => value !== other[place]);
  return at < 0 ? 0 : one[at] - other[at];
}

function made(row, kinds, kind, things, answered) {
  const present = things.filter(isPresent);
  const returned = things.filter(isReturned);
  return {
    ...row, kinds, kind, things, returned,
    before: count(kind, things),
    first: present[0] ?? null,
    recorded: present.length > 0,
    found: answered ?? null,
    answered: answered !== undefined && returned.length === 0,
    photos: present.reduce((total, thing) => total + (thing.photos?.length ?? 0), 0),
  };
}

/**
 * What the phone itself can say of a place: "not_surveyed" while nothing of this campaign is known of it, "none",
 * "partly" or "complete" by its mandatory items once all of them are answered; a place with silent items is partly.
 * `counts` {key: {found, working}} of items that somebody answered in this campaign. What counts from elsewhere
 * (`within_m`) is not known here, so such items are left out.
 */
export function stateOf(items, counts) {
  const asked = items.filter((item) => item.mandatory && !item.within_m);
  const answered = asked.filter((item) => item.key in counts);
  if (!answered.length) return "not_surveyed";
  const met = answered.filter((item) => counts[item.key].working >= item.needed).length;
  if (met === asked.length) return "complete";
  return met || answered.some((item) => counts[item.key].found > 0) ? "partly" : "none";
}
