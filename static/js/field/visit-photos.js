// Photos of a visit: taken into the phone's database at once, shown small, queued with the answer they belong to.

import { h, icon, toast, unseen } from "./dom.js";
import { told } from "./fix.js";
import { _ } from "./words.js";

/** The module of photos; loaded when the first picture is taken. */
const pictures = () => import(`./${"photos"}.js`);

/** The pictures of a target that no entry has yet. */
export async function taken(db, target) {
  const rows = await db.getAllFromIndex("photos", "target", target);
  return rows.filter((photo) => photo.state === "draft");
}

/** What an entry tells of a picture; `of` {answer: id} or {installation: id}. */
export function photoBody(photo, of) {
  return {
    photo: photo.id, of, sha256: photo.sha256, size: photo.size, role: photo.role ?? "overview", name: photo.name ?? "",
    taken_at: photo.taken_at ?? null, origin: photo.origin ?? "camera", reason: photo.reason ?? "", fix: photo.fix ?? null,
  };
}

/** Give the pictures their entries, in the transaction that queues them. */
export async function adopt(transaction, entries, items) {
  const store = transaction.objectStore("photos");
  for (const [at, item] of items.entries()) {
    if (item.act !== "photo") continue;
    const photo = await store.get(item.photo.id);
    if (photo) await store.put({ ...photo, entry: entries[at].id, of: item.body.of, state: "waiting" });
  }
}

/** The button in an item's head; without a camera the browser offers its files. */
export function photoButton(item) {
  const words = h("span", { data: { photos: "" } }, _("Ảnh"));
  const input = h("input", {
    class: "sv-photo__input", type: "file", accept: "image/*", capture: "environment", id: `photo-${item.key}`,
    onchange: () => take(item, input),
  });
  item.photoWords = words;
  return h("div", { class: "sv-photo" },
    h("label", { class: "sv-photo__button", for: input.id }, icon("camera"), words, unseen(` ${item.name}`)), input);
}

async function take(item, input) {
  const files = [...input.files];
  input.value = "";
  const { whole } = item;
  const fix = told(whole.watch?.best() ?? null);
  for (const file of files) {
    try {
      const { capture } = await pictures();
      const photo = await capture(whole.db, file, {
        target: whole.target, item: item.key, role: "overview", origin: "camera", reason: "", fix,
      });
      if (photo) whole.photos.push(photo);
    } catch (error) {
      toast(error?.sentence ?? error?.message ?? _("Ảnh này chưa lưu được; số liệu không bị ảnh hưởng."), "warning");
    }
  }
  thumbs(item);
  if (files.length && whole.photos.some((photo) => photo.item === item.key)) item.pictured();
}

/** The small pictures of an item, each with its own way out. */
export function thumbs(item) {
  const own = item.whole.photos.filter((photo) => photo.item === item.key);
  const there = item.item.photos;
  item.photoWords.textContent = own.length ? _("{n} ảnh mới", { n: own.length }) : there ? _("{n} ảnh", { n: there }) : _("Ảnh");
  item.photos.hidden = own.length === 0;
  item.photos.replaceChildren(...own.map((photo) => h("li", { class: "fd-thumb", data: { photo: photo.id } },
    h("img", { src: addressOf(photo, item.whole), alt: _("Ảnh vừa chụp: {name}", { name: item.name }) }),
    h("button", { class: "fd-row-button", type: "button", onclick: () => drop(item, photo) }, icon("trash-2"), _("Bỏ"), unseen(` ${item.name}`)))));
}

function addressOf(photo, whole) {
  const blob = photo.thumb ?? photo.blob;
  if (!blob) return "";
  const address = URL.createObjectURL(blob);
  whole.addresses.push(address);
  return address;
}

async function drop(item, photo) {
  const { whole } = item;
  await whole.db.delete("photos", photo.id);
  whole.photos = whole.photos.filter((one) => one.id !== photo.id);
  thumbs(item);
  item.show();
  toast(_("Đã bỏ ảnh."), "info", { label: _("Lấy lại"), run: async () => {
    await whole.db.put("photos", photo);
    whole.photos.push(photo);
    thumbs(item);
    item.show();
  } });
}
