// The app's own files: registers the worker that keeps them, notices a new version and lets it in when it is safe.

/** "update": a new version waits ({ready: true}); "sync": the browser says that the line is back; "off". */
export const events = new EventTarget();

const busy = new Set();
const HOUR_MS = 3_600_000;
let registration = null;
let reloading = false;

/** Say that something must not be cut off ("draft", "sending"); a new version waits meanwhile. */
export function hold(name) {
  busy.add(name);
}

/** It is done; a version that waited may come in, and the page opens anew with it. */
export function release(name) {
  busy.delete(name);
  if (reloading) reload();
}

/** Whether a new version may take over this page now. */
export function free() {
  return busy.size === 0;
}

/** Whether a new version waits. */
export function waiting() {
  return Boolean(registration?.waiting);
}

/** Register the worker. Where there is none (an insecure address, switched off) the app works, but only online. */
export async function start() {
  if (!("serviceWorker" in navigator)) return false;
  const workers = navigator.serviceWorker;
  workers.addEventListener("message", hear);
  if (document.documentElement.dataset.worker === "off") {
    for (const one of await workers.getRegistrations()) await one.unregister();
    return false;
  }
  const controlled = Boolean(workers.controller);
  // The first worker takes this page without changing anything; a later one means another version.
  if (controlled) workers.addEventListener("controllerchange", changed);
  else workers.addEventListener("controllerchange", () => workers.addEventListener("controllerchange", changed), { once: true });
  registration = await workers.register("/field/worker.js", { scope: "/field/", updateViaCache: "none" });
  registration.addEventListener("updatefound", () => watch(registration.installing));
  watch(registration.installing);
  if (registration.waiting && controlled) found();
  setInterval(check, HOUR_MS);
  return true;
}

/** Look for a new version now; without a network nothing happens. */
export async function check() {
  await registration?.update().catch(() => {});
}

/** Let the version that waits in, if no page has anything open. */
export function takeOver() {
  if (free()) registration?.waiting?.postMessage({ type: "take-over" });
}

/** Ask for one Background Sync where the browser has it: it wakes an open page when the line is back. */
export async function askBackground() {
  await registration?.sync?.register("push").catch(() => {});
}

function watch(worker) {
  worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) found();
  });
}

function found() {
  events.dispatchEvent(new CustomEvent("update", { detail: { ready: true } }));
  takeOver();
}

function changed() {
  reloading = true;
  if (free()) reload();
}

function reload() {
  if (free()) location.reload();
}

function hear(event) {
  const { type } = event.data ?? {};
  if (type === "free?") event.ports[0]?.postMessage(free());
  if (type === "sync") events.dispatchEvent(new Event("sync"));
  if (type === "off") events.dispatchEvent(new Event("off"));
}
