// Two guards for forms that save: one press sends once, and leaving with unsaved answers asks first.
// The server is safe without them (the form carries an entry id); they spare people the doubt.

const LET_GO_AFTER = 15_000; // ms: a request that hangs longer may be tried again by hand.

let unsaved = null;

/** Give the buttons of `form` back, with their own words. */
function letGo(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[data-words]")) {
    button.disabled = false;
    button.textContent = button.dataset.words;
    delete button.dataset.words;
  }
}

/** Take the buttons away once the browser has read which one was pressed. */
function hold(form, pressed) {
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    if (button.children.length > 0) continue; // A button with an icon keeps it; the flag alone guards it.
    button.dataset.words = button.textContent;
    if (button === pressed && button.dataset.busy) button.textContent = button.dataset.busy;
    button.disabled = true;
  }
  setTimeout(() => letGo(form), LET_GO_AFTER);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method")?.toLowerCase() !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  unsaved = null;
  setTimeout(() => hold(form, event.submitter), 0);
});

// The back button brings a page back as it was left: with its buttons taken away.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) letGo(form);
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.hasAttribute("data-guard-leave")) unsaved = form;
});

window.addEventListener("beforeunload", (event) => {
  if (unsaved?.isConnected) event.preventDefault();
});
