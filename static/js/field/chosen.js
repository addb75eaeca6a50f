// Which wards a phone holds. Whoever has few holds them all; whoever sees the whole city chooses, because a
// phone never holds more than `most_features` places and things.

import { get, put } from "./db.js";

const KEY = "wards";

/** The features of some wards together. */
export function featuresOf(areas, ids) {
  return areas.filter((area) => ids.includes(area.id)).reduce((sum, area) => sum + area.features, 0);
}

/**
 * The ids of the wards that are to be here. told: the answer of /field/me, or null.
 * Without a choice: all of them if they fit, else none until the person chooses.
 */
export async function chosen(db, told) {
  const areas = told?.areas ?? [];
  const picked = await get(db, KEY);
  const all = areas.map((area) => area.id);
  if (picked) return picked.filter((id) => all.includes(id));
  return featuresOf(areas, all) <= (told?.most_features ?? 0) ? all : [];
}

/** Choose; answers false, and keeps the old choice, when it would be too much for a phone. */
export async function choose(db, told, ids) {
  if (featuresOf(told.areas, ids) > told.most_features) return false;
  await put(db, KEY, ids);
  return true;
}
