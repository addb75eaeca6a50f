// Sends the queue when there is a line, and brings the packs up to date; see docs/sync.md.
export const events = new EventTarget();
export function start(_context) {}
export async function syncNow(_why) {}
