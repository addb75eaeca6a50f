"""A browser over a real socket, without checks of its own: what answers, or that nothing did."""

import http.client
import re
from dataclasses import dataclass
from urllib.parse import urlencode

import html5lib

from tests.client import values_of

_HTML = "{http://www.w3.org/1999/xhtml}"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Silence(Exception):
    """No answer, or half of one: the client cannot know what became of its request."""


@dataclass(frozen=True)
class Answer:
    """Status, where it leads, its headers and its words."""

    status: int
    location: str
    text: str
    headers: dict[str, str]

    def fields(self, action: str) -> dict[str, str]:
        """The values of the form with this action, as a browser would send them."""
        for form in html5lib.parse(self.text).iter(f"{_HTML}form"):
            if form.get("action") == action:
                return values_of(form)
        raise AssertionError(f"no form {action}")


class Browser:
    """One signed-in browser: a cookie, and the form token that its first page gave."""

    def __init__(self, port: int, cookie: str, timeout: float = 30) -> None:
        self.port, self.cookie, self.timeout, self.token = port, cookie, timeout, ""

    def open(self, address: str) -> Answer:
        """GET."""
        answer = self.ask("GET", address, None, {})
        found = _TOKEN.search(answer.text)
        if found:
            self.token = found.group(1)
        return answer

    def send(self, address: str, words: dict[str, str]) -> Answer:
        """POST a form with this session's token."""
        return self.send_pairs(address, list(words.items()))

    def send_pairs(self, address: str, words: list[tuple[str, str]]) -> Answer:
        """POST a form that may repeat a name."""
        pairs = [pair for pair in words if pair[0] != "csrf_token"]
        body = urlencode([*pairs, ("csrf_token", self.token)]).encode()
        return self.ask("POST", address, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def send_file(self, address: str, words: dict[str, str], field: str, data: bytes) -> Answer:
        """POST a form with one picture."""
        mark = "----borderline"
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {**words, "csrf_token": self.token}.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="anh.jpg"\r\n'
        parts.append(head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + data + b"\r\n")
        body = b"".join(parts) + f"--{mark}--\r\n".encode()
        return self.ask("POST", address, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})

    def ask(self, method: str, address: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """Ask and read the whole answer; Silence when the line broke."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            line.request(method, address, body, {"Cookie": self.cookie, **headers})
            response = line.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            raise Silence(repr(error)) from error
        finally:
            line.close()
        return Answer(
            response.status, response.headers.get("Location", ""), text, dict(response.headers.items())
        )
