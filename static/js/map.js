// The map page: fetches its data, draws it on the map that Folium made, and keeps map, list and filters as one.
// Without this file the list and the filters work as plain HTML.

import { drawChecks } from "./map-checks.js";
import { drawWards, makePlaces, makeThings } from "./map-layers.js";
import { choose as chooseRow, light, showRows, wake } from "./map-list.js";
import { layPlan } from "./map-plan.js";
import { drawModel, drawReach } from "./map-reach.js";

const { map, layers } = window.trucquan;
const form = document.getElementById("map-filters");
const note = document.getElementById("map-note");
const held = document.getElementById("map-data"); // a file that was taken away carries its data in itself
const page = JSON.parse(document.getElementById("map-words").textContent);

const numbers = new Intl.NumberFormat(page.language === "en" ? "en-GB" : "vi-VN");
const percents = new Intl.NumberFormat(page.language === "en" ? "en-GB" : "vi-VN", { style: "percent" });
page.number = (value) => numbers.format(value);
page.percent = (value) => percents.format(value).replace(/\s*%/, page.language === "en" ? "%" : " %");
page.say = (key, values) =>
  page.words[key].replace(/\{(\w+)\}/g, (_, name) =>
    typeof values[name] === "number" ? page.number(values[name]) : values[name]);
const stateNames = page.states.map(([name]) => name);
const soundNames = ["works", "in_part", "broken"];
page.states = new Map(page.states);
page.column = (name) => page.data.places[name];
page.stateOf = (row) => stateNames[page.column(page.figure)[row]];
page.soundOf = (row) => soundNames[page.standing.things.sound[row]];
page.wardName = (id) => page.wards.get(id)?.name ?? "";

let placeMarks = new Map();
let thingMarks = [];
let wardBounds = new Map();
let opener = null; // what had the focus before a popup took it

function say(words) {
  note.textContent = words;
  note.hidden = words === "";
}

function touch(id, lit) {
  light(id, lit);
  placeMarks.get(id)?.getElement()?.classList.toggle("tq-pin--lit", lit);
}

function locate(id, button) {
  const mark = placeMarks.get(id);
  if (!mark) return;
  if (!map.hasLayer(layers.places)) map.addLayer(layers.places);
  open(mark, button);
}

/** Bring a mark into the middle, near enough, and open its popup; the button gets the focus back. */
function open(mark, button) {
  opener = button;
  map.setView(mark.getLatLng(), Math.max(map.getZoom(), 15), { animate: false });
  map.getContainer().scrollIntoView({ block: "nearest" });
  mark.openPopup();
}

function chosen() {
  const value = (name) => form.elements[name].value;
  return { ward: Number(value("ward")) || 0, state: value("state"), kind: value("kind"), sound: value("sound") };
}

/** Show what passes the filters, on the map and in the list, and say how much of how much it is. */
function apply(fit) {
  const wanted = chosen();
  const things = page.standing.things;
  const wards = page.column("ward");
  const passing = new Set();
  page.column("id").forEach((id, row) => {
    if (wanted.ward && wards[row] !== wanted.ward) return;
    if (!wanted.state || page.stateOf(row) === wanted.state) passing.add(id);
  });
  layers.places.clearLayers();
  for (const [id, mark] of placeMarks) if (passing.has(id)) layers.places.addLayer(mark);
  showRows((id) => passing.has(id));
  const shown = thingMarks.filter(({ row }) =>
    (!wanted.ward || things.ward[row] === wanted.ward) &&
    (!wanted.kind || page.standing.kinds[things.kind[row]][0] === wanted.kind) &&
    (!wanted.sound || page.soundOf(row) === wanted.sound));
  layers.things.clearLayers();
  layers.things.addLayers(shown);
  drawReach(page, layers.reach, shown);
  drawModel(page, layers.model, shown);
  count("places-shown", "places_shown", passing.size, page.data.total);
  count("things-shown", "things_shown", shown.length, page.standing.total);
  if (fit) frame(wanted.ward);
}

function count(id, words, n, total) {
  const told = page.say(words, { n, total });
  const line = document.getElementById(id);
  if (line.textContent !== told) line.textContent = told;
}

function frame(ward) {
  const bounds = (ward && wardBounds.get(ward)) || page.opening;
  if (bounds) map.fitBounds(bounds);
}

/** Filters act at once; figure and plan change numbers of the page, so the server is asked again. */
function watchFilters() {
  form.addEventListener("change", (event) => {
    if (["figure", "plan", "beside"].includes(event.target.name)) {
      const { lat, lng } = map.getCenter();
      form.action = `${form.action.split("#")[0]}#${map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
      form.submit();
      return;
    }
    apply(event.target.name === "ward");
    if (held) return; // a file's address says nothing
    const address = new URL(window.location.href);
    address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    window.history.replaceState(null, "", address);
  });
}

function chooseWard(id) {
  map.closePopup();
  form.elements.ward.value = String(id);
  form.elements.ward.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Popups speak the page's language, take the focus when a key opened them, and give it back. */
function watchPopups() {
  let circles = null;
  map.on("popupopen", ({ popup }) => {
    const box = popup.getElement();
    const close = box.querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", page.words.close);
    const mark = popup._source;
    map.getContainer().classList.add("tq-map--talking");
    if (box.offsetHeight + 30 > map.latLngToContainerPoint(popup.getLatLng()).y) {
      map.setView(popup.getLatLng(), Math.max(map.getZoom(), 13), { animate: false });
      popup.update();
    }
    if (mark?.place !== undefined) {
      chooseRow(mark.place);
      circles = L.featureGroup(distances(mark)).addTo(map);
    }
    opener ??= document.activeElement === mark?.getElement?.() ? document.activeElement : null;
    if (opener) box.querySelector("a[href]:not(.leaflet-popup-close-button), button")?.focus();
  });
  // Leaflet hears Escape only while the map itself has the focus, not while its popup has.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup();
  });
  map.on("popupclose", () => {
    map.getContainer().classList.remove("tq-map--talking");
    chooseRow(null);
    circles?.remove();
    circles = null;
    opener?.focus({ preventScroll: true });
    opener = null;
  });
}

/** The circles inside which something counts for the place that is open. */
function distances(mark) {
  const metres = new Set(page.standing.reach.flat());
  const look = { className: "tq-around", interactive: false, pane: "reach" };
  return [...metres].map((radius) => L.circle(mark.getLatLng(), { radius, ...look }));
}

/** The view that a change of figure brought along in the address. */
function keepView() {
  const found = /^#([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)$/.exec(window.location.hash);
  if (!found) return false;
  map.setView([Number(found[2]), Number(found[3])], Number(found[1]));
  return true;
}

async function fetchJson(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

function nameControls() {
  const toggle = document.querySelector(".leaflet-control-layers-toggle");
  toggle?.setAttribute("title", page.words.layers);
  toggle?.setAttribute("aria-label", page.words.layers);
  const named = () => map.getContainer().classList.toggle("tq-map--names", map.getZoom() >= 12);
  map.on("zoomend", named);
  named();
}

async function load() {
  if (held) return JSON.parse(held.textContent);
  const { places, things, wards, checks, plan, beside } = page.addresses;
  const wanted = [places, `${things}?figure=${page.figure}`, wards, checks, plan, beside];
  return Promise.all(wanted.map((address) => (address ? fetchJson(address) : null)));
}

async function start() {
  nameControls();
  say(page.words.loading);
  const [placed, standing, outlines, checks, plan, beside] = await load();
  Object.assign(page, { data: placed, standing, checks, plan, beside, wards: new Map(placed.wards.map((ward) => [ward.id, ward])) });
  wardBounds = drawWards(page, layers.wards, outlines, chooseWard);
  placeMarks = makePlaces(page, touch);
  thingMarks = makeThings(page, layers.things);
  drawChecks(page, layers.checks);
  if (plan) layPlan(page, map, layers, open);
  watchFilters();
  watchPopups();
  apply(!keepView());
  wake(touch, locate);
  say("");
  map.getContainer().dataset.ready = "";
}

start().catch(() => say(page.words.failed));
