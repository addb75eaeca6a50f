"""Keep the browser files of other projects: `build` copies them from npm, `check` proves them unchanged.

python static/vendor.py build    after `npm ci --ignore-scripts`: writes static/vendor and img/icons.svg
python static/vendor.py check    needs only Python: exit 1 names every changed, missing or stray file

The lock (static/vendor/vendor.lock.json) holds for each package its version and licence and for each file
its SHA-384 as the `integrity` attribute writes it. Files are copied byte for byte; the two that are not
(the GOV.UK style sheet without its fonts and crest, the icon sprite) say so in the lock.
"""

import base64
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = "vendor/vendor.lock.json"
# Text beside the copied files that no package brings: written by hand, therefore hashed but never rebuilt.
HAND_WRITTEN = ("vendor/govuk-frontend-6.6.0/LICENSE.txt",)

FONT = "Be Vietnam Pro,system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,sans-serif"

# The icons that templates use; tests/unit/test_look.py fails on one that is missing here or used nowhere.
ICONS = (
    "arrow-left",
    "camera",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-alert",
    "circle-check",
    "clock",
    "cloud-off",
    "cloud-upload",
    "copy",
    "download",
    "file-down",
    "file-up",
    "image",
    "info",
    "list-filter",
    "locate-fixed",
    "log-out",
    "map-pin",
    "menu",
    "minus",
    "pencil",
    "plus",
    "printer",
    "qr-code",
    "refresh-cw",
    "rotate-ccw",
    "route",
    "scan-line",
    "search",
    "settings",
    "smartphone",
    "trash-2",
    "triangle-alert",
    "undo-2",
    "user-round",
    "users-round",
)

# A state is a shape before it is a colour: full, half, empty, dashed. Drawn: the font lacks the glyphs.
STATE_SHAPES = {
    "state-complete": '<circle cx="12" cy="12" r="9" fill="currentColor"/>',
    "state-partly": '<circle cx="12" cy="12" r="9"/><path d="M12 3a9 9 0 0 0 0 18z" fill="currentColor"/>',
    "state-none": '<circle cx="12" cy="12" r="9"/>',
    "state-not_surveyed": '<circle cx="12" cy="12" r="9" stroke-dasharray="3.2 2.45"/>',
}


@dataclass(frozen=True)
class Package:
    """One npm package: the files to take (source inside the package → name inside our folder)."""

    name: str
    folder: str
    licence_file: str
    files: dict[str, str]


def font_files() -> dict[str, str]:
    """Be Vietnam Pro in three weights, each in the three subsets that Vietnamese and foreign names need."""
    names = [
        f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
        for weight in (400, 600, 700)
        for subset in ("vietnamese", "latin", "latin-ext")
    ]
    return {f"files/{name}": name for name in names}


PACKAGES = (
    Package("@fontsource/be-vietnam-pro", "be-vietnam-pro", "LICENSE", font_files()),
    Package(
        "govuk-frontend", "govuk-frontend", "", {"dist/govuk/govuk-frontend.min.css": "govuk-frontend.css"}
    ),
    Package(
        "leaflet",
        "leaflet",
        "LICENSE",
        {
            "dist/leaflet.js": "leaflet.js",
            "dist/leaflet.css": "leaflet.css",
            **{
                f"dist/images/{name}": f"images/{name}"
                for name in (
                    "layers.png",
                    "layers-2x.png",
                    "marker-icon.png",
                    "marker-icon-2x.png",
                    "marker-shadow.png",
                )
            },
        },
    ),
    Package(
        "leaflet.markercluster",
        "leaflet.markercluster",
        "MIT-LICENCE.txt",
        {
            "dist/leaflet.markercluster.js": "leaflet.markercluster.js",
            "dist/MarkerCluster.css": "MarkerCluster.css",
            "dist/MarkerCluster.Default.css": "MarkerCluster.Default.css",
        },
    ),
    Package("idb", "idb", "LICENSE", {"build/index.js": "idb.js"}),
    Package("client-zip", "client-zip", "LICENSE.txt", {"index.js": "client-zip.js"}),
)


def integrity(content: bytes) -> str:
    """SHA-384 of `content` as the `integrity` attribute writes it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode("ascii")


def without_government_assets(css: str) -> str:
    """The GOV.UK sheet in our font, without GDS Transport and the crest, which may be used on GOV.UK only.

    Raises ValueError when it would still request anything, so that an update cannot smuggle a file in.
    """
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", FONT)
    css = re.sub(r"[a-z-]+:url\(/assets/images/govuk-crest\.svg\);?", "", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css).rstrip() + "\n"
    left = re.findall(r"url\((?!data:)[^)]*\)|@import[^;]*|GDS Transport|image-set", css)
    if left:
        raise ValueError(f"govuk-frontend.css still asks for {left}")
    return css


def sprite(icons: Path) -> str:
    """One SVG with a <symbol> for each icon of `icons` (a folder of lucide files) and each state shape."""
    symbols = []
    for name in ICONS:
        source = (icons / f"{name}.svg").read_text(encoding="utf-8")
        start = source.index(">", source.index("<svg")) + 1
        inner = " ".join(source[start : source.rindex("</svg>")].split())
        symbols.append((name, inner.replace(" />", "/>").replace("> <", "><").strip()))
    symbols += STATE_SHAPES.items()
    pen = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    lines = ["<!-- Icons: Lucide (ISC, vendor/lucide-static-*/LICENSE.txt); state-*: Trực Quan. -->"]
    lines += [f'<symbol id="{name}" viewBox="0 0 24 24" {pen}>{inner}</symbol>' for name, inner in symbols]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(lines) + "\n</svg>\n"


def package_facts(root: Path, name: str) -> tuple[str, str]:
    """Version and licence of an installed npm package."""
    facts = json.loads((root / "node_modules" / name / "package.json").read_text(encoding="utf-8"))
    return str(facts["version"]), str(facts["license"])


@dataclass(frozen=True)
class Output:
    """One file that `build` writes: its path below static/ and how it was changed ('' = byte for byte)."""

    package: str
    path: str
    content: bytes
    changed: str = ""

    def entry(self) -> dict[str, str]:
        """What the lock says about it."""
        entry = {"package": self.package, "integrity": integrity(self.content)}
        return entry | ({"changed": self.changed} if self.changed else {})


def outputs(root: Path) -> Iterator[Output]:
    """Everything that comes out of node_modules."""
    for package in PACKAGES:
        source = root / "node_modules" / package.name
        folder = f"vendor/{package.folder}-{package_facts(root, package.name)[0]}"
        for origin, target in package.files.items():
            content, changed = (source / origin).read_bytes(), ""
            if target == "govuk-frontend.css":
                content = without_government_assets(content.decode("utf-8")).encode("utf-8")
                changed = "without GDS Transport and the crest; font family replaced"
            yield Output(package.name, f"{folder}/{target}", content, changed)
        if package.licence_file:
            yield Output(package.name, f"{folder}/LICENSE.txt", (source / package.licence_file).read_bytes())
    lucide = root / "node_modules" / "lucide-static"
    version = package_facts(root, "lucide-static")[0]
    yield Output(
        "lucide-static", f"vendor/lucide-static-{version}/LICENSE.txt", (lucide / "LICENSE").read_bytes()
    )
    drawn = sprite(lucide / "icons").encode("utf-8")
    yield Output("lucide-static", "img/icons.svg", drawn, "a sprite of the icons in use")


def build(root: Path = ROOT) -> None:
    """Write static/vendor anew (hand-written licence texts stay) and its lock; same input, same bytes."""
    static = root / "static"
    written = [
        *outputs(root),
        *(Output("govuk-frontend", p, (static / p).read_bytes(), "written by hand") for p in HAND_WRITTEN),
    ]
    shutil.rmtree(static / "vendor")
    for output in written:
        put(static / output.path, output.content)
    facts = {name: package_facts(root, name) for name in sorted({output.package for output in written})}
    lock = {
        "packages": {
            name: {"version": version, "licence": licence} for name, (version, licence) in facts.items()
        },
        "files": {output.path: output.entry() for output in sorted(written, key=lambda each: each.path)},
    }
    put(static / LOCK, (json.dumps(lock, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


def put(path: Path, content: bytes) -> None:
    """Write one file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def check(root: Path = ROOT) -> list[str]:
    """Sentences about every difference between the lock, package.json and the files; empty when all agree."""
    static = root / "static"
    lock = json.loads((static / LOCK).read_text(encoding="utf-8"))
    wanted = json.loads((root / "package.json").read_text(encoding="utf-8"))
    pinned: dict[str, str] = wanted["dependencies"] | wanted["devDependencies"]
    locked = {name: facts["version"] for name, facts in lock["packages"].items()}
    problems = [
        f"{name}: package.json says {pinned.get(name)}, the lock says {locked.get(name)}"
        for name in sorted(pinned.keys() | locked.keys())
        if pinned.get(name) != locked.get(name)
    ]
    for path, facts in lock["files"].items():
        file = static / path
        if not file.is_file():
            problems.append(f"{path}: missing")
        elif integrity(file.read_bytes()) != facts["integrity"]:
            problems.append(f"{path}: changed")
    present = {p.relative_to(static).as_posix() for p in (static / "vendor").rglob("*") if p.is_file()}
    problems += [f"{path}: stray" for path in sorted(present - lock["files"].keys() - {LOCK})]
    return problems


def main(arguments: Sequence[str]) -> int:
    """The command line; returns the exit code."""
    if list(arguments) == ["build"]:
        build()
        return 0
    if list(arguments) == ["check"]:
        problems = check()
        print("\n".join(problems) or "static/vendor: all files are as locked")
        return 1 if problems else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
