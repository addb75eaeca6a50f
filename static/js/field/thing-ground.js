// What every screen of one thing needs of the phone: kinds, texts, limits, and what lies around it on a map.

import * as pack from "./pack.js";
import { ownThings } from "./thing-own.js";

/** {kinds, slogans, limits} of the packs. */
export async function catalogue(db) {
  const [kinds, slogans, limits] = await Promise.all([pack.kinds(db), pack.slogans(db), pack.limits(db)]);
  return { kinds, slogans, limits };
}

/** What a map of the ward shows: {outline, places, things}; the thing itself is left out. */
export async function around(db, areaId, kindCode, thingId = "") {
  const [outline, places, things] = await Promise.all([
    pack.outline(db, areaId), pack.places(db, areaId), pack.things(db, { area: areaId, kind: kindCode }),
  ]);
  const own = await ownThings(db, { area: areaId, kind: kindCode });
  return { outline, places, things: [...things, ...own].filter((thing) => thing.id !== thingId) };
}

/** Say on this phone that the queue has changed, and send when there is a line; nothing waits for it. */
export async function queued() {
  document.dispatchEvent(new Event("trucquan-queue"));
  const sync = await import("./sync.js");
  Promise.resolve(sync.syncNow("saved")).catch(() => {});
}
