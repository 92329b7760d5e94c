"""The agenda at size: queries and latency of every public view, weight of the timeline, feeds.

Latencies are ratios to a trivial view asked of the same server in the same run; see `web`.
"""

import gzip
import time
from collections.abc import Iterator

from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from config.bench.tables import table
from config.bench.web import count_queries, fetch, latencies, measured, server, settle
from config.demonstration.agenda_size import (
    ENTRIES,
    REGISTRATIONS,
    grow_agenda,
    grow_registrations,
)
from participation.agenda.models import (
    AgendaEntry,
    AgendaItem,
    CitizenAgenda,
    Event,
    Registration,
    Theme,
)
from participation.agenda.presentation import rfc5545
from participation.agenda.presentation.ical import Addresses, calendar_lines
from participation.agenda.queries import feeds

FEED = 5000
_FEED_PATH = "/agenda/agenda.ics"


def run(*, entries: int = ENTRIES, registrations: int = REGISTRATIONS) -> Iterator[str]:
    """Grow the agenda of the demonstration and measure; yields tables."""
    agenda = CitizenAgenda.objects.order_by("mandate")[0]
    at = timezone.now()
    grow_agenda(agenda, entries // 10, at)
    few = {name: count_queries(path) for name, path in pages().items()}
    grow_agenda(agenda, entries, at)
    grow_registrations(registrations, at)
    settle()
    yield data()
    many = {name: count_queries(path) for name, path in pages().items()}
    yield table(
        "Requêtes SQL (la même quantité aux deux tailles ; au plus 15)",
        ("page", f"à {entries // 10}", f"à {entries}"),
        [(name, few[name], many[name]) for name in pages()],
    )
    with server() as port:
        yield latencies("Pages", measured(port, pages()))
        status, body, _headers = fetch(port, pages()["frise"])
        assert status == 200  # noqa: S101 -- the weight of an error would mislead
    yield table(
        "Frise des six ans (au plus 150 kB compressés)",
        ("kB", "kB compressés"),
        [(f"{len(body) / 1000:.0f}", f"{len(gzip.compress(gunzipped(body))) / 1000:.1f}")],
    )
    yield feed()


def pages() -> dict[str, str]:
    """The measured views, by name; the feeds are measured apart."""
    event = Event.objects.public().order_by("-pk")[0]
    theme = Theme.objects.order_by("position", "name")[0]
    return {
        "frise": "/agenda/?vue=frise",
        "mois": "/agenda/?vue=mois",
        "liste": "/agenda/?vue=liste",
        "carte": "/agenda/?vue=carte",
        "liste, thème": f"/agenda/?vue=liste&theme={theme.slug}",
        "une rencontre": f"/agenda/rencontres/{event.slug}/",
        "flux Atom": "/agenda/flux.atom",
    }


def data() -> str:
    return table(
        "Données",
        ("lignes publiques", "annonces", "rencontres", "inscriptions"),
        [
            (
                AgendaEntry.objects.count(),
                AgendaItem.objects.count(),
                Event.objects.count(),
                Registration.objects.count(),
            )
        ],
    )


def feed(number: int = FEED) -> str:
    """Building a feed of `number` entries from the database, then the whole and "nothing new"."""
    told = []
    addresses, why = Addresses(feeds.public_activities()), feeds.reasons()
    rows = (row for row, _place in zip(feeds.lines_of(feeds.whole()), range(number), strict=False))
    started, cpu = time.perf_counter(), time.process_time()
    lines = calendar_lines(rows, addresses=addresses, reasons=why)
    size = sum(
        len(piece)
        for piece in rfc5545.calendar(lines, name="Mesure", url="", zones=["Europe/Paris"])
    )
    told.append((f"{number} lignes", size, started, cpu, time.perf_counter(), time.process_time()))
    with override_settings(ALLOWED_HOSTS=["*"]):
        client = Client()
        started, cpu = time.perf_counter(), time.process_time()
        response = client.get(_FEED_PATH)
        size = sum(len(piece) for piece in response.streaming_content)  # type: ignore[attr-defined, misc]  # it streams
        told.append(("tout", size, started, cpu, time.perf_counter(), time.process_time()))
        started, cpu = time.perf_counter(), time.process_time()
        again = client.get(_FEED_PATH, headers={"if-none-match": response["ETag"]})
        assert again.status_code == 304, again.status_code  # noqa: S101 -- else it measures another thing
        told.append(
            ("rien de neuf (304)", 0, started, cpu, time.perf_counter(), time.process_time())
        )
    return table(
        "Flux iCalendar (5 000 lignes : au plus 1 seconde)",
        ("flux", "kB", "secondes", "dont processeur"),
        [
            (name, f"{size / 1000:.0f}", f"{wall - start:.2f}", f"{end - cpu:.2f}")
            for name, size, start, cpu, wall, end in told
        ],
    )


def gunzipped(body: bytes) -> bytes:
    """The page itself, whether or not it came compressed."""
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
