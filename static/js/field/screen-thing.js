// One thing: what is known of it, or a new one. "#/thing/<id>?field=…" and "#/new?place=…&zone=…&kind=…&like=…".

import { show as showKnown } from "./thing-known.js";
import { show as showNew } from "./thing-new.js";

/** Show it; answers what is to be done on leaving. */
export function show(root, params, context) {
  return params.thing ? showKnown(root, params, context) : showNew(root, params, context);
}
