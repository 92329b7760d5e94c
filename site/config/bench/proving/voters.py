"""Voters over HTTP who send again, with the same key, until they hold a receipt."""

import http.client
import random
import re
import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

_CODE = re.compile(rb'data-deposit-code="([A-Z2-7]{20})"')
_CSRF = "a" * 32  # what a first visit sets: the cookie and the field only have to agree
_TIMEOUT = 20


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a voter needs to vote: the session cookie, the address of the ballot, the projects."""

    session: str
    path: str
    projects: tuple[int, ...]
    session_cookie: str = "sessionid"


@dataclass(slots=True)
class Cast:
    """One ballot that was sent: its key, its choice, and what came of it.

    `code` is the deposit code of the receipt, None while none came; `attempts` counts the sendings,
    `refused` tells an answer that is no receipt and no failure. Times in seconds.
    """

    ticket: Ticket
    choices: tuple[int, ...]
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    code: str | None = None
    refused: int | None = None
    attempts: int = 0
    seconds: float = 0.0


def send(port: int, cast: Cast) -> int | None:
    """Send a ballot once; the HTTP status, or None when no answer came. Fills `code`."""
    body = urlencode(
        [
            ("csrfmiddlewaretoken", _CSRF),
            ("cle", str(cast.key)),
            ("action", "confirm"),
            *(("choix", str(choice)) for choice in cast.choices),
        ]
    )
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{cast.ticket.session_cookie}={cast.ticket.session}; csrftoken={_CSRF}",
    }
    cast.attempts += 1
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        asked.request("POST", cast.ticket.path, body, headers)
        answer = asked.getresponse()
        page = answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        asked.close()
    found = _CODE.search(page)
    if answer.status == 200 and found:
        cast.code = found.group(1).decode()
    return answer.status


def insist(port: int, cast: Cast, *, until: float) -> Cast:
    """Send again after a failure or an error of the server, until a receipt or `until` (monotonic)."""
    start = time.perf_counter()
    while cast.code is None and time.monotonic() < until:
        status = send(port, cast)
        if status is not None and status < 500 and cast.code is None:
            cast.refused = status
            break
        if cast.code is None:
            time.sleep(0.05)
    cast.seconds = time.perf_counter() - start
    return cast


class Crowd:
    """Voters who cast at once from `hands` threads, until told to stop; `casts` is their memory."""

    def __init__(self, port: int, tickets: Sequence[Ticket], *, hands: int, seed: int = 0) -> None:
        self._port = port
        self._tickets = tickets
        self._hands = hands
        self._random = random.Random(seed)  # noqa: S311 -- which projects a test votes for
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._next = 0
        self.casts: list[Cast] = []

    def vote(self, *, seconds: float, patience: float = 60.0) -> list[Cast]:
        """Vote for `seconds`, one ticket after the other; each insists for `patience` more."""
        end = time.monotonic() + seconds
        with ThreadPoolExecutor(self._hands) as pool:
            list(pool.map(lambda _hand: self._work(end, patience), range(self._hands)))
        return self.casts

    def stop(self) -> None:
        """Let every voter finish the ballot in hand and take no other."""
        self._stop.set()

    def _work(self, end: float, patience: float) -> None:
        while time.monotonic() < end and not self._stop.is_set():
            cast = self._take()
            if cast is None:
                return
            insist(self._port, cast, until=end + patience)
            with self._lock:
                self.casts.append(cast)

    def _take(self) -> Cast | None:
        with self._lock:
            if self._next >= len(self._tickets):
                return None
            ticket = self._tickets[self._next]
            self._next += 1
            chosen = tuple(self._random.sample(ticket.projects, 2))
        return Cast(ticket, chosen)


def acknowledged(casts: Iterable[Cast]) -> list[Cast]:
    """The casts whose voter holds a receipt."""
    return [cast for cast in casts if cast.code is not None]
