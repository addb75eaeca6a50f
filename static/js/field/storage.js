// The storage guard: is there room, does the browser keep what we write, has something waited too long.
// Nothing here deletes what is not at the office; see docs/field-on-the-phone.md.

import { get, shared, StorageFull, worded, write } from "./db.js";
import { piles } from "./queue.js";

const MB = 1_048_576;
const GIB = 1024 * MB;
const DAY_MS = 86_400_000;
/** Warn below so much free room, or below this share of what the browser allows. */
export const LOW_BYTES = 200 * MB;
export const LOW_SHARE = 0.15;
/** Warn when something has waited so long. iOS clears what has not been opened for seven days. */
export const LATE_MS = DAY_MS;
const TINY_QUOTA = 120 * MB; // what private windows of several browsers allow (a guess from their behaviour)

let installing = null; // the browser's own offer to put the app on the home screen

globalThis.addEventListener?.("beforeinstallprompt", (event) => {
  event.preventDefault();
  installing = event;
});
globalThis.addEventListener?.("appinstalled", () => {
  installing = null;
});

/**
 * {free, used, quota} in bytes as the browser tells, null where it does not.
 * Newer Chromium tells everybody whole gibibytes of free room, whatever the disk says: that is no figure.
 */
export async function room() {
  try {
    const { usage, quota } = await navigator.storage.estimate();
    const free = Math.max(0, (quota ?? 0) - (usage ?? 0));
    if (free > 0 && free % GIB === 0) return { used: usage ?? null, quota: null, free: null };
    return { used: usage ?? null, quota: quota ?? null, free: quota ? free : null };
  } catch {
    return { used: null, quota: null, free: null };
  }
}

/** Whether so much room is worth a warning. */
export function isLow({ free, quota }) {
  return free !== null && (free < LOW_BYTES || (quota > 0 && free < quota * LOW_SHARE));
}

/** Whether the browser promised to keep our data; null where it promises nothing to anybody. */
export async function persisted() {
  try {
    return await navigator.storage.persisted();
  } catch {
    return null;
  }
}

/** What a push tells the office of this phone's room: {free, persisted}. */
export async function status() {
  return { free: (await room()).free, persisted: await persisted() };
}

/**
 * Whether this browser keeps what is written: "" it does; "none" it cannot; "likely" it seems to be a
 * private window, where everything goes when it is closed. Only "none" is certain.
 */
export async function privateWindow() {
  try {
    const db = await shared();
    await write(db, ["kv"], (tx) => tx.objectStore("kv").put(1, "probe"));
    if ((await get(db, "probe")) !== 1) return "none";
  } catch (error) {
    return worded(error) instanceof StorageFull ? "" : "none";
  }
  if (await persisted()) return "";
  const { quota } = await room();
  if (quota !== null && quota > 0 && quota < TINY_QUOTA) return "likely";
  return (await refusesFiles()) ? "likely" : "";
}

/** Firefox and Safari keep no private files in private windows; everywhere else this works. */
async function refusesFiles() {
  if (!navigator.storage?.getDirectory) return false;
  try {
    await navigator.storage.getDirectory();
    return false;
  } catch {
    return true;
  }
}

/** Ask once that the browser keeps our data, after the first thing was saved; answers whether it does. */
export async function askToKeep() {
  const kept = await persisted();
  if (kept !== false) return kept;
  const db = await shared();
  if (await get(db, "asked-to-keep")) return kept;
  await write(db, ["kv"], (tx) => tx.objectStore("kv").put(new Date().toISOString(), "asked-to-keep"));
  try {
    return await navigator.storage.persist();
  } catch {
    return kept;
  }
}

/** "prompt": the browser offers to install; "ios": by hand, from the share menu; "": nothing to offer. */
export function install() {
  const standing = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
  if (standing) return "";
  if (installing) return "prompt";
  return /iP(hone|ad|od)/.test(navigator.userAgent) ? "ios" : "";
}

/** Show the browser's own question; answers whether the person said yes. */
export async function offerInstall() {
  if (!installing) return false;
  const offer = installing;
  installing = null;
  await offer.prompt();
  return (await offer.userChoice).outcome === "accepted";
}

/** Since when the oldest thing that is only on this phone waits, drafts too; null when nothing does. */
export async function oldest(db) {
  const { oldest: waiting } = await piles(db);
  const drafts = (await db.getAll("drafts")).map((draft) => draft.saved_at ?? draft.at).filter(Boolean);
  return [waiting, ...drafts].filter(Boolean).sort()[0] ?? null;
}

/**
 * Look at everything at once.
 * @returns {Promise<object>} {used, quota, free, low, persisted, count: unsent things, late: whole hours or 0}
 */
export async function look(db, moment = Date.now()) {
  const { drafts, waiting, needs, photos } = await piles(db);
  const count = drafts + waiting + needs + photos;
  if (count) await askToKeep();
  const first = count ? await oldest(db) : null;
  const age = first ? moment - Date.parse(first) : 0;
  const space = await room();
  badge(waiting + needs + photos);
  return {
    ...space, low: isLow(space), persisted: await persisted(), count,
    late: age >= LATE_MS ? Math.floor(age / 3_600_000) : 0,
  };
}

/** The number on the app's icon and before the page's title. */
function badge(count) {
  const bare = document.title.replace(/^\(\d+\) /, "");
  document.title = count ? `(${count}) ${bare}` : bare;
  const set = count ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
  set?.catch(() => {}); // not every home screen can show it
}
