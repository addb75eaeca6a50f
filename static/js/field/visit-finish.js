// "Xong nơi này" says how many answers of its visit were queued before it, so that at the office it waits for as many.
// An answer that is taken out of the queue would leave it waiting for good: then a new one takes its place.

import { write } from "./db.js";
import { byTarget, prepare } from "./queue.js";

/** How many answers of a visit this phone has queued, less those (`gone`: ids) that are about to go. */
export async function answersOf(db, target, visit, gone = []) {
  const rows = await byTarget(db, target);
  return rows.filter((row) => row.act === "answer" && row.visit === visit && !gone.includes(row.id)).length;
}

/**
 * Take an answer out of the queue with everything in `along` (entries), and put the finish of its visit, where that
 * still waits, in step with what is left of it. Answers what `bringBack` needs, or null when it was too late.
 */
export async function takeOut(db, entry, along = []) {
  const rows = await byTarget(db, entry.target);
  const old = entry.act === "answer" ? rows.find((row) => row.act === "finish" && row.visit === entry.visit && row.state === "waiting") : null;
  const made = old ? await recounted(db, old, await answersOf(db, entry.target, entry.visit, [entry.id])) : null;
  const ids = [entry, ...along, old].filter(Boolean).map((row) => row.id);
  return write(db, ["entries"], async (tx) => {
    const there = [];
    for (const id of ids) {
      const row = await tx.store.get(id);
      if (row && row.state !== "sent") there.push(row);
    }
    // Sent meanwhile: then it stays, and so does what goes with it.
    if (!there.some((row) => row.id === entry.id)) return null;
    for (const row of there) await tx.store.delete(row.id);
    const replaced = made && there.some((row) => row.id === old.id);
    if (replaced) await tx.store.add(made);
    return { rows: there, made: replaced ? made.id : null };
  });
}

/** The finish in its old place of the order, with the new number; null when nothing of its visit is left. */
async function recounted(db, old, answers) {
  if (!answers) return null;
  const row = await prepare(db, { ...old, id: undefined, body: { ...JSON.parse(old.body), answers } });
  return { ...row, seq: old.seq };
}

/** Undo `takeOut`. A new finish that the office has meanwhile is enough: the old one stays away. */
export async function bringBack(db, { rows, made }) {
  await write(db, ["entries"], async (tx) => {
    const now = made && (await tx.store.get(made));
    const over = made && now?.state !== "waiting";
    if (made && !over) await tx.store.delete(made);
    for (const row of rows) {
      if (!(over && row.act === "finish")) await tx.store.put(row);
    }
  });
}
