// The sheet of a visit: the checklist of a target with what this phone knows of it, the person's own unsent answers
// included, so that what was said an hour ago in airplane mode stands there like a record.

import { AREA_ZONES, PLACE_ZONES, build } from "./checklist.js";
import * as pack from "./pack.js";
import { byTarget } from "./queue.js";
import { ownThings } from "./thing-own.js";

/** What an answer's body says of its item, as a count; quick "none" is 0. */
export function saidBy(body) {
  const found = body.quick === "none" ? 0 : (body.found ?? 0);
  return { found, working: Math.min(found, body.working ?? found), condition: body.condition ?? null };
}

/** The newest answer to each item, and the visit that is still open: {last: {key: {entry, body}}, open: id|null}. */
export function own(entries) {
  const last = {};
  let open = null;
  for (const entry of entries) {
    if (entry.act !== "answer" && entry.act !== "finish") continue;
    const body = JSON.parse(entry.body);
    if (entry.act === "finish") open = null;
    else {
      if (entry.state !== "needs") open = body.visit;
      last[body.key] = { entry, body };
    }
  }
  return { last, open };
}

/** Whether the pack may not yet tell what an entry did: then the entry itself is the state. */
export function isAhead(entry, area) {
  if (entry.state === "waiting") return true;
  if (entry.state === "needs") return false;
  // The pack that told it is one that was asked for after the office had it.
  return entry.answer?.outcome === "parked" || !area || entry.sent_at > area.refreshed_at;
}

function overlaid(item, said, area) {
  if (said?.entry.state === "needs") return { ...item, entry: said.entry };
  if (!said || !isAhead(said.entry, area)) return item;
  const before = saidBy(said.body);
  const kind = item.kinds.find((one) => one.code === said.body.kind) ?? item.kind;
  return {
    ...item, kind, before, after: said.entry.id, entry: said.entry,
    kinds: before.found ? [kind] : item.kinds,
    recorded: before.found > 0,
    // What was answered just now is answered; the office's word on the earlier state stays to be read.
    returned: [],
  };
}

/**
 * The sheet of "place:12" or "ward:3"; null when the phone does not hold it.
 * Each item of `zones` has `answered` (in the open visit), `entry` and `after` of an own answer that the pack lacks.
 */
export async function load(db, target) {
  const [word, number] = target.split(":");
  const place = word === "place" ? await pack.place(db, number) : null;
  const area = await db.get("areas", word === "ward" ? Number(number) : (place?.area_id ?? -1));
  if (!area || (word === "place" && !place)) return null;
  const [rows, kinds, slogans, limits, entries] = await Promise.all([
    pack.checklist(db, target), pack.kinds(db), pack.slogans(db), pack.limits(db), byTarget(db, target),
  ]);
  const things = place
    ? (await pack.things(db, { place: place.id })).filter((thing) => thing.area_id === place.area_id)
    : (await pack.things(db, { area: area.id })).filter((thing) => thing.venue_id === null);
  const own = await ownThings(db, { area: area.id, venue: place?.venue_id ?? null });
  return made({ target, place, area, rows, kinds, slogans, limits, things: [...things, ...own], entries });
}

function made({ target, place, area, rows, kinds, slogans, limits, things, entries }) {
  const { last, open } = own(entries);
  const answers = {};
  for (const { entry, body } of Object.values(last)) {
    if (body.visit === open && entry.state !== "needs") answers[`${body.key.split(".")[0]}.${body.kind}`] = saidBy(body).found;
  }
  const lists = build(place ? PLACE_ZONES : AREA_ZONES, withExtras(rows, last, kinds, area), kinds, things, answers);
  const zones = lists.map((zone) => ({
    ...zone,
    items: zone.items.map((item) => {
      const shown = overlaid(item, last[item.key], area);
      const said = last[item.key];
      const answered = open !== null && said?.body.visit === open && said.entry.state !== "needs" && !shown.returned.length;
      return { ...shown, answered };
    }),
  }));
  return { target, place, area, kinds, slogans, limits, things, zones, visit: open, last,
    campaign: area.campaign, items: zones.flatMap((zone) => zone.items) };
}

/** Rows for further things that this phone recorded and the pack does not have yet. */
function withExtras(rows, last, kinds, area) {
  const listed = new Set(rows.map((row) => row.key));
  const extra = Object.entries(last)
    .filter(([key, { entry, body }]) => body.extra && !listed.has(key) && kinds[body.kind] && isAhead(entry, area))
    .map(([key, { body }]) => ({
      key, zone: key.split(".")[0], kinds: [body.kind], kind: body.kind, needed: 0, mandatory: false, requirements: [],
    }));
  return [...rows, ...extra];
}
