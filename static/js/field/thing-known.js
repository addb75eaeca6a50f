// A thing that is recorded: what is known of it, and what its person may do with it in front of it: confirm
// it, change fields, take the next step of its life, record another one like it.

import { ofInstallation } from "./codes.js";
import { append, backLink, badge, button, heading, h, icon, notice, toast } from "./dom.js";
import { Keeper, load, remove, save } from "./drafts.js";
import { uuid7 } from "./ids.js";
import { addAll } from "./queue.js";
import { say } from "./rules.js";
import { Spot } from "./spot.js";
import { amendEntry, confirmEntry, moveEntry } from "./thing-entries.js";
import { check, fieldLabel, readTyped, settled } from "./thing-fields.js";
import { kindName, ThingForm } from "./thing-form.js";
import { around, catalogue, queued } from "./thing-ground.js";
import { failure } from "./thing-new.js";
import { also, photoItems, photoPart } from "./thing-photos.js";
import { placeOf, stateOf } from "./thing-state.js";
import { actWords, facts, reviewWords, stateWords } from "./thing-words.js";
import { _, label, moment } from "./words.js";

const PLACE_ZONES = ["gate", "outside", "inside", "route"];
const AREA_ZONES = ["public", "mobile"];

class KnownThing {
  constructor(root, params, context, found) {
    Object.assign(this, { root, params, context, db: context.db, ...found });
    this.target = `thing:${this.thing.id}`;
    this.kind = this.kinds[this.thing.kind_code];
    this.saving = false;
  }

  get common() {
    return { id: this.thing.id, target: this.target, area: this.thing.area_id, state: this.state };
  }

  async draw() {
    const { thing } = this;
    this.said = h("div", {});
    const told = thing.review?.state === "verified" || this.state.ahead.length > 0;
    append(this.root, [
      backLink(this.place ? `#/place/${this.place.id}` : `#/ward/${thing.area_id}`, this.place?.name ?? this.area?.name ?? _("Danh sách")),
      heading(kindName(this.kind, thing.kind_code), thing.zone && h("span", { class: "fd-h1__zone" }, ` · ${label("zone", thing.zone)}`)),
      this.returned(), this.refused(), this.ahead(), this.said,
      told ? null : this.confirming(),
      facts(thing, this), await this.pictures(), await this.editing(), this.stepping(),
      h("p", {}, h("a", { class: "govuk-button govuk-button--secondary", href: this.again(), data: { again: "" } },
        icon("copy"), _("Giống thế này, ở đây"))),
      this.past(),
    ]);
    if (this.params.field) this.open(this.params.field);
  }

  again() {
    const where = this.place ? { place: this.place.id } : { ward: this.thing.area_id };
    return `#/new?${new URLSearchParams({ like: this.thing.id, ...where })}`;
  }

  /** The office's reason, first of all. */
  returned() {
    const { review } = this.thing;
    if (review?.state !== "returned" || this.state.ahead.length) return null;
    return notice("warning", reviewWords(review), { title: _("Phòng Văn hóa và Thông tin đề nghị bổ sung") });
  }

  refused() {
    return this.state.refused.map((entry) => notice("error", entry.answer?.message ?? "", {
      title: _("Cần sửa: {what}", { what: actWords(entry) }),
      children: h("p", {}, h("a", { href: this.mending(entry) }, _("Sửa"))),
    }));
  }

  mending(entry) {
    const field = entry.answer?.field ?? "";
    if (entry.act === "record") return `#/new?${new URLSearchParams({ fix: entry.id, field })}`;
    return `#/thing/${this.thing.id}?${new URLSearchParams({ fix: entry.id, field: field || "condition" })}`;
  }

  ahead() {
    const last = this.state.ahead.at(-1);
    if (!last) return null;
    return h("p", { class: "th-ahead", data: { ahead: last.state } }, badge(stateWords(last), last.state === "waiting" ? "amber" : "teal"), ` ${actWords(last)} · ${moment(last.made_at)}`);
  }

  confirming() {
    const again = this.thing.review?.state === "returned" ? _("Đã xem lại, vẫn như đã ghi") : _("Vẫn như cũ");
    const main = this.thing.review?.state !== "returned";
    return h("p", {}, button(again, () => this.confirm(), { kind: main ? "" : "secondary", picture: "check", data: { confirm: "" } }));
  }

  async confirm() {
    if (Object.keys(this.draft.typed).length || this.draft.spot) {
      this.edit.open = true;
      this.said.replaceChildren(notice("warning", _("Có chỗ đã sửa mà chưa lưu: bấm Lưu ở dưới, hoặc bỏ phần đã sửa.")));
      return;
    }
    await this.add(confirmEntry(this.common));
  }

  async pictures() {
    const save = button(_("Lưu ảnh"), () => this.add(null, !Object.keys(this.draft.typed).length && !this.draft.spot), { data: { savePhotos: "" } });
    save.hidden = (await photoItems(this.db, this.target, {}, this.thing.area_id)).length === 0;
    this.photoNode = await photoPart({
      db: this.db, target: this.target, name: kindName(this.kind, this.thing.kind_code), known: this.thing.photos ?? [],
      fix: () => this.spot?.spot.fix ?? null, onadd: () => {
        save.hidden = false;
        this.touch();
      },
    });
    this.photoNode.append(save);
    return this.photoNode;
  }

  async editing() {
    const draft = (await load(this.db, this.target)) ?? this.fresh();
    this.draft = draft;
    if (this.params.fix) this.prefill(draft);
    this.keeper = new Keeper(this.db, this.target, () => this.draft, (error) => toast(failure(error), "error"));
    const zones = this.thing.venue_id === null ? AREA_ZONES : PLACE_ZONES;
    this.body = h("div", { class: "tq-why__body" });
    this.edit = h("details", { class: "tq-why", data: { edit: "" } }, h("summary", { class: "tq-why__summary" }, _("Sửa")), this.body);
    this.drawForm(zones);
    const fields = await around(this.db, this.thing.area_id, this.thing.kind_code, this.thing.id);
    const here = this.thing.lat === null || this.thing.lat === undefined ? null : { lat: this.thing.lat, lon: this.thing.lon };
    this.spot = new Spot({
      known: { ...fields, limits: this.limits, point: here }, spot: draft.spot, auto: false,
      onchange: (spot) => {
        draft.spot = spot;
        this.touch();
      },
    });
    if (this.thing.hidden) this.spot.node.hidden = true;
    this.body.append(this.spot.node, button(_("Lưu"), () => this.save(), { picture: "check", data: { save: "" } }));
    this.edit.open = Object.keys(draft.typed).length > 0 || Boolean(draft.spot);
    return this.edit;
  }

  /** A draft is of the state that its person saw: it stays so, whatever the pack brings meanwhile. */
  fresh() {
    const { base, after } = this.state;
    return { target: this.target, thing: this.thing.id, kind: this.thing.kind_code, typed: {}, spot: null, base, after, saw: this.thing, replaces: null };
  }

  prefill(draft) {
    const entry = this.state.refused.find((one) => one.id === this.params.fix);
    if (!entry) return;
    const fields = JSON.parse(entry.body).fields ?? {};
    draft.typed = { ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value === null ? "" : String(value).replace(".", ",")])), ...draft.typed };
    draft.replaces = entry.id;
  }

  drawForm(zones) {
    const kind = this.kinds[this.draft.typed.kind_code] ?? this.kind;
    const form = new ThingForm({
      kind, kinds: this.kinds, slogans: this.slogans, zones, shown: this.draft.saw, typed: this.draft.typed,
      onchange: () => this.touch(), onkind: () => {
        delete this.draft.typed.condition;
        const before = this.form;
        this.drawForm(zones);
        before.node.replaceWith(this.form.node);
      },
    });
    if (!this.form) this.body.append(form.node);
    Object.assign(this, { form, formKind: kind });
  }

  touch() {
    this.keeper?.touch();
  }

  /** Open the form at a field: what the office asks about, or what a refusal names. */
  open(field) {
    if (field === "photo") {
      this.photoNode.scrollIntoView({ block: "center" });
      this.photoNode.querySelector("input, button")?.focus();
      return;
    }
    this.edit.open = true;
    if (["lat", "lon", "position", "accuracy_m"].includes(field)) {
      this.spot.node.scrollIntoView({ block: "center" });
      this.spot.node.querySelector("button")?.focus();
      return;
    }
    if (!this.form.focus(field === "working" && !this.formKind.bulk ? "condition" : field)) this.form.focus("condition");
  }

  async save() {
    const { values, problems } = readTyped(this.formKind, this.draft.typed);
    const whole = settled(this.formKind, { ...this.draft.saw, ...values });
    // Only what a person touched is theirs to be wrong about.
    const touched = Object.keys(values).length ? check(this.formKind, whole, false, this.limits) : [];
    const found = problems.length ? problems : touched;
    this.form.tell(found);
    if (found.length) {
      this.said.replaceChildren(notice("error", found.map(say).join(" "), { title: _("Chưa lưu được") }));
      return;
    }
    const state = { thing: this.draft.saw, base: this.draft.base, after: this.draft.after };
    await this.add(amendEntry({ ...this.common, state, values, position: this.draft.spot ? this.spot.read() : null }));
  }

  stepping() {
    const steps = this.limits.moves?.[this.thing.lifecycle] ?? [];
    if (!steps.length) return null;
    const note = h("input", { class: "govuk-input", id: "th-step-note", type: "text", maxlength: "300", autocomplete: "off" });
    return h("details", { class: "tq-why", data: { steps: "" } },
      h("summary", { class: "tq-why__summary" }, _("Chuyển bước")),
      h("div", { class: "tq-why__body" },
        h("p", {}, _("Bây giờ: {step}", { step: label("lifecycle", this.thing.lifecycle) })),
        h("label", { class: "govuk-label", for: "th-step-note" }, fieldLabel("note")), note,
        steps.map((step) => h("p", {}, button(label("lifecycle", step),
          () => this.add(moveEntry({ ...this.common, step, note: note.value.trim() }), false), { kind: "secondary", data: { step } })))));
  }

  past() {
    const own = [...this.state.entries].reverse().filter((entry) => entry.act !== "photo");
    return h("details", { class: "tq-why" },
      h("summary", { class: "tq-why__summary" }, _("Quá trình")),
      h("div", { class: "tq-why__body" },
        this.state.known && h("p", {}, _("Bản {version} ở phòng, sửa lần cuối {when}.", { version: this.state.known.version, when: moment(this.state.known.updated_at) })),
        h("ul", { class: "govuk-list" }, own.map((entry) => h("li", {}, `${moment(entry.made_at)} · ${actWords(entry)} · ${stateWords(entry)}`))),
        h("p", {}, _("Mã: {code}", { code: ofInstallation(this.thing.id) })),
        this.state.known && h("p", {}, h("a", { href: `/installations/${this.thing.id}` }, _("Hồ sơ đầy đủ trên trang thường (cần mạng)")))));
  }

  /** Queue an entry with the pictures that were taken here; the draft, whose it is, goes in the same write. */
  async add(entry, ofDraft = true) {
    if (this.saving) return;
    this.saving = true;
    try {
      const pictures = await photoItems(this.db, this.target, { installation: this.thing.id }, this.thing.area_id);
      if (!entry && !pictures.length) {
        this.said.replaceChildren(notice("info", _("Không có gì khác để lưu.")));
        return;
      }
      await this.keeper.flush();
      if (ofDraft) await save(this.db, this.target, this.draft);
      await addAll(this.db, [...(entry ? [{ ...entry, id: uuid7() }] : []), ...pictures], {
        draft: ofDraft ? this.target : null,
        also: async (tx, rows) => {
          await also(tx, rows, pictures);
          if (this.draft.replaces) await tx.objectStore("entries").delete(this.draft.replaces);
        },
      });
      await this.keeper.close(true);
      await queued();
      toast(_("Đã lưu trên máy"), "success");
      await this.context.go(`#/thing/${this.thing.id}`);
    } catch (error) {
      this.said.replaceChildren(notice("error", failure(error)));
    } finally {
      this.saving = false;
    }
  }

  /** A form that was only looked at leaves no draft behind. */
  async close() {
    this.spot?.close();
    if (this.keeper.closed) return;
    const { typed, spot, replaces } = this.draft;
    const pictures = await photoItems(this.db, this.target, {}, this.thing.area_id);
    const nothing = !Object.keys(typed).length && !spot && !replaces && !pictures.length;
    await this.keeper.close(nothing);
    if (nothing) await remove(this.db, this.target);
  }
}

/** The screen of a known thing. */
export async function show(root, params, context) {
  const state = await stateOf(context.db, params.thing);
  if (!state?.thing) {
    const refused = state?.refused.find((entry) => entry.act === "record");
    if (refused) {
      await context.go(`#/new?${new URLSearchParams({ fix: refused.id, field: refused.answer?.field ?? "" })}`);
      return null;
    }
    root.append(backLink(), heading(_("Không thấy trên máy này")),
      notice("warning", _("Thứ này không thuộc địa bàn đang có trên máy, hoặc đã được xóa. Khi có mạng, danh sách sẽ tự cập nhật.")));
    return null;
  }
  const screen = new KnownThing(root, params, context, {
    ...(await catalogue(context.db)), state, thing: state.thing, place: await placeOf(context.db, state.thing),
    area: await context.db.get("areas", state.thing.area_id),
  });
  await screen.draw();
  return () => screen.close();
}
