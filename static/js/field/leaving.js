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

/** The caches of one person carry their id at the end of their name. */
export async function forgetCaches(id) {
  for (const name of (await globalThis.caches?.keys()) ?? []) {
    if (name.endsWith(`-${id}`)) await caches.delete(name);
  }
}
