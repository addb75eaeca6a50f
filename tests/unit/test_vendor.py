"""The browser files of other projects are as locked, and the check notices when they are not."""

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "static" / "vendor.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


vendor = load()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "static" / "vendor", tmp_path / "static" / "vendor")
    shutil.copytree(ROOT / "static" / "img", tmp_path / "static" / "img")
    shutil.copy(ROOT / "package.json", tmp_path)
    return tmp_path


def test_the_committed_files_are_as_locked() -> None:
    assert vendor.check() == []


def test_one_changed_byte_is_noticed(copy: Path) -> None:
    file = copy / "static/vendor/leaflet-1.9.4/leaflet.js"
    content = bytearray(file.read_bytes())
    content[1000] ^= 1
    file.write_bytes(content)
    assert vendor.check(copy) == ["vendor/leaflet-1.9.4/leaflet.js: changed"]


def test_a_stray_and_a_missing_file_are_noticed(copy: Path) -> None:
    (copy / "static/vendor/leaflet-1.9.4/extra.js").write_text("1")
    (copy / "static/img/icons.svg").unlink()
    assert vendor.check(copy) == ["img/icons.svg: missing", "vendor/leaflet-1.9.4/extra.js: stray"]


def test_a_version_that_moved_without_a_build_is_noticed(copy: Path) -> None:
    package = copy / "package.json"
    package.write_text(package.read_text().replace('"leaflet": "1.9.4"', '"leaflet": "1.9.5"'))
    assert vendor.check(copy) == ["leaflet: package.json says 1.9.5, the lock says 1.9.4"]


def test_no_style_sheet_asks_for_a_file_that_is_not_shipped() -> None:
    for sheet in sorted((ROOT / "static").rglob("*.css")):
        for target in re.findall(r"url\(\s*[\"']?([^\"')]+)", sheet.read_text(encoding="utf-8")):
            if target.startswith(("data:", "#")):
                continue
            assert (sheet.parent / target.split("?")[0]).is_file(), f"{sheet.name}: {target}"


def test_a_crest_or_font_of_the_government_stops_the_build() -> None:
    face = "@font-face{font-family:GDS Transport;src:url(/assets/a.woff2)}"
    css = ".a{font-family:GDS Transport,arial,sans-serif}"
    assert vendor.without_government_assets(face + css) == ".a{font-family:" + vendor.FONT + "}\n"
    with pytest.raises(ValueError, match="logo"):
        vendor.without_government_assets(".a{background:url(/assets/images/logo.svg)}")
