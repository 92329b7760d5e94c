"""Voters over HTTP who send again, with the same key, until they hold a receipt."""

import base64
import http.client
import json
import random
import re
import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from participation.budgets.services.vote.envelopes import ballot_code, seal

_DEPOSIT_CODE = re.compile(rb"data-deposit-code>([A-Z2-7]{20})<")
_BALLOT_CODE = re.compile(rb"data-ballot-code>([A-Z2-7\s\xc2\xa0]+)<")
_CSRF = "a" * 32  # what a first visit sets: the cookie and the field only have to agree
_TIMEOUT = 30
_PAUSE = 0.05
NOBODY = 0
"""Nobody listened at the door: the request was not even sent."""


@dataclass(frozen=True, slots=True)
class Election:
    """A vote made by `proving.trial`, and the sessions of those who may vote in it."""

    poll: int
    budget: int
    slug: str
    public_key: bytes
    padded_length: int
    projects: tuple[int, ...]
    secrets: tuple[str, ...]
    sessions: tuple[str, ...]
    cookie: str

    @classmethod
    def of(cls, made: dict[str, Any]) -> "Election":
        """One of those that `proving.trial` printed."""
        return cls(
            poll=made["poll"],
            budget=made["budget"],
            slug=made["slug"],
            public_key=bytes.fromhex(made["public_key"]),
            padded_length=made["padded_length"],
            projects=tuple(made["projects"]),
            secrets=tuple(made["secrets"]),
            sessions=tuple(made["sessions"]),
            cookie=made["cookie"],
        )

    @property
    def ballot_path(self) -> str:
        """The page on which one chooses."""
        return f"/budget/{self.slug}/vote/ville/"


@dataclass(slots=True)
class Cast:
    """One ballot that is sent: its form's key, its choice, and what came of it.

    With an `envelope` the voter's browser sealed it; without, the server does. `code` is the deposit
    code of the receipt, None while none came; `statuses` holds the answer to each sending, None
    where the connection broke, `NOBODY` where none was made. `seconds` runs from the first sending
    to the last answer, which came at `ended` (monotonic).
    """

    session: str
    choices: tuple[int, ...]
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    envelope: str | None = None
    code: str | None = None
    ballot_code: str | None = None
    statuses: list[int | None] = field(default_factory=list)
    refused: str | None = None
    seconds: float = 0.0
    ended: float = 0.0

    @property
    def failures(self) -> int:
        """Sendings that gave no answer of the site, or an error of it."""
        return sum(status is None or status >= 500 for status in self.statuses)


def new_cast(election: Election, session: str, *, sealed: bool, rng: random.Random) -> Cast:
    """A ballot for two projects, sealed as a browser does when `sealed`."""
    cast = Cast(session, tuple(rng.sample(election.projects, 2)))
    if sealed:
        envelope = seal(
            public_key=election.public_key,
            poll_id=election.poll,
            choices=sorted(cast.choices),
            points=None,
            code=ballot_code(poll_id=election.poll, cast_key=cast.key),
            length=election.padded_length,
        )
        cast.envelope = base64.urlsafe_b64encode(envelope).decode().rstrip("=")
    return cast


def send(port: int, election: Election, cast: Cast) -> bytes:
    """Send a ballot once, and note what came of it; the page or the JSON that answered, if any."""
    form = [("csrfmiddlewaretoken", _CSRF), ("cle", str(cast.key))]
    if cast.envelope is None:
        path = f"{election.ballot_path}relecture/"
        form += [("action", "confirm"), *(("choix", str(choice)) for choice in cast.choices)]
    else:
        path = f"{election.ballot_path}depot/"
        form += [("enveloppe", cast.envelope)]
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{election.cookie}={cast.session}; csrftoken={_CSRF}",
    }
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        asked.request("POST", path, urlencode(form), headers)
        answer = asked.getresponse()
        body = answer.read()
    except ConnectionRefusedError:
        cast.statuses.append(NOBODY)
        return b""
    except (OSError, http.client.HTTPException):
        cast.statuses.append(None)
        return b""
    finally:
        asked.close()
    cast.statuses.append(answer.status)
    if cast.envelope is None:
        _read_page(cast, answer.status, body)
    else:
        _read_json(cast, answer.status, body)
    return body


def _read_json(cast: Cast, status: int, body: bytes) -> None:
    if status >= 500:
        return
    try:
        told = json.loads(body)
    except ValueError:
        cast.refused = str(status)  # a page of errors where an answer was due
        return
    cast.code, cast.refused = told.get("depositCode"), told.get("code")


def _read_page(cast: Cast, status: int, body: bytes) -> None:
    deposit, ballot = _DEPOSIT_CODE.search(body), _BALLOT_CODE.search(body)
    if status == 200 and deposit and ballot:
        cast.code = deposit.group(1).decode()
        cast.ballot_code = "".join(ballot.group(1).decode().split())
    elif status < 500:
        cast.refused = str(status)


def insist(port: int, election: Election, cast: Cast, *, until: float) -> None:
    """Send again after a failure, until a receipt, a refusal, or `until` (monotonic)."""
    start = time.perf_counter()
    while cast.code is None and cast.refused is None:
        send(port, election, cast)
        if time.monotonic() > until:
            break
        if cast.code is None and cast.refused is None:
            time.sleep(_PAUSE)
    cast.seconds, cast.ended = time.perf_counter() - start, time.monotonic()


class Crowd:
    """Voters who cast at once from `hands` threads, each person once; `casts` is their memory.

    One ballot in `unsealed_every` is sealed by the server, the others by their voters.
    """

    def __init__(
        self, port: int, election: Election, *, hands: int = 16, unsealed_every: int = 10
    ) -> None:
        self._port = port
        self._election = election
        self._hands = hands
        self._unsealed_every = unsealed_every
        self._random = random.Random(election.poll)  # noqa: S311 -- which projects a test votes for
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._next = 0
        self.casts: list[Cast] = []

    def vote(self, *, seconds: float, patience: float = 60.0) -> list[Cast]:
        """Vote for `seconds` at most, or until nobody is left; each insists for `patience` more."""
        end = time.monotonic() + seconds
        with ThreadPoolExecutor(self._hands) as pool:
            for hand in [pool.submit(self._work, end, patience) for _ in range(self._hands)]:
                hand.result()
        return self.casts

    def stop(self) -> None:
        """Let every voter finish the ballot in hand and take no other."""
        self._stopped.set()

    def _work(self, end: float, patience: float) -> None:
        while time.monotonic() < end and not self._stopped.is_set():
            with self._lock:
                if self._next >= len(self._election.sessions):
                    return
                number, self._next = self._next, self._next + 1
                sealed = number % self._unsealed_every != 0
                session = self._election.sessions[number]
                cast = new_cast(self._election, session, sealed=sealed, rng=self._random)
                self.casts.append(cast)
            insist(self._port, self._election, cast, until=end + patience)


def acknowledged(casts: Iterable[Cast]) -> list[Cast]:
    """The casts whose voter holds a receipt."""
    return [cast for cast in casts if cast.code is not None]


def at_once(port: int, election: Election, casts: Sequence[Cast]) -> None:
    """Send all these once, together: each waits for the others before it connects."""
    gate = threading.Barrier(len(casts))

    def one(cast: Cast) -> None:
        gate.wait(timeout=60)
        send(port, election, cast)

    with ThreadPoolExecutor(len(casts)) as pool:
        list(pool.map(one, casts))
