"""The guard before an XLSX file is parsed: a workbook is a ZIP of XML from anybody.

It limits what the file may unpack to, refuses document types, nested archives and outside links,
counts the cells, and makes a fresh archive of only the parts that it has read: what was checked is
what is parsed.
"""

import io
import re
import zipfile
from pathlib import PurePosixPath
from xml.parsers import expat

from inventory.outcomes import Problem

MAX_MEMBERS = 200
MAX_UNPACKED = 64 * 1024 * 1024
MAX_RATIO = 100
RATIO_FROM = 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_MERGES = 20_000
MAX_TEXT = 64 * 1024 * 1024

_CENTRAL_ENTRY = b"PK\x01\x02"
_LOCAL_ENTRY = b"PK\x03\x04"
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_PARTS = re.compile(
    r"(\[content_types\]|_rels/\.rels|xl/workbook|xl/_rels/workbook\.xml|xl/sharedstrings|xl/styles"
    r"|xl/worksheets/[^/]+)(\.xml|\.rels)?"
)


class Unreadable(Exception):
    """The file cannot be read; `problem` has a code, a Vietnamese msgid and its values."""

    def __init__(self, code: str, message: str, **values: str | int) -> None:
        super().__init__(message % values)
        self.problem = Problem(code, message, "file", tuple(values.items()))


def damaged() -> Unreadable:
    return Unreadable("damaged", "Tệp Excel bị hỏng hoặc thiếu nội dung, không đọc được.")


def guarded(data: bytes) -> bytes:
    """The same workbook with nothing in it but checked parts. Raises Unreadable when it may not be read."""
    return _repack(_members(data))


def _members(data: bytes) -> dict[str, bytes]:
    """The parts that hold cells, by name, after the limits on the archive as a whole."""
    # Counted before opening: the directory itself can be the bomb.
    if data.count(_CENTRAL_ENTRY) > MAX_MEMBERS:
        raise Unreadable("too_many_members", "Tệp Excel chứa quá %(limit)s phần.", limit=MAX_MEMBERS)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _check_directory(infos)
            return {info.filename: part for info in infos if (part := _part(archive, info)) is not None}
    except Unreadable:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError) as error:
        raise damaged() from error
    except Exception as error:  # zlib, lzma, bz2, struct and codec errors of a broken archive.
        raise damaged() from error


def _check_directory(infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename.lower() for info in infos]
    if len(infos) > MAX_MEMBERS:
        raise Unreadable("too_many_members", "Tệp Excel chứa quá %(limit)s phần.", limit=MAX_MEMBERS)
    if len(set(names)) != len(names) or any(_strays(name) for name in names):
        raise damaged()
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise Unreadable("bomb", "Tệp Excel giải nén ra quá lớn, bị từ chối để bảo vệ hệ thống.")
    for info in infos:
        if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise Unreadable("bomb", "Tệp Excel giải nén ra quá lớn, bị từ chối để bảo vệ hệ thống.")
        if info.flag_bits & 1:
            raise Unreadable("locked", "Tệp Excel có mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại.")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise _links_outside()
    if "xl/workbook.xml" not in names or "xl/workbook.bin" in names or "content.xml" in names:
        raise Unreadable("not_workbook", "Tệp không phải là bảng tính Excel (.xlsx).")


def _strays(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or "\x00" in name


def _links_outside() -> Unreadable:
    return Unreadable(
        "external_link", "Tệp Excel có liên kết tới tệp khác. Hãy dán giá trị sang một tệp mới rồi tải lên."
    )


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    """Read one part within its declared size; None when it holds no cells."""
    with archive.open(info) as stream:
        content = stream.read(info.file_size + 1)
    if content.startswith(_LOCAL_ENTRY):
        raise Unreadable("nested_archive", "Tệp Excel chứa một tệp nén khác bên trong, không được nhận.")
    name = info.filename.lower()
    if name.endswith((".xml", ".rels", ".vml")) and b"<!doctype" in content.lower():
        raise Unreadable("doctype", "Tệp Excel có khai báo DOCTYPE, bị từ chối để bảo vệ hệ thống.")
    if name.endswith(".rels"):
        _check_links(content)
    return content if _PARTS.fullmatch(name) else None


def _check_links(content: bytes) -> None:
    """Refuse links to other files; a hyperlink in a cell is only text and is never followed."""

    def element(name: str, values: dict[str, str]) -> None:
        outside = values.get("TargetMode", "").lower() == "external"
        kind = values.get("Type", "").rpartition("/")[2].lower()
        if name.rpartition(":")[2] == "Relationship" and (
            kind.startswith("externallink") or (outside and kind != "hyperlink")
        ):
            raise _links_outside()

    parser = _parser()
    parser.StartElementHandler = element
    _parse(parser, content)


def _repack(parts: dict[str, bytes]) -> bytes:
    """Scan every part and store it anew, so that no hidden entry of the upload is parsed."""
    budget = _Budget()
    by_name = sorted(parts.items(), key=lambda part: "sharedstrings" not in part[0].lower())
    for name, content in by_name:
        budget.scan(content, strings="sharedstrings" in name.lower())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        # Another encoding could hide from the searches above what the parser then sees.
        if (encoding or "utf-8").lower() not in {"utf-8", "us-ascii", "ascii"}:
            raise damaged()

    def doctype(*_: object) -> None:
        raise Unreadable("doctype", "Tệp Excel có khai báo DOCTYPE, bị từ chối để bảo vệ hệ thống.")

    parser.XmlDeclHandler = declared
    parser.StartDoctypeDeclHandler = doctype
    return parser


def _parse(parser: expat.XMLParserType, content: bytes) -> None:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:4]:
        raise damaged()
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise damaged() from error


class _Budget:
    """Counts rows, columns, merges and repeated texts of all sheets while they are scanned.

    Follows the same rule of positions as the readers of the format: `r` where it is written, the
    next free cell where it is not. Cells without content (only a colour) do not count.
    """

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.text = self.merges = 0
        self.row = self.column = 0
        self.shared = self.in_value = False
        self.digits: list[str] = []

    def scan(self, content: bytes, *, strings: bool) -> None:
        parser = _parser()
        if strings:
            parser.StartElementHandler = self._string_starts
            parser.CharacterDataHandler = self._string_goes_on
        else:
            self.row = self.column = 0
            parser.StartElementHandler = self._starts
            parser.EndElementHandler = self._ends
            parser.CharacterDataHandler = self._characters
        _parse(parser, content)

    def _string_starts(self, name: str, _values: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            self.lengths.append(0)

    def _string_goes_on(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)

    def _starts(self, name: str, values: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self.shared = values.get("t") == "s"
            self._cell(values.get("r"))
        elif name == "row":
            self._row(values.get("r"))
        elif name in ("v", "is", "f"):
            self._content()
            self.in_value = name == "v" and self.shared
            self.digits.clear()
        elif name == "mergeCell":
            self.merges += 1
            if self.merges > MAX_MERGES:
                raise Unreadable("too_many_merges", "Bảng có quá %(limit)s ô gộp.", limit=MAX_MERGES)

    def _row(self, written: str | None) -> None:
        if written is None:
            self.row += 1
        elif written.isascii() and written.isdigit() and len(written) <= 7:
            self.row = int(written)
        else:
            raise damaged()
        self.column = 0

    def _cell(self, written: str | None) -> None:
        if written is None:
            self.column += 1
            return
        match = _CELL.fullmatch(written)
        if match is None:
            raise damaged()
        self.column = column_number(match[1])
        self.row = int(match[2])

    def _content(self) -> None:
        if self.row > MAX_ROWS or self.column > MAX_COLUMNS:
            raise too_large()

    def _characters(self, text: str) -> None:
        if self.in_value:
            self.digits.append(text)

    def _ends(self, name: str) -> None:
        if not self.in_value or name.rpartition(":")[2] != "v":
            return
        self.in_value = False
        index = "".join(self.digits).strip()
        if not (index.isascii() and index.isdigit() and len(index) < 9) or int(index) >= len(self.lengths):
            raise damaged()
        # One long text that many cells repeat unpacks far beyond the size of the file.
        self.text += self.lengths[int(index)]
        if self.text > MAX_TEXT:
            raise Unreadable("bomb", "Tệp Excel giải nén ra quá lớn, bị từ chối để bảo vệ hệ thống.")


def too_large() -> Unreadable:
    """More rows or columns than a list of places can have."""
    return Unreadable(
        "too_many_cells",
        "Bảng có nội dung ngoài %(rows)s dòng × %(columns)s cột. Hãy xóa phần thừa rồi tải lên lại.",
        rows=MAX_ROWS,
        columns=MAX_COLUMNS,
    )


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
