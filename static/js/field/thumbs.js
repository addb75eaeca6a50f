// Small pictures of what stands there, kept for one person: `thumbs-<person>` in the browser's caches.

import { things } from "./pack.js";

/** The most pictures that are fetched ahead. */
export const MOST = 300;
const PAUSE_MS = 50;

function cacheOf(personId) {
  return caches.open(`thumbs-${personId}`);
}

function addressOf(photoId) {
  return `/photos/${photoId}/thumbnail`;
}

/** An object URL of the small picture, or null where the phone has none and no line; revoke it when done. */
export async function thumb(context, photoId) {
  if (!("caches" in globalThis)) return null;
  const cache = await cacheOf(context.person.id);
  const found = (await cache.match(addressOf(photoId))) ?? (await fetched(cache, photoId).catch(() => null));
  return found ? URL.createObjectURL(await found.blob()) : null;
}

async function fetched(cache, photoId) {
  const response = await fetch(addressOf(photoId), { redirect: "error" });
  if (!response.ok || !response.headers.get("content-type")?.startsWith("image/")) return null;
  await cache.put(addressOf(photoId), response.clone());
  return response;
}

/** Whether the line is one on which pictures may come by themselves. */
function goodLine() {
  const line = navigator.connection;
  return navigator.onLine && !line?.saveData && !["slow-2g", "2g", "3g"].includes(line?.effectiveType);
}

/** Fetch the newest picture of each thing, one after the other, and drop those that nothing shows any more. */
export async function fetchThumbs(context) {
  if (!("caches" in globalThis) || !goodLine()) return;
  const cache = await cacheOf(context.person.id);
  const rows = (await things(context.db)).filter((thing) => thing.photos.length).reverse();
  const wanted = rows.slice(0, MOST).map((thing) => thing.photos[0].id);
  const addresses = new Set(wanted.map(addressOf));
  for (const request of await cache.keys()) {
    if (!addresses.has(new URL(request.url).pathname)) await cache.delete(request);
  }
  for (const id of wanted) {
    if (await cache.match(addressOf(id))) continue;
    if (!goodLine() || !(await fetched(cache, id))) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
