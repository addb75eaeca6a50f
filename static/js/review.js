// The queue by keyboard: ↑ ↓ open the item before or after, X verifies, T opens the reasons of a return.
const opened = document.querySelector(".tq-review__open");

function open(id) {
  if (!id) return;
  const address = new URL(window.location.href);
  address.searchParams.set("item", id);
  window.location.assign(address);
}

function writes(target) {
  return target instanceof HTMLElement && target.closest("input[type=text], textarea, select") !== null;
}

document.addEventListener("keydown", (event) => {
  if (!opened || event.ctrlKey || event.altKey || event.metaKey || writes(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "arrowdown" || key === "arrowup") {
    open(key === "arrowdown" ? opened.dataset.next : opened.dataset.previous);
  } else if (key === "x") {
    document.querySelector("#verify button")?.click();
  } else if (key === "t") {
    const form = document.querySelector("#return");
    form?.closest("details")?.setAttribute("open", "");
    form?.querySelector("input[type=radio]")?.focus();
  } else {
    return;
  }
  event.preventDefault();
});
