"""One script out of our modules, for a page that is opened from a disk, where modules do not load. Pure.

Each module becomes a function that answers what it exported; an import becomes the taking apart of
that answer. It knows the one writing of imports and exports that static/js uses and refuses any other.
"""

import re
from collections.abc import Mapping

_IMPORT = re.compile(r'^import \{([^}]+)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def bundle(sources: Mapping[str, str], entry: str) -> str:
    """The module `entry` and all that it imports as one classic script; the same sources, the same text.

    `sources` are texts by file name. Raises ValueError for a file that is missing, a ring of imports
    and a writing it does not know.
    """
    written: dict[str, str] = {}
    _write(entry, sources, written, ())
    return '"use strict";\n(() => {\n' + "".join(written.values()) + "})();\n"


def _write(name: str, sources: Mapping[str, str], written: dict[str, str], above: tuple[str, ...]) -> None:
    if name in written:
        return
    if name in above or name not in sources:
        raise ValueError(f"{name}: {'imports itself' if name in above else 'is missing'}")
    text = sources[name]
    for _names, other in _IMPORT.findall(text):
        _write(other, sources, written, (*above, name))
    exported = _EXPORT.findall(text)
    body = _EXPORT.sub("", _IMPORT.sub(_taken, text))
    left = _LEFT.search(body)
    if left:
        raise ValueError(f"{name}: {left.group()}")
    written[name] = (
        f"const {_variable(name)} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();\n"
    )


def _taken(found: re.Match[str]) -> str:
    names = ", ".join(
        re.sub(r"\s+as\s+", ": ", name.strip()) for name in found.group(1).split(",") if name.strip()
    )
    return f"const {{ {names} }} = {_variable(found.group(2))};\n"


def _variable(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name.removesuffix(".js"))
