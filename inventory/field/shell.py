"""The shell: every file that the app needs to open without a network, found by following its imports.

Starts at the page's own links and at static/js/field/*.js; follows imports, and what stylesheets ask for.
Fonts come later, in the background: the app opens without them. The version is a hash over all contents,
so a new one exists exactly when something changed.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

STATIC = Path(__file__).parents[2] / "static"
MODULES = STATIC / "js/field"
#: The worker's own text is no part of what it keeps.
WORKER = MODULES / "worker.js"

_LINKED = re.compile(r'(?:href|src)="/static/([^"#]+)"')
_IMPORTED = re.compile(r'(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.{1,2}/[^"]+\.js)"')
_STARTED = re.compile(r'(?:\bfrom|\bimport)\s+"(\.{1,2}/[^"]+\.js)"')
_SHEETS = re.compile(r'@import url\("([^"]+\.css)"\)')
_NAMED = re.compile(r'["\'`]/static/([\w./-]+\.\w+)')
_STYLED = re.compile(r'url\("([^"#)]+)"\)')
_NOTES = re.compile(r"^\s*//.*$", re.MULTILINE)


@dataclass(frozen=True)
class Shell:
    """{address: SHA-256 in hex} of what must be there, and addresses of what may come later.

    `missing` are names that something asks for and nobody has: a mistake that a test finds.
    """

    version: str
    files: dict[str, str]
    later: tuple[str, ...]
    missing: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """As the worker reads it."""
        return {"version": self.version, "files": self.files, "later": list(self.later)}


def shell(page: str, words: dict[str, str]) -> Shell:
    """The shell around the page's text and the word files {address: text}."""
    files = {"/field/": _hash(page.encode())}
    files |= {address: _hash(text.encode()) for address, text in words.items()}
    later: set[str] = set()
    missing: set[str] = set()
    waiting = sorted({*_LINKED.findall(page), *(f"js/field/{path.name}" for path in _modules())})
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name.endswith(".webmanifest"):
            continue
        seen.add(name)
        if not (STATIC / name).is_file():
            missing.add(name)
            continue
        content = (STATIC / name).read_bytes()
        files[f"/static/{name}"] = _hash(content)
        fonts, found = _asked_by(name, content)
        later |= fonts
        waiting.extend(sorted(found - seen))
    worker = _hash(WORKER.read_bytes())
    whole = json.dumps([files, sorted(later), worker], sort_keys=True)
    version = _hash(whole.encode())[:12]
    return Shell(version, dict(sorted(files.items())), tuple(sorted(later)), tuple(sorted(missing)))


def ahead() -> tuple[str, ...]:
    """Names of what opens with the app at once: fetched side by side, not one import after the other.

    The modules that app.js imports by `import … from`, and the style sheets that field.css imports.
    """
    found, waiting = set(), ["js/field/app.js", "css/field.css"]
    while waiting:
        name = waiting.pop()
        if name in found or not (STATIC / name).is_file():
            continue
        found.add(name)
        text = (STATIC / name).read_text(encoding="utf-8")
        asked = _STARTED.findall(_NOTES.sub("", text)) if name.endswith(".js") else _SHEETS.findall(text)
        waiting.extend(_join(name, path) for path in asked)
    return tuple(sorted(found - {"js/field/app.js", "css/field.css"}))


def _modules() -> list[Path]:
    return [path for path in sorted(MODULES.glob("*.js")) if path != WORKER]


def _asked_by(name: str, content: bytes) -> tuple[set[str], set[str]]:
    """What comes later and what is needed now by a file, as names in the static folder."""
    if name.endswith(".js"):
        text = _NOTES.sub("", content.decode())
        return set(), {_join(name, path) for path in _IMPORTED.findall(text)} | set(_NAMED.findall(text))
    if name.endswith(".css"):
        found = {_join(name, path) for path in _STYLED.findall(content.decode()) if "data:" not in path}
        fonts = {path for path in found if ".woff2" in path}
        return {f"/static/{path}" for path in fonts}, {path.partition("?")[0] for path in found - fonts}
    return set(), set()


def _join(name: str, relative: str) -> str:
    """A path relative to a file of the static folder, as a name in it."""
    parts = list(PurePosixPath(name).parent.parts)
    for part in PurePosixPath(relative).parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def worker_text(found: Shell) -> str:
    """The service worker: what it has to keep, then its code."""
    told = json.dumps(found.told(), indent=1)
    return f"const SHELL = {told};\n{WORKER.read_text(encoding='utf-8')}"


#: The app is switched off: the worker takes itself and what it kept away. The queue is not its business.
OFF = """// The office has switched the app off. What is queued stays in the browser's database.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) await caches.delete(name);
    await self.registration.unregister();
    for (const client of await self.clients.matchAll()) client.postMessage({ type: "off" });
  })());
});
"""

MANIFEST: dict[str, Any] = {
    "name": "Trực Quan – Khảo sát",
    "short_name": "Trực Quan",
    "description": "Khảo sát hệ thống tuyên truyền trực quan, dùng được khi không có mạng",
    "lang": "vi",
    "dir": "ltr",
    "id": "/field/",
    "start_url": "/field/",
    "scope": "/field/",
    "display": "standalone",
    "orientation": "any",
    "background_color": "#fbf7ee",
    "theme_color": "#0f5552",
    "categories": ["government", "productivity"],
    "icons": [
        {"src": "/static/img/app-icon.svg", "sizes": "any", "type": "image/svg+xml"},
        {"src": "/static/img/app-icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any"},
        {"src": "/static/img/app-icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any"},
        {
            "src": "/static/img/app-icon-512.png",
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ],
}
