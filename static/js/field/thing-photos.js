// The pictures of one thing on its form: those the office has, those taken here, and the ways to take more.

import { photoTools } from "./camera.js";
import { h, rowButton, toast } from "./dom.js";
import { told } from "./fix.js";
import * as photos from "./photos.js";
import { _, label } from "./words.js";

/** The taken pictures of a target that are in no entry yet. */
async function taken(db, target) {
  return (await photos.list(db, target)).filter((photo) => photo.state === "draft");
}

/** The queue's items for the pictures of a target; `of` {installation: id}. */
export async function photoItems(db, target, of, area) {
  return (await taken(db, target)).map((photo) => ({
    act: "photo", about: photo.id, target, visit: null, of, body: { area, ...photos.photoBody(photo, of) },
  }));
}

/** Inside the queue's write: give each picture its entry. `rows` are all queued entries. */
export async function also(tx, rows, items) {
  for (const { about, of } of items) {
    const entry = rows.find((row) => row.act === "photo" && row.about === about);
    if (entry) await photos.adopt(tx, about, entry.id, of);
  }
}

/** The part of the form: `known` [{id}] of the office, `fix()` the device's fix now, `onadd` after each new picture. */
export async function photoPart({ db, target, name, known = [], fix, onadd }) {
  const list = h("ul", { class: "fd-thumbs", "aria-label": _("Ảnh") });
  const urls = [];
  const draw = async () => {
    const mine = await taken(db, target);
    for (const url of urls.splice(0)) URL.revokeObjectURL(url);
    list.replaceChildren(
      ...known.map((photo) => h("li", { class: "fd-thumb" }, picture(`/photos/${photo.id}/thumbnail`, _("Ảnh đã có: {name}", { name })))),
      ...mine.map((photo) => {
        const blob = photo.thumb ?? photo.blob;
        const url = blob ? URL.createObjectURL(blob) : "";
        urls.push(url);
        return h("li", { class: "fd-thumb", data: { photo: photo.id } }, picture(url, _("Ảnh vừa chụp: {name}", { name })),
          h("span", { class: "fd-small" }, label("photo_role", photo.role)),
          rowButton(_("Bỏ"), () => drop(photo), { picture: "trash-2", name }));
      }),
    );
    list.hidden = list.children.length === 0;
  };
  async function drop(photo) {
    const removed = await photos.remove(db, photo.id);
    await draw();
    if (!removed) return;
    toast(_("Đã bỏ ảnh."), "info", { label: _("Lấy lại"), run: async () => {
      await photos.restore(db, removed);
      await draw();
    } });
  }
  const tools = photoTools({ db, target, name, fix: () => told(fix()), taken: () => {
    onadd();
    draw();
  } });
  await draw();
  return h("section", { class: "th-photos", "aria-label": _("Ảnh") }, list, tools);
}

function picture(src, alt) {
  const image = h("img", { src, alt, width: 84, height: 84 });
  // Without a network and without a copy there is none.
  image.addEventListener("error", () => image.replaceWith(h("span", { class: "nr-same__none" }, _("Ảnh chưa có trên máy"))));
  return image;
}
