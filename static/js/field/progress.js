// How far each place is, by what this phone knows: things that were seen in this campaign and the person's own answers.
// "Nothing here" that a colleague said on another phone is not known here, so nothing is claimed of it.

import { AREA_ZONES, build, PLACE_ZONES, stateOf } from "./checklist.js";
import * as pack from "./pack.js";
import { list } from "./queue.js";
import { isAhead, own as answers, saidBy } from "./sheet.js";
import { ownThings } from "./thing-own.js";
import { _ } from "./words.js";

/** {target: {shape, words, answered, all, finished}} of all places and wards, in one reading of the database. */
export async function placeStates(db, areas, places) {
  const [kinds, known, own, entries] = await Promise.all([pack.kinds(db), pack.things(db), ownThings(db), ownEntries(db)]);
  const things = [...known, ...own];
  const byVenue = Map.groupBy ? Map.groupBy(things, (thing) => keyOf(thing)) : grouped(things);
  const found = new Map();
  for (const area of areas) {
    const checklists = area.sections.checklists ?? {};
    const tell = (target, zones, key) => {
      const rows = checklists[target] ?? [];
      found.set(target, stateWords(build(zones, rows, kinds, byVenue.get(key) ?? []), entries.get(target) ?? [], area));
    };
    tell(`ward:${area.id}`, AREA_ZONES, `${area.id}/`);
    for (const place of places) {
      if (place.area_id === area.id) tell(`place:${place.id}`, PLACE_ZONES, `${area.id}/${place.venue_id}`);
    }
  }
  return found;
}

const keyOf = (thing) => `${thing.area_id}/${thing.venue_id ?? ""}`;

function grouped(things) {
  const found = new Map();
  for (const thing of things) found.set(keyOf(thing), [...(found.get(keyOf(thing)) ?? []), thing]);
  return found;
}

async function ownEntries(db) {
  const rows = [...await list(db, "sent"), ...await list(db, "waiting")].sort((one, other) => one.seq - other.seq);
  const found = new Map();
  for (const row of rows) {
    if (row.act !== "answer" && row.act !== "finish") continue;
    if (!found.has(row.target)) found.set(row.target, []);
    found.get(row.target).push(row);
  }
  return found;
}

function stateWords(zones, entries, area) {
  const { last } = answers(entries);
  const items = zones.flatMap((zone) => zone.items);
  const counts = {};
  for (const item of items) {
    const said = last[item.key];
    if (item.things.some((thing) => thing.review !== null || thing.unsent)) counts[item.key] = item.before;
    if (said && (isAhead(said.entry, area) || !counts[item.key])) counts[item.key] = saidBy(said.body);
  }
  const answered = items.filter((item) => item.key in counts).length;
  const finished = items.length > 0 && answered === items.length;
  const shape = stateOf(items, counts);
  const fresh = items.flatMap((item) => item.things).filter((thing) => thing.unsent).length;
  const words = answered ? _("đã ghi {n}/{all} mục", { n: answered, all: items.length }) : _("chưa có mục nào trên máy");
  const shown = [finished ? finishedWords(shape) : words, fresh && _("{n} thứ mới chưa gửi", { n: fresh })].filter(Boolean).join(" · ");
  return { shape, words: shown, answered, all: items.length, finished };
}

function finishedWords(shape) {
  return { complete: _("đã ghi đủ mục: đủ"), partly: _("đã ghi đủ mục: còn thiếu"), none: _("đã ghi đủ mục: chưa có") }[shape] ?? _("đã ghi đủ mục");
}
