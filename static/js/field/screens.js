// The screens by their addresses. `path` is what stands behind "#/", a ":name" takes one part of it; a screen
// module exports `async show(root, params, context)`, which may answer a function that is called on leaving.

export const SCREENS = [
  { path: "", load: () => import("./screen-home.js") },
  { path: "place/:place", load: () => import("./screen-visit.js") },
  { path: "ward/:ward", load: () => import("./screen-visit.js") },
  { path: "piles", load: () => import("./screen-piles.js") },
  { path: "piles/:pile", load: () => import("./screen-piles.js") },
  { path: "thing/:thing", load: () => import("./screen-thing.js") },
  { path: "new", load: () => import("./screen-thing.js") },
  { path: "returned", load: () => import("./screen-returned.js") },
  { path: "mine", load: () => import("./screen-mine.js") },
  { path: "scan", load: () => import("./screen-scan.js") },
  { path: "settings", load: () => import("./screen-settings.js") },
  { path: "rescue", load: () => import("./screen-rescue.js") },
  { path: "sign-in", load: () => import("./screen-sign-in.js") },
];

/** "#/place/12?item=gate.BANNER_H" → {screen, params: {place: "12", item: "gate.BANNER_H"}}, or null. */
export function find(hash, screens = SCREENS) {
  const [path, query = ""] = hash.replace(/^#?\/?/, "").split("?");
  const parts = path.split("/").filter(Boolean);
  for (const screen of screens) {
    const wanted = screen.path.split("/").filter(Boolean);
    if (wanted.length !== parts.length) continue;
    const params = Object.fromEntries(new URLSearchParams(query));
    const fits = wanted.every((part, at) => {
      if (!part.startsWith(":")) return part === parts[at];
      params[part.slice(1)] = decodeURIComponent(parts[at]);
      return true;
    });
    if (fits) return { screen, params };
  }
  return null;
}
