"""What a hostile client sends: forms half right and wholly wrong, to every route that there is."""

from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from flask import Flask
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.routing import Rule

from inventory.database import db
from inventory.identity import new_id
from tests.city import City
from tests.client import Visitor
from tests.web.furnished import Furnished, picture
from tests.web.who_may import EVERYBODY, ROLES, WHO_MAY

#: Tables that a refused request may write to: who tried what, and when a session was last seen.
LOGS = {"trail_line", "sign_in_attempt", "session_row", "known_device"}

#: Values that broke others: bytes that PostgreSQL refuses, numbers no column holds, days that never were.
NASTY = (
    "", " ", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\u202e", "\ufeff", "é" * 5000, "x" * 100_001,
    "-1", "0", "1", "9" * 9, "9" * 10, "9" * 19, "9" * 400, "-9223372036854775809", "2147483648", "1e999",
    "1e308", "-0", "NaN", "Infinity", "١٢٣", "²", "½", "0x10", "1_000", "1.2.3", "1,5", "12.5", "+1",
    "2021-02-30", "0000-00-00", "9999-12-31", "0001-01-01", "10000-01-01", "2021-W01-1", "30/02/2021",
    "19/04/2021", "25:61", "[", "[" * 3000, '{"a":', "null", "true", "on", "../../etc/passwd", "%00", "%",
    "' OR 1=1 --", "\\", "${7*7}", "{{7*7}}", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\r\nX: y",
    "107,1;20,9", "20.95, 107.08", "91", "181", "gate", "BANNER_H", "submitted", "verified", "ward_staff",
    "01a2069f-8348-7d16-950f-c290adc9df6e", "not-a-uuid", "0" * 32, ":", "a:b:c", "|", "~", "\n", "\u2028",
)  # fmt: skip


def texts() -> SearchStrategy[str]:
    """Any text a form may carry, lone surrogates and control characters with it."""
    any_text = st.text(st.characters(), max_size=60)
    return st.one_of(st.sampled_from(NASTY), any_text, st.integers().map(str), st.floats().map(str))


@dataclass(frozen=True)
class Target:
    """One address with the method, role and field names that its own pages send to it."""

    rule: Rule
    method: str
    role: str | None
    address: str
    fields: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} as {self.role}"


def roles_of(rule: Rule) -> list[str | None]:
    """Who may: one role is enough, the ward's before the office's; nobody where nobody is needed."""
    who = WHO_MAY[rule.endpoint]
    return [None] if who == EVERYBODY else [ROLES[who[0]]]


class _Forms(HTMLParser):
    """Reads a page's forms, roughly and fast: names, and the values that a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a form or note a field of the last one."""
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self.found.append((given.get("action", "") if given.get("method") == "post" else "?", {}))
        elif tag == "option" and self.select and self.found:
            if "selected" in given or not self.found[-1][1].get(self.select):
                self.found[-1][1][self.select] = value
        elif name and self.found:
            unticked = given.get("type") in {"radio", "checkbox"} and "checked" not in given
            self.found[-1][1].setdefault(name, "" if unticked else value)
            if not unticked:
                self.found[-1][1][name] = value
        self.select = name if tag == "select" else self.select
        self.area = name if tag == "textarea" else self.area

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        """The words of a box of several lines."""
        if self.area and self.found:
            self.found[-1][1][self.area] = data.removeprefix("\n")


def forms_of(visitor: Visitor, pages: list[str]) -> dict[str, dict[str, str]]:
    """Every form that these pages carry: its address, and the values that a browser would send."""
    found: dict[str, dict[str, str]] = {}
    for page in pages:
        answer = visitor.client.get(page)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            reader = _Forms()
            reader.feed(answer.text)
            found |= {action or page: fields for action, fields in reader.found if action != "?"}
    return found


def writing(app: Flask, city: City, furnished: Furnished) -> list[Target]:
    """Every rule that takes POST, with the fields of its form where a page shows one."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    found = []
    seen: dict[str | None, dict[str, dict[str, str]]] = {}
    for rule in rules:
        if "POST" not in (rule.methods or set()):
            continue
        for role in roles_of(rule):
            if role not in seen:
                visitor = Visitor.signed_in(app, city.people[role] if role else None)
                pages = [furnished.address(app, one, city.ward_a) for one in rules if "GET" in _methods(one)]
                seen[role] = forms_of(visitor, pages)
            address = furnished.address(app, rule, city.ward_a)
            fields = seen[role].get(address, {"entry_id": "", "base_version": "1"})
            found.append(Target(rule, "POST", role, address, tuple(sorted(fields.items()))))
    # An admin's rubbish may close the campaign or move a person: that comes after everybody else's.
    return sorted(found, key=lambda target: target.role == "admin")


def reading(app: Flask, city: City, furnished: Furnished) -> list[Target]:
    """Every rule that takes GET."""
    return [
        Target(rule, "GET", role, furnished.address(app, rule, city.ward_a))
        for rule in app.url_map.iter_rules()
        if "GET" in _methods(rule) and rule.endpoint != "static"
        for role in roles_of(rule)
    ]


def _methods(rule: Rule) -> set[str]:
    return set(rule.methods or ())


def bodies(target: Target) -> SearchStrategy[dict[str, list[Any]]]:
    """Bodies for a form: each field left right, missing, wrong, repeated, or a file; and strangers."""
    names = [name for name, _value in target.fields if name not in {"csrf_token", "next"}]
    right = dict(target.fields)
    files = st.sampled_from(
        [
            ("anh.jpg", b""),
            ("a\x00.jpg", b"\xff\xd8\xff"),
            ("x.xlsx", b"PK\x03\x04"),
            ("t.csv", b"\xff\xfe\x00"),
        ]
    ).map(_File)
    good = st.just("right")
    wrong = st.lists(st.one_of(texts(), files), max_size=2)
    entry = st.sampled_from(["fresh", "fresh", "fresh", "wrong"])

    def put(drawn: tuple[dict[str, Any], dict[str, list[Any]], str]) -> dict[str, list[Any]]:
        chosen, strangers, kind = drawn
        body: dict[str, list[Any]] = dict(strangers)
        for name in names:
            how = chosen.get(name, "right")
            body[name] = [right[name]] if how == "right" else how
        if kind == "fresh" and "entry_id" in right:
            body["entry_id"] = [new_id()]
        return body

    some = (
        st.dictionaries(st.sampled_from(names), st.one_of(good, wrong), max_size=8) if names else st.just({})
    )
    strangers = st.dictionaries(
        st.sampled_from(
            [
                "area_id",
                "role",
                "version",
                "id",
                "item",
                "items-0-key",
                "items-x-key",
                "\x00",
                "photo-overview",
            ]
        ),
        wrong,
        max_size=2,
    )
    return st.tuples(some, strangers, entry).map(put)


@dataclass(frozen=True)
class _File:
    """A file to be sent."""

    named: tuple[str, bytes]

    def storage(self) -> FileStorage:
        """As Werkzeug's client sends it."""
        return FileStorage(BytesIO(self.named[1] or picture()), filename=self.named[0])


def packed(body: dict[str, list[Any]], token: str) -> MultiDict[str, Any]:
    """The body with this session's token, as the test client takes it."""
    found: MultiDict[str, Any] = MultiDict([("csrf_token", token)])
    for name, values in body.items():
        for value in values:
            found.add(_wire(name), value.storage() if isinstance(value, _File) else _wire(value))
    return found


def _wire(text: str) -> str:
    # UTF-8 cannot carry a lone surrogate; a hostile client sends its three bytes all the same, and a
    # server that decodes with "replace" sees question marks.
    return text.encode("utf-8", "replace").decode()


def counts() -> dict[str, int]:
    """How many rows each business table has, in one question; inside an app context."""
    tables = [(name, table) for name, table in sorted(db.metadata.tables.items()) if name not in LOGS]
    counted = [select(func.count()).select_from(table).scalar_subquery() for _name, table in tables]
    row = db.session.execute(select(*counted)).one()
    return {name: number for (name, _table), number in zip(tables, row, strict=True)}
