// From a thing's form to entries: a new record, a change, a confirmation, a step. Pure.

import { changed } from "./thing-fields.js";
import { against } from "./thing-state.js";

const where = (id, target, area) => ({ about: id, target, visit: null, area });

/** A new thing. `values` are all its fields; `near` what was said of its neighbours. */
export function recordEntry({ id, target, area, place, values, position, near }) {
  return {
    ...where(id, target), act: "record",
    body: { area, installation: id, place, fields: values, position, near: near ?? [] },
  };
}

/** A change of fields; null when nothing differs and no new position was taken. `state` as stateOf gives it. */
export function amendEntry({ id, target, area, state, values, position = null }) {
  const fields = changed(values, state.thing);
  if (!Object.keys(fields).length && !position) return null;
  const was = Object.fromEntries(Object.keys(fields).map((name) => [name, state.thing[name] ?? null]));
  return { ...where(id, target), act: "amend", body: { area, installation: id, ...against(state), fields, was, position } };
}

/** It is still as recorded. */
export function confirmEntry({ id, target, area, state }) {
  return { ...where(id, target), act: "confirm", body: { area, installation: id, ...against(state) } };
}

/** A step of its life. */
export function moveEntry({ id, target, area, state, step, note }) {
  return { ...where(id, target), act: "move", body: { area, installation: id, ...against(state), step, note } };
}

/**
 * A new record that turned out to be a thing which is there already: what was typed of it is a change of that
 * one, and nothing typed is its confirmation. The zone and the kind stay as they were recorded.
 */
export function sameEntry({ id, target, area, state, typed }) {
  const { kind_code: _kind, zone: _zone, ...values } = typed;
  return amendEntry({ id, target, area, state, values }) ?? confirmEntry({ id, target, area, state });
}
