// The service worker: keeps the shell of the app (SHELL, written above by the service) and answers with it.
//
// Only files of the shell are ever kept; what the office answers about people and their work is not.
// A new version is fetched whole beside the old one, each file checked against its hash, so that neither a
// half-finished update nor a captive portal's page can end up in it. It takes over when every open page agrees.
/* global SHELL */

const KEPT = "field-shell-";
const CACHE = KEPT + SHELL.version;
const LIST = "/field/shell.json";
const ASK_MS = 3000;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(settle()));
self.addEventListener("fetch", (event) => {
  const answer = kept(event.request);
  if (answer) event.respondWith(answer);
});
self.addEventListener("message", (event) => {
  const { type } = event.data ?? {};
  if (type === "take-over") event.waitUntil(takeOver());
  if (type === "version") event.ports[0]?.postMessage(SHELL.version);
});
self.addEventListener("sync", (event) => event.waitUntil(wake()));

/** Bring every file of this version into its cache: from an older version where it is the same. */
async function fill() {
  const cache = await caches.open(CACHE);
  const older = await olderFiles();
  for (const [address, hash] of Object.entries(SHELL.files)) {
    if (await cache.match(address)) continue;
    const same = older.get(`${hash} ${address}`);
    await cache.put(address, same ? await same() : await fetched(address, hash));
  }
  await cache.put(LIST, new Response(JSON.stringify(SHELL.files)));
}

/** {"hash address": a function that gives the response} of whole older versions. */
async function olderFiles() {
  const found = new Map();
  for (const name of await caches.keys()) {
    if (!name.startsWith(KEPT) || name === CACHE) continue;
    const cache = await caches.open(name);
    const list = await cache.match(LIST);
    for (const [address, hash] of Object.entries(list ? await list.json() : {})) {
      if (await cache.match(address)) found.set(`${hash} ${address}`, () => cache.match(address));
    }
  }
  return found;
}

async function fetched(address, hash) {
  const response = await fetch(address, { cache: "no-cache", credentials: "same-origin", redirect: "error" });
  const body = await response.arrayBuffer();
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const found = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!response.ok || found !== hash) throw new Error(`${address}: not the file of version ${SHELL.version}`);
  const headers = new Headers(response.headers);
  // The body is unpacked already.
  for (const name of ["content-encoding", "content-length", "set-cookie"]) headers.delete(name);
  return new Response(body, { status: 200, headers });
}

/** This version is the one: drop the others, serve open pages, and fetch the fonts when there is time. */
async function settle() {
  for (const name of await caches.keys()) {
    if (name.startsWith(KEPT) && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
  fetchLater();
}

async function fetchLater() {
  const cache = await caches.open(CACHE);
  for (const address of SHELL.later) {
    if (await cache.match(address)) continue;
    try {
      const response = await fetch(address);
      if (response.ok && response.type === "basic" && !response.redirected) await cache.put(address, response);
    } catch {
      return; // no line; the page asks for its fonts again when it opens
    }
  }
}

/** The answer to a request that the shell has; null for everything else, which goes to the network alone. */
function kept(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return null;
  const isPage = request.mode === "navigate" && url.pathname === "/field/";
  const address = isPage ? "/field/" : url.pathname + url.search;
  if (!(address in SHELL.files) && !SHELL.later.includes(address)) return null;
  return fromShell(address, request);
}

async function fromShell(address, request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(address);
  if (found) return found;
  const response = await fetch(request);
  // A browser short of room may drop files: what is not versioned by its address is checked when it comes again.
  if (SHELL.later.includes(address) && response.ok) await cache.put(address, response.clone());
  return response;
}

/** Replace the running version only when every open page says that nothing would be lost or cut off. */
async function takeOver() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const inApp = pages.filter((page) => new URL(page.url).pathname.startsWith("/field/"));
  const free = await Promise.all(inApp.map(isFree));
  if (free.every(Boolean)) await self.skipWaiting();
}

function isFree(page) {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data === true);
    page.postMessage({ type: "free?" }, [channel.port2]);
    setTimeout(() => resolve(false), ASK_MS);
  });
}

/** Background Sync: the line is back. An open page sends; a worker cannot import the modules that do. */
async function wake() {
  const pages = await self.clients.matchAll({ type: "window" });
  for (const page of pages) page.postMessage({ type: "sync" });
  if (pages.length === 0) throw new Error("nobody is there to send");
}
