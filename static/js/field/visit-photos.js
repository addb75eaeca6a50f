// Photos of a visit: taken into the phone's database at once, shown small, queued with the answer they belong to.

import { photoTools } from "./camera.js";
import { h, icon, toast, unseen } from "./dom.js";
import { told } from "./fix.js";
import { adopt, capture, list, remove, restore } from "./photos.js";
import { _ } from "./words.js";

/** The pictures of a target: those that no entry has yet, and those of an earlier answer by its entry's id. */
export async function taken(db, target) {
  const rows = await list(db, target);
  return { fresh: rows.filter((photo) => photo.state === "draft"), told: rows.filter((photo) => photo.of?.answer) };
}

/** Give the pictures their entries, in the transaction that queues them; one that is at the office stays there. */
export async function adoptAll(transaction, entries, items) {
  for (const [at, item] of items.entries()) {
    if (item.act !== "photo") continue;
    const photo = await transaction.objectStore("photos").get(item.photo.id);
    if (photo && photo.state !== "sent") await adopt(transaction, photo.id, entries[at].id, item.body.of);
    else if (photo) await transaction.objectStore("photos").put({ ...photo, entry: entries[at].id, of: item.body.of });
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
      whole.photos.push(await capture(whole.db, file, { target: whole.target, item: item.key, fix }));
    } catch (error) {
      toast(error?.sentence ?? _("Ảnh này chưa lưu được; số liệu không bị ảnh hưởng."), "warning");
    }
  }
  thumbs(item);
  if (files.length && whole.photos.some((photo) => photo.item === item.key)) item.pictured();
}

/** Everything else about pictures: what one shows, and older ones with a reason. */
export function morePhotos(item) {
  const { whole } = item;
  return photoTools({
    db: whole.db, target: whole.target, item: item.key, name: item.name, fix: () => told(whole.watch?.best() ?? null),
    taken: (photo) => {
      whole.photos.push(photo);
      thumbs(item);
      item.pictured();
    },
  });
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
  const removed = await remove(whole.db, photo.id);
  if (!removed) return;
  whole.photos = whole.photos.filter((one) => one.id !== photo.id);
  thumbs(item);
  item.show();
  toast(_("Đã bỏ ảnh."), "info", { label: _("Lấy lại"), run: async () => {
    await restore(whole.db, photo);
    whole.photos.push(photo);
    thumbs(item);
    item.show();
  } });
}
