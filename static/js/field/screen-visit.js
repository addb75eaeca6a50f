// A visit on the phone: the form of the web, from the phone's own data. Every touch is on the disk within a second;
// "Lưu" and "Xong nơi này" turn the draft into entries of the queue in one transaction, and only then say so.

import { append, backLink, clear, empty, h, heading, icon, notice, toast } from "./dom.js";
import * as drafts from "./drafts.js";
import { told, watch } from "./fix.js";
import { textArea } from "./form-parts.js";
import { queueMoved } from "./head.js";
import { now, uuid7 } from "./ids.js";
import { photoBody } from "./photos.js";
import { addAll } from "./queue.js";
import { load } from "./sheet.js";
import * as shell from "./shell.js";
import * as sync from "./sync.js";
import { entriesOf, rowOf, sort, unlisted } from "./visit-entries.js";
import { answersOf } from "./visit-finish.js";
import { officeSays, VisitItem } from "./visit-item.js";
import { facts, photoRule, titleOf } from "./visit-parts.js";
import { adoptAll, taken } from "./visit-photos.js";
import { positionBar } from "./visit-position.js";
import { summarize, undraftedWords, unqueuedWords } from "./visit-problems.js";
import { bottom, inTurn, zoneParts, zonesNav } from "./visit-zones.js";
import { _ } from "./words.js";

const SETTLE = 350; // ms: a second tap of the same thumb must not hit what moved up under it
const BLANK = ["quick", "found", "working", "condition", "slogan", "azimuth", "width_m", "height_m", "note"];

/** The whole visit: its draft, its items, its buttons. */
class Visit {
  constructor(root, context, target, sheet) {
    Object.assign(this, { root, context, db: context.db, target, sheet, calm: 0, addresses: [], busy: false });
  }

  async open(params) {
    const kept = await drafts.load(this.db, this.target);
    this.draft = { visit: this.sheet.visit ?? uuid7(), items: {}, extras: [], note: "", replaces: {}, begun_at: now(), ...kept };
    const { fresh, told: before } = await taken(this.db, this.target);
    Object.assign(this, { photos: fresh, before });
    if (params.fix) await this.bringBack(params.fix);
    this.watch = watch();
    this.later = inTurn();
    this.items = this.sheet.items.map((item) => new VisitItem(item, this));
    this.items.push(...this.draft.extras.filter((row) => this.sheet.kinds[row.kind]).map((row) => this.extraItem(row)));
    this.keeper = new drafts.Keeper(this.db, this.target, () => this.draft, (error) => this.unkept(error), () => this.wrote());
    this.changed = Boolean(kept);
    if (this.changed) shell.hold("draft");
    this.draw();
    this.root.addEventListener("click", (event) => this.guard(event), true);
    this.root.addEventListener("click", (event) => this.leaveItem(event));
    this.count();
    if (params.item) this.focusOn(params.item);
  }

  /** "Sửa": what was sent and refused comes back into the draft, unless something newer stands there. */
  async bringBack(id) {
    const entry = await this.db.get("entries", id);
    if (entry?.state !== "needs" || entry.act !== "answer") return;
    const body = JSON.parse(entry.body);
    this.draft.replaces[body.key] = id;
    if (body.extra && !this.sheet.items.some((item) => item.key === body.key)) {
      if (this.draft.extras.every((row) => `${row.zone}.${row.kind}` !== body.key)) {
        this.draft.extras.push({ ...rowOf(body), id: uuid7(), zone: body.key.split(".")[0] });
      }
    } else this.draft.items[body.key] ??= rowOf(body);
    this.problem = entry.answer && { key: body.key, field: entry.answer.field || "found", message: entry.answer.message };
    await drafts.save(this.db, this.target, this.draft);
  }

  draw() {
    const { sheet } = this;
    this.summary = h("div", {});
    this.left = h("p", { class: "sv-left", role: "status", data: { left: "" } });
    this.kept = h("p", { class: "fd-kept", data: { kept: "" } });
    this.form = h("form", { class: "sv-form sv-live", novalidate: true, data: { survey: "" }, onsubmit: (event) => event.preventDefault() },
      positionBar(this), photoRule(), zonesNav(this), zoneParts(this), this.generalNote(), bottom(this));
    append(clear(this.root), [
      backLink(), this.summary, heading(titleOf(sheet)), facts(sheet), this.returnedList(), this.standardNotice(), this.visitLine(), this.form,
    ]);
    if (this.problem) this.showProblems([this.problem]);
  }

  standardNotice() {
    return !this.sheet.campaign.standard && notice("warning",
      _("Chưa có tiêu chuẩn nào có hiệu lực nên chưa khảo sát được. Đề nghị Phòng Văn hóa và Thông tin ban hành tiêu chuẩn."));
  }

  visitLine() {
    if (this.changed) return h("p", { class: "sv-note", data: { draft: "" } }, _("Bản nháp còn trên máy, đúng như lúc rời màn hình."));
    const answered = this.sheet.items.filter((item) => item.answered).length;
    if (answered) return h("p", { class: "sv-note" }, _("Lượt này đã trả lời {n} trên {all} mục.", { n: answered, all: this.sheet.items.length }));
    return this.sheet.things.length > 0 && h("p", { class: "sv-note" }, _("Số mờ là của lần trước; mục nào bỏ trống thì giữ nguyên."));
  }

  returnedList() {
    const rows = this.items.flatMap((one) => one.item.returned.map((thing) => h("li", {},
      h("a", { href: `#item-${one.key}`, onclick: (event) => {
        event.preventDefault();
        this.focusOn(one.key);
      } }, one.name), officeSays(thing.review))));
    return rows.length > 0 && h("section", { class: "tq-notice tq-notice--warning", "aria-labelledby": "returned-title" }, icon("triangle-alert"),
      h("div", { class: "tq-notice__text" }, h("h2", { class: "tq-notice__title", id: "returned-title" }, _("Cần bổ sung")), h("ul", { class: "sv-list" }, rows)));
  }

  generalNote() {
    const box = textArea(_("Ghi chú chung"), this.draft.note, { name: "note", maxlength: 500, oninput: (event) => {
      this.draft.note = event.target.value;
      this.touch();
    } });
    return h("details", { class: "tq-why", open: Boolean(this.draft.note) }, h("summary", { class: "tq-why__summary" }, _("Ghi chú chung")), h("div", { class: "tq-why__body" }, box));
  }

  /** An item was touched: its row is what stands on the screen; one that says nothing is no row. */
  touched(one) {
    const photos = this.photos.filter((photo) => photo.item === one.key).length;
    const row = { ...one.row, ...one.values, kind: one.kind.code, photos };
    row.fix ??= told(this.watch?.best() ?? null);
    const silent = !photos && BLANK.every((name) => row[name] === undefined || row[name] === "");
    if (one.extra) Object.assign(one.extra, row);
    else if (silent) delete this.draft.items[one.key];
    else this.draft.items[one.key] = row;
    this.touch();
  }

  touch() {
    if (!this.changed) shell.hold("draft");
    this.changed = true;
    this.keeper.touch();
  }

  /** The draft is on the disk: what was said of an earlier failure is no longer true. */
  wrote() {
    this.kept.textContent = "";
  }

  /** Told at once, where the thumb is; said aloud once, not at each further try. */
  unkept(error) {
    const words = undraftedWords(error);
    if (this.kept.textContent === words) return;
    this.kept.textContent = words;
    this.context.announce(words);
  }

  guard(event) {
    if (event.timeStamp >= this.calm || event.target.closest("[data-submit]")) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Fold an answered item and bring the next open one to where the thumb is. */
  settle(one) {
    this.calm = performance.now() + SETTLE;
    one.fold.open = false;
    const next = this.items.slice(this.items.indexOf(one) + 1).find((other) => !other.answered);
    const edge = next?.root.getBoundingClientRect();
    if (edge && edge.bottom > window.innerHeight - 160) next.root.scrollIntoView({ block: "center" });
  }

  /** Fold the item a person has left, without moving what they touch now. */
  leaveItem(event) {
    const here = this.items.find((one) => one.root.contains(event.target));
    if (!here || this.last === here) return;
    const before = this.last;
    this.last = here;
    if (!before?.answered || !before.fold.open) return;
    const top = here.root.getBoundingClientRect().top;
    before.fold.open = false;
    window.scrollBy(0, here.root.getBoundingClientRect().top - top);
  }

  extraItem(row) {
    return new VisitItem(unlisted(row.zone, this.sheet.kinds[row.kind]), this, row);
  }

  /** A further thing: a row of its own in the draft, at first one that works. */
  addExtra(zone, kind) {
    const row = { id: uuid7(), zone, kind, found: "1", working: "1" };
    this.draft.extras.push(row);
    const one = this.extraItem(row);
    this.items.push(one);
    this.touched(one);
    return one;
  }

  dropExtra(one) {
    this.draft.extras = this.draft.extras.filter((row) => row !== one.extra);
    this.items = this.items.filter((other) => other !== one);
    one.root.remove();
    this.touch();
  }

  /** Everything else in a zone is not there. */
  emptyZone(zone) {
    for (const one of this.items) {
      if (one.item.zone === zone && one.values.found === "" && !one.extra) one.press("none");
    }
    this.calm = 0;
  }

  count() {
    const asked = this.items.filter((one) => !one.extra);
    const left = asked.filter((one) => !one.answered).length;
    this.left.textContent = left ? _("Còn {n} mục chưa trả lời", { n: left }) : _("Đã trả lời đủ các mục");
    for (const place of this.root.querySelectorAll("[data-zone-count]")) {
      const own = asked.filter((one) => one.item.zone === place.dataset.zoneCount);
      place.textContent = _("{n}/{all} mục", { n: own.filter((one) => one.answered).length, all: own.length });
    }
  }

  focusOn(key) {
    const one = this.items.find((other) => other.key === key);
    if (!one) return;
    one.fold.open = true;
    one.fill();
    one.root.scrollIntoView({ block: "center" });
    one.fold.querySelector("summary").focus({ preventScroll: true });
  }

  /** Queue what was answered; `finish` closes the visit. Pressed twice it is done once. */
  async save(finish) {
    if (this.busy) return;
    this.busy = true;
    try {
      await this.keeper.flush();
      const { answers, problems } = sort(this.sheet, this.draft);
      if (problems.length) return this.showProblems(problems);
      if (!answers.length && !(finish && this.sheet.items.some((item) => item.answered))) {
        return this.showProblems([{ key: "", message: _("Chưa có mục nào được trả lời nên chưa lưu gì."), field: "" }]);
      }
      await this.queue(answers, finish);
    } catch (error) {
      this.notQueued(error);
    } finally {
      this.busy = false;
    }
  }

  async queue(answers, finish) {
    const replaced = answers.map(({ item }) => this.draft.replaces[item.key]).filter(Boolean);
    const earlier = await answersOf(this.db, this.target, this.draft.visit, replaced);
    const parts = { finish, photos: this.photos, before: this.before, earlier, makeId: uuid7, photoBody };
    const items = entriesOf(this.sheet, this.draft, answers, parts);
    // A button may be the first thing that is pressed: the draft that goes has to be there.
    await drafts.save(this.db, this.target, this.draft);
    await addAll(this.db, items, { draft: this.target, also: async (transaction, entries) => {
      await adoptAll(transaction, entries, items);
      for (const id of replaced) await transaction.objectStore("entries").delete(id);
      await dropOldTellings(transaction, items);
    } });
    await this.keeper.close(true);
    this.saved = true;
    shell.release("draft");
    queueMoved();
    const text = finish ? _("Đã lưu trên máy: xong nơi này.") : _("Đã lưu trên máy. Lượt khảo sát còn mở.");
    toast(text, "success");
    sync.syncNow("saved");
    await this.context.go(finish ? "#/" : location.hash.split("?")[0]);
  }

  notQueued(error) {
    clear(this.summary).append(notice("error", unqueuedWords(error)));
    this.summary.scrollIntoView({ block: "center" });
  }

  showProblems(problems) {
    summarize(this, problems);
  }

  async close() {
    this.later.stop();
    this.watch.stop();
    this.closeMap?.();
    for (const address of this.addresses) URL.revokeObjectURL(address);
    if (!this.saved) await this.keeper.close();
    shell.release("draft");
  }
}

/** Pictures that are told anew with their corrected answer: what told of them before and is not sent goes. */
async function dropOldTellings(transaction, items) {
  const store = transaction.objectStore("entries");
  for (const { act, photo } of items) {
    const old = act === "photo" && photo.entry ? await store.get(photo.entry) : null;
    if (old && old.state !== "sent") await store.delete(old.id);
  }
}

/** Show a visit; params: place or ward, item (opened at), fix (an entry to correct). */
export async function show(root, params, context) {
  const target = params.place ? `place:${Number(params.place)}` : `ward:${Number(params.ward)}`;
  const sheet = await load(context.db, target);
  if (!sheet) {
    append(clear(root), [backLink(), heading(_("Nơi này không có trên máy")),
      empty(_("Máy chưa tải phần này."), _("Khi có mạng, máy tự tải địa bàn được giao."))]);
    return null;
  }
  const visit = new Visit(root, context, target, sheet);
  await visit.open(params);
  return () => visit.close();
}

