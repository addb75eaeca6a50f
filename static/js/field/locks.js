// One tab at a time: by the browser's locks, where it has none by a lease in the phone's own database.

import { put, write } from "./db.js";
import { uuid7 } from "./ids.js";

const LEASE_MS = 45_000;
const me = uuid7();

/** Run `work` while no other tab holds the name; waits for them. Returns what `work` returns. */
export async function alone(db, name, work) {
  if (navigator.locks) return navigator.locks.request(`trucquan-field:${db.name}:${name}`, work);
  while (!(await take(db, name))) await pause(1000);
  const renew = setInterval(() => take(db, name), LEASE_MS / 3);
  try {
    return await work();
  } finally {
    clearInterval(renew);
    await put(db, `lease:${name}`, { owner: me, until: 0 });
  }
}

/** Take or renew the lease; a tab that died loses it when it runs out. */
function take(db, name) {
  return write(db, ["kv"], async (tx) => {
    const held = await tx.objectStore("kv").get(`lease:${name}`);
    if (held && held.owner !== me && held.until > Date.now()) return false;
    await tx.objectStore("kv").put({ owner: me, until: Date.now() + LEASE_MS }, `lease:${name}`);
    return true;
  });
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
