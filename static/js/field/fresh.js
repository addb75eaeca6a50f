// Brings what the phone holds up to date: who its person is, then their wards one after the other.

import { chosen } from "./chosen.js";
import { get, put } from "./db.js";
import * as pack from "./pack.js";
import * as session from "./session.js";
import { fetchThumbs } from "./thumbs.js";

/**
 * Refresh the wards that should be here; `told(areaId)` is called for each that changed. A ward that the office
 * refuses is written down (kv `pack_problem:<id>`: {status, code, sentence}) and the others go on.
 * Returns whether it came to the end; without a line it does not.
 */
export async function refreshAll(context, told = () => {}) {
  const { db } = context;
  const me = await session.me().catch(() => ({ ok: false }));
  if (!me.ok) return false;
  const ids = await chosen(db, me.told);
  for (const id of ids) {
    try {
      if (await pack.refresh(db, id)) told(id);
      if (await get(db, `pack_problem:${id}`)) await put(db, `pack_problem:${id}`, null);
    } catch (error) {
      if (error?.name === "StorageFull") throw error;
      if (!(error instanceof pack.PackRefused)) return false;
      await put(db, `pack_problem:${id}`, { status: error.status, code: error.code, sentence: error.sentence });
      told(id);
    }
  }
  // A ward that is no longer this person's, or that they no longer chose, leaves the phone; their work there stays.
  for (const area of await pack.areas(db)) {
    if (!ids.includes(area.id)) {
      await pack.drop(db, area.id);
      told(area.id);
    }
  }
  fetchThumbs(context).catch(() => {});
  return true;
}
