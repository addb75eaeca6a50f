// Packs: what this phone holds of each ward, so that it can be surveyed without a network.
//
// An `areas` row: {id, name, kind, campaign, cursor, digests: {section: hex}, sections: {section: rows}, mine,
// refreshed_at, server_at}; places and things have stores of their own (docs/sync.md, "Packs").

import { get as kv, write } from "./db.js";
import { now } from "./ids.js";
import { label } from "./words.js";

export const HEADERS = { "X-Trucquan-Field": "1", Accept: "application/json" };
const EARTH_M = 6_371_008.8;

/** The office did not give the pack: `code` and its sentence. */
export class PackRefused extends Error {
  constructor(status, code, sentence) {
    super(code);
    Object.assign(this, { name: "PackRefused", status, code, sentence });
  }
}

/** Bring the pack of a ward up to date; returns whether anything changed. Without a network it throws TypeError. */
export async function refresh(db, areaId, { signal = null } = {}) {
  const known = await db.get("areas", areaId);
  const query = new URLSearchParams();
  if (known) {
    query.set("cursor", known.cursor);
    query.set("have", Object.values(known.digests).join(","));
  }
  const answer = await fetch(`/field/pack/${areaId}?${query}`, { headers: HEADERS, redirect: "error", signal });
  if (!answer.headers.get("content-type")?.startsWith("application/json")) throw new TypeError("not ours");
  const pack = await answer.json();
  if (!answer.ok) throw new PackRefused(answer.status, pack.error?.code ?? "", pack.error?.message ?? "");
  if (!answer.headers.has("X-Trucquan-Answer")) throw new TypeError("not ours");
  return keep(db, pack);
}

/** Put a pack (from the office or from a memory card) into the phone's database, all of it or nothing. */
export async function keep(db, pack) {
  const id = pack.area.id;
  return write(db, ["areas", "places", "things", "kv"], async (tx) => {
    const areas = tx.objectStore("areas");
    const before = await areas.get(id);
    const row = {
      ...pack.area, campaign: pack.campaign, cursor: pack.cursor, mine: pack.mine, server_at: pack.server_at,
      refreshed_at: now(), digests: { ...before?.digests }, sections: { ...before?.sections },
    };
    for (const [name, { digest, rows }] of Object.entries(pack.sections)) {
      row.digests[name] = digest;
      if (name === "places") await replaceRows(tx.objectStore("places"), id, rows);
      else row.sections[name] = rows;
    }
    await areas.put(row);
    await tx.objectStore("kv").put(pack.campaign, "campaign");
    const things = tx.objectStore("things");
    if (pack.full) await replaceRows(things, id, pack.things);
    else await patch(things, id, pack);
    const moved = pack.full || pack.things.length > 0 || pack.gone.length > 0;
    return moved || Object.keys(pack.sections).length > 0 || JSON.stringify(before?.mine) !== JSON.stringify(pack.mine);
  });
}

async function replaceRows(store, areaId, rows) {
  const kept = new Set(rows.map((row) => row.id));
  for (const key of await store.index("area").getAllKeys(areaId)) {
    if (!kept.has(key)) store.delete(key);
  }
  for (const row of rows) store.put(row);
}

async function patch(store, areaId, pack) {
  for (const id of pack.gone) {
    // It may have come with the pack of the ward it went to.
    const here = await store.get(id);
    if (here?.area_id === areaId) await store.delete(id);
  }
  for (const row of pack.things) await store.put(row);
}

/** Forget a ward: its pack only, never what somebody did there. */
export async function drop(db, areaId) {
  return write(db, ["areas", "places", "things"], async (tx) => {
    await tx.objectStore("areas").delete(areaId);
    await replaceRows(tx.objectStore("places"), areaId, []);
    await replaceRows(tx.objectStore("things"), areaId, []);
  });
}

/** The wards on this phone: [{id, name, kind, refreshed_at, …}]. */
export async function areas(db) {
  return db.getAll("areas");
}

/** The places of a ward, by their number. */
export async function places(db, areaId) {
  const rows = await db.getAllFromIndex("places", "area", areaId);
  return rows.sort((one, other) => one.number - other.number || one.id - other.id);
}

/** One place, or undefined. */
export function place(db, id) {
  return db.get("places", Number(id));
}

/** The items of a target ("place:12", "ward:3"): [{key, zone, kinds, kind, needed, mandatory, …}] in walking order. */
export async function checklist(db, target) {
  const [kind, id] = target.split(":");
  const areaId = kind === "ward" ? Number(id) : (await place(db, id))?.area_id;
  const items = (await section(db, areaId, "checklists"))?.[target] ?? [];
  return items.map((item) => ({ ...item, zone_name: label("zone", item.zone) }));
}

/** The things of an area, a place or a kind (each narrows), oldest first. */
export async function things(db, { area = null, place: placeId = null, kind = null } = {}) {
  const [index, key] = await narrowest(db, area, placeId, kind);
  const rows = index ? await db.getAllFromIndex("things", index, key) : await db.getAll("things");
  return rows
    .filter((row) => (area === null || row.area_id === area) && (kind === null || row.kind_code === kind))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

async function narrowest(db, area, placeId, kind) {
  if (placeId !== null) return ["venue", (await place(db, placeId))?.venue_id ?? -1];
  if (kind !== null) return ["kind", kind];
  return area === null ? [null, null] : ["area", area];
}

/** One thing, or undefined. */
export function thing(db, id) {
  return db.get("things", id);
}

/** Things of a kind within so many metres, nearest first: [{thing, metres}]. */
export async function near(db, kindCode, { lat, lon }, metres) {
  return (await things(db, { kind: kindCode }))
    .filter((row) => row.lat !== null && row.lon !== null)
    .map((row) => ({ thing: row, metres: distance({ lat, lon }, row) }))
    .filter((found) => found.metres <= metres)
    .sort((one, other) => one.metres - other.metres);
}

/** Metres between two points {lat, lon} in degrees: the haversine formula on the mean sphere, as geodesy.py. */
export function distance(one, other) {
  const rad = Math.PI / 180;
  const height = Math.sin(((other.lat - one.lat) * rad) / 2) ** 2;
  const width = Math.sin(((other.lon - one.lon) * rad) / 2) ** 2;
  const share = height + Math.cos(one.lat * rad) * Math.cos(other.lat * rad) * width;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(share)));
}

/** A ward's outline as GeoJSON, or null. */
export async function outline(db, areaId) {
  return section(db, areaId, "outline");
}

async function section(db, areaId, name) {
  return (await db.get("areas", areaId))?.sections[name] ?? null;
}

/** What is the same in every ward: of the pack that was fetched last. */
async function newest(db, name) {
  const rows = await areas(db);
  rows.sort((one, other) => (one.refreshed_at < other.refreshed_at ? 1 : -1));
  return rows[0]?.sections[name] ?? null;
}

/** The kinds of things by code: {code: {code, family, name, name_en, bulk, conditions, near_duplicate_m, …}}. */
export async function kinds(db) {
  return Object.fromEntries(((await newest(db, "kinds")) ?? []).map((kind) => [kind.code, kind]));
}

/** The texts that may be shown: [{id, number, text, withdrawn}]. */
export async function slogans(db) {
  return (await newest(db, "slogans")) ?? [];
}

/** Limits of numbers by field or kind, as inventory/installations/limits.toml has them. */
export async function limits(db) {
  return (await newest(db, "limits")) ?? {};
}

/** Who goes where, of all wards on this phone: [{place_id, person_id, person, team, position}]. */
export async function assignments(db) {
  return (await areas(db)).flatMap((area) => area.sections.assignments ?? []);
}

/** What the office says of this person's entries of the last 14 days: {entry id: {id, state, outcome, …}}. */
export async function mine(db) {
  return Object.fromEntries((await areas(db)).flatMap((area) => area.mine ?? []).map((row) => [row.id, row]));
}

/** The campaign of the packs: {id, code, name, today, …}, or undefined. */
export function campaign(db) {
  return kv(db, "campaign");
}
