"""Pictures: bytes of an upload in; what may be shown of it out, or a problem with a sentence.

Pure: no files, no database. The content decides what a file is, never its name. The size in pixels
is read from the header before anything is decoded. What is shown is drawn anew on white paper, so
no metadata, no second picture and no tail behind the picture comes along.
"""

import hashlib
import io
import threading
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

from inventory.clock import HA_NOI
from inventory.outcomes import Problem
from inventory.photos import heic, likeness

LARGEST_BYTES = 10_000_000
#: What a phone may tell of: it shrinks its pictures, but sends what it cannot decode as it is.
LARGEST_TOLD = 25_000_000
MOST_PIXELS = 25_000_000
SHOWN_EDGE, SHOWN_QUALITY = 1600, 82
THUMBNAIL_EDGE, THUMBNAIL_QUALITY = 320, 75
FORMATS = ("JPEG", "PNG", "WEBP")

# Pillow's own guard stands behind ours; its warning (one to two times the limit) is an error here.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

#: A decoded picture may take 100 MB: eight threads at once must not.
_decoding = threading.BoundedSemaphore(2)

_TOO_MANY_PIXELS = Problem(
    "photo_pixels", "Ảnh quá lớn: nhiều hơn 25 triệu điểm ảnh. Chụp lại ở cỡ nhỏ hơn.", "photo"
)
_NOT_A_PICTURE = Problem("photo_format", "Tệp này không phải ảnh JPEG, PNG hoặc WebP.", "photo")
_BROKEN = Problem("photo_broken", "Ảnh bị hỏng hoặc chưa tải lên hết; chọn lại hoặc chụp lại.", "photo")
_EMPTY = Problem("photo_empty", "Tệp ảnh không có nội dung.", "photo")
_TOO_BIG = Problem("photo_bytes", "Ảnh lớn hơn 10 MB. Chụp lại ở cỡ nhỏ hơn.", "photo")
_NO_HEIC = Problem(
    "photo_heic", "Máy chủ chưa đọc được ảnh HEIC. Chọn JPEG trong cài đặt máy ảnh rồi chụp lại.", "photo"
)
#: What a HEIC file says of itself after its length and "ftyp".
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}


@dataclass(frozen=True)
class Picture:
    """A verified picture: the original bytes (kept, never shown) and the two copies that are shown.

    `width` and `height` are the original's in pixels, upright; `taken_at` is what the camera wrote,
    if it wrote a day at all; `likeness` is the difference hash of what is shown (likeness.py).
    """

    original: bytes
    shown: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: datetime | None
    likeness: int

    @property
    def sha256(self) -> str:
        """Hash of the original bytes: the same file is the same photo."""
        return hashlib.sha256(self.original).hexdigest()


def reads_heic() -> bool:
    """Whether HEIC can be read here: where requirements-heic.txt is installed."""
    return heic.READS


def read(data: bytes, most: int = LARGEST_BYTES) -> Picture | Problem:
    """Verify an upload and make the copies that may be shown. Never raises for what is in `data`."""
    if not data:
        return _EMPTY
    if len(data) > most:
        return _TOO_BIG
    with _decoding:
        try:
            return _read(data)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            return _TOO_MANY_PIXELS
        except Exception:  # Decoders raise almost anything for bytes that were tampered with.
            return _BROKEN


def _read(data: bytes) -> Picture | Problem:
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS + heic.FORMATS)
    except UnidentifiedImageError:
        return _NO_HEIC if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS else _NOT_A_PICTURE
    with image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            return _TOO_MANY_PIXELS
        # A JPEG can be decoded at half or a quarter of its size; others ignore this.
        image.draft("RGB", (SHOWN_EDGE, SHOWN_EDGE))
        image.load()
        # After loading: asked before, a PNG decodes itself and keeps its error to itself.
        turned, taken_at = _told_by_camera(image)
        paper = _on_paper(image, SHOWN_EDGE)
    paper = _upright(paper, turned)
    if turned >= 5:
        width, height = height, width
    shown = _jpeg(paper, SHOWN_QUALITY)
    alike = likeness.of(paper)
    paper.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), Image.Resampling.LANCZOS)
    return Picture(data, shown, _jpeg(paper, THUMBNAIL_QUALITY), width, height, taken_at, alike)


def _told_by_camera(image: Image.Image) -> tuple[int, datetime | None]:
    """EXIF orientation (1 to 8) and time of taking; a broken EXIF block says nothing."""
    try:
        exif = image.getexif()
        turned = exif.get(ExifTags.Base.Orientation, 1)
        written = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal, "")
    except Exception:
        return 1, None
    return turned if turned in range(1, 9) else 1, _moment(written)


def _moment(written: Any) -> datetime | None:
    # A camera writes its local time without a zone; the cameras of this service are in Viet Nam.
    try:
        return datetime.strptime(str(written)[:19], "%Y:%m:%d %H:%M:%S").replace(tzinfo=HA_NOI)
    except ValueError:
        return None


def _on_paper(image: Image.Image, edge: int) -> Image.Image:
    """The picture at most `edge` pixels long, in RGB on white, with nothing of the file attached."""
    if image.mode in {"1", "P", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode.startswith("I"):
        # 16-bit grey: Pillow would clip instead of scaling.
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode == "LA":
        image = image.convert("RGBA")
    elif image.mode not in {"RGB", "RGBA", "L"}:
        image = image.convert("RGB")
    image.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return paper


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()
