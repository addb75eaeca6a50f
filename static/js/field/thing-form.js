// The form of one thing: the fields that its kind has, each in the draft within a second.

import { wakeSteppers } from "../stepper.js";
import { h, icon } from "./dom.js";
import { say } from "./rules.js";
import { serialScan } from "./scan-serial.js";
import { fieldLabel, namesOf, textOf } from "./thing-fields.js";
import { _, label, language } from "./words.js";

const NUMBERS = new Set(["azimuth", "width_m", "height_m", "sides", "horns", "watts"]);
const MORE = new Set(["azimuth", "width_m", "height_m", "sides", "horns", "watts", "serial", "note", "zone", "kind_code"]);

/** What a kind is called in the reader's language. */
export function kindName(kind, code = "") {
  return (language === "en" ? kind?.name_en : kind?.name) ?? code;
}

/** How much of something, in the kind's own unit. */
export function kindUnit(kind) {
  return (language === "en" ? kind?.unit_en : kind?.unit) ?? "";
}

/** A form over `typed` {name: text}, which it changes; `shown` are the values that stand in untouched boxes. */
export class ThingForm {
  constructor({ kind, kinds, slogans, zones, shown, typed, onchange, onkind, fixedKind = false }) {
    Object.assign(this, { kind, kinds, slogans, zones, shown, typed, onchange, onkind, fixedKind });
    this.boxes = {};
    this.node = h("div", { class: "th-form" });
    const names = namesOf(kind).filter((name) => !(name === "kind_code" && fixedKind));
    const plain = names.filter((name) => !MORE.has(name));
    const more = names.filter((name) => MORE.has(name));
    this.more = h("details", { class: "tq-why" },
      h("summary", { class: "tq-why__summary" }, _("Kích thước, số hiệu, ghi chú")),
      h("div", { class: "tq-why__body" }, more.map((name) => this.group(name))));
    this.more.open = more.some((name) => name in typed);
    this.node.append(...plain.map((name) => this.group(name)), this.more);
    wakeSteppers(this.node);
  }

  text(name) {
    return this.typed[name] ?? textOf(this.shown[name]);
  }

  set(name, value) {
    this.typed[name] = value;
    this.onchange(name);
  }

  group(name) {
    const error = h("p", { class: "govuk-error-message", id: `th-${name}-error`, hidden: true });
    const control = this.control(name);
    const node = h("div", { class: "govuk-form-group", data: { field: name } }, control.label, error, control.box);
    this.boxes[name] = { node, error, focus: control.focus ?? control.box };
    return node;
  }

  control(name) {
    if (name === "condition") return this.chips(name, this.kind.conditions.map(([code]) => [code, label("condition", code)]));
    if (name === "zone") return this.select(name, this.zones.map((code) => [code, label("zone", code)]), _("chưa rõ"));
    if (name === "kind_code") return this.kindSelect(name);
    if (name === "slogan_id") return this.select(name, this.sloganChoices(), _("Không theo danh mục"));
    if (name === "quantity" || name === "working") return this.stepper(name);
    return this.box(name);
  }

  labelFor(name) {
    return h("label", { class: "govuk-label", for: `th-${name}` }, fieldLabel(name));
  }

  box(name) {
    const long = name === "note" || name === "shown_text";
    const attrs = {
      id: `th-${name}`, name, value: this.text(name), autocomplete: "off", "aria-describedby": `th-${name}-error`,
      class: long ? "govuk-textarea" : `govuk-input${NUMBERS.has(name) ? " govuk-input--width-5" : ""}`,
      oninput: (event) => this.set(name, event.target.value),
    };
    if (long) Object.assign(attrs, { rows: 2 });
    else Object.assign(attrs, { type: "text", inputmode: NUMBERS.has(name) ? "decimal" : "text" });
    if (name === "serial") {
      const input = h("input", attrs);
      return { label: this.labelFor(name), box: h("div", {}, input, serialScan(input)), focus: input };
    }
    return { label: this.labelFor(name), box: h(long ? "textarea" : "input", attrs) };
  }

  stepper(name) {
    const input = h("input", {
      class: "govuk-input tq-stepper__input", id: `th-${name}`, name, type: "number", inputmode: "numeric", min: 0,
      value: this.text(name), autocomplete: "off", "aria-describedby": `th-${name}-error`,
      oninput: (event) => this.set(name, event.target.value),
    });
    const press = (by, words, picture) => h("button", {
      class: "tq-stepper__button", type: "button", "aria-label": words, data: { step: by },
    }, icon(picture));
    const box = h("div", { class: "tq-stepper", data: { stepper: "" } },
      press("-1", _("Bớt một: {name}", { name: fieldLabel(name) }), "minus"), input,
      press("1", _("Thêm một: {name}", { name: fieldLabel(name) }), "plus"));
    return { label: this.labelFor(name), box, focus: input };
  }

  chips(name, options) {
    const now = this.text(name);
    const inputs = options.map(([code, words]) => h("label", { class: "tq-chip" },
      h("input", {
        class: "tq-chip__input", type: "radio", name: `th-${name}`, value: code, checked: now === code,
        onchange: () => this.set(name, code),
      }), h("span", { class: "tq-chip__label" }, words)));
    const box = h("div", { class: "tq-chips", role: "radiogroup", "aria-labelledby": `th-${name}-legend` }, inputs);
    const legend = h("p", { class: "govuk-label", id: `th-${name}-legend` }, fieldLabel(name));
    return { label: legend, box, focus: box.querySelector("input:checked") ?? box.querySelector("input") };
  }

  select(name, options, none = null) {
    const now = this.text(name);
    const listed = [...(none === null ? [] : [["", none]]), ...options];
    if (now && !listed.some(([code]) => String(code) === now)) listed.push([now, _("như đã ghi")]);
    const box = h("select", {
      class: "govuk-select", id: `th-${name}`, name, "aria-describedby": `th-${name}-error`,
      onchange: (event) => this.set(name, event.target.value),
    }, listed.map(([code, words]) => h("option", { value: code }, words)));
    box.value = now;
    return { label: this.labelFor(name), box };
  }

  kindSelect(name) {
    const rows = Object.values(this.kinds).filter((kind) => kind.in_use || kind.code === this.kind.code);
    const control = this.select(name, rows.map((kind) => [kind.code, kindName(kind)]));
    control.box.addEventListener("change", () => this.onkind?.(control.box.value));
    return control;
  }

  sloganChoices() {
    const now = this.text("slogan_id");
    return this.slogans.filter((one) => !one.withdrawn || String(one.id) === now).map(({ id, number, text, withdrawn }) => {
      const short = text.length < 80 ? text : `${text.slice(0, 77)}…`;
      return [id, withdrawn ? _("ĐÃ THU HỒI: {text}", { text: `${number}. ${short}` }) : `${number}. ${short}`];
    });
  }

  /** Put problems at their fields and take old ones away; answers whether one was put. */
  tell(problems) {
    for (const { node, error } of Object.values(this.boxes)) {
      error.hidden = true;
      node.classList.remove("govuk-form-group--error");
    }
    for (const problem of problems) {
      const box = this.boxes[problem.field];
      if (!box) continue;
      box.error.textContent = say(problem);
      box.error.hidden = false;
      box.node.classList.add("govuk-form-group--error");
    }
    const first = problems.find((problem) => this.boxes[problem.field]);
    if (first) this.focus(first.field);
    return Boolean(first);
  }

  /** Go to a field, opening what it lies in; answers whether there is such a field. */
  focus(name) {
    const box = this.boxes[name];
    if (!box) return false;
    if (this.more.contains(box.node)) this.more.open = true;
    box.node.scrollIntoView({ block: "center" });
    box.focus.focus();
    return true;
  }
}
