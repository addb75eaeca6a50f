// The rescue file on the screen: what goes into it, the files, and what to do with them at the office.

import { backLink, button, clear, empty, h, heading, notice } from "./dom.js";
import { canShare, make, rescued, save, share, survey } from "./rescue.js";
import { _, moment, number } from "./words.js";

const MB = 1_000_000;

/** Show what a rescue file would hold and make it; context: {person, campaign, db, device, told}. */
export async function show(root, _params, context) {
  const seen = await survey(context.db);
  const before = await rescued(context.db);
  const nothing = seen.entries + seen.photos + seen.drafts === 0;
  clear(root).append(backLink("#/settings", _("Cài đặt")), heading(_("Tệp cứu hộ")));
  if (nothing) {
    root.append(empty(_("Không còn gì chưa gửi"), _("Mọi việc đã làm trên máy này đã ở văn phòng.")));
    return;
  }
  const made = h("div", { "aria-live": "polite" });
  const list = h("ul", { class: "fd-list" });
  root.append(
    h("p", {}, _("Khi máy không gửi được, ghi những gì chưa gửi ra tệp rồi mang tệp đến văn phòng. Trên máy không mất gì; gửi lại sau cũng không bị trùng.")),
    h("dl", { class: "tq-facts" },
      fact(_("Việc chưa gửi"), number(seen.entries)),
      fact(_("Ảnh chưa gửi"), _("{n} ảnh, {mb} MB", { n: seen.photos, mb: Math.ceil(seen.bytes / MB) })),
      fact(_("Bản nháp"), number(seen.drafts))),
    seen.drafts ? h("p", { class: "fd-small" }, _("Bản nháp đi kèm để xem lại; văn phòng chỉ nhận việc đã bấm xong.")) : "",
    seen.parts.length > 1 ? h("p", {}, _("Ảnh nhiều nên ghi thành {n} tệp; hãy lưu đủ.", { n: seen.parts.length })) : "",
    list,
    made,
    before ? h("p", { class: "fd-small" }, _("Lần ghi gần nhất: {at}", { at: moment(before.at) })) : "",
  );
  seen.parts.forEach((ids, at) => list.append(h("li", { class: "fd-plain" }, part(context, ids, at + 1, seen.parts.length, made))));
}

function fact(name, value) {
  return h("div", { class: "tq-fact" }, h("dt", {}, name), h("dd", {}, value));
}

function part(context, ids, at, of, made) {
  const label = of > 1 ? _("Ghi tệp {n} trong {of}", { n: at, of }) : _("Ghi tệp cứu hộ");
  const press = button(label, async () => {
    press.disabled = true;
    const told = (done, all) => {
      made.textContent = _("Đang ghi ảnh {n} trong {all}", { n: done, all });
    };
    try {
      done(made, await make(context, ids, { number: at, of, told }));
    } catch (error) {
      clear(made).append(notice("error", _("Chưa ghi được tệp ({why}). Những gì chưa gửi vẫn nguyên trên máy.", { why: error.name })));
    } finally {
      press.disabled = false;
    }
  }, { picture: "file-down", data: { rescue: at } });
  return press;
}

function done(made, file) {
  save(file);
  clear(made).append(notice("success", _("Đã ghi tệp {name}. Hãy gửi tệp cho văn phòng để nhập ở mục Tệp cứu hộ.", { name: file.name })));
  const again = button(_("Lưu lại tệp này"), () => save(file), { kind: "secondary" });
  made.append(again);
  if (canShare(file)) made.append(button(_("Chuyển tệp sang ứng dụng khác"), () => share(file), { kind: "secondary" }));
}
