// The list beside the map: a row and its mark light up together, whichever one touches.

const list = document.getElementById("map-list");
const rows = new Map();
for (const row of document.querySelectorAll("#places-list tr[data-place]")) rows.set(Number(row.dataset.place), row);

/** Show only the rows whose place passes. */
export function showRows(passes) {
  for (const [id, row] of rows) row.hidden = !passes(id);
}

/** Light a row up, or let it go dark. */
export function light(id, lit) {
  rows.get(id)?.classList.toggle("tq-maplist__row--lit", lit);
}

/** Mark the row whose popup is open, and bring it into sight inside the list (never moving the page). */
export function choose(id) {
  for (const [other, row] of rows) {
    if (other === id) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  const row = rows.get(id);
  if (!row || list.scrollHeight <= list.clientHeight) return;
  const above = row.getBoundingClientRect().top - list.getBoundingClientRect().top;
  if (above < 0 || above + row.offsetHeight > list.clientHeight) {
    list.scrollTo({ top: list.scrollTop + above - list.clientHeight / 3 });
  }
}

/** Tell `touch(id, lit)` when a pointer or the focus is on a row, and `locate(id, button)` when its button is pressed. */
export function wake(touch, locate) {
  for (const [id, row] of rows) {
    for (const event of ["mouseenter", "focusin"]) row.addEventListener(event, () => touch(id, true));
    for (const event of ["mouseleave", "focusout"]) row.addEventListener(event, () => touch(id, false));
    const button = row.querySelector("[data-locate]");
    if (!button) continue;
    button.hidden = false;
    button.addEventListener("click", () => locate(id, button));
  }
}
