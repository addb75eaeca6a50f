// The bytes of photos on their way: after the data, one photo at a time, in parts that fit the line, from where the
// office says it stands. A photo leaves this phone only when the office has named its hash. One that fails holds
// up no other, and nothing here changes an entry.

import { get, put } from "./db.js";
import { sha256 } from "./ids.js";
import { bytesOf, needs, sent } from "./photos.js";
import { _ } from "./words.js";

export const SMALLEST_PART = 16_384;
export const LARGEST_PART = 1_048_576;
export const FIRST_PART = 32_768;
/** A part should take about so long: longer ones are lost in a short window of network, shorter ones wait in vain. */
const AIM_MS = 3_000;
const PATIENCE_MS = 30_000;
const MOST_STUMBLES = 6;
const MOST_TRIES = 3;
const FIRST_PAUSE_MS = 2_000;

/** "progress" {id, received, size} while a photo travels; "done" {id}; "needs" {id}. */
export const events = new EventTarget();

/** The line is gone, or the office takes nothing from us now: the rest waits. */
class Stop extends Error {}

/**
 * Send what waits. context: {app}; `signal` ends it between two parts and in the middle of one.
 * Returns {sent, left, stopped}; never throws for the line.
 */
export async function run(db, context, signal) {
  const line = { part: (await get(db, "photo_part")) ?? FIRST_PART, app: context?.app || "?", signal };
  const told = { sent: 0, left: 0, stopped: false };
  for (const id of await db.getAllKeysFromIndex("photos", "state", "waiting")) {
    if (signal?.aborted || told.stopped) {
      told.left += 1;
      continue;
    }
    try {
      told[(await patiently(db, id, line)) ? "sent" : "left"] += 1;
    } catch (error) {
      // A line that is gone stops them all; anything else is this photo's own misfortune.
      told.left += 1;
      told.stopped = error instanceof Stop;
      if (!told.stopped) console.error(error);
    }
  }
  await put(db, "photo_part", line.part).catch(() => {});
  return told;
}

/** Send one photo; where the line breaks, try again from where the office stands, a few times and ever later. */
async function patiently(db, id, line) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await one(db, id, line);
    } catch (error) {
      if (error.message !== "offline" || tries >= MOST_TRIES || line.signal?.aborted || navigator.onLine === false) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + Math.random())));
    }
  }
}

/** Send one photo as far as it goes; true when the office has it. */
async function one(db, id, line) {
  const photo = await db.get("photos", id);
  if (!photo || photo.state !== "waiting" || !(await isTold(db, photo))) return false;
  const state = await ask(line, id);
  if (state.status === 404 || state.told.state === "unknown") return false;
  if (state.told.state === "complete") return done(db, photo, state.told);
  if (state.told.state === "refused") return refused(db, photo, state.told);
  const bytes = await bytesOf(photo);
  if (bytes === null) return refused(db, photo, { code: "damaged" });
  return parts(db, photo, bytes, state.told.received ?? 0, line);
}

/** Whether the office can know of it: its entry was answered. */
async function isTold(db, photo) {
  const entry = photo.entry ? await db.get("entries", photo.entry) : null;
  return entry === undefined || entry?.state === "sent"; // a copy older than its keeping time is gone
}

async function parts(db, photo, bytes, begin, line) {
  let at = begin;
  for (let stumbles = 0; stumbles <= MOST_STUMBLES;) {
    const answer = await part(line, photo.id, at, bytes.slice(at, at + line.part));
    const next = await meaning(db, photo, answer, line);
    if (next.end !== undefined) return next.end;
    stumbles = next.at > at ? 0 : stumbles + 1;
    at = next.at;
    events.dispatchEvent(new CustomEvent("progress", { detail: { id: photo.id, received: at, size: photo.size } }));
  }
  return false;
}

/** What an answer to a part means: {at} to go on from there, {end} when this photo is through for now. */
async function meaning(db, photo, { status, told, at }, line) {
  if (status === 202 && told.sha256 === photo.sha256) return { at: told.received };
  if (status === 200 || status === 201) return { end: await done(db, photo, told) };
  if (status === 409 && told.code === "offset") return { at: told.received ?? 0 };
  if (status === 413) return { at: shorter(line, at) };
  if (status === 422 && told.code === "part_hash") return { at: shorter(line, at) };
  if (status === 422 && told.code === "hash_differs") return { at: 0 };
  if (status === 422) return { end: await refused(db, photo, told) };
  if (status === 404) return { end: false };
  throw new Stop(told.code ?? String(status));
}

function shorter(line, at) {
  line.part = Math.max(SMALLEST_PART, Math.floor(line.part / 2));
  return at;
}

async function done(db, photo, told) {
  if (told.sha256 !== photo.sha256) return false; // not the office's word about this photo
  await sent(db, photo.id);
  events.dispatchEvent(new CustomEvent("done", { detail: { id: photo.id } }));
  return true;
}

async function refused(db, photo, told) {
  if (told.code === "called_off") {
    await sent(db, photo.id);
    return false;
  }
  await needs(db, photo.id, told.code, told.message || wordsOf(told.code));
  events.dispatchEvent(new CustomEvent("needs", { detail: { id: photo.id } }));
  return false;
}

function wordsOf(code) {
  return code === "damaged" ? "" : _("Máy chủ không nhận được ảnh này. Hãy chụp lại; số liệu đã gửi không bị ảnh hưởng.");
}

async function ask(line, id) {
  return ours(await fetched(line, `/field/photos/${id}`, {}));
}

/** Send one part, and learn from how long it took. */
async function part(line, id, at, bytes) {
  const began = Date.now();
  const headers = { "Content-Type": "application/octet-stream", "X-Part-SHA256": await sha256(bytes) };
  const answer = await ours(await fetched(line, `/field/photos/${id}?offset=${at}`, { method: "PUT", headers, body: bytes }));
  const took = Math.max(1, Date.now() - began);
  if (answer.status === 202) {
    const fits = (bytes.byteLength / took) * AIM_MS;
    line.part = Math.round(Math.min(LARGEST_PART, Math.max(SMALLEST_PART, Math.min(line.part * 2, fits))));
  }
  return { ...answer, at };
}

async function fetched(line, address, options) {
  const ended = new AbortController();
  const stop = () => ended.abort();
  const timer = setTimeout(stop, PATIENCE_MS);
  line.signal?.addEventListener("abort", stop);
  if (line.signal?.aborted) stop();
  try {
    const headers = { ...options.headers, Accept: "application/json", "X-Trucquan-Field": line.app };
    const response = await fetch(address, { ...options, headers, redirect: "manual", cache: "no-store", signal: ended.signal });
    return { response, told: await response.json().catch(() => null) };
  } catch {
    shorter(line, 0);
    throw new Stop("offline");
  } finally {
    clearTimeout(timer);
    line.signal?.removeEventListener("abort", stop);
  }
}

/** The office's own answer: a network's sign-in page has neither the header nor the JSON. */
function ours({ response, told }) {
  if (response.headers.get("X-Trucquan-Answer") !== "1" || told === null) throw new Stop("portal");
  return { status: response.status, told };
}
