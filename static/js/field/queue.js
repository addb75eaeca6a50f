// The queue: what a person did and the office has not yet confirmed; and the four piles they look at.
//
// An entry: {id, seq, act, body (JSON text), sha256, state: "waiting"|"needs"|"sent", answer, made_at,
// sent_at, about, target, visit}. Its body never changes. `seq` is the order in which things were done on
// this phone, whatever its clock says meanwhile.

import { get, write } from "./db.js";
import { now, sha256, uuid7 } from "./ids.js";

/** The most bytes of an entry's body. */
export const MOST_BYTES = 4096;
/** Copies of what the office has are kept so many days. */
export const KEPT_DAYS = 14;
const SENT = new Set(["stored", "merged", "parked", "held", "conflict"]);
const NEEDS = new Set(["refused", "id_reused"]);
const DAY_MS = 86_400_000;

/** What was written is too long for one entry: a note has to be shortened. */
export class TooLong extends Error {
  constructor(bytes) {
    super("TooLong");
    this.name = "TooLong";
    this.bytes = bytes;
  }
}

/** Queue one thing that was done; see addAll. */
export async function add(db, act, body, where = {}) {
  return (await addAll(db, [{ act, body, ...where }]))[0];
}

/**
 * Queue several things in one transaction: all of them are on the disk, or none.
 *
 * items: [{act, body, about, target, visit, id}], in the order of doing. `draft` is the target of the draft they
 * were made of: it goes in the same transaction, and when it has gone already (the button was pressed
 * twice, in two tabs) nothing is added and the answer is []. `also(transaction, entries)` may write into
 * drafts, entries, photos and kv. Raises TooLong before anything is written, StorageFull after nothing was.
 */
export async function addAll(db, items, { draft = null, also = null } = {}) {
  const rows = await Promise.all(items.map((item) => prepare(db, item)));
  return write(db, ["drafts", "entries", "photos", "kv"], async (tx) => {
    if (draft !== null) {
      if (!(await tx.objectStore("drafts").get(draft))) return [];
      await tx.objectStore("drafts").delete(draft);
    }
    const entries = tx.objectStore("entries");
    let seq = (await entries.index("seq").openKeyCursor(null, "prev"))?.key ?? 0;
    for (const row of rows) {
      seq += 1;
      row.seq = seq;
      await entries.add(row);
    }
    if (also) await also(tx, rows);
    return rows;
  });
}

/** An item as a row of the queue, without its place in the order. Raises TooLong. */
export async function prepare(db, { act, body, about = null, target = null, visit = null, id = uuid7() }) {
  const madeAt = body.made_at ?? now();
  const campaign = body.campaign ?? (await get(db, "campaign"))?.code ?? null;
  const area = body.area ?? (await areaOf(db, target));
  const text = JSON.stringify({ ...body, act, campaign, area, made_at: madeAt });
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MOST_BYTES) throw new TooLong(bytes);
  return {
    id, act, body: text, sha256: await sha256(text), state: "waiting", answer: null,
    made_at: madeAt, sent_at: null, about, target, visit,
  };
}

/** The ward that a target lies in, where the phone knows it. */
async function areaOf(db, target) {
  const [kind, id] = String(target ?? "").split(":");
  if (kind === "ward") return Number(id);
  if (kind === "place") return (await db.get("places", Number(id)))?.area_id ?? null;
  if (kind === "thing") return (await db.get("things", id))?.area_id ?? null;
  return null;
}

/** How many lie in each pile; `photos` wait for a line; `oldest` is when the oldest waiting one was made. */
export async function piles(db) {
  const tx = db.transaction(["drafts", "entries", "photos"]);
  const byState = tx.objectStore("entries").index("state");
  const photos = tx.objectStore("photos").index("state");
  const [drafts, waiting, needs, sent, pictures, refused, first] = await Promise.all([
    tx.objectStore("drafts").count(),
    byState.count("waiting"),
    byState.count("needs"),
    byState.count("sent"),
    photos.count("waiting"),
    photos.count("needs"),
    byState.get("waiting"),
  ]);
  return { drafts, waiting, needs: needs + refused, sent, photos: pictures, oldest: first?.made_at ?? null };
}

/** The rows of a pile ("drafts", "waiting", "needs", "sent", "photos"), oldest first; sent ones newest first. */
export async function list(db, pile) {
  if (pile === "drafts") return db.getAll("drafts");
  if (pile === "photos") return db.getAllFromIndex("photos", "state", "waiting");
  const rows = await db.getAllFromIndex("entries", "state", pile);
  rows.sort((one, other) => one.seq - other.seq);
  return pile === "sent" ? rows.reverse() : rows;
}

/** What waits to be sent, in the order of doing, at most `most` of them. */
export async function waiting(db, most) {
  return (await list(db, "waiting")).slice(0, most);
}

/** The entries of a target, oldest first. */
export async function byTarget(db, target) {
  return inOrder(await db.getAllFromIndex("entries", "target", target));
}

/** The newest entry about a thing, for `after`; undefined where there is none. */
export async function lastOf(db, about) {
  return inOrder(await db.getAllFromIndex("entries", "about", about)).at(-1);
}

function inOrder(rows) {
  return rows.sort((one, other) => one.seq - other.seq);
}

/**
 * Put the entries where the office's answers say. An answer counts only with the entry's own hash.
 * Returns the ids that it settled.
 */
export async function settle(db, answers) {
  return write(db, ["entries"], async (tx) => {
    const settled = [];
    for (const answer of answers) {
      const entry = await tx.store.get(answer.id);
      const state = SENT.has(answer.outcome) ? "sent" : NEEDS.has(answer.outcome) ? "needs" : null;
      if (!entry || state === null || entry.sha256 !== answer.sha256) continue;
      await tx.store.put({ ...entry, state, answer, sent_at: now() });
      settled.push(answer.id);
    }
    return settled;
  });
}

/** Delete copies of what the office has had for longer than KEPT_DAYS. */
export async function prune(db, today = Date.now()) {
  const before = new Date(today - KEPT_DAYS * DAY_MS).toISOString();
  return write(db, ["entries"], async (tx) => {
    let gone = 0;
    for (let at = await tx.objectStore("entries").index("state").openCursor("sent"); at; at = await at.continue()) {
      if (at.value.sent_at < before) {
        await at.delete();
        gone += 1;
      }
    }
    return gone;
  });
}
