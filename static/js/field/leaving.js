// What stays on the phone when somebody signs out, and what goes.

import { write } from "./db.js";

/** What of this person is only on this phone: {drafts, entries, photos} as counts. */
export async function unsent(db) {
  const tx = db.transaction(["drafts", "entries", "photos"]);
  const counted = async (store) => (await store.count()) - (await store.index("state").count("sent"));
  const [drafts, entries, photos] = await Promise.all([
    tx.objectStore("drafts").count(), counted(tx.objectStore("entries")), counted(tx.objectStore("photos")),
  ]);
  return { drafts, entries, photos };
}

/** Delete all but the unsent rows, in one transaction; answers how many of those stay. */
export async function clean(db) {
  return write(db, ["kv", "areas", "places", "things", "drafts", "entries", "photos"], async (tx) => {
    for (const store of ["kv", "areas", "places", "things"]) await tx.objectStore(store).clear();
    let kept = await tx.objectStore("drafts").count();
    for (const name of ["entries", "photos"]) {
      const store = tx.objectStore(name);
      for (const id of await store.index("state").getAllKeys("sent")) await store.delete(id);
      kept += await store.count();
    }
    return kept;
  });
}

/** The small pictures that were kept for one person. */
export async function forgetThumbs(id) {
  await globalThis.caches?.delete(`thumbs-${id}`);
}

/** What another tab or an answer on its way wrote after somebody had signed out goes as well. */
export async function sweep(db, id) {
  const read = ["areas", "places", "things"].map((store) => db.count(store));
  if ((await Promise.all(read)).some(Boolean)) await clean(db);
  await forgetThumbs(id);
}
