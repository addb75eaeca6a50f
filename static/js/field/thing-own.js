// Things that this person recorded on this phone and that its pack does not hold yet: they stand there like the others.

import * as pack from "./pack.js";
import { stateOf } from "./thing-state.js";

/**
 * [thing] as their entries made them, `unsent` true; each narrows: `area`, `venue` (null: the ward's own), `kind`.
 * `version` is the one that the office will have given them when it has taken what waits here.
 */
export async function ownThings(db, { area, venue, kind } = {}) {
  const [entries, areas] = await Promise.all([db.getAll("entries"), pack.areas(db)]);
  const asked = new Map(areas.map((row) => [row.id, row.refreshed_at]));
  const kinds = await pack.kinds(db);
  const found = [];
  for (const entry of entries) {
    const body = entry.act === "record" && entry.state !== "needs" ? JSON.parse(entry.body) : null;
    if (!body || (area ?? body.area) !== body.area || !isAhead(entry, asked.get(body.area))) continue;
    const state = (await pack.thing(db, entry.about)) ? null : await stateOf(db, entry.about, kinds);
    const thing = state?.thing;
    if (!thing || (kind ?? thing.kind_code) !== thing.kind_code || (venue !== undefined && venue !== thing.venue_id)) continue;
    found.push({ ...thing, version: versionOf(state.ahead), unsent: true });
  }
  return found.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Whether a pack of its ward that was asked for after the office had the record has not come yet. */
function isAhead(entry, refreshedAt) {
  if (entry.state === "waiting" || entry.answer?.outcome === "parked") return true;
  return ["stored", "merged"].includes(entry.answer?.outcome) && !(entry.sent_at <= refreshedAt);
}

/** A record is version 1; each change after it is one more, a confirmation none. */
function versionOf(ahead) {
  return ahead.filter((entry) => entry.act !== "confirm").length || 1;
}
