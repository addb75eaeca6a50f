// What is wrong with a visit, on top of its screen with a way to each field, and why something was not queued.

import { clear, h } from "./dom.js";
import { say } from "./rules.js";
import { _ } from "./words.js";

/** What was just touched is not on the disk: what is, and what to do. */
export function undraftedWords(error) {
  if (error?.name === "StorageFull") {
    return _("Máy hết chỗ: phần vừa ghi chưa lưu được, chỉ còn trên màn hình này. Những gì ghi trước đó và hàng chờ vẫn còn. Hãy gửi hàng chờ hoặc dọn bớt bộ nhớ máy; máy tự lưu lại khi có chỗ.");
  }
  console.error(error);
  return _("Phần vừa ghi chưa lưu được trên máy. Máy đang tự thử lại; đừng đóng màn hình này.");
}

/** Why the draft did not become entries; it stands as it was. */
export function unqueuedWords(error) {
  const sentence = {
    StorageFull: _("Máy hết chỗ nên chưa lưu vào hàng chờ; bản nháp vẫn còn. Hãy gửi hàng chờ hoặc dọn bớt bộ nhớ máy rồi bấm lại."),
    TooLong: _("Ghi chú quá dài nên chưa lưu được: hãy viết ngắn lại. Bản nháp vẫn còn."),
  }[error?.name];
  if (!sentence) console.error(error);
  return sentence ?? _("Chưa lưu được. Bản nháp vẫn còn trên máy; hãy bấm lại.");
}

/** The summary of problems [{key, field, message, values}]; those of no item are told for the whole. */
export function summarize(visit, problems) {
  const of = (one) => problems.filter((problem) => problem.key === one.key);
  for (const one of visit.items) one.wrong(of(one));
  const rows = problems.map((problem) => {
    const one = visit.items.find((other) => other.key === problem.key);
    if (!one) return h("li", {}, say(problem));
    const go = (event) => {
      event.preventDefault();
      const field = one.wrong(of(one));
      field.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    };
    return h("li", {}, h("a", { href: `#item-${problem.key}`, onclick: go }, `${one.name}: ${say(problem)}`));
  });
  const box = h("div", { class: "govuk-error-summary", tabindex: "-1", "aria-labelledby": "error-summary-title" },
    h("div", { role: "alert" }, h("h2", { class: "govuk-error-summary__title", id: "error-summary-title" }, _("Cần sửa những chỗ sau")),
      h("ul", { class: "govuk-list govuk-error-summary__list" }, rows)));
  clear(visit.summary).append(box);
  box.scrollIntoView({ block: "center" });
  box.focus({ preventScroll: true });
}
