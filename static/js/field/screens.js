// The screens by their addresses. `path` is what stands behind "#/", a ":name" takes one part of it; `name` is
// that of its module, screen-<name>.js, which exports `async show(root, params, context)` and may answer a
// function that is called on leaving.

export const SCREENS = [
  { path: "", name: "home" },
  { path: "place/:place", name: "visit" },
  { path: "ward/:ward", name: "visit" },
  { path: "piles", name: "piles" },
  { path: "piles/:pile", name: "piles" },
  { path: "thing/:thing", name: "thing" },
  { path: "new", name: "thing" },
  { path: "returned", name: "returned" },
  { path: "mine", name: "mine" },
  { path: "scan", name: "scan" },
  { path: "settings", name: "settings" },
  { path: "rescue", name: "rescue" },
  { path: "sign-in", name: "sign-in" },
];

/** Fetch a screen's module; the worker has every one of them, so this needs no network. */
export function load({ name }) {
  return import(`./screen-${name}.js`);
}

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
