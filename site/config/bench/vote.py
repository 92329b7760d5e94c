"""How fast people vote: durable casts over HTTP, the opening, the public check, the voting page.

On a private PostgreSQL that flushes each commit. Casts are a ratio to raw upserts of the same
size that pgbench makes on the same cluster just before, with as many clients.
"""

import dataclasses
import gzip
import json
import os
import re
import time
from collections.abc import Iterator
from statistics import median, quantiles

from config.bench.proving.cluster import programs
from config.bench.proving.faults import HANDS
from config.bench.proving.field import Field, Voters, proving_field
from config.bench.proving.server import Site
from config.bench.proving.voters import Crowd, Election, acknowledged
from config.bench.tables import table
from config.bench.web import fetch, first_visit

SECONDS = int(os.environ.get("BENCH_VOTE_SECONDS", "60"))
"""Of casting; 600 for the ten minutes of docs/integrity.md."""

PROJECTS = 183
BALLOTS = 10_000
_MOST_PER_SECOND = 400
_RAW_SECONDS = 15


def run() -> Iterator[str]:
    """Measure; yields tables."""
    if programs() is None:
        yield "\nVote : aucun serveur PostgreSQL sur ce poste, pour une base à soi ; non mesuré."
        return
    with proving_field() as field:
        yield from _casting(field)
        yield _ending(field)


def _casting(field: Field) -> Iterator[str]:
    half = SECONDS * _MOST_PER_SECOND // 2
    election, with_mail = field.elections(
        Voters(electors=half, projects=PROJECTS), Voters(accounts=half, projects=PROJECTS)
    )
    raw = raw_upserts(field, election)
    with field.served() as site:
        rows = [
            _cast_line(field, site, election, "venus par lettre ou liste", raw),
            _cast_line(field, site, with_mail, "comptes, avec leur mail", raw),
        ]
        page = _page(field, site, election)
    yield table(
        f"Votes durables par HTTP, {HANDS} votants à la fois, {SECONDS // 2} s chacun ; pgbench : {raw:.0f} upserts/s (au moins 10 %, 33 votes/s, p95 sous 500 ms, aucune erreur)",
        (
            "votants",
            "votes/s",
            "% de pgbench",
            "ms de processeur",
            "p50 ms",
            "p95 ms",
            "erreurs",
            "manquements",
        ),
        rows,
    )
    yield page


def raw_upserts(field: Field, election: Election) -> float:
    """Upserts per second of a row as large as a line of the roll, by pgbench, as many at once."""
    field.cluster.sql(
        "DROP TABLE IF EXISTS epreuve_brute; CREATE TABLE epreuve_brute"
        " (voter bigint PRIMARY KEY, sealed bytea, code text, casts integer)",
        role="parvis",
    )
    script = field.folder / "upsert.sql"
    size = election.padded_length + 48
    script.write_text(
        "\\set voter random(1, 100000)\n"
        f"INSERT INTO epreuve_brute VALUES (:voter, decode(repeat('ab', {size}), 'hex'),"
        " 'ABCDEFGHIJKLMNOPQRST', 1) ON CONFLICT (voter) DO UPDATE SET sealed = EXCLUDED.sealed,"
        " casts = epreuve_brute.casts + 1;\n"
    )
    report = field.cluster.pgbench(
        [
            "--no-vacuum",
            f"--client={HANDS}",
            "--jobs=2",
            f"--time={_RAW_SECONDS}",
            f"--file={script}",
        ]
    )
    found = re.search(r"tps = ([\d.]+)", report)
    if found is None:
        raise ValueError(report)
    return float(found.group(1))


def _cast_line(
    field: Field, site: Site, election: Election, name: str, raw: float
) -> tuple[object, ...]:
    Crowd(site.port, election, hands=HANDS).vote(seconds=2)  # so that the processes are warm
    left = dataclasses.replace(election, sessions=election.sessions[_MOST_PER_SECOND * 2 :])
    since, spent = time.perf_counter(), site.cpu_seconds()
    casts = Crowd(site.port, left, hands=HANDS).vote(seconds=SECONDS / 2)
    seconds, spent = time.perf_counter() - since, site.cpu_seconds() - spent
    done = acknowledged(casts)
    times = [cast.seconds * 1000 for cast in done]
    rate = len(done) / seconds
    errors = sum(cast.failures + (cast.refused is not None) for cast in casts)
    held = field.holdings(election)
    return (
        name,
        f"{rate:.0f}",
        f"{100 * rate / raw:.1f}",
        f"{spent / len(done) * 1000:.1f}",
        f"{median(times):.0f}",
        f"{quantiles(times, n=20)[-1]:.0f}",
        errors,
        ", ".join(held.faults(casts)) or "aucun",
    )


def _page(field: Field, site: Site, election: Election) -> str:
    session = election.sessions[-1]
    cookie = f"{election.cookie}={session}"
    queries = field.program("page", election.cookie, session, election.ballot_path)
    _status, body, _headers = fetch(site.port, election.ballot_path, Cookie=cookie)
    requests, weight, foreign = first_visit(site.port, election.ballot_path, Cookie=cookie)
    compressed = len(gzip.compress(body, 6))  # what the front server does
    return table(
        f"Page de vote de {PROJECTS} projets (au plus 150 kB compressés, 15 requêtes SQL)",
        ("requêtes SQL", "page, kB", "avec ses fichiers, kB", "requêtes HTTP", "vers un tiers"),
        [
            (
                queries,
                f"{compressed / 1000:.1f}",
                f"{(weight - len(body) + compressed) / 1000:.1f}",
                requests,
                foreign,
            )
        ],
    )


def _ending(field: Field) -> str:
    (election,) = field.elections(Voters(electors=BALLOTS, projects=PROJECTS))
    told = json.loads(
        field.program(
            "ending",
            f"--poll={election.poll}",
            *(f"--secret={secret}" for secret in election.secrets),
        )
    )
    return table(
        f"Fin d’un vote de {told['ballots']} bulletins (ouverture sous 5 s, vérification sous 2 s)",
        ("ouvrir et compter, s", "publier, s", "vérifier et recompter, s", "tout tient"),
        [
            (
                f"{told['open']:.1f}",
                f"{told['publish']:.1f}",
                f"{told['check']:.1f}",
                "oui" if told["sound"] else "non",
            )
        ],
    )
