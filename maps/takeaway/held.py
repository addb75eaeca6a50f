"""Our static files as they stand inside one page: style sheets with their pictures and fonts, scripts, lands.

The files belong to a version of the service and never change while it runs, so they are read once.
"""

import base64
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from maps.draw.picture import SCRIPTS, STYLES
from maps.takeaway.bundle import bundle

STATIC = Path(__file__).parents[2] / "static"
_SHEETS = (
    "vendor/govuk-frontend-6.6.0/govuk-frontend.css",
    *("css/tokens.css", "css/trucquan.css", "css/parts.css", "css/forms.css"),
    *STYLES,
    "css/map.css",
)
_MIME = {".woff2": "font/woff2", ".png": "image/png", ".svg": "image/svg+xml"}
_URL = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')?]+)(?:\?[^"')]*)?["']?\s*\)""")


@lru_cache(maxsize=1)
def style_sheet() -> str:
    """Every sheet of the map page in its order, as one text that asks for no other file."""
    return "\n".join(_sheet(path) for path in _SHEETS)


@lru_cache(maxsize=1)
def libraries() -> tuple[str, ...]:
    """Leaflet and its clusters."""
    return tuple(_text(path) for path in SCRIPTS)


@lru_cache(maxsize=1)
def map_script() -> str:
    """The map page's modules as one script."""
    sources = {
        path.name: path.read_text(encoding="utf-8") for path in sorted((STATIC / "js").glob("map*.js"))
    }
    return bundle(sources, "map.js")


@lru_cache(maxsize=8)
def ground(path: str) -> Any:
    """The polygons of a file of static/geo."""
    return json.loads(_text(path))


def _sheet(path: str) -> str:
    folder = (STATIC / path).parent

    def held(found: re.Match[str]) -> str:
        file = folder / found.group(1)
        content = base64.b64encode(file.read_bytes()).decode()
        return f'url("data:{_MIME[file.suffix]};base64,{content}")'

    return _URL.sub(held, _text(path))


def _text(path: str) -> str:
    return (STATIC / path).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def licences() -> tuple[tuple[str, str], ...]:
    """Names and licence texts of the work of others that the page carries, as their owners ask."""
    folders = sorted(path for path in (STATIC / "vendor").iterdir() if path.is_dir())
    carried = [path for path in folders if not path.name.startswith("lucide")]
    return tuple((path.name, (path / "LICENSE.txt").read_text(encoding="utf-8")) for path in carried)
