"""The public pages at size: queries, latency under concurrency, and first-visit weight.

Latencies are ratios to a trivial view (`/sante/live`, a constant) asked of the same server, with
the same settings and middlewares, in the same run.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from statistics import median, quantiles
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from config.bench.tables import table
from config.demonstration import people, size
from maps.choices import TerritoryKind
from maps.models import Territory
from participation.budgets.models import Ballot, Budget, Idea, Poll, VoterRecord
from participation.core.models import Support

CONCURRENCY = 16
REQUESTS = 320
ROUNDS = 3
TRIVIAL = "/sante/live"
TRIVIAL_NAME = "vue triviale"


@dataclass(frozen=True, slots=True)
class Timing:
    p50: float
    p95: float
    errors: int


def addresses(budget: Budget) -> dict[str, str]:
    """The measured pages of `budget`, by name."""
    ideas = f"/budget/{budget.activity.slug}/idees/"
    idea = Idea.objects.filter(budget=budget).order_by("contribution_id").first()
    category = budget.categories.order_by("pk").first()
    assert idea is not None  # noqa: S101 -- the demonstration has just been filled
    assert category is not None  # noqa: S101 -- the demonstration has just been filled
    return {
        "accueil": "/",
        "liste, page 1": ideas,
        "liste filtrée": f"{ideas}?q=arbres&categorie={category.pk}",
        "une idée": f"{ideas}{idea.pk}/",
    }


def run() -> Iterator[str]:
    """Grow the demonstration to the size of a large city and measure; yields tables."""
    budget = Budget.objects.select_related("activity").get(activity__slug="toulouse-2027")
    poll = Poll.objects.get(envelope__budget__activity__slug="toulouse-2026")
    city = Territory.objects.get(kind=TerritoryKind.MUNICIPALITY, code="31555")
    residents = people.make_residents(city, size.RESIDENTS)
    now = timezone.now()
    size.grow_ideas(budget, residents, 100, now)
    few = _queries(budget)
    size.grow_ideas(budget, residents, size.IDEAS, now)
    size.grow_supports(budget, residents, size.SUPPORTS, now)
    size.grow_roll(poll, residents, size.BALLOTS, now)
    settle()
    yield table(
        "Données",
        ("idées publiées", "soutiens", "bulletins scellés", "bulletins dépouillés"),
        [
            (
                Idea.objects.public().filter(budget=budget).count(),
                Support.objects.filter(contribution__activity=budget.activity).count(),
                VoterRecord.objects.filter(poll=poll).count(),
                Ballot.objects.count(),
            )
        ],
    )
    many = _queries(budget)
    pages = addresses(budget)
    yield table(
        "Requêtes SQL (la même quantité à 100 et à 10 000 idées ; au plus 15)",
        ("page", "à 100", "à 10 000"),
        [(name, few[name], many[name]) for name in pages],
    )
    with server() as port:
        yield latencies("Pages", measured(port, pages))
        weight = first_visit(port, pages["liste, page 1"])
    yield table(
        "Première visite de la liste (au plus 200 kB compressés, 20 requêtes, aucun tiers)",
        ("requêtes", "kB compressés", "vers un tiers"),
        [(weight[0], f"{weight[1] / 1000:.1f}", weight[2])],
    )


def _queries(budget: Budget) -> dict[str, int]:
    return {name: count_queries(path) for name, path in addresses(budget).items()}


def count_queries(path: str) -> int:
    """SQL statements of one anonymous visit, once what is kept in memory is there."""
    client = Client()
    with override_settings(ALLOWED_HOSTS=["*"]):
        client.get(path)
        reset_queries()
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)  # noqa: S101 -- a measure of an error page would mislead
    return len(captured)


@contextmanager
def server() -> Iterator[int]:
    """The site behind its own server on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:config.server",
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "warning",
    ]
    environment = {**os.environ, "PYTHONPATH": f"{settings.SITE_DIR}:{settings.ROOT}"}
    process = subprocess.Popen(command, env=environment, cwd=settings.ROOT)  # noqa: S603 -- our own server
    try:
        _wait(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if fetch(port, TRIVIAL)[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("The server did not answer within a minute.")


def fetch(port: int, path: str, **headers: str) -> tuple[int, bytes, http.client.HTTPMessage]:
    """Status, body and headers of one GET."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        asked.request("GET", path, headers=headers)
        answer = asked.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        asked.close()


def settle() -> None:
    """What PostgreSQL does by itself in the minute after so many rows."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def measured(port: int, pages: Mapping[str, str]) -> dict[str, Timing]:
    """The timing of each page and of the trivial view, by name.

    They are asked in turn, `ROUNDS` times over, so that a slow minute of the machine weighs on
    all; the figures are those of all their answers together. Pages whose code and words both
    processes have read already: each round warms them up.
    """
    paths = {TRIVIAL_NAME: TRIVIAL, **pages}
    answers: dict[str, list[tuple[float, int]]] = {name: [] for name in paths}
    for _ in range(ROUNDS):
        for name, path in paths.items():
            _load(port, path, 64)
            answers[name] += _load(port, path, REQUESTS)
    return {name: _timing(found) for name, found in answers.items()}


def latencies(title: str, timings: Mapping[str, Timing]) -> str:
    """A table of `measured` timings, each against the trivial view."""
    trivial = timings[TRIVIAL_NAME]
    return table(
        f"{title}, {CONCURRENCY} visiteurs à la fois, sans cache (p95 : au plus 20 fois la triviale)",
        ("adresse", "p50 ms", "p95 ms", "p95 / triviale", "erreurs"),
        [
            (name, f"{t.p50:.1f}", f"{t.p95:.1f}", f"{t.p95 / trivial.p95:.1f}", t.errors)
            for name, t in timings.items()
        ],
    )


def _load(port: int, path: str, requests: int) -> list[tuple[float, int]]:
    """(milliseconds, status) of each answer."""

    def once(_number: int) -> tuple[float, int]:
        start = time.perf_counter()
        status, _body, _headers = fetch(port, path)
        return (time.perf_counter() - start) * 1000, status

    with ThreadPoolExecutor(CONCURRENCY) as pool:
        return list(pool.map(once, range(requests)))


def _timing(answers: list[tuple[float, int]]) -> Timing:
    times = [duration for duration, _status in answers]
    return Timing(
        p50=median(times),
        p95=quantiles(times, n=20)[-1],
        errors=sum(status != 200 for _duration, status in answers),
    )


class _Resources(HTMLParser):
    """Addresses that a browser fetches at once to show a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "link" and values.get("rel") in ("stylesheet", "icon", "preload", "manifest"):
            self.found.append(values.get("href") or "")
        elif tag in ("script", "img", "iframe", "source"):
            self.found.append(values.get("src") or "")


def first_visit(port: int, path: str, **headers: str) -> tuple[int, int, int]:
    """Requests, compressed bytes and third-party requests of a first visit to `path`.

    `headers` are sent with each request.

    Fonts and pictures named by style sheets are counted too; lazily loaded pictures as well.
    """
    origin = f"http://127.0.0.1:{port}"
    seen: dict[str, int] = {}
    foreign = 0
    waiting = [urljoin(origin, path)]
    while waiting:
        address = waiting.pop().split("#")[0]
        if not address or address in seen or address.startswith("data:"):
            continue
        if not address.startswith(origin):
            foreign += 1
            continue
        parts = urlsplit(address)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        _status, body, answered = fetch(port, target, **{"Accept-Encoding": "br, gzip", **headers})
        seen[address] = len(body)
        kind = answered.get("Content-Type", "")
        if kind.startswith("text/html"):
            page = _Resources()
            page.feed(_text(body, answered))
            waiting += [urljoin(address, found) for found in page.found if found]
        elif kind.startswith("text/css"):
            waiting += [urljoin(address, found) for found in _urls(_text(body, answered))]
    return len(seen), sum(seen.values()), foreign


def _text(body: bytes, headers: http.client.HTTPMessage) -> str:
    import gzip

    import brotli

    match headers.get("Content-Encoding"):
        case "br":
            body = brotli.decompress(body)
        case "gzip":
            body = gzip.decompress(body)
    return body.decode()


def _urls(css: str) -> list[str]:
    import re

    return [found.strip("'\"") for found in re.findall(r"url\(([^)]+)\)", css)]
