// The rescue file: everything that is only on this phone, in one ZIP that the office can read (inventory/rescue).
// Entries stand in it as they were made, with their hashes, so that a later sync of the same phone doubles nothing.
// Writing it deletes nothing. Inside: manifest.json, entries.jsonl, drafts.jsonl, then photos/<id>.
// A file holds at most PART_BYTES of photos, because the office takes no larger upload: more become several
// files, each with all entries, which may be read in any order and more than once.

import { get, put } from "./db.js";
import { now } from "./ids.js";
import { list } from "./queue.js";
import { zipped } from "./zip.js";

export const FORMAT = 1;
export const PART_BYTES = 50_000_000;

/** Bytes of a photo that is still here; 0 when the picture itself has gone. */
function bytesOf(photo) {
  return photo.blob?.size ?? photo.blob?.byteLength ?? 0;
}

/**
 * What a rescue file would hold.
 * @returns {Promise<{entries: number, drafts: number, photos: number, bytes: number, parts: string[][]}>}
 * `parts` are ids of photos, a list for each file; there is always one file.
 */
export async function survey(db, most = PART_BYTES) {
  const parts = [[]];
  let photos = 0;
  let bytes = 0;
  let inPart = 0;
  // One row at a time: a cursor never holds two pictures.
  for (let at = await db.transaction("photos").store.openCursor(); at; at = await at.continue()) {
    const size = bytesOf(at.value);
    if (at.value.state === "sent" || size === 0) continue;
    if (inPart + size > most && parts.at(-1).length) {
      parts.push([]);
      inPart = 0;
    }
    parts.at(-1).push(at.value.id);
    inPart += size;
    photos += 1;
    bytes += size;
  }
  const [waiting, needs, drafts] = await Promise.all([list(db, "waiting"), list(db, "needs"), db.count("drafts")]);
  return { entries: waiting.length + needs.length, drafts, photos, bytes, parts };
}

/** The file's name: whose, when (Ha Noi's time), and which of how many. Only letters every system can read. */
export function nameOf(person, moment, number = 1, of = 1) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(moment);
  const { day, month, year, hour, minute } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const who = (person.username || `nguoi-${person.id}`).replace(/[^a-z0-9._-]/gi, "");
  return `trucquan-cuu-ho-${who}-${day}${month}${year}-${hour}${minute}${of > 1 ? `-${number}-cua-${of}` : ""}.zip`;
}

/**
 * Write one file. context: {person, campaign, db, device}; `ids`: the photos of this part, from `survey`.
 * `told(done, all)` counts photos. Returns a File. Nothing on the phone changes but the note that it was made.
 */
export async function make(context, ids, { number = 1, of = 1, told = () => {} } = {}) {
  const moment = new Date();
  const blob = await zipped(contents(context, ids, { number, of, told, moment }));
  await put(context.db, "rescued", { at: now(), parts: of });
  return new File([blob], nameOf(context.person, moment, number, of), { type: "application/zip" });
}

/** When a rescue file was last made here, or undefined. */
export function rescued(db) {
  return get(db, "rescued");
}

async function* contents({ person, campaign, db, device, told: server }, ids, { number, of, told, moment }) {
  const entries = [...(await list(db, "waiting")), ...(await list(db, "needs"))].sort((one, other) => one.seq - other.seq);
  const drafts = await db.getAll("drafts");
  const photos = [];
  for (const id of ids) photos.push(line(await db.get("photos", id)));
  const file = (name, input) => ({ name, input, lastModified: moment });
  yield file("manifest.json", JSON.stringify({
    format: FORMAT, kind: "trucquan-rescue", made_at: moment.toISOString(), app: server?.app ?? "", device,
    person: { id: person.id, username: person.username, name: person.name }, campaign: campaign?.code ?? null,
    part: number, of, entries: entries.length, drafts: drafts.length, photos,
  }));
  yield file("entries.jsonl", lines(entries.map(({ id, seq, state, sha256, body, made_at }) => ({ id, seq, state, sha256, body, made_at }))));
  yield file("drafts.jsonl", lines(drafts));
  let done = 0;
  for (const id of ids) {
    const { blob } = await db.get("photos", id);
    yield file(`photos/${id}`, blob);
    done += 1;
    told(done, ids.length);
  }
}

function line({ id, entry, state, sha256, size, role, target, name = "" }) {
  return { id, entry: entry ?? null, state, sha256, size, role, target, name };
}

/** One object a line, so that a file that was cut can be read up to the cut. */
function lines(rows) {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

/** Hand a file to the browser's downloads. Works without a network. */
export function save(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Whether the phone can hand the file to another app (a message, a drive); on iPhones the surest way. */
export function canShare(file) {
  return Boolean(navigator.canShare?.({ files: [file] }));
}

/** Hand the file on; answers false when the person changed their mind. */
export async function share(file) {
  try {
    await navigator.share({ files: [file], title: file.name });
    return true;
  } catch (error) {
    if (error.name === "AbortError") return false;
    throw error;
  }
}
