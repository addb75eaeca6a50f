// One item of a visit on the screen: quick answers, numbers, conditions that can be true, details, photos.
// What is typed stands in a row of the draft (see visit-entries.js) and is told through `whole.touched(this)`.

import { append, clear, h, icon, unseen } from "./dom.js";
import { chip, freshId, mark, selectBox, stepper } from "./form-parts.js";
import { say } from "./rules.js";
import { thingLinks } from "./thing-links.js";
import { detailBoxes, named, photoButton, thumbs } from "./visit-parts.js";
import { possible } from "./visit-entries.js";
import { _, label, language } from "./words.js";

const ENTRY_WORDS = () => ({
  waiting: ["clock", _("Trên máy, chờ gửi")], stored: ["check", _("Phòng đã nhận")], merged: ["check", _("Phòng đã nhận, gộp với phần người khác sửa")],
  parked: ["clock", _("Phòng đã nhận, chờ phần liên quan")], held: ["info", _("Phòng đang giữ để xem xét")],
  conflict: ["triangle-alert", _("Xung đột: có người sửa cùng chỗ, phòng sẽ quyết")], needs: ["triangle-alert", _("Cần sửa")],
  sending: ["refresh-cw", _("Đang gửi")],
});

/** [icon, words] for where an entry is: on the phone, at the office, or back with its person. */
export function entryState(entry, sending = false) {
  const words = ENTRY_WORDS();
  if (entry.state === "waiting") return sending ? words.sending : words.waiting;
  if (entry.state === "needs") return words.needs;
  return words[entry.answer?.outcome] ?? words.stored;
}

/** Why the office sent a thing back, as it is read at the field. */
export function officeSays(review) {
  const reason = [review.reason_code && label("return_reason", review.reason_code), review.reason_text].filter(Boolean).join(" – ");
  return _("Phòng VH&TT: {reason}", { reason });
}

/**
 * One item; `whole` is the visit, `extra` the draft's row of a thing that the checklist does not ask for. `whole.later`,
 * where it is, fills an open item in its turn.
 */
export class VisitItem {
  constructor(item, whole, extra = null) {
    Object.assign(this, { item, whole, extra, key: extra?.id ?? item.key });
    const row = this.row;
    this.kind = item.kinds.find((kind) => kind.code === row?.kind) ?? item.kind;
    const start = row ?? (item.answered ? { found: item.before.found, working: item.before.working, condition: item.before.condition ?? "" } : {});
    this.values = { quick: "", found: "", working: "", condition: "", ...start };
    for (const name of ["found", "working"]) this.values[name] = String(this.values[name]);
    this.follows = this.values.working === "" || this.values.working === this.values.found;
    this.draw();
    this.show(false);
  }

  get row() {
    return this.extra ?? this.whole.draft.items[this.key];
  }

  get name() {
    const item = this.item;
    return item.kinds.length > 1 && item.requirements.length ? named(item.requirements[0]) : named(this.kind);
  }

  get found() {
    return Number(this.values.found || 0);
  }

  get working() {
    return this.values.working === "" ? this.found : Number(this.values.working);
  }

  get answered() {
    return this.values.found !== "" && !this.owes && !(this.item.returned.length && !this.row);
  }

  /** Whether a condition is still owed. */
  get owes() {
    return this.found > this.working && !this.values.condition && this.values.quick !== "same";
  }

  draw() {
    const { item } = this;
    this.body = h("div", {});
    this.outcome = h("span", { class: "sv-fold__outcome", data: { outcome: "" } });
    const open = item.returned.length > 0 || !(this.row ? this.values.found !== "" && !this.owes : item.answered);
    this.later = open && Boolean(this.whole.later);
    this.fold = h("details", { class: "sv-fold", open, data: { fold: "" }, ontoggle: () => this.toggled() },
      h("summary", { class: "sv-fold__line" },
        h("h3", { class: "sv-fold__name" }, this.name),
        h("span", { class: "sv-fold__need" }, this.needWords()),
        this.outcome,
        item.entry && this.entryLine()),
      this.body);
    this.photos = h("ul", { class: "fd-thumbs", hidden: true });
    this.root = h("section", {
      class: `tq-item sv-item${item.returned.length ? " tq-item--returned" : ""}`, id: `item-${this.key}`,
      data: { item: this.key },
    }, this.fold, this.photos, photoButton(this));
    if (this.later) this.whole.later(this);
    else if (open) this.fill();
    this.drawPhotos();
  }

  /** A fold that was open from the beginning tells of it too: that one is filled in its turn. */
  toggled() {
    if (this.fold.open && !this.later) this.fill();
    this.later = false;
  }

  needWords() {
    const { item, kind } = this;
    if (!item.needed) return _("ghi thêm");
    const unit = language === "en" ? kind.unit_en : kind.unit;
    return item.mandatory ? _("cần {n} {unit}", { n: item.needed, unit }) : _("cần {n} {unit} (nên có)", { n: item.needed, unit });
  }

  /** Make what lies under the fold, once: folded items cost nothing. */
  fill() {
    if (this.filled) return;
    this.filled = true;
    const { item } = this;
    const seen = item.recorded && !item.answered ? String(item.before.found) : "";
    const max = this.kind.bulk ? (this.whole.sheet.limits.largest_quantity ?? 5000) : 60;
    this.foundBox = stepper(_("Đang có"), this.values.found, { name: "found", max, placeholder: seen, of: this.name, changed: () => this.counted() });
    this.workingBox = stepper(_("Dùng tốt"), this.values.working, { name: "working", max, placeholder: "", of: this.name, changed: () => this.worked() });
    this.quick = this.quickChips();
    this.conditions = h("fieldset", { class: "govuk-fieldset sv-conditions", hidden: true, data: { conditions: "" } });
    append(this.body, [
      item.returned.map((thing) => h("p", { class: "sv-returned" }, icon("triangle-alert"), officeSays(thing.review))),
      this.requirementLines(),
      item.kinds.length > 1 && this.kindChoice(),
      !this.extra && this.quick,
      h("div", { class: "tq-item__row" }, this.foundBox.group, this.workingBox.group),
      this.conditions,
      detailBoxes(this),
      thingLinks(item.things, this.name),
    ]);
    this.showConditions();
  }

  entryLine() {
    const { entry } = this.item;
    const [picture, words] = entryState(entry);
    const why = entry.state === "needs" && entry.answer?.message;
    return h("span", { class: `fd-own${why ? " fd-own--calls" : ""}`, data: { own: entry.state } }, icon(picture), h("span", {}, why ? `${words}: ${why}` : words));
  }

  requirementLines() {
    const choose = this.item.kinds.length > 1;
    return this.item.requirements
      .filter(() => !choose || this.item.within_m)
      .map((row) => h("p", { class: "sv-for" }, [
        choose ? "" : named(row),
        this.item.within_m ? _("tính cả thứ ở cách không quá {m} m", { m: this.item.within_m }) : "",
      ].filter(Boolean).join(" · ")));
  }

  kindChoice() {
    const options = this.item.kinds.map((kind) => [kind.code, named(kind)]);
    const group = selectBox(_("Loại"), options, this.kind.code, { name: "kind", onchange: (event) => {
      this.kind = this.item.kinds.find((kind) => kind.code === event.target.value);
      this.values.condition = "";
      this.show();
    } });
    return group;
  }

  quickChips() {
    const { before, recorded, needed } = this.item;
    const offered = [];
    if (recorded) offered.push(["same", _("Như cũ: {found}, tốt {working}", { found: before.found, working: before.working })]);
    if (needed > 0 && !(recorded && before.found === before.working && before.found === needed)) {
      offered.push(["enough", _("Đủ {n}, tốt cả", { n: needed })]);
    }
    offered.push(["none", _("Không có")]);
    const group = freshId("quick");
    return h("fieldset", { class: "govuk-fieldset sv-quick" },
      h("legend", { class: "govuk-visually-hidden" }, _("Trả lời nhanh: {name}", { name: this.name })),
      h("div", { class: "tq-chips" }, offered.map(([value, words]) => chip("radio", group, value, words, {
        data: { quick: value }, checked: this.values.quick === value, onclick: () => this.press(value),
      }))));
  }

  /** A quick answer: pressing the same one again takes it back. */
  press(value) {
    this.fill();
    const again = this.values.quick === value;
    const { before, needed } = this.item;
    const pair = again ? ["", ""] : { enough: [needed, needed], same: [before.found, before.working], none: [0, 0] }[value];
    // "As before" keeps each thing's own condition; the others have none to tell.
    Object.assign(this.values, { quick: again ? "" : value, condition: "" });
    this.write(String(pair[0]), String(pair[1]));
    this.follows = pair[0] === pair[1];
    this.show();
    if (!again) this.whole.settle(this);
  }

  write(found, working) {
    this.values.found = found;
    this.values.working = working;
    this.foundBox?.write(found);
    this.workingBox?.write(working);
  }

  /** A number changed by hand: the quick answer no longer says it. */
  counted() {
    this.values.quick = "";
    this.values.found = this.foundBox.input.value;
    if (this.follows || Number(this.values.working) > this.found) {
      this.workingBox.write(this.values.found);
      this.values.working = this.values.found;
    }
    this.show();
  }

  worked() {
    this.values.quick = "";
    this.follows = false;
    this.values.working = this.workingBox.input.value;
    if (this.values.found === "" && this.item.recorded) this.values.found = String(this.item.before.found);
    if (Number(this.values.working) > this.found) this.values.found = this.values.working;
    this.foundBox.write(this.values.found);
    this.show();
  }

  /** A photo shows something, so something stands here. */
  pictured() {
    this.fill();
    if (this.values.found === "" || this.found === 0) {
      const seen = this.item.recorded ? this.item.before.found : 1;
      this.values.quick = "";
      this.write(String(seen || 1), String(seen || 1));
    }
    this.show();
  }

  /** Only conditions that can be true: of broken things where some are, of sound ones where all work. */
  showConditions() {
    if (!this.conditions) return;
    const hidden = this.found === 0 || this.values.quick === "same";
    this.conditions.hidden = hidden;
    const offered = hidden ? [] : possible(this.kind, this.found, this.working);
    if (!offered.includes(this.values.condition) && !hidden) this.values.condition = "";
    const shown = offered.join(" ");
    if (shown === this.offered) return;
    this.offered = shown;
    const group = freshId("condition");
    clear(this.conditions).append(
      h("legend", { class: "govuk-fieldset__legend" }, _("Tình trạng"), unseen(`: ${this.name}`)),
      h("div", { class: "tq-chips" }, offered.map((word) => chip("radio", group, word, label("condition", word), {
        checked: this.values.condition === word, data: { condition: word }, onclick: () => this.choose(word),
      }))));
  }

  choose(word) {
    const again = this.values.condition === word;
    this.values.condition = again ? "" : word;
    if (again) for (const box of this.conditions.querySelectorAll("input")) box.checked = false;
    this.show();
  }

  /** Bring the line, the chips and the draft in step with the values. */
  show(touched = true) {
    if (touched) this.whole.touched(this);
    this.showConditions();
    for (const box of this.quick?.querySelectorAll("input") ?? []) box.checked = box.value === this.values.quick;
    const said = this.found === 0 ? _("✓ Không có") : _("✓ Đang có {found} · dùng tốt {working}", { found: this.found, working: this.working });
    this.outcome.textContent = this.values.found === "" ? "" : this.owes ? _("Chọn tình trạng của phần không dùng tốt") : said;
    this.outcome.classList.toggle("sv-fold__outcome--owes", this.owes);
    this.root.classList.toggle("tq-item--answered", this.answered);
    if (touched) this.whole.count();
  }

  drawPhotos() {
    thumbs(this);
  }

  /** Show what is wrong, at its field; answers the field's element for the summary. */
  wrong(problems) {
    for (const group of this.root.querySelectorAll(".govuk-form-group--error")) mark(group, "");
    let first = null;
    for (const problem of problems) {
      this.fold.open = true;
      this.fill();
      const group = problem.field === "condition" ? this.conditions : this.root.querySelector(`[data-field="${problem.field}"]`);
      if (!group) continue;
      for (let around = group.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
      mark(group, say(problem));
      first ??= group.querySelector("input, select, textarea");
    }
    return first ?? this.root;
  }
}
