// Drafts: what is typed and not yet said to be done. A draft is stored as it stands on the screen, half-typed
// numbers included, so that a killed tab comes back exactly as it was left.
// target: "place:12" | "ward:3" | "thing:<uuid>" | "new:<uuid>"

import { write } from "./db.js";

const SOON = 250; // ms after the last touch; the promise is one second
const AGAIN = 5000; // ms until a draft that could not be written is tried anew

/** What a full phone could not take, while this page lives: {database and target: draft}. */
const unwritten = new Map();
const nameOf = (db, target) => `${db.name} ${target}`;

/** Store a draft (a plain object); throws StorageFull when the phone has no room: this page still has it then. */
export async function save(db, target, draft) {
  const row = { ...draft, target, saved_at: new Date().toISOString() };
  unwritten.set(nameOf(db, target), row);
  await write(db, ["drafts"], (tx) => tx.objectStore("drafts").put(row));
  unwritten.delete(nameOf(db, target));
  return row;
}

/** The draft of a target, or undefined. */
export async function load(db, target) {
  return unwritten.get(nameOf(db, target)) ?? (await db.get("drafts", target));
}

/** Forget the draft of a target. */
export async function remove(db, target) {
  unwritten.delete(nameOf(db, target));
  await write(db, ["drafts"], (tx) => tx.objectStore("drafts").delete(target));
}

/** Put a removed draft back as it was, its own time included. */
export async function restore(db, draft) {
  await write(db, ["drafts"], (tx) => tx.objectStore("drafts").put(draft));
}

/** Every draft, the one touched last first. */
export async function list(db) {
  const rows = await db.getAll("drafts");
  return rows.sort((one, other) => (one.saved_at < other.saved_at ? 1 : -1));
}

/**
 * Keeps one draft on the disk while a screen is open. `touch()` after each change; it is written at the latest
 * SOON after the first one, and at once when the screen is left or hidden. `onfail(error)` tells what went wrong, and
 * the next change or moment tries again; `onkept()` is called when a draft is on the disk.
 */
export class Keeper {
  constructor(db, target, read, onfail, onkept = () => {}) {
    Object.assign(this, { db, target, read, onfail, onkept, timer: 0, last: Promise.resolve(), closed: false });
    this.hidden = () => this.flush();
    document.addEventListener("visibilitychange", this.hidden);
    window.addEventListener("pagehide", this.hidden);
    window.addEventListener("blur", this.hidden);
  }

  touch() {
    if (this.closed || this.timer) return;
    this.timer = setTimeout(() => this.write(), SOON);
  }

  /** Write now what is waiting to be written; resolves when it is on the disk. */
  flush() {
    if (this.timer) this.write();
    return this.last;
  }

  write() {
    clearTimeout(this.timer);
    this.timer = 0;
    // One after the other: the newest state is written last.
    this.last = this.last.then(() => this.put()).catch((error) => this.failed(error));
  }

  async put() {
    if (this.closed) return;
    await save(this.db, this.target, this.read());
    this.onkept();
  }

  failed(error) {
    this.onfail(error);
    if (!this.closed && !this.timer) this.timer = setTimeout(() => this.write(), AGAIN);
  }

  /** End; `forget` leaves out what is not written yet, because the draft was queued. */
  async close(forget = false) {
    if (!forget) await this.flush();
    clearTimeout(this.timer);
    this.timer = 0;
    const last = this.last;
    this.closed = true;
    document.removeEventListener("visibilitychange", this.hidden);
    window.removeEventListener("pagehide", this.hidden);
    window.removeEventListener("blur", this.hidden);
    await last;
  }
}
