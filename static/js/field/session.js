// Who works on this phone. Several people may share one; each has their own database, and what is shown is
// that of one person at a time. Work never needs a live session at the service: only sending does.
//
// A row of `people`: {id, name, username, role, areas, campaign, heic, app, told_at, entered_at, out, unsent, code}.
// After signing out with unsent work only {id, out, unsent, code} is left of it.

import { device as deviceOf, forget, get, personDb, put, shared, write } from "./db.js";
import * as door from "./door.js";
import { clean, forgetThumbs, sweep } from "./leaving.js";
import { counted, fits, isCode, keep, MOST_TRIES, waiting } from "./unlock.js";

export { DoorShut } from "./door.js";
export { unsent } from "./leaving.js";

const HERE = "current"; // kv: id of the person whose work this phone shows
const OWED = "sign-out-owed"; // kv: somebody signed out without a network, the service does not know yet
const OPEN = "trucquan-field-open"; // sessionStorage: id of whoever typed their code in this window

let pending = null; // id of who signed in and has to choose a code before anything is shown

/** "change" after somebody came or went, in this window or in another one. */
export const changes = new EventTarget();

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("trucquan-field-session") : null;
channel?.addEventListener("message", () => changes.dispatchEvent(new Event("change")));

function changed() {
  channel?.postMessage("change");
  changes.dispatchEvent(new Event("change"));
}

// A page that the browser kept in memory as it was left may show who was here before.
globalThis.addEventListener?.("pageshow", (event) => event.persisted && location.reload());

async function person(id) {
  return id === undefined ? undefined : (await shared()).get("people", id);
}

function save(row) {
  return shared().then((db) => write(db, ["people"], (tx) => tx.objectStore("people").put(row)));
}

/** Whether this window may show the person's work: they have no code, or typed it here. */
function unlocked(row) {
  return !row.code || sessionStorage.getItem(OPEN) === String(row.id);
}

function view(row) {
  const { id, name = "", username = "", role = "", areas = [] } = row;
  return { id, name, username, role, areas };
}

/**
 * Whose work this window shows, or null: nobody yet, signed out, or their code is to be typed first.
 * @returns {Promise<?{person, campaign, db, device, code: boolean, told}>} `told` is the last answer of /field/me.
 */
export async function current() {
  const row = await hereRow();
  if (!row || row.out || !unlocked(row)) return null;
  return {
    person: view(row),
    campaign: row.campaign ?? null,
    db: await personDb(row.id),
    device: await deviceOf(row.id),
    code: Boolean(row.code),
    told: row.told ?? null,
  };
}

/** The row of whoever this phone shows; undefined where nobody is, or the browser keeps nothing at all. */
async function hereRow() {
  try {
    return await person(await get(await shared(), HERE));
  } catch (error) {
    if (["InvalidStateError", "UnknownError", "SecurityError"].includes(error?.name)) return undefined;
    throw error;
  }
}

/** The id of this person on this phone; null when nobody is here. */
export async function device() {
  const here = await current();
  return here ? here.device : null;
}

/**
 * Everybody who has work or a place on this phone, whoever came last first.
 * @returns {Promise<Array>} of {id, name, out, unsent, here, by: "" | "code" | "password", wait: seconds}.
 * `name` is "" of whoever signed out; `by` says what opens their work.
 */
export async function people() {
  const db = await shared();
  const here = await get(db, HERE);
  const rows = await db.getAll("people");
  for (const row of rows.filter((one) => one.out)) await sweep(await personDb(row.id), row.id);
  rows.sort((one, other) => (other.entered_at ?? 0) - (one.entered_at ?? 0));
  return rows.map((row) => ({
    id: row.id,
    name: row.out ? "" : row.name,
    out: Boolean(row.out),
    unsent: row.unsent ?? 0,
    here: row.id === here,
    by: opensBy(row, here),
    wait: Math.ceil(waiting(row.code) / 1000),
  }));
}

function opensBy(row, here) {
  if (row.code && row.code.tries < MOST_TRIES) return row.id === here && unlocked(row) ? "" : "code";
  return row.id === here && !row.out && !row.code ? "" : "password";
}

/**
 * Sign in over the network and show that person's work.
 * @returns {Promise<{ok: boolean, code, seconds, person, needs_code: boolean}>} `code` as in DoorShut, or
 * "private" when the browser keeps nothing. With `needs_code` others use this phone and this person has no
 * code: nothing is shown before `setCode`.
 */
export async function signIn(username, password) {
  try {
    const told = await door.open(username, password);
    const kept = await remember(told);
    pending = (await hasOthers(kept.id)) && !kept.code ? kept.id : null;
    if (pending === null) await settle(kept.id);
    return { ok: true, person: view(kept), needs_code: pending !== null };
  } catch (error) {
    if (error instanceof door.DoorShut) return { ok: false, code: error.code, seconds: error.seconds };
    if (error?.name === "InvalidStateError" || error?.name === "UnknownError") return { ok: false, code: "private" };
    throw error;
  }
}

async function hasOthers(id) {
  return (await (await shared()).getAllKeys("people")).some((other) => other !== id);
}

/** Keep what the service tells of somebody who has proved who they are; nothing is shown by it yet. */
async function remember(told) {
  const { id } = told.person;
  const before = await person(id);
  // Who has typed their password may choose a new code when theirs is void.
  const code = before?.code && before.code.tries < MOST_TRIES ? { ...before.code, tries: 0, until: 0 } : null;
  await put(await personDb(id), "campaign", told.campaign);
  const kept = { ...row(told), code, entered_at: Date.now() };
  await save(kept);
  await write(await shared(), ["kv"], (tx) => tx.objectStore("kv").delete(OWED));
  return kept;
}

/** From here on this window shows this person's work. */
async function settle(id) {
  pending = null;
  sessionStorage.setItem(OPEN, String(id));
  await put(await shared(), HERE, id);
  changed();
}

function row(told) {
  const { person: who, campaign, areas } = told;
  return { ...who, areas, campaign, told, told_at: Date.now(), out: false, unsent: 0 };
}

/**
 * Ask the service about this person anew: areas, campaign, rights. On a phone that shows nobody, whoever is
 * signed in in this browser arrives by it, unless their code is to be typed first.
 * @returns {Promise<{ok: boolean, code, name}>} code "other_person" (`name`: who is signed in in this browser),
 * "nobody", or as in DoorShut; then what the phone knows stays as it is, and work goes on.
 */
export async function me() {
  const here = await current();
  try {
    if (await payDebt(here)) return { ok: false, code: "sign_in" };
    if (!here && !(await door.somebody())) return { ok: false, code: "sign_in" };
    // Without the phone's id first: it is never told under another person's name.
    const whoever = await door.me();
    if (!here) return await arrive(whoever);
    if (whoever.person.id !== here.person.id) return { ok: false, code: "other_person", name: whoever.person.name };
    const told = await door.me(here.device);
    const before = await person(here.person.id);
    if (told.person.id !== here.person.id || !before || before.out) return { ok: false, code: "nobody" };
    await put(here.db, "campaign", told.campaign);
    await save({ ...before, ...row(told), code: before.code });
    return { ok: true, told };
  } catch (error) {
    if (error instanceof door.DoorShut) return { ok: false, code: error.code, seconds: error.seconds };
    throw error;
  }
}

async function arrive(told) {
  const here = await get(await shared(), HERE);
  const known = await person(told.person.id);
  if (known?.code || (here !== undefined && here !== told.person.id)) return { ok: false, code: "nobody" };
  if (await hasOthers(told.person.id)) return { ok: false, code: "nobody" };
  await settle((await remember(told)).id);
  return { ok: true, told };
}

/** Somebody signed out without a network: end their session before anything else is asked. */
async function payDebt(here) {
  const db = await shared();
  const owed = await get(db, OWED);
  if (!owed) return false;
  // The same person is back by their code: their session may go on.
  if (here?.person.id !== owed) await door.close();
  await write(db, ["kv"], (tx) => tx.objectStore("kv").delete(OWED));
  return here?.person.id !== owed;
}

/**
 * Show another person's work, without the network, by their code.
 * @returns {Promise<{ok: boolean, code}>} code "wrong", "wait" (with seconds) or "password": they sign in.
 */
export async function switchTo(id, code = "") {
  const db = await shared();
  const row = await person(id);
  const by = row ? opensBy(row, await get(db, HERE)) : "password";
  if (by === "password") return { ok: false, code: "password" };
  if (by === "code") {
    const tried = await tryCode(row, code);
    if (!tried.ok) return tried;
  }
  await settle(id);
  return { ok: true };
}

async function tryCode(row, code) {
  if (waiting(row.code)) return { ok: false, code: "wait", seconds: Math.ceil(waiting(row.code) / 1000) };
  if (!isCode(code)) return { ok: false, code: "wrong" };
  const after = counted(row.code);
  await save({ ...row, code: after });
  if (!(await fits(after, code))) {
    const seconds = Math.ceil(waiting(after) / 1000);
    if (after.tries >= MOST_TRIES) return { ok: false, code: "password" };
    return seconds ? { ok: false, code: "wait", seconds, wrong: true } : { ok: false, code: "wrong" };
  }
  // Whoever signed out and comes back by code has no name here until the service is asked again.
  await save({ ...row, out: false, entered_at: Date.now(), code: { ...after, tries: 0, until: 0 } });
  return { ok: true };
}

/** Set or change the code of whoever is here, or has just signed in. Answers whether it may be one. */
export async function setCode(code) {
  const id = pending ?? (await current())?.person.id;
  if (id === undefined || !isCode(code)) return false;
  await save({ ...(await person(id)), code: await keep(code) });
  await settle(id);
  return true;
}

/** Hide this person's work in this window until their code is typed; only where they have one. */
export function lock() {
  sessionStorage.removeItem(OPEN);
  changed();
}

/**
 * Sign out: whatever can be read of this person leaves the phone; what is not sent yet stays for them alone.
 * @returns {Promise<{kept: number, reached: boolean}>} how many unsent rows stay, and whether the service was
 * told; if not, it is told before anything else is asked of it.
 */
export async function signOut() {
  const here = await current();
  if (!here) return { kept: 0, reached: true };
  const { id } = here.person;
  const code = (await person(id)).code;
  const db = await shared();
  await put(db, OWED, id);
  const kept = await clean(here.db);
  await write(db, ["people", "kv"], async (tx) => {
    const rows = tx.objectStore("people");
    await (kept ? rows.put({ id, out: true, unsent: kept, code }) : rows.delete(id));
    await tx.objectStore("kv").delete(HERE);
  });
  if (!kept) await forget(id);
  await forgetThumbs(id);
  sessionStorage.removeItem(OPEN);
  const reached = await payDebt(null).then(() => true, () => false);
  changed();
  return { kept, reached };
}
