"""Writers who never give up: each sends its entry again, under the same id, until it is acknowledged."""

import threading
from collections import Counter
from dataclasses import dataclass, field

from inventory.identity import new_id
from tests.faults.browser import Browser, Silence
from tests.faults.ground import Ground
from tests.web.furnished import picture


@dataclass
class Books:
    """What was acknowledged (303), by entry id, and every other status that was answered."""

    acknowledged: Counter[str] = field(default_factory=Counter)
    others: Counter[int] = field(default_factory=Counter)
    silences: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, entry: str, status: int) -> None:
        """Write an answer down."""
        with self.lock:
            if status == 303:
                self.acknowledged[entry] += 1
            else:
                self.others[status] += 1

    def silence(self) -> None:
        """Write down that nothing came."""
        with self.lock:
            self.silences += 1


class Load:
    """One thread a thing: amendments with distinct words, now and then a photo."""

    def __init__(self, ground: Ground, port: int) -> None:
        self.ground, self.port, self.books = ground, port, Books()
        self.ending = threading.Event()
        self.threads = [
            threading.Thread(target=self._write, args=(number, thing), daemon=True)
            for number, thing in enumerate(ground.things)
        ]

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.ending.set()
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive(), "a writer hangs"

    def wait_for(self, more: int, seconds: float = 60) -> None:
        """Wait until so many more entries are acknowledged."""
        goal, turns = len(self.books.acknowledged) + more, int(seconds / 0.01)
        for _turn in range(turns):
            if len(self.books.acknowledged) >= goal:
                return
            self.ending.wait(0.01)
        raise AssertionError(f"only {len(self.books.acknowledged)} of {goal}: {self.books.others}")

    def _write(self, number: int, thing: str) -> None:
        browser = Browser(self.port, self.ground.cookies["ward_staff"])
        address, turn = f"/installations/{thing}", 0
        fields: dict[str, str] = {}
        while not self.ending.is_set():
            turn += 1
            if turn % 7 == 0:
                self._send(browser, f"{address}/photos", {"entry_id": new_id()}, turn * 100 + number)
                continue
            if not fields:
                fields = self._form(browser, address)
            words = {**fields, "entry_id": new_id(), "note": f"người ghi {number}, lần {turn}"}
            self._send(browser, address, words)
            fields = {**fields, "base_version": str(int(fields["base_version"]) + 1)}

    def _form(self, browser: Browser, address: str) -> dict[str, str]:
        while True:
            try:
                answer = browser.open(address)
            except Silence:
                self.ending.wait(0.02)
                continue
            if answer.status == 200:
                return answer.fields(address)
            self.ending.wait(0.02)

    def _send(self, browser: Browser, address: str, words: dict[str, str], colour: int | None = None) -> None:
        """Send until acknowledged; when the test ends, one last time is not needed."""
        while not self.ending.is_set():
            try:
                if colour is None:
                    answer = browser.send(address, words)
                else:
                    data = picture(f"#{colour % 0xFFFFFF:06x}")
                    answer = browser.send_file(address, words, "photo-overview", data)
            except Silence:
                self.books.silence()
                self.ending.wait(0.02)
                continue
            self.books.note(words["entry_id"], answer.status)
            if answer.status == 303:
                return
            self.ending.wait(0.02)
