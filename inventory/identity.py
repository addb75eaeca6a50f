"""Ids that a phone or the server may make: UUIDv7 (RFC 9562), ordered by the time of making."""

import re
import secrets
import time

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def uuid7(milliseconds: int, random: bytes) -> str:
    """Build a UUIDv7 from a Unix time in ms and 10 random bytes."""
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(random[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def new_id() -> str:
    """A new id, made now on this machine."""
    return uuid7(time.time_ns() // 1_000_000, secrets.token_bytes(10))


def is_id(text: str) -> bool:
    """Whether a text from outside is a well-formed UUID (any version), in lower case."""
    return _UUID.fullmatch(text) is not None
