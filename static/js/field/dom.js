// Pages of the field app are made of these: elements from values, never from markup, so that nothing a
// person typed can become a tag. `h` makes an element, the others are the parts that several screens show.

import { _ } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const ICONS = document.documentElement.dataset.icons ?? "/static/img/icons.svg";
const TOAST_MS = 6_000;

/** Give `node` one attribute: on* is a listener, data an object of data-*, true/false a bare attribute. */
function assign(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "class") node.setAttribute("class", value);
  else if (name in node && (name === "value" || name === "checked" || name === "hidden" || name === "disabled" || name === "open")) node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

/**
 * An element. `attrs`: attributes, `on<event>` listeners, `data` for data-*.
 * Children: nodes, strings (as text), numbers, arrays of them; null and false are passed over.
 */
export function h(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs ?? {})) assign(node, name, value);
  append(node, children);
  return node;
}

/** Put children behind what a node holds; see `h` for what a child may be. */
export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** Take everything out of a node; answers the node. */
export function clear(node) {
  node.replaceChildren();
  return node;
}

/** A picture of static/img/icons.svg; with `label` it speaks, without it is left out for readers. */
export function icon(name, label = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "tq-icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("focusable", "false");
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${ICONS}#${name}`);
  svg.append(use);
  return svg;
}

/** Words that only a reader hears. */
export function unseen(text) {
  return h("span", { class: "govuk-visually-hidden" }, text);
}

/** A button: kind "" (the one main action of a screen), "secondary" or "warning". */
export function button(label, onclick, { kind = "", picture = "", ...attrs } = {}) {
  const look = kind ? `govuk-button govuk-button--${kind}` : "govuk-button";
  return h("button", { type: "button", ...attrs, class: attrs.class ? `${look} ${attrs.class}` : look, onclick }, picture && icon(picture), label);
}

/** A small button without a frame, for what is done to one row. */
export function rowButton(label, onclick, { picture = "", name = "", ...attrs } = {}) {
  return h("button", { type: "button", class: "fd-row-button", ...attrs, onclick }, picture && icon(picture), label, name && unseen(` ${name}`));
}

/** A box that tells: tone "info", "success", "warning" or "error" (spoken at once). */
export function notice(tone, text, { title = "", children = [] } = {}) {
  const picture = { success: "circle-check", warning: "triangle-alert", error: "circle-alert" }[tone] ?? "info";
  return h("div", { class: `tq-notice tq-notice--${tone}`, role: tone === "error" ? "alert" : "status" },
    icon(picture),
    h("div", { class: "tq-notice__text" }, title && h("p", { class: "tq-notice__title" }, title), text && h("p", {}, text), children));
}

/** Nothing yet: what to do first. */
export function empty(title, text = "", action = null) {
  return h("div", { class: "tq-empty" }, h("p", { class: "tq-empty__title" }, title), text && h("p", {}, text), action);
}

/** The way back, on top of a screen. */
export function backLink(href = "#/", label = _("Danh sách")) {
  return h("a", { class: "tq-back", href }, icon("chevron-left"), label);
}

/** The head of a screen: the heading takes the focus when the screen is opened. */
export function heading(text, extra = null) {
  return h("h1", { class: "tq-h1", tabindex: "-1", data: { heading: "" } }, text, extra);
}

const STATE_WORDS = () => ({ complete: _("đủ"), partly: _("thiếu"), none: _("chưa có"), not_surveyed: _("chưa khảo sát") });

/** A state: shape, then word, then colour. */
export function stateMark(state) {
  return h("span", { class: `tq-state tq-state--${state}` }, icon(`state-${state}`), " ", h("span", { class: "tq-state__word" }, STATE_WORDS()[state]));
}

/** A short word in a frame; tone "teal", "amber", "vermilion" or "grey". */
export function badge(text, tone = "grey") {
  return h("span", { class: `tq-badge tq-badge--${tone}` }, text);
}

/** Tell something for a moment at the foot of the screen; `action` {label, run} stays until it is gone. */
export function toast(text, kind = "info", action = null) {
  const place = document.querySelector("[data-toasts]") ?? document.body;
  const box = h("div", { class: `fd-toast fd-toast--${kind}` }, h("span", {}, text));
  const leave = () => box.remove();
  if (action) {
    box.append(h("button", { type: "button", class: "fd-toast__button", onclick: () => {
      leave();
      action.run();
    } }, action.label));
  }
  clear(place).append(box);
  setTimeout(leave, action ? TOAST_MS * 2 : TOAST_MS);
  return leave;
}

/** The text without marks, for search: as inventory/wording.py `fold` does it ("Hoà" and "hòa" are "hoa"). */
export function fold(text) {
  const bare = String(text ?? "").normalize("NFKD").replace(/\p{Mn}/gu, "");
  return bare.toLowerCase().replaceAll("đ", "d").replaceAll("-", " ").split(/\s+/u).filter(Boolean).join(" ");
}

/** Metres between two points {lat, lon} on a sphere: good enough to say "120 m". */
export function metresBetween(one, other) {
  const rad = Math.PI / 180;
  const x = (other.lon - one.lon) * rad * Math.cos(((one.lat + other.lat) / 2) * rad);
  return 6_371_000 * Math.hypot(x, (other.lat - one.lat) * rad);
}
