// The device's position: offered, never waited for. A visit keeps the fix of the moment each item was
// touched; the list of places asks once, when somebody presses "Gần tôi".

const GOOD = 15; // m
const VAGUE = 100; // m: the venue's own point is better than this (the server decides so too)
const OPTIONS = { enableHighAccuracy: true, maximumAge: 0, timeout: 20_000 };

/** Metres between two positions, on a sphere: good enough to say "120 m". */
function metres(lat1, lon1, lat2, lon2) {
  const rad = Math.PI / 180;
  const x = (lon2 - lon1) * rad * Math.cos(((lat1 + lat2) / 2) * rad);
  return Math.round(6_371_000 * Math.hypot(x, (lat2 - lat1) * rad));
}

/** Keeps the newest fix and writes it into the hidden fields of a form and of what is touched. */
class Watch {
  constructor(form, box) {
    this.form = form;
    this.box = box;
    this.words = box.querySelector("[data-position-words]");
    this.button = box.querySelector("[data-position-start]");
    this.stamped = new Map();
    box.hidden = false;
    this.button.addEventListener("click", () => this.start());
    // Where it was allowed before it starts by itself; otherwise a person presses the button.
    navigator.permissions?.query({ name: "geolocation" }).then((found) => {
      if (found.state === "granted") this.start();
    }, () => {});
    for (const kind of ["input", "change", "click"]) form.addEventListener(kind, (event) => this.touch(event));
    form.addEventListener("submit", () => this.age(), true);
  }

  start() {
    this.button.hidden = true;
    this.words.textContent = this.box.dataset.searching;
    navigator.geolocation.watchPosition((fix) => this.take(fix), () => this.fail(), OPTIONS);
  }

  take(fix) {
    if (Date.now() - fix.timestamp > 10_000) return; // an old fix belongs to another street
    const better = !this.fix || fix.coords.accuracy <= Math.max(this.fix.coords.accuracy, GOOD);
    const old = this.fix && fix.timestamp - this.fix.timestamp > 15_000;
    if (!better && !old) return;
    this.fix = fix;
    this.write("", fix);
    const { latitude, longitude, accuracy } = fix.coords;
    const { good, vague, far } = this.box.dataset;
    const parts = [(accuracy > VAGUE ? vague : good).replace("{m}", Math.round(accuracy))];
    const { lat, lon } = this.form.dataset;
    if (lat) parts.push(far.replace("{m}", metres(Number(lat), Number(lon), latitude, longitude)));
    this.words.textContent = parts.join(" · ");
  }

  fail() {
    if (this.fix) return;
    this.words.textContent = this.box.dataset.none;
    this.button.hidden = false;
  }

  touch(event) {
    const prefix = event.target.closest("[data-item], .sv-extra")?.querySelector('input[name$="-fix_lat"]')?.name.slice(0, -7);
    if (!prefix || !this.fix || this.stamped.has(prefix)) return;
    this.write(prefix, this.fix);
  }

  write(prefix, fix) {
    this.stamped.set(prefix, fix.timestamp);
    const { latitude, longitude, accuracy } = fix.coords;
    this.set(`${prefix}fix_lat`, latitude.toFixed(6));
    this.set(`${prefix}fix_lon`, longitude.toFixed(6));
    this.set(`${prefix}fix_accuracy_m`, accuracy.toFixed(1));
    this.set(`${prefix}fix_age_s`, Math.max(0, (Date.now() - fix.timestamp) / 1000).toFixed(1));
  }

  /** The form's own fix is as old as it is when it is sent; an item's is of the moment of its touch. */
  age() {
    const at = this.stamped.get("");
    if (at) this.set("fix_age_s", Math.max(0, (Date.now() - at) / 1000).toFixed(1));
  }

  set(name, value) {
    const field = this.form.elements.namedItem(name);
    if (field) field.value = value;
  }
}

/** "Gần tôi": ask once and open the list in the order of distance. */
function wakeNearby(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const words = document.querySelector("[data-nearby-words]");
    words.textContent = words.dataset.searching;
    navigator.geolocation.getCurrentPosition((fix) => {
      const address = new URL(button.dataset.nearby, location.href);
      address.searchParams.set("lat", fix.coords.latitude.toFixed(5));
      address.searchParams.set("lon", fix.coords.longitude.toFixed(5));
      location.assign(address);
    }, () => {
      words.textContent = words.dataset.none;
    }, OPTIONS);
  });
}

/** A form with one position: the button asks once; what a hand or the map then writes is no fix any more. */
class OneFix {
  constructor(box) {
    this.box = box;
    this.form = box.closest("form");
    this.words = box.querySelector("[data-take-fix-words]");
    for (const name of ["lat", "lon"]) this.field(name).addEventListener("input", () => this.measured("", ""));
    this.form.addEventListener("submit", () => this.age(), true);
    if (!("geolocation" in navigator)) return;
    box.hidden = false;
    box.querySelector("[data-take-fix-start]").addEventListener("click", () => this.ask());
    if (box.dataset.takeFix !== "auto") return;
    navigator.permissions?.query({ name: "geolocation" }).then((found) => {
      if (found.state === "granted" && !this.field("lat").value) this.ask();
    }, () => {});
  }

  ask() {
    this.words.textContent = this.box.dataset.searching;
    navigator.geolocation.getCurrentPosition((fix) => this.take(fix), () => {
      this.words.textContent = this.box.dataset.none;
    }, OPTIONS);
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  take(fix) {
    const { latitude, longitude, accuracy } = fix.coords;
    for (const [name, value] of [["lat", latitude], ["lon", longitude]]) {
      this.field(name).value = value.toFixed(6).replace(".", ",");
      this.field(name).dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.at = fix.timestamp;
    this.measured(accuracy.toFixed(1), "0");
    this.words.textContent = this.box.dataset.good.replace("{m}", Math.round(accuracy));
  }

  measured(accuracy, age) {
    this.field("accuracy_m").value = accuracy;
    this.field("position_age_s").value = age;
    if (!accuracy) this.words.textContent = "";
  }

  age() {
    if (!this.at || !this.field("accuracy_m").value) return;
    this.field("position_age_s").value = Math.max(0, (Date.now() - this.at) / 1000).toFixed(1);
  }
}

for (const box of document.querySelectorAll("[data-take-fix]")) new OneFix(box);
if ("geolocation" in navigator) {
  for (const form of document.querySelectorAll("form[data-survey]")) {
    const box = form.querySelector("[data-position]");
    if (box) new Watch(form, box);
  }
  for (const button of document.querySelectorAll("[data-nearby]")) wakeNearby(button);
}
