// "Ghi thứ mới": a new thing at a place or on the ward's ground, blank or like another one. Its id is made
// here; everything typed is in the draft within a second; saving waits for no position and no network.

import { backLink, button, h, heading, notice, toast } from "./dom.js";
import { Keeper, load, remove, save } from "./drafts.js";
import { StorageFull } from "./db.js";
import { uuid7 } from "./ids.js";
import { askSame, neighbours } from "./near.js";
import * as pack from "./pack.js";
import { addAll, TooLong } from "./queue.js";
import { say } from "./rules.js";
import { pointOf, Spot } from "./spot.js";
import { recordEntry, sameEntry } from "./thing-entries.js";
import { blank, check, copied, readTyped, settled, textOf } from "./thing-fields.js";
import { kindName, ThingForm } from "./thing-form.js";
import { around, catalogue, queued } from "./thing-ground.js";
import { also, photoItems, photoPart } from "./thing-photos.js";
import { placeOf, stateOf } from "./thing-state.js";
import { _ } from "./words.js";

const PLACE_ZONES = ["gate", "outside", "inside", "route"];
const AREA_ZONES = ["public", "mobile"];
const SOON_MS = 120_000; // a draft reopened so soon is still at the same spot

/** What went wrong with a write, in words. */
export function failure(error) {
  if (error instanceof StorageFull) return _("Bộ nhớ của máy đã đầy: chưa lưu được. Hãy xóa bớt tệp khác trên máy rồi lưu lại.");
  if (error instanceof TooLong) return _("Phần chữ dài quá: hãy viết ngắn lại rồi lưu.");
  return _("Chưa lưu được. Hãy thử lại; nếu vẫn vậy thì lưu tệp cứu hộ.");
}

/** The draft of the address: as it was left, or a new one. The address then names it, so that reloading finds it. */
async function draftOf(params, db) {
  const refused = params.fix ? await refusedDraft(db, params.fix) : null;
  const id = refused?.thing ?? params.id ?? params.draft ?? uuid7();
  const known = await load(db, `new:${id}`);
  if (known || refused) return known ?? refused;
  const like = params.like ? (await stateOf(db, params.like))?.thing : null;
  const place = params.place ? Number(params.place) : like && !params.ward ? ((await placeOf(db, like))?.id ?? null) : null;
  const area = place !== null ? (await pack.place(db, place))?.area_id : Number(params.ward ?? like?.area_id ?? NaN);
  return {
    target: `new:${id}`, thing: id, place, area: Number.isFinite(area) ? area : null, kind: params.kind ?? like?.kind_code ?? "",
    zone: params.zone ?? like?.zone ?? null, like: like?.id ?? null, replaces: null, typed: {}, spot: null, near: null,
  };
}

/** A draft of a record that the office refused: as it was sent, to be corrected; the old entry goes when it is saved. */
async function refusedDraft(db, entryId) {
  const entry = await db.get("entries", entryId);
  if (entry?.act !== "record" || entry.state !== "needs") return null;
  const body = JSON.parse(entry.body);
  const { kind_code: kind, zone, lifecycle: _step, ...fields } = body.fields;
  const { fix, tap, reason = "" } = body.position ?? {};
  const [code, text = ""] = reason.split(": ");
  return {
    target: `new:${body.installation}`, thing: body.installation, place: body.place, area: body.area, kind, zone, like: null,
    replaces: entryId, typed: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, textOf(value)])),
    spot: { fix: fix && { ...fix, at: Date.parse(body.made_at) - (fix.age_s ?? 0) * 1000 }, tap, reason: code, text }, near: body.near,
    saved_at: entry.made_at,
  };
}

class NewThing {
  constructor(root, context, draft, ground) {
    Object.assign(this, { root, context, db: context.db, draft, ...ground });
    this.saving = false;
    this.keeper = new Keeper(this.db, draft.target, () => this.draft, (error) => toast(failure(error), "error"));
  }

  get kind() {
    return this.kinds[this.draft.kind];
  }

  async draw() {
    this.spotPart?.close();
    const where = this.place?.name ?? this.area.name;
    const name = this.kind ? kindName(this.kind) : _("Ghi thứ mới");
    const back = this.place ? `#/place/${this.place.id}` : `#/ward/${this.area.id}`;
    this.root.replaceChildren(backLink(back, where), heading(name), h("p", { class: "sv-note" }, this.like
      ? _("Giống thứ đã ghi, ở {where}. Ảnh, vị trí và số hiệu ghi riêng.", { where }) : _("Thứ mới ở {where}", { where })));
    if (!this.kind) {
      this.chooseKind();
      return;
    }
    const { draft } = this;
    this.shown = this.like && this.like.kind_code === this.kind.code ? copied(this.kind, this.like) : blank(this.kind);
    this.shown.zone = draft.zone;
    this.form = new ThingForm({
      kind: this.kind, kinds: this.kinds, slogans: this.slogans, zones: this.place ? PLACE_ZONES : AREA_ZONES,
      shown: this.shown, typed: draft.typed, onchange: () => this.keeper.touch(), onkind: (code) => this.become(code),
    });
    const known = await around(this.db, this.area.id, this.kind.code);
    const fresh = !draft.saved_at || Date.now() - Date.parse(draft.saved_at) < SOON_MS;
    this.spotPart = new Spot({
      known: { ...known, limits: this.limits }, spot: draft.spot, auto: fresh && !this.place?.hidden,
      onchange: (spot) => {
        draft.spot = spot;
        this.keeper.touch();
      },
    });
    const photos = await photoPart({ db: this.db, target: draft.target, name, fix: () => draft.spot?.fix ?? null, onadd: () => this.keeper.touch() });
    this.said = h("div", {});
    this.root.append(photos, this.form.node, this.spotPart.node, this.said,
      button(_("Lưu"), () => this.save(), { picture: "check", data: { save: "" } }));
  }

  chooseKind() {
    const rows = Object.values(this.kinds).filter((kind) => kind.in_use);
    this.root.append(h("p", {}, _("Chọn loại của thứ này.")), h("ul", { class: "fd-list th-kinds" }, rows.map((kind) =>
      h("li", {}, button(kindName(kind), () => this.become(kind.code), { kind: "secondary" })))));
  }

  async become(code) {
    this.draft.kind = code;
    delete this.draft.typed.kind_code;
    delete this.draft.typed.condition;
    this.keeper.touch();
    await this.draw();
  }

  /** Read the form: {values, typed}, or null after telling what is wrong. */
  read() {
    const { values: typed, problems } = readTyped(this.kind, this.draft.typed);
    const values = settled(this.kind, { ...this.shown, ...typed, kind_code: this.kind.code });
    const found = problems.length ? problems : check(this.kind, values, true, this.limits);
    this.said.replaceChildren(...(found.length ? [notice("error", found.map(say).join(" "), { title: _("Chưa lưu được") })] : []));
    this.form.tell(found);
    return found.length ? null : { values, typed };
  }

  async save() {
    if (this.saving) return;
    this.saving = true;
    try {
      const read = this.read();
      if (read) await this.queue(read);
    } catch (error) {
      this.said.replaceChildren(notice("error", failure(error)));
    } finally {
      this.saving = false;
    }
  }

  /** Ask once whether it is one of the things near by; what was answered stays in the draft. */
  async ask(values) {
    const { draft } = this;
    if (draft.near !== null) return draft.near;
    const record = { id: draft.thing, kind_code: this.kind.code, area_id: this.area.id, venue_id: this.place?.venue_id ?? null, zone: values.zone ?? null };
    const found = await neighbours(this.db, record, pointOf(draft.spot, this.limits), this.kind);
    const told = await Promise.all(found.map(async (one) => ({
      ...one, name: kindName(this.kind), place: (await placeOf(this.db, one.thing))?.name ?? this.area.name,
    })));
    const answers = told.length ? ((await askSame(this.root, told)) ?? []) : [];
    if (told.length) {
      draft.near = answers;
      this.keeper.touch();
    }
    return answers;
  }

  async queue({ values, typed }) {
    const { draft } = this;
    const near = await this.ask(values);
    const same = near.find((answer) => answer.same);
    const id = same ? same.other : draft.thing;
    const common = { id, target: draft.target, area: this.area.id };
    const entry = same
      ? sameEntry({ ...common, state: await stateOf(this.db, id), typed })
      : recordEntry({ ...common, place: this.place?.id ?? null, values, position: this.spotPart.read(), near });
    await this.keeper.flush();
    await this.commit(entry, id);
    toast(same ? _("Đã ghi vào thứ có sẵn. Đã lưu trên máy.") : _("Đã lưu trên máy"), "success");
    await this.context.go(`#/thing/${id}`);
  }

  async commit(entry, id) {
    const { draft } = this;
    // The draft has to be there to be taken away with its entry; on a full phone this says so.
    await save(this.db, draft.target, draft);
    const pictures = await photoItems(this.db, draft.target, { installation: id }, this.area.id);
    await addAll(this.db, [entry, ...pictures], {
      draft: draft.target,
      also: async (tx, rows) => {
        await also(tx, rows, pictures);
        if (draft.replaces) await tx.objectStore("entries").delete(draft.replaces);
      },
    });
    await this.keeper.close(true);
    await queued();
  }

  /** Whether a person has said nothing yet: a form that was only looked at leaves no draft behind. */
  async untouched() {
    const { typed, near, replaces, spot, target } = this.draft;
    if (Object.keys(typed).length || near || replaces || spot?.tap || spot?.reason) return false;
    return (await photoItems(this.db, target, {}, this.area.id)).length === 0;
  }

  async close() {
    this.spotPart?.close();
    if (this.keeper.closed) return;
    const nothing = await this.untouched();
    await this.keeper.close(nothing);
    if (nothing) await remove(this.db, this.draft.target);
  }
}

/** The screen of a new thing. */
export async function show(root, params, context) {
  const sent = params.fix ? await context.db.get("entries", params.fix) : null;
  if (sent && (sent.state !== "needs" || sent.act !== "record")) {
    await context.go(`#/thing/${sent.about}`);
    return null;
  }
  const draft = await draftOf(params, context.db);
  const area = draft.area === null ? null : await context.db.get("areas", draft.area);
  if (!area) {
    root.append(backLink(), heading(_("Ghi thứ mới")),
      notice("warning", _("Hãy mở một nơi bỏ phiếu hoặc trang của phường, xã rồi ghi thứ mới ở đó.")));
    return null;
  }
  history.replaceState(history.state, "", `#/new?${new URLSearchParams({ ...params, id: draft.thing })}`);
  const ground = {
    ...(await catalogue(context.db)), area, place: draft.place === null ? null : await pack.place(context.db, draft.place),
    like: draft.like ? (await stateOf(context.db, draft.like))?.thing : null,
  };
  const screen = new NewThing(root, context, draft, ground);
  await screen.draw();
  if (params.field) screen.form?.focus(params.field);
  return () => screen.close();
}
