// Form parts of the field app: the looks of templates/layout/forms.html, made from values.

import { h, icon, unseen } from "./dom.js";
import { _ } from "./words.js";

let numbered = 0;
/** An id that no other element of this page has. */
export function freshId(name) {
  numbered += 1;
  return `fd-${name}-${numbered}`;
}

/** Show or take away what is wrong with a box; the message stands before it and is named by it. */
export function mark(group, message) {
  const box = group.querySelector("input, select, textarea");
  group.querySelector(".govuk-error-message")?.remove();
  group.classList.toggle("govuk-form-group--error", Boolean(message));
  if (!box) return;
  if (!message) {
    box.removeAttribute("aria-invalid");
    box.removeAttribute("aria-describedby");
    return;
  }
  const note = h("p", { class: "govuk-error-message", id: `${box.id}-error` }, unseen(_("Lỗi:")), " ", message);
  const label = group.querySelector("label, legend");
  if (label) label.after(note);
  else group.prepend(note);
  box.setAttribute("aria-invalid", "true");
  box.setAttribute("aria-describedby", note.id);
}

/** A text box with its label; `more` are attributes of the box. */
export function textBox(label, value, { name = "text", ...more } = {}) {
  const id = freshId(name);
  const input = h("input", { class: "govuk-input", id, name, type: "text", autocomplete: "off", value: value ?? "", ...more });
  return h("div", { class: "govuk-form-group", data: { field: name } }, h("label", { class: "govuk-label", for: id }, label), input);
}

/** A box for longer words. */
export function textArea(label, value, { name = "text", rows = 3, ...more } = {}) {
  const id = freshId(name);
  const input = h("textarea", { class: "govuk-textarea", id, name, rows, ...more });
  input.value = value ?? "";
  return h("div", { class: "govuk-form-group", data: { field: name } }, h("label", { class: "govuk-label", for: id }, label), input);
}

/** A list to choose from; options [[value, words], …]. */
export function selectBox(label, options, value, { name = "choice", ...more } = {}) {
  const id = freshId(name);
  const select = h("select", { class: "govuk-select", id, name, ...more },
    options.map(([code, words]) => h("option", { value: code }, words)));
  select.value = value ?? "";
  return h("div", { class: "govuk-form-group", data: { field: name } }, h("label", { class: "govuk-label", for: id }, label), select);
}

/** One chip: a radio or a checkbox under its label. */
export function chip(type, name, value, words, attrs = {}) {
  const id = freshId(name);
  return h("span", { class: "tq-chip", data: { chip: value } },
    h("input", { class: "tq-chip__input", type, id, name, value, ...attrs }),
    h("label", { class: "tq-chip__label", for: id }, words));
}

/**
 * A number for the thumb: − 8 +. The value is the text in the box; `placeholder` is last time's number, which a
 * first press starts from. `changed()` is called after each change by a person.
 */
export function stepper(label, value, { name, max = 5000, placeholder = "", of = "", changed }) {
  const id = freshId(name);
  const input = h("input", {
    class: "govuk-input tq-stepper__input", id, name, type: "text", inputmode: "numeric", autocomplete: "off",
    value: value ?? "", placeholder, oninput: () => told(), onfocus: () => input.select(),
  });
  const press = (by) => h("button", {
    class: "tq-stepper__button", type: "button", data: { step: by },
    "aria-label": by < 0 ? _("Bớt một: {name}", { name: `${label} ${of}` }) : _("Thêm một: {name}", { name: `${label} ${of}` }),
    onclick: () => step(by),
  }, icon(by < 0 ? "minus" : "plus"));
  const buttons = [press(-1), press(1)];
  const step = (by) => {
    const from = Number.parseInt(input.value || input.placeholder, 10) || 0;
    const next = Math.min(max, Math.max(0, from + by));
    if (String(next) === input.value) return;
    input.value = String(next);
    told();
  };
  const told = () => {
    bounds();
    changed(input.value);
  };
  const bounds = () => {
    const now = Number.parseInt(input.value || input.placeholder, 10) || 0;
    buttons[0].setAttribute("aria-disabled", String(now <= 0));
    buttons[1].setAttribute("aria-disabled", String(now >= max));
  };
  bounds();
  const group = h("div", { class: "govuk-form-group tq-stepper-group", data: { field: name } },
    h("label", { class: "govuk-label", for: id }, label, of && unseen(` ${of}`)),
    h("div", { class: "tq-stepper" }, buttons[0], input, buttons[1]));
  /** Write a number without telling. */
  const write = (text) => {
    input.value = text;
    bounds();
  };
  return { group, input, write };
}
