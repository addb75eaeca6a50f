"""The fixtures of a phone, for every test in this folder: see phone.py."""

from tests.browser.phone import database_url, new_phone, phone, playwright, server

__all__ = ["database_url", "new_phone", "phone", "playwright", "server"]
