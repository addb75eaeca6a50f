// Photos on the phone: shrunk, hashed and stored at once; queued with what they show; kept until the office has them.
//
// A photo: {id, target, item, entry, of, state: "draft"|"waiting"|"needs"|"sent", sha256, size, blob, thumb, type,
// role, origin, reason, fix: {lat, lon, accuracy_m, age_s}|null, name, taken_at, width, height, received, problem}.

import { StorageFull, worded, write } from "./db.js";
import { now, sha256, uuid7 } from "./ids.js";
import { add } from "./queue.js";
import { current } from "./session.js";
import { look, shrink, Unfit } from "./shrink.js";
import { _ } from "./words.js";

/** What the office takes of a picture that this phone cannot shrink. */
const MOST_ORIGINAL = 25_000_000;
const WORKER_PATIENCE_MS = 30_000;
const LONGEST_NAME = 120;

/** A photo could not be taken: `sentence` says why and what to do; nothing else was lost. */
export class PhotoProblem extends Error {
  constructor(code) {
    super(code);
    this.name = "PhotoProblem";
    this.code = code;
    this.sentence = sentences()[code] ?? sentences().broken;
  }
}

function sentences() {
  return {
    empty: _("Tệp ảnh không có nội dung. Hãy chụp lại."),
    huge: _("Ảnh quá lớn cho máy này. Hãy chọn cỡ ảnh nhỏ hơn trong cài đặt máy ảnh rồi chụp lại."),
    heic: _("Máy này chưa đọc được ảnh HEIC. Hãy chọn JPEG trong cài đặt máy ảnh rồi chụp lại."),
    broken: _("Ảnh bị hỏng. Hãy chụp lại."),
    not_image: _("Tệp này không phải ảnh. Hãy chọn ảnh khác."),
    reason: _("Ghi lý do chọn ảnh từ thư viện."),
    full: _("Máy hết chỗ nhớ nên chưa lưu được ảnh này. Phần đã ghi vẫn còn; hãy giải phóng bộ nhớ rồi chụp lại."),
    damaged: _("Ảnh này bị hỏng trên máy. Hãy chụp lại."),
  };
}

let turn = Promise.resolve();

/**
 * Take one picture: file from an input, `where` {target, item, role, origin, reason, fix}. On the disk when fulfilled.
 * Raises PhotoProblem. One at a time, however many are chosen: a picture in memory takes a hundred megabytes.
 */
export function capture(db, file, where) {
  const mine = turn.then(() => take(db, file, where, now()));
  turn = mine.catch(() => {});
  return mine;
}

async function take(db, file, where, takenAt) {
  const { target, item = null, role = "overview", origin = "camera", reason = "", fix = null } = where;
  if (origin === "gallery" && !reason.trim()) throw new PhotoProblem("reason");
  const made = await copies(file);
  const bytes = await made.blob.arrayBuffer();
  const photo = {
    id: uuid7(), target, item, entry: null, of: null, state: "draft", sha256: await sha256(bytes), size: bytes.byteLength,
    blob: made.blob, thumb: made.thumb, type: made.blob.type, role, origin, reason: reason.trim(),
    fix: origin === "camera" ? fix : null, // where the phone is now says nothing about an older picture
    name: String(file.name ?? "").slice(-LONGEST_NAME), width: made.width, height: made.height,
    taken_at: origin === "camera" ? takenAt : dayOf(file), received: 0, problem: null,
  };
  try {
    await write(db, ["photos"], (tx) => tx.objectStore("photos").put(photo));
  } catch (error) {
    throw worded(error) instanceof StorageFull ? new PhotoProblem("full") : error;
  }
  return photo;
}

/** When a file of the gallery was last written, as far as the phone knows. */
function dayOf(file) {
  return file.lastModified ? new Date(file.lastModified).toISOString() : null;
}

async function copies(file) {
  try {
    return await beside(file);
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    if (error.code !== "heic") throw new PhotoProblem(error.code);
    return original(file);
  }
}

/** What this phone cannot decode goes as it is, where the office says that it can. */
async function original(file) {
  const told = (await current().catch(() => null))?.told;
  if (!told?.heic || file.size > MOST_ORIGINAL) throw new PhotoProblem("heic");
  return { blob: new Blob([await file.arrayBuffer()], { type: "image/heic" }), thumb: null, width: null, height: null };
}

/** Shrink in a worker where there is one; a browser without does it in the page. */
async function beside(file) {
  if (typeof Worker === "undefined" || typeof OffscreenCanvas === "undefined") return shrink(file, decoderOfPage());
  const answer = await asked(file);
  if (answer?.copies) return answer.copies;
  if (answer?.code) throw new Unfit(answer.code);
  return shrink(file, decoderOfPage());
}

/** The worker's answer; null when it could not be started, ended or said nothing in time. */
function asked(file) {
  return new Promise((resolve) => {
    let worker = null;
    const end = (answer) => {
      clearTimeout(timer);
      worker?.terminate();
      resolve(answer);
    };
    const timer = setTimeout(() => end(null), WORKER_PATIENCE_MS);
    try {
      worker = new Worker(new URL("./shrink-worker.js", import.meta.url), { type: "module" });
      worker.onmessage = ({ data }) => end(data);
      worker.onerror = () => end(null);
      worker.postMessage(file);
    } catch {
      end(null);
    }
  });
}

/** Browsers that know no options of createImageBitmap turn an <img> upright by themselves. */
function decoderOfPage() {
  return async (file) => {
    try {
      return await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return element(file);
    }
  };
}

async function element(file) {
  const address = URL.createObjectURL(file);
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** What an entry tells of a photo; `of` is {answer: entry id} or {installation: id}. */
export function photoBody(photo, of) {
  const { id, sha256: hash, size, role, name, taken_at, origin, reason, fix } = photo;
  return { photo: id, of, sha256: hash, size, role, name, taken_at, origin, reason, fix };
}

/** Queue a photo by itself, for a thing that is there; returns its entry. */
export async function queue(db, photo, of) {
  const entry = await add(db, "photo", photoBody(photo, of), { about: photo.id, target: photo.target });
  await write(db, ["photos"], (tx) => adopt(tx, photo.id, entry.id, of));
  return entry;
}

/** Inside a transaction over photos: the photo waits from now on, under its entry. */
export async function adopt(transaction, photoId, entryId, of) {
  const store = transaction.objectStore("photos");
  const photo = await store.get(photoId);
  if (photo) await store.put({ ...photo, entry: entryId, of, state: "waiting" });
}

/** The photos of a target, oldest first. */
export async function list(db, target) {
  const rows = await db.getAllFromIndex("photos", "target", target);
  return rows.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Throw a photo away that was not queued yet; the answer brings it back with `restore`. */
export async function remove(db, id) {
  return write(db, ["photos"], async (tx) => {
    const photo = await tx.store.get(id);
    if (!photo || photo.state !== "draft") return null;
    await tx.store.delete(id);
    return photo;
  });
}

/** Bring a removed photo back as it was. */
export async function restore(db, photo) {
  await write(db, ["photos"], (tx) => tx.store.put(photo));
}

/** Whether the bytes on the phone are still those that were told; a damaged one reads as another, or not at all. */
export async function bytesOf(photo) {
  const bytes = await photo.blob?.arrayBuffer?.().catch(() => null);
  return bytes && (await sha256(bytes)) === photo.sha256 ? bytes : null;
}

/** Say what is wrong with a photo: it goes to the pile "needs you", with the words of the office or our own. */
export async function needs(db, id, code, sentence = "") {
  const problem = { code, sentence: sentence || sentences()[code] || sentences().broken };
  await write(db, ["photos"], async (tx) => {
    const photo = await tx.store.get(id);
    if (photo) await tx.store.put({ ...photo, state: "needs", problem });
  });
}

/** The office has it: the picture leaves the phone, its thumbnail stays until room is needed. */
export async function sent(db, id) {
  await write(db, ["photos"], async (tx) => {
    const photo = await tx.store.get(id);
    if (photo) await tx.store.put({ ...photo, blob: null, state: "sent", received: photo.size, sent_at: now(), problem: null });
  });
}

/** What a person may do with a photo that the office or the phone refused: let it go; the record stays. */
export async function dismiss(db, id) {
  return write(db, ["photos"], async (tx) => {
    const photo = await tx.store.get(id);
    if (!photo || photo.state !== "needs") return null;
    await tx.store.delete(id);
    return photo;
  });
}
