// Is a position in its ward? As the office's flag asks it (inventory/installations/flags.py `_spot`): with the
// fix's own accuracy and a tolerance, because ward lines are reference lines. It warns and never blocks.

import { distanceOutside } from "./geodesy.js";

/** As inventory/installations/limits.toml; the pack's own limits come first. */
const LIMITS = { ward_tolerance_m: 30, far_from_venue_m: 300 };

/**
 * Metres that a point lies outside the ward, when that is more than the fix's accuracy and the tolerance
 * explain; else 0. `outline` is GeoJSON or null, `fix` {lat, lon, accuracy_m}.
 */
export function outside(outline, fix, limits = LIMITS) {
  const most = { ...LIMITS, ...limits };
  const metres = distanceOutside(outline, fix);
  const blur = Math.min(fix.accuracy_m ?? 0, most.far_from_venue_m);
  return metres > blur + most.ward_tolerance_m ? metres : 0;
}
