// Shrinks one picture beside the page, so that the buttons go on answering: gets a file, answers the copies.

import { shrink } from "./shrink.js";

addEventListener("message", async ({ data }) => {
  try {
    postMessage({ copies: await shrink(data) });
  } catch (error) {
    postMessage({ code: error.code ?? null });
  }
});
