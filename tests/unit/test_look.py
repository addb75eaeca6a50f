"""The look holds together: colours readable in both themes, icons present, no inline style or handler."""

import importlib.util
import re
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKENS = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--tq-([a-z-]+): (#[0-9a-f]{6});", block))


LIGHT = colours(TOKENS[TOKENS.index(":root {") : TOKENS.index("@media")])
BY_DEVICE = colours(TOKENS[TOKENS.index("@media") : TOKENS.index(':root[data-theme="dark"]')])
DARK = LIGHT | colours(TOKENS[TOKENS.index(':root[data-theme="dark"]') :])


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, WCAG 2.2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


GROUNDS = ("paper", "surface", "brand-tint")
TEXTS = ("ink", "ink-soft", "brand", "brand-strong", "teal", "amber", "vermilion", "grey")
PAIRS = [
    *product(TEXTS, GROUNDS),
    *product(("ink", "ink-soft"), ("sunken", "amber-tint", "vermilion-tint")),
    ("amber", "amber-tint"),
    ("vermilion", "vermilion-tint"),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-head", "head"),
    ("on-head", "head-line"),
    ("on-focus", "focus"),
]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground_it_stands_on(theme: dict[str, str]) -> None:
    weak = {f"{text} on {ground}": round(contrast(theme[text], theme[ground]), 2) for text, ground in PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_of_controls_can_be_seen(theme: dict[str, str]) -> None:
    for ground in ("paper", "surface"):
        assert contrast(theme["line-strong"], theme[ground]) >= 3
        assert max(contrast(theme[ring], theme[ground]) for ring in ("focus", "on-focus")) >= 3
    assert contrast("#ffffff", theme["danger"]) >= 4.5


def test_the_two_dark_sets_are_one() -> None:
    assert LIGHT | BY_DEVICE == DARK
    assert BY_DEVICE.keys() == LIGHT.keys() - {"focus", "on-focus"}


def test_colours_stand_in_the_tokens_only() -> None:
    for sheet in ("trucquan", "parts", "forms", "map"):
        css = (ROOT / f"static/css/{sheet}.css").read_text(encoding="utf-8")
        assert set(re.findall(r"#[0-9a-f]{3,8}\b", css)) <= {"#fff"}, sheet


def test_a_tables_last_head_gets_its_padding_back_in_one_place() -> None:
    sheets = sorted((ROOT / "static/css").glob("*.css"))
    said = [
        sheet.name for sheet in sheets if ":last-child { padding-right" in sheet.read_text(encoding="utf-8")
    ]
    assert said == ["parts.css"]


def test_every_icon_in_use_is_in_the_sprite() -> None:
    sprite = (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = {
        name
        for template in TEMPLATES
        for name in re.findall(r"icon\('([a-z-]+)'", template.read_text(encoding="utf-8"))
        if not name.endswith("-")
    }
    assert used <= known
    assert {f"state-{state}" for state in ("complete", "partly", "none", "not_surveyed")} <= known


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_template_needs_what_the_policy_forbids(template: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<style|javascript:", source) == []
    for script in re.findall(r"<script[^>]*>", source):
        assert "src=" in script or "nonce=" in script or "application/json" in script
    assert re.findall(r"(?:src|href)=[\"']https?://", source) == []


def test_the_vendored_icons_are_those_listed() -> None:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "static/vendor.py")
    assert spec is not None
    assert spec.loader is not None
    vendor = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(vendor)
    sprite = (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == [*vendor.ICONS, *vendor.STATE_SHAPES]
