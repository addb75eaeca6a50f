// The checklist of a visit, for the thumb: one press answers an item, answered items fold to a line,
// what is left is counted. Without this file every item is open and the numbers are typed.

const SETTLE = 350; // ms: a second tap of the same thumb must not hit what moved up under it

/** What the script knows of one item. */
class Item {
  constructor(root, whole) {
    this.root = root;
    this.whole = whole;
    this.fold = root.querySelector("[data-fold]");
    this.outcome = root.querySelector("[data-outcome]");
    this.found = root.querySelector('input[name$="-found"]');
    this.working = root.querySelector('input[name$="-working"]');
    this.conditions = root.querySelector("[data-conditions]");
    this.photo = root.querySelector('input[type="file"]');
    this.quick = [...root.querySelectorAll("[data-quick]")];
    this.pressed = this.quick.find((radio) => radio.checked) ?? null;
    // A number that follows the other one until a person says something else.
    this.follows = this.working.value === "" || this.working.value === this.found.value;
    this.listen();
    this.showConditions();
    // Where last time's number stands in grey, one less than it can be pressed at once.
    if (this.found.value === "" && Number(this.found.placeholder) > 0) {
      for (const button of root.querySelectorAll("[data-step]")) button.setAttribute("aria-disabled", "false");
    }
  }

  /** Write a number as a person would, so that its stepper follows; our own listeners stay quiet. */
  write(input, value) {
    input.value = value;
    this.quiet = true;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    this.quiet = false;
  }

  get answered() {
    return this.found.value !== "" && !this.owes;
  }

  listen() {
    this.found.addEventListener("input", () => this.quiet || this.counted());
    this.working.addEventListener("input", () => {
      if (this.quiet) return;
      this.follows = false;
      if (this.found.value === "" && this.found.placeholder) this.write(this.found, this.found.placeholder);
      if (Number(this.working.value) > Number(this.found.value)) this.write(this.found, this.working.value);
      this.counted();
    });
    for (const radio of this.quick) radio.addEventListener("click", () => this.press(radio));
    this.photo.addEventListener("change", () => this.pictured());
    this.root.addEventListener("change", () => this.show());
  }

  /** A number changed by hand: the quick answer no longer says it. */
  counted() {
    if (this.pressed) this.pressed.checked = false;
    this.pressed = null;
    const found = Number(this.found.value);
    if (this.follows || Number(this.working.value) > found) this.write(this.working, this.found.value);
    this.show();
  }

  /** A quick answer: pressing the same one again takes it back. */
  press(radio) {
    if (this.pressed === radio) {
      radio.checked = false;
      this.pressed = null;
      this.write(this.found, "");
      this.write(this.working, "");
      this.follows = true;
      this.show();
      return;
    }
    this.pressed = radio;
    const { needed, beforeFound, beforeWorking } = this.root.dataset;
    const pair = { enough: [needed, needed], same: [beforeFound, beforeWorking], none: ["0", "0"] }[radio.value];
    this.write(this.found, pair[0]);
    this.write(this.working, pair[1]);
    this.follows = pair[0] === pair[1];
    // "As before" keeps each thing's own condition; the others have none to tell.
    for (const box of this.conditions.querySelectorAll("input")) box.checked = false;
    this.show();
    this.whole.settle(this);
  }

  /** A photo shows something, so something stands here. */
  pictured() {
    const words = this.root.querySelector("[data-photos]");
    words.textContent = words.dataset.words.replace("{n}", this.photo.files.length);
    if (this.found.value === "" && this.photo.files.length) {
      this.write(this.found, this.found.placeholder || "1");
      this.counted();
    }
  }

  /** Only conditions that can be true: of broken things where some are, of sound ones where all work. */
  showConditions() {
    const found = Number(this.found.value || 0);
    const broken = found > Number(this.working.value || 0);
    this.conditions.hidden = found === 0 || this.pressed?.value === "same";
    for (const chip of this.conditions.querySelectorAll("[data-works]")) {
      const useless = (chip.dataset.works === "yes") === broken;
      chip.hidden = useless;
      if (useless) chip.querySelector("input").checked = false;
    }
  }

  /** Whether a condition is still owed. */
  get owes() {
    const broken = Number(this.working.value || 0) < Number(this.found.value || 0);
    return broken && !this.conditions.hidden && !this.conditions.querySelector("input:checked");
  }

  show() {
    this.showConditions();
    const { words, none, owes } = this.outcome.dataset;
    const said = words.replace("{found}", this.found.value).replace("{working}", this.working.value || this.found.value);
    const full = Number(this.found.value) === 0 ? none : said;
    this.outcome.textContent = this.found.value === "" ? "" : this.owes ? owes : full;
    this.outcome.classList.toggle("sv-fold__outcome--owes", this.owes);
    this.root.classList.toggle("tq-item--answered", this.answered);
    this.whole.count();
  }
}

/** The whole form. */
class Checklist {
  constructor(form) {
    this.form = form;
    this.items = [...form.querySelectorAll("[data-item]")].map((root) => new Item(root, this));
    this.calm = 0;
    form.classList.add("sv-live");
    form.addEventListener("click", (event) => this.guard(event), true);
    form.addEventListener("click", (event) => this.leave(event));
    for (const box of form.querySelectorAll("[data-zone-none]")) box.addEventListener("change", () => this.empty(box));
    // A stepper starts from last time's number, which stands there in grey.
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-step]");
      const input = button?.parentElement.querySelector("input");
      if (input && input.value === "" && input.placeholder) input.value = input.placeholder;
    }, true);
    this.count();
  }

  guard(event) {
    if (event.timeStamp >= this.calm || event.target.closest("[type=submit]")) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Fold an answered item and bring the next open one to where the thumb is. */
  settle(item) {
    this.calm = performance.now() + SETTLE;
    item.fold.open = false;
    const next = this.items.slice(this.items.indexOf(item) + 1).find((other) => !other.answered);
    const edge = next?.root.getBoundingClientRect();
    if (edge && edge.bottom > window.innerHeight - 140) next.root.scrollIntoView({ block: "center" });
  }

  /** Fold the item a person has left, without moving what they touch now. */
  leave(event) {
    const here = this.items.find((item) => item.root.contains(event.target));
    if (!here || this.last === here) return;
    const before = this.last;
    this.last = here;
    if (!before?.answered || !before.fold.open) return;
    const top = here.root.getBoundingClientRect().top;
    before.fold.open = false;
    window.scrollBy(0, here.root.getBoundingClientRect().top - top);
  }

  empty(box) {
    for (const item of this.items) {
      if (!box.closest("[data-zone]").contains(item.root)) continue;
      const none = item.quick.find((radio) => radio.value === "none");
      if (box.checked && item.found.value === "") {
        none.checked = true;
        item.press(none);
      }
    }
    this.calm = 0;
  }

  count() {
    if (!this.items) return;
    const left = this.items.filter((item) => !item.answered).length;
    const note = this.form.querySelector("[data-left]");
    note.textContent = left ? note.dataset.words.replace("{n}", left) : note.dataset.all;
    for (const place of this.form.querySelectorAll("[data-zone-count]")) {
      const zone = this.form.querySelector(`[data-zone="${place.dataset.zoneCount}"]`);
      const own = this.items.filter((item) => zone.contains(item.root));
      const done = own.filter((item) => item.answered).length;
      place.textContent = place.dataset.words.replace("{n}", done).replace("{all}", own.length);
    }
  }
}

/** The direction a board faces, from the phone's compass, where it has one. */
function wakeCompasses(form) {
  if (!("DeviceOrientationEvent" in window) || !navigator.maxTouchPoints) return;
  for (const button of form.querySelectorAll("[data-compass]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const ask = DeviceOrientationEvent.requestPermission;
      if (ask && (await ask.call(DeviceOrientationEvent)) !== "granted") return;
      const name = "ondeviceorientationabsolute" in window ? "deviceorientationabsolute" : "deviceorientation";
      window.addEventListener(name, (event) => {
        const heading = event.webkitCompassHeading ?? (event.alpha === null ? null : 360 - event.alpha);
        if (heading !== null) document.getElementById(button.dataset.compass).value = String(Math.round(heading) % 360);
      }, { once: true });
    });
  }
}

for (const form of document.querySelectorAll("form[data-survey]")) {
  new Checklist(form);
  wakeCompasses(form);
}
