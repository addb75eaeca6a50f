// Whom works reach by the model, and what people heard and read in the field beside it.

import { bindPopup } from "./map-bind.js";
import { element, mark } from "./map-marks.js";

const CHANNELS = ["hearing", "reading"];
const SURELY = 0;
const PERHAPS = 1;

/** "Nghe rõ · chắc chắn · 71 dB": an answer in words. `certainty` −1: nothing is said of it. */
function answer(page, channel, reached, certainty, level, margin) {
  const said = [page.words[`${channel}_${reached ? "yes" : "no"}`]];
  if (certainty === SURELY && reached) said.push(page.words.surely);
  if (certainty === PERHAPS) said.push(page.words.perhaps);
  if (level !== null) said.push(page.say("level", { n: level }));
  if (margin !== null) said.push(page.say(margin < 0 ? "below" : "above", { n: Math.abs(margin) }));
  return said.join(" · ");
}

/** Lines of a place's popup: heard and read there by the model, in the page's figure; none before a run. */
export function reachedLines(page, row) {
  const told = page.column("reached")[row];
  if (!told) return [];
  const verified = page.figure === "verified";
  const [points, heard, heardToo, hearing, level, margin, read, readToo, reading] = told;
  const counts = { hearing: verified ? heardToo : heard, reading: verified ? readToo : read };
  const words = CHANNELS.map((channel) => {
    if (points > 1) return page.say(`${channel}_some`, { n: counts[channel], total: points });
    const more = channel === "hearing" ? [hearing, level, margin] : [reading, null, null];
    return answer(page, channel, counts[channel] > 0, ...more);
  });
  return words.map((one) => element("p", "", page.say("by_model", { words: one })));
}

function popup(page, row) {
  const { channel, perceived, at, kind, place, ward, note, answer: answers } = page.checks;
  const box = element("div", "tq-popup");
  const name = CHANNELS[channel[row]];
  const found = page.words[`${name}_${perceived[row] ? "yes" : "no"}`];
  const title = element("p", "tq-popup__title");
  title.append(mark(perceived[row] ? "perceived" : "unperceived"), element("strong", "", found));
  box.append(title, element("p", "", page.say("in_field", { at: at[row], words: found })));
  const told = answers[row];
  const model = told ? answer(page, name, told[0], told[1], told[2], null) : page.words.no_answer;
  box.append(element("p", "", page.say("by_model", { words: model })));
  if (told && told[0] !== perceived[row]) box.append(element("p", "tq-popup__differs", page.words.differs));
  const where = [kind[row], place[row], page.wardName(ward[row])].filter(Boolean).join(" · ");
  if (where) box.append(element("p", "", where));
  if (note[row]) box.append(element("p", "", note[row]));
  return box;
}

/** A mark for every check whose spot is known. */
export function drawChecks(page, group) {
  const { lat, lon, perceived } = page.checks;
  lat.forEach((_, row) => {
    const html = mark(perceived[row] ? "perceived" : "unperceived");
    const icon = L.divIcon({ html, className: "tq-pin tq-pin--check", iconSize: [24, 24], iconAnchor: [12, -2] });
    const made = L.marker([lat[row], lon[row]], { icon, pane: "checks", keyboard: false });
    bindPopup(made, () => popup(page, row));
    group.addLayer(made);
  });
}
