// A ward's pack that came on a memory card instead of over the network: checked, then kept like any pack.

import { sha256 } from "./ids.js";
import { keep } from "./pack.js";
import { _ } from "./words.js";

const FORMAT = 1;
const LARGEST = 50_000_000; // bytes; a ward of 5,000 features is a tenth of it

/** Why a file was not taken; nothing was changed. */
export class PackFileWrong extends Error {
  constructor(code) {
    super(code);
    this.name = "PackFileWrong";
    this.code = code;
  }

  /** The reason in words. */
  sentence() {
    if (this.code === "damaged") return _("Tệp bị hỏng trên đường đi. Hãy chép lại tệp. Trên máy không có gì thay đổi.");
    if (this.code === "newer") return _("Tệp do bản mới hơn ghi. Hãy cập nhật ứng dụng khi có mạng.");
    if (this.code === "elsewhere") return _("Tệp của phường ngoài địa bàn được giao cho anh, chị.");
    return _("Đây không phải là tệp dữ liệu phường.");
  }
}

/** Put the file's pack into this person's database; answers its area. Throws PackFileWrong. */
export async function load({ db, person }, file) {
  if (file.size > LARGEST) throw new PackFileWrong("other");
  const pack = await checked(await file.text());
  if (!person.areas.some((area) => area.id === pack.area.id)) throw new PackFileWrong("elsewhere");
  // Whoever downloaded the file at the office: the state of their own entries is not this person's.
  await keep(db, { ...pack, mine: [] });
  return pack.area;
}

async function checked(text) {
  const outer = parsed(text, "other");
  if (outer?.kind !== "trucquan-pack" || typeof outer.pack !== "string") throw new PackFileWrong("other");
  if ((await sha256(outer.pack)) !== outer.sha256) throw new PackFileWrong("damaged");
  const pack = parsed(outer.pack, "damaged");
  if (pack.format > FORMAT) throw new PackFileWrong("newer");
  if (pack.format !== FORMAT || !pack.full) throw new PackFileWrong("other");
  return pack;
}

function parsed(text, code) {
  try {
    return JSON.parse(text);
  } catch {
    throw new PackFileWrong(code);
  }
}
