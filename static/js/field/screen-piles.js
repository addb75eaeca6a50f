// The four piles: drafts, waiting, needs you, sent. Each row can be read; what is unsent can be taken out one by one,
// and comes back as long as the word about it stands.

import { append, backLink, badge, button, clear, empty, h, heading, icon, notice, rowButton, toast } from "./dom.js";
import * as drafts from "./drafts.js";
import { write } from "./db.js";
import { queueMoved } from "./head.js";
import * as pack from "./pack.js";
import { entryTold, targetNames } from "./pile-words.js";
import { dismiss } from "./photos.js";
import { byTarget, list, piles } from "./queue.js";
import * as sync from "./sync.js";
import { bringBack, takeOut } from "./visit-finish.js";
import { entryState } from "./visit-item.js";
import { _, moment, number } from "./words.js";

const PILES = ["drafts", "waiting", "needs", "sent"];
const SHOWN = 100;
const NAMES = () => ({ drafts: _("Bản nháp"), waiting: _("Chờ gửi"), needs: _("Cần sửa"), sent: _("Đã gửi") });
const HELP = () => ({
  drafts: _("Phần đang ghi dở. Mở nơi đó rồi bấm Lưu thì mới vào hàng chờ."),
  waiting: _("Đã lưu trên máy, tự gửi khi có mạng. Ảnh đi sau số liệu và không giữ số liệu lại."),
  needs: _("Phòng chưa nhận được những mục này. Bấm Sửa để xem và gửi lại; các mục khác vẫn gửi bình thường."),
  sent: _("Phòng đã nhận. Máy giữ bản sao 14 ngày."),
});
const EMPTY = () => ({
  drafts: _("Không có bản nháp nào"), waiting: _("Không còn gì chờ gửi"), needs: _("Không có mục nào phải sửa"), sent: _("Chưa gửi mục nào"),
});

/** One pile on the screen. */
class Piles {
  constructor(root, context, pile) {
    Object.assign(this, { root, context, db: context.db, pile, state: sync.now?.() ?? { phase: "idle" }, turn: 0 });
    this.again = () => this.draw();
    this.onState = (event) => {
      this.state = event.detail ?? this.state;
      this.draw();
    };
  }

  async open() {
    await this.draw();
    sync.events.addEventListener("answers", this.again);
    sync.events.addEventListener("state", this.onState);
    document.addEventListener("trucquan-queue", this.again);
  }

  close() {
    sync.events.removeEventListener("answers", this.again);
    sync.events.removeEventListener("state", this.onState);
    document.removeEventListener("trucquan-queue", this.again);
  }

  async draw() {
    const turn = (this.turn += 1);
    const found = await piles(this.db);
    const rows = await list(this.db, this.pile);
    const photos = await this.photosHere();
    const names = await targetNames(this.db);
    const decided = await pack.mine(this.db);
    if (turn !== this.turn) return;
    const made = this.pile === "drafts" ? this.draftRows(rows, names) : this.entryRows(rows, names, decided, photos);
    const open = this.root.contains(document.activeElement) ? document.activeElement.dataset?.keep : null;
    append(clear(this.root), [
      backLink(), heading(NAMES()[this.pile]), this.tabs(found), h("p", { class: "fd-small" }, HELP()[this.pile]),
      this.sending(found), this.photoList(photos),
      made.length ? h("ul", { class: "fd-list", data: { rows: this.pile } }, made) : photos.length ? "" : empty(EMPTY()[this.pile]),
      rows.length > SHOWN && h("p", { class: "fd-small" }, _("Hiện {n} trên {all} mục.", { n: SHOWN, all: rows.length })),
    ]);
    if (open) this.root.querySelector(`[data-keep="${open}"]`)?.focus();
  }

  tabs(found) {
    return h("nav", { class: "fd-tabs", "aria-label": _("Bốn hàng") }, PILES.map((pile) =>
      h("a", {
        class: `fd-tab${pile === "needs" && found.needs ? " fd-tab--calls" : ""}`, href: `#/piles/${pile}`, data: { keep: pile, tab: pile },
        "aria-current": pile === this.pile ? "page" : null,
      }, h("strong", { data: { count: pile } }, number(pile === "waiting" ? found.waiting + found.photos : found[pile])), NAMES()[pile])));
  }

  /** "Gửi ngay", and when it last went. */
  sending(found) {
    const { phase, problem, at } = this.state;
    // What stopped the queue is told by the banner on every screen; being offline is no trouble, and said here.
    const sentence = problem || navigator.onLine ? "" : _("Chưa có mạng. Mọi thứ nằm an toàn trên máy và tự gửi khi có mạng.");
    const busy = phase === "sending";
    return h("div", {},
      sentence && notice("info", sentence),
      (found.waiting + found.photos > 0 || this.pile === "waiting") && button(busy ? _("Đang gửi…") : _("Gửi ngay"), () => sync.syncNow("button"),
        { picture: "cloud-upload", data: { keep: "send", send: "" }, "aria-disabled": busy ? "true" : null }),
      h("p", { class: "fd-small", data: { synced: "" } }, at ? _("Lần gửi gần nhất: {when}", { when: moment(at) }) : _("Chưa gửi lần nào từ khi mở ứng dụng.")));
  }

  async photosHere() {
    if (this.pile === "waiting") return list(this.db, "photos");
    return this.pile === "needs" ? this.db.getAllFromIndex("photos", "state", "needs") : [];
  }

  photoList(photos) {
    if (!photos.length) return null;
    const bytes = photos.reduce((sum, photo) => sum + (photo.size ?? 0), 0);
    const there = photos.reduce((sum, photo) => sum + (photo.received ?? 0), 0);
    const words = _("{n} ảnh, {kb} kB; phòng đã nhận {there} kB", { n: photos.length, kb: Math.round(bytes / 1000), there: Math.round(there / 1000) });
    return h("div", { class: "fd-progress", data: { photos: "" } }, h("span", { id: "photo-words" }, words),
      h("progress", { max: Math.max(1, bytes), value: there, "aria-labelledby": "photo-words" }),
      this.pile === "needs" && h("ul", { class: "govuk-list" }, photos.map((photo) => this.refusedPhoto(photo))));
  }

  refusedPhoto(photo) {
    const sentence = photo.problem?.sentence ?? _("Ảnh này phòng chưa nhận được: hãy chụp lại.");
    return h("li", { class: "fd-entry", data: { photo: photo.id } }, h("p", { class: "fd-entry__why" }, sentence),
      rowButton(_("Bỏ ảnh này"), async () => {
        const gone = await dismiss(this.db, photo.id);
        queueMoved();
        if (gone) toast(_("Đã bỏ ảnh."), "info", { label: _("Lấy lại"), run: () => this.photosBack([gone]) });
      }, { picture: "trash-2" }));
  }

  async photosBack(rows) {
    await write(this.db, ["photos"], (tx) => rows.forEach((row) => tx.objectStore("photos").put(row)));
    queueMoved();
  }

  draftRows(rows, names) {
    return rows.sort((one, other) => (one.saved_at < other.saved_at ? 1 : -1)).slice(0, SHOWN).map((draft) => {
      const { name, href } = names(draft.target);
      const n = Object.keys(draft.items ?? {}).length + (draft.extras ?? []).length;
      return h("li", { class: "fd-entry", data: { draft: draft.target } },
        h("div", { class: "fd-entry__head" }, h("span", {}, name), h("span", { class: "fd-small" }, draft.saved_at ? moment(draft.saved_at) : "")),
        n > 0 && h("p", { class: "fd-fields" }, _("{n} mục đang ghi dở", { n })),
        h("div", { class: "fd-entry__buttons" },
          h("a", { class: "fd-row-button", href }, icon("pencil"), _("Mở tiếp")),
          rowButton(_("Xóa"), () => this.dropDraft(draft, name), { picture: "trash-2", name })));
    });
  }

  entryRows(rows, names, decided, photos) {
    return rows.slice(0, SHOWN).map((entry) => {
      const told = entryTold(entry, names, decided[entry.id], photos.filter((photo) => photo.entry === entry.id));
      const [picture, words] = entryState(entry, this.state.phase === "sending");
      return h("li", { class: "fd-entry", data: { entry: entry.id } },
        h("div", { class: "fd-entry__head" }, h("span", {}, told.name), h("span", { class: "fd-small" }, moment(entry.made_at))),
        h("p", { class: "fd-fields" }, told.words),
        told.why.map((sentence) => h("p", { class: "fd-entry__why" }, sentence)),
        h("p", { class: "fd-own" }, icon(picture), words, told.decided && badge(told.decided, told.tone)),
        entry.state !== "sent" && h("div", { class: "fd-entry__buttons" },
          told.fix && h("a", { class: "fd-row-button", href: told.fix }, icon("pencil"), entry.state === "needs" ? _("Sửa") : _("Xem lại")),
          rowButton(_("Xóa"), () => this.dropEntry(entry, told.name), { picture: "trash-2", name: told.name })));
    });
  }

  async dropDraft(draft, name) {
    await drafts.remove(this.db, draft.target);
    queueMoved();
    toast(_("Đã xóa bản nháp: {name}", { name }), "info", { label: _("Lấy lại"), run: async () => {
      await drafts.restore(this.db, draft);
      queueMoved();
    } });
  }

  /** Take an entry out with the pictures that go with it; the word about it brings all of them back. */
  async dropEntry(entry, name) {
    const tellings = (await byTarget(this.db, entry.target)).filter((other) => other.act === "photo" && other.state !== "sent"
      && (other.id === entry.id || JSON.parse(other.body).of?.answer === entry.id));
    const photos = [];
    for (const telling of tellings) {
      const photo = await this.db.get("photos", telling.about);
      if (photo) photos.push(photo);
    }
    const taken = await takeOut(this.db, entry, tellings.filter((other) => other.id !== entry.id));
    if (!taken) return this.draw();
    await write(this.db, ["photos"], (tx) => photos.forEach((photo) => tx.objectStore("photos").delete(photo.id)));
    queueMoved();
    toast(_("Đã xóa khỏi hàng: {name}", { name }), "info", { label: _("Lấy lại"), run: async () => {
      await bringBack(this.db, taken);
      await this.photosBack(photos);
    } });
    return null;
  }
}

/** Show a pile: the one that is asked for, else the one that needs somebody. */
export async function show(root, params, context) {
  const found = await piles(context.db);
  const pile = PILES.includes(params.pile) ? params.pile : found.needs ? "needs" : found.waiting + found.photos ? "waiting" : "drafts";
  const screen = new Piles(root, context, pile);
  await screen.open();
  return () => screen.close();
}
