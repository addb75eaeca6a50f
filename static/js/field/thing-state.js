// One thing as its person left it: what the office last told, with their own entries on top that it has not
// told back yet. An edit is made against that: `base` is the office's version, `after` their own last entry.

import * as pack from "./pack.js";
import { settled } from "./thing-fields.js";

const CHANGES = new Set(["record", "amend", "move", "confirm"]);

/** Whether an own entry says something that the pack does not hold yet. */
function isAhead(entry, thing) {
  if (!CHANGES.has(entry.act) || entry.state === "needs") return false;
  if (entry.state === "waiting") return true;
  const { outcome, version } = entry.answer ?? {};
  // What the office keeps for a decision changes nothing until somebody has decided.
  if (outcome === "conflict" || outcome === "held") return false;
  if (outcome === "parked") return true;
  return !thing || (version ?? 0) > thing.version;
}

function positionFields(position) {
  const { fix, tap } = position ?? {};
  if (tap) return { lat: tap.lat, lon: tap.lon, accuracy_m: null, position_source: "map", position_age_s: null };
  if (!fix) return {};
  return { lat: fix.lat, lon: fix.lon, accuracy_m: fix.accuracy_m, position_source: "device", position_age_s: fix.age_s };
}

/** What an entry makes of a thing. */
function applied(thing, body, place) {
  if (body.act === "move") return { ...thing, lifecycle: body.step };
  if (body.act === "confirm") return thing;
  const fresh = body.act === "record"
    ? { id: body.installation, version: 0, area_id: body.area, venue_id: place?.venue_id ?? null, lifecycle: "installed", photos: [], review: null }
    : {};
  return { ...thing, ...fresh, ...body.fields, ...positionFields(body.position) };
}

/**
 * The thing with everything around it, or null when this phone knows nothing of it:
 * {thing, known (as the pack has it, or null), base, after, ahead: entries, refused: entries, entries}. `kinds` where the caller has them.
 */
export async function stateOf(db, id, kinds = null) {
  const known = (await pack.thing(db, id)) ?? null;
  const entries = (await db.getAllFromIndex("entries", "about", id)).sort((one, other) => one.seq - other.seq);
  const ahead = entries.filter((entry) => isAhead(entry, known));
  let thing = known;
  for (const entry of ahead) {
    const body = JSON.parse(entry.body);
    if (!thing && body.act !== "record") continue;
    const place = body.place ? await pack.place(db, body.place) : null;
    thing = applied(thing, body, place);
  }
  if (thing && ahead.length) {
    // What follows by itself from a condition the office will say too.
    const kind = (kinds ?? (await pack.kinds(db)))[thing.kind_code];
    if (kind) thing = settled(kind, thing);
  }
  const refused = entries.filter((entry) => entry.state === "needs");
  if (!thing && !refused.length) return null;
  return { thing, known, base: known?.version ?? null, after: ahead.at(-1)?.id ?? null, ahead, refused, entries };
}

/** Against what an edit is made: `after` an own entry that the office may not have yet, else its version. */
export function against({ base, after }) {
  return after ? { base: null, after } : { base, after: null };
}

/** The place of this campaign that a thing belongs to, or null for a thing of the ward itself. */
export async function placeOf(db, thing) {
  if (!thing?.venue_id) return null;
  const places = await pack.places(db, thing.area_id);
  return places.find((place) => place.venue_id === thing.venue_id) ?? null;
}
