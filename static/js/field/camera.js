// Where a picture comes from: the camera (at once), or the gallery with a reason; and what it shows.

import { clear, h, icon, notice, unseen } from "./dom.js";
import { chip, freshId } from "./form-parts.js";
import { capture, PhotoProblem } from "./photos.js";
import { _, label } from "./words.js";

const ROLES = ["overview", "close_up", "defect", "label"];

function reasons() {
  return [_("chụp trước đó"), _("nhận từ người khác"), _("máy ảnh hỏng")];
}

/**
 * The buttons for pictures of one thing. options: {db, target, item, name, fix: () => fix|null, taken(photo)}.
 * `taken` is called for each picture that is on the disk. What could not be taken is said beside the buttons.
 */
export function photoTools({ db, target, item = null, name = "", fix = () => null, taken }) {
  const group = freshId("role");
  const state = { role: ROLES[0], reason: "" };
  const told = h("div", { "aria-live": "polite" });
  const take = async (files, origin) => {
    clear(told);
    const where = { target, item, role: state.role, origin, reason: origin === "gallery" ? state.reason : "", fix: fix() };
    for (const file of files) {
      try {
        taken(await capture(db, file, where));
      } catch (error) {
        if (!(error instanceof PhotoProblem)) console.error(error);
        told.append(notice("warning", error.sentence ?? _("Ảnh này chưa lưu được; số liệu không bị ảnh hưởng.")));
      }
    }
  };
  return h("div", { class: "fd-photo-tools" },
    h("fieldset", { class: "govuk-fieldset" },
      h("legend", { class: "govuk-fieldset__legend" }, _("Ảnh chụp gì"), name && unseen(` ${name}`)),
      h("div", { class: "tq-chips" }, ROLES.map((role) => chip("radio", group, role, label("photo_role", role), {
        checked: role === state.role, onchange: () => {
          state.role = role;
        },
      })))),
    fileButton("camera", _("Chụp ảnh"), name, { capture: "environment" }, (files) => take(files, "camera")),
    gallery(state, name, (files) => take(files, "gallery")),
    told);
}

/** A label that looks like a button over a file box; the box can be reached by keyboard. */
function fileButton(picture, words, name, attrs, chosen) {
  const id = freshId("photo");
  const input = h("input", {
    class: "ph-file__input", type: "file", accept: "image/*", id, ...attrs, onchange: () => {
      const files = [...input.files];
      input.value = ""; // the same picture can be chosen again
      chosen(files);
    },
  });
  return h("div", { class: "ph-file" }, h("label", { class: "ph-file__button", for: id }, icon(picture), words, name && unseen(` ${name}`)), input);
}

/** The gallery, behind a reason: an older picture proves less, so it says why it is one. */
function gallery(state, name, chosen) {
  const group = freshId("reason");
  const own = h("input", { class: "govuk-input", id: freshId("why"), type: "text", maxlength: 150, autocomplete: "off" });
  const words = h("div", { class: "govuk-form-group", hidden: true }, h("label", { class: "govuk-label", for: own.id }, _("Lý do khác")), own);
  const choose = fileButton("image", _("Chọn từ thư viện"), name, { multiple: true }, chosen);
  const set = (reason) => {
    state.reason = reason;
    choose.hidden = !reason.trim();
  };
  own.addEventListener("input", () => set(own.value));
  set("");
  const chips = reasons().map((reason) => chip("radio", group, reason, reason, { onchange: () => {
    words.hidden = true;
    set(reason);
  } }));
  const other = chip("radio", group, "other", _("lý do khác"), { onchange: () => {
    words.hidden = false;
    set(own.value);
    own.focus();
  } });
  return h("details", { class: "tq-why" }, h("summary", { class: "tq-why__summary" }, _("Ảnh có sẵn trong máy")),
    h("div", { class: "tq-why__body" },
      h("fieldset", { class: "govuk-fieldset" }, h("legend", { class: "govuk-fieldset__legend" }, _("Vì sao không chụp tại chỗ")), h("div", { class: "tq-chips" }, chips, other)),
      words, choose));
}
