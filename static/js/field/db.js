// What the phone keeps: one database for the phone (who uses it) and one for each person on it.
//
// A person's database: kv (out of line), areas(id), places(id; by area), things(id; by area, kind, venue),
// drafts(target), entries(id; by state, about, target, seq), photos(id; by state, entry, target).
// Of a person's work every write is durable when its promise is fulfilled: durability "strict".

import { deleteDB, openDB } from "../../vendor/idb-8.0.4/idb.js";
import { uuid7 } from "./ids.js";

/** The phone has no room left: what was to be written is not written, all else stands. */
export class StorageFull extends Error {
  constructor() {
    super("StorageFull");
    this.name = "StorageFull";
  }
}

/** Steps from one version of a database to the next: only ever append one. Each gets (db, transaction). */
export const SHARED_STEPS = [
  (db) => {
    db.createObjectStore("people", { keyPath: "id" });
    db.createObjectStore("kv");
  },
];
export const PERSON_STEPS = [
  (db) => {
    db.createObjectStore("kv");
    db.createObjectStore("areas", { keyPath: "id" });
    db.createObjectStore("places", { keyPath: "id" }).createIndex("area", "area_id");
    const things = db.createObjectStore("things", { keyPath: "id" });
    things.createIndex("area", "area_id");
    things.createIndex("kind", "kind_code");
    things.createIndex("venue", "venue_id");
    db.createObjectStore("drafts", { keyPath: "target" });
    const entries = db.createObjectStore("entries", { keyPath: "id" });
    for (const name of ["state", "about", "target", "seq"]) entries.createIndex(name, name);
    const photos = db.createObjectStore("photos", { keyPath: "id" });
    for (const name of ["state", "entry", "target"]) photos.createIndex(name, name);
  },
];

/** The photos' states: taken; queued; the office refused it; the office has it (the picture is deleted). */
export const PHOTO_STATES = ["draft", "waiting", "needs", "sent"];

const opened = new Map();

/**
 * Open a database at the version that its steps make; what an older version holds stays.
 * An older page that is still open is asked to let go, and reopens when it next needs it.
 */
export function open(name, steps) {
  if (!opened.has(name)) {
    const opening = openDB(name, steps.length, {
      upgrade(db, before, _after, transaction) {
        for (const step of steps.slice(before)) step(db, transaction);
      },
      blocking: (_current, _wanted, event) => {
        opened.delete(name);
        event.target.close();
      },
      terminated: () => opened.delete(name),
    });
    opened.set(name, opening);
    opening.catch(() => opened.delete(name));
  }
  return opened.get(name);
}

/** Who uses this phone, and what belongs to nobody in particular. */
export function shared() {
  return open("trucquan-field", SHARED_STEPS);
}

/** The database of one person. */
export function personDb(personId) {
  return open(nameOf(personId), PERSON_STEPS);
}

/** Delete everything that the phone keeps of a person; only once they have said so. */
export async function forget(personId) {
  const name = nameOf(personId);
  if (opened.has(name)) (await opened.get(name)).close();
  opened.delete(name);
  await deleteDB(name);
}

function nameOf(personId) {
  return `trucquan-field-${personId}`;
}

/**
 * Do `work(transaction)` in one strict transaction over `stores` and wait until it is on the disk.
 * Inside, await nothing but requests of this transaction. On a full phone what the office has anyway is freed and
 * the work is done once more, from its beginning. Raises StorageFull when there is no room even so.
 */
export function write(db, stores, work) {
  return withRoom(db, () => attempt(db, stores, work));
}

async function attempt(db, stores, work) {
  const transaction = db.transaction(stores, "readwrite", { durability: "strict" });
  try {
    const result = await work(transaction);
    await transaction.done;
    return result;
  } catch (error) {
    transaction.done.catch(() => {});
    abort(transaction);
    throw worded(error);
  }
}

/** Do a write; when the phone is full, free what may go and do it once more. Raises StorageFull. */
export async function withRoom(db, work) {
  try {
    return await work();
  } catch (error) {
    if (!(worded(error) instanceof StorageFull) || !(await makeRoom(db))) throw worded(error);
  }
  return work();
}

/**
 * Free what the office has anyway: small pictures of what was sent, then cached pictures of the ward.
 * Unsent work is never touched. Answers how many things went.
 */
export async function makeRoom(db) {
  let gone = 0;
  // Deleting needs no room, but rewriting a row without its picture would: the row goes whole.
  if (db.objectStoreNames.contains("photos")) {
    await attempt(db, ["photos"], async (tx) => {
      for (let at = await tx.store.index("state").openCursor("sent"); at; at = await at.continue()) {
        await at.delete();
        gone += 1;
      }
    });
  }
  for (const name of (await globalThis.caches?.keys()) ?? []) {
    if (/thumbs?-/.test(name) && (await caches.delete(name))) gone += 1;
  }
  return gone;
}

function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It has ended already: by its own failure, or by a full disk at its commit.
  }
}

/** A full disk under one name, whichever way the browser said it. */
export function worded(error) {
  return error?.name === "QuotaExceededError" ? new StorageFull() : error;
}

/** One value of the kv store; undefined where there is none. */
export function get(db, key) {
  return db.get("kv", key);
}

/** Put one value into the kv store, durably. */
export function put(db, key, value) {
  return write(db, ["kv"], (tx) => tx.objectStore("kv").put(value, key));
}

/** The id of this person on this phone: made once, the same in every tab. */
export async function device(personId) {
  return write(await shared(), ["kv"], async (tx) => {
    const key = `device:${personId}`;
    const known = await tx.objectStore("kv").get(key);
    if (known) return known;
    const made = uuid7();
    await tx.objectStore("kv").put(made, key);
    return made;
  });
}
