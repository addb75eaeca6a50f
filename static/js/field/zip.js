// A ZIP file, stored without packing (photos are packed already), written file by file so that two hundred
// photos never stand in memory together.

import { makeZip } from "../../vendor/client-zip-2.5.1/client-zip.js";

/**
 * @param {AsyncIterable} files of {name, input: string | Blob | ArrayBuffer, lastModified: Date}
 * @returns {Promise<Blob>} the whole file; the browser keeps a large one on its disk.
 */
export function zipped(files) {
  const stream = makeZip(files, { buffersAreUTF8: true });
  return new Response(stream, { headers: { "Content-Type": "application/zip" } }).blob();
}
