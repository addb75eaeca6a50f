"""Errors that end a request; app.py has the table of their status codes and sentences."""


class Unseen(Exception):
    """The row does not exist, or the actor may not know that it does: both answer 404."""

    def __init__(self, subject: str, identity: object) -> None:
        super().__init__(f"{subject} {identity}")
        self.subject = subject
        self.identity = str(identity)[:80]


class NotAllowed(Exception):
    """The actor's role may not do this: answers 403."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class BadInput(Exception):
    """A value that no screen sends: answers 400 with a Vietnamese sentence (a msgid)."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.field = code, message, field


class SettingError(Exception):
    """A setting is missing or wrong: the start stops with this sentence."""
