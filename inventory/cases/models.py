"""What a phone is called: the browser's long name in the few words that a person knows it by. Pure.

Browsers tell less and less of themselves (Chrome says "Android 10; K" of every phone): this names a phone
to somebody who has it in hand, and proves nothing.
"""

import re

#: The first that is found: (pattern, name); a version follows where the pattern holds one.
_SYSTEMS = (
    (r"iPhone OS (\d+)|iPhone; CPU OS (\d+)", "iPhone, iOS"),
    (r"iPad; CPU OS (\d+)", "iPad, iPadOS"),
    (r"Android (\d+)", "Android"),
    (r"CrOS", "ChromeOS"),
    (r"Windows NT", "Windows"),
    (r"Mac OS X", "macOS"),
    (r"Linux", "Linux"),
)
#: Order matters: every browser that is made of Chrome says Chrome as well, and all say Safari.
_BROWSERS = (
    (r"CocCoc\w*/(\d+)|coc_coc_browser/(\d+)", "Cốc Cốc"),
    (r"SamsungBrowser/(\d+)", "Samsung Internet"),
    (r"Edg\w*/(\d+)", "Edge"),
    (r"OPR/(\d+)", "Opera"),
    (r"Firefox/(\d+)|FxiOS/(\d+)", "Firefox"),
    (r"Chrome/(\d+)|CriOS/(\d+)", "Chrome"),
    (r"Version/(\d+).*Safari", "Safari"),
)
_MODEL = re.compile(r"Android [\d.]+; (?!K\))([^;)]{2,40}?)(?: Build/[^;)]*)?[;)]")
_BROWSERS_NAME = "Mozilla/"
_LONGEST = 80


def model(name: str) -> str:
    """A phone's name: "Pixel 3 · Android 10 · Chrome 120". A name that somebody gave stays as it is."""
    if not name.startswith(_BROWSERS_NAME):
        return name[:_LONGEST]
    own = _MODEL.search(name)
    parts = [own.group(1) if own else "", _first(_SYSTEMS, name), _first(_BROWSERS, name)]
    return " · ".join(part for part in parts if part)


def _first(known: tuple[tuple[str, str], ...], name: str) -> str:
    for pattern, words in known:
        found = re.search(pattern, name)
        if found:
            version = next((group for group in found.groups() if group), "")
            return f"{words} {version}".strip()
    return ""
