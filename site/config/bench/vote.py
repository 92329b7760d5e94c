"""How fast people vote: durable casts over HTTP, the opening, the public check, the voting page.

On a private PostgreSQL that flushes each commit. Casts are a ratio to raw upserts of the same
size that pgbench makes on the same cluster just before, with as many clients. Two more rates say
what that ratio could be at most: pgbench casts sealed ballots too, which is what the protocol costs
without HTTP and Python, and the same voters ask for a constant, which is what HTTP and Python cost
without a vote.
"""

import dataclasses
import gzip
import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

from config.bench.proving.cluster import programs
from config.bench.proving.faults import HANDS
from config.bench.proving.field import Field, Voters, proving_field
from config.bench.proving.server import LIVE, Site
from config.bench.proving.voters import Cast, Crowd, Election, acknowledged
from config.bench.tables import table
from config.bench.web import fetch, first_visit
from participation.budgets.services.vote.envelopes import OVERHEAD

PROJECTS = 183
BALLOTS = 10_000
_SHARE_OF_ACCOUNTS = 0.2  # of the minutes, on top of them
_LETTERS_PER_SECOND, _ACCOUNTS_PER_SECOND = 300, 150  # at the very most, on two cores
_WARMING = 800  # voters who warm the processes up
_RAW_SECONDS = 15
_ENVELOPES = 100
_ENVELOPE = "(SELECT sealed FROM epreuve_enveloppes WHERE rank = :envelope)"
# Random bytes, as sealed ballots are: what compresses would be quicker to write.
_TABLES = """
    CREATE TABLE epreuve_brute (voter bigint PRIMARY KEY, sealed bytea, code text, casts integer);
    CREATE TABLE epreuve_enveloppes (rank integer PRIMARY KEY, sealed bytea);
    INSERT INTO epreuve_enveloppes SELECT rank, (
        SELECT substring(string_agg(sha256(format('%s %s', rank, part)::bytea), ''), 1, {length})
        FROM generate_series(0, {parts}) AS part
    ) FROM generate_series(1, {envelopes}) AS rank;
"""
_WINDOW = 10  # seconds over which a rate is "sustained"


def run(*, minutes: float = 1.0) -> Iterator[str]:
    """Measure casts by letter for so long, and first casts of accounts; yields tables."""
    if programs() is None:
        yield "\nVote : aucun serveur PostgreSQL sur ce poste, pour une base à soi ; non mesuré."
        return
    with proving_field() as field:
        yield from _casting(field, minutes * 60)
        yield _ending(field)


def _casting(field: Field, seconds: float) -> Iterator[str]:
    fewer = max(seconds * _SHARE_OF_ACCOUNTS, 15)
    election, with_mail, bare = field.elections(
        Voters(electors=_WARMING + int(seconds * _LETTERS_PER_SECOND), projects=PROJECTS),
        Voters(accounts=_WARMING + int(fewer * _ACCOUNTS_PER_SECOND), projects=PROJECTS),
        Voters(electors=2000, projects=PROJECTS),
    )
    load = os.getloadavg()[0]
    raw, sealed = raw_upserts(field, election), sealed_casts(field, bare)
    with field.served() as site:
        constants = constant_answers(site)
        rows = [
            _cast_line(field, site, election, f"par lettre, {seconds:.0f} s", seconds, raw),
            _cast_line(field, site, with_mail, f"comptes, {fewer:.0f} s", fewer, raw),
        ]
        page = _page(field, site, election)
    yield table(
        f"Votes durables par HTTP, {HANDS} votants à la fois, charge du poste {load:.1f} au départ"
        " (au moins 33 votes/s, p95 sous 500 ms, aucune erreur)",
        (
            "votants",
            "votes",
            "votes/s",
            f"pires {_WINDOW} s",
            "% de pgbench",
            "ms processeur site",
            "ms PostgreSQL",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "max ms",
            "erreurs",
            "manquements",
        ),
        rows,
    )
    # One processor does both for a vote, one after the other: their times add up.
    ceiling = 1 / (1 / sealed + 1 / constants)
    yield table(
        f"Ce qu’un vote par HTTP peut valoir au plus, {HANDS} à la fois, par seconde",
        ("ce qui est fait", "par seconde", "% des upserts bruts"),
        [
            (name, f"{rate:.0f}", f"{100 * rate / raw:.1f}")
            for name, rate in (
                ("upserts bruts, par pgbench", raw),
                ("votes scellés, par pgbench (budgets_cast, sans HTTP)", sealed),
                ("réponses constantes du site, par HTTP (sans vote ni base)", constants),
                ("l’un et l’autre : le plafond d’un vote par HTTP", ceiling),
            )
        ],
    )
    yield page


def raw_upserts(field: Field, election: Election) -> float:
    """Upserts per second of a row as large as a line of the roll, by pgbench, as many at once."""
    field.cluster.sql(
        _TABLES.format(
            length=election.padded_length + OVERHEAD,
            parts=election.padded_length // 32 + 2,
            envelopes=_ENVELOPES,
        ),
        role="parvis",
    )
    return _pgbench(
        field,
        "\\set voter random(1, 100000)\n"
        f"INSERT INTO epreuve_brute VALUES (:voter, {_ENVELOPE},"
        " 'ABCDEFGHIJKLMNOPQRST', 1) ON CONFLICT (voter) DO UPDATE SET sealed = EXCLUDED.sealed,"
        " casts = epreuve_brute.casts + 1;\n",
    )


def sealed_casts(field: Field, election: Election) -> float:
    """Casts per second as the site writes them: lock, triggers, journal, then wait for the disk."""
    first, last = field.cluster.sql(
        f"SELECT min(id) || ' ' || max(id) FROM electors_elector WHERE electorate_id = {election.budget}"  # noqa: S608 -- our own number
    ).split()
    return _pgbench(
        field,
        f"\\set voter random({first}, {last})\n"
        "SELECT set_config('synchronous_commit', 'off', true), outcome"
        f" FROM budgets_cast({election.poll}, :voter, {_ENVELOPE}, 'ABCDEFGHIJKLMNOPQRST',"
        " md5(random()::text), md5(random()::text), 'Europe/Paris', 9999);\n"
        "SELECT pg_logical_emit_message(true, 'parvis', '');\n",
    )


def constant_answers(site: Site) -> float:
    """Answers per second of the site's trivial view to as many voters, who connect as they do to
    cast: what a request costs before it does anything."""
    with ThreadPoolExecutor(HANDS) as pool:
        pool.map(lambda _: fetch(site.port, LIVE), range(_WARMING))
    since = time.perf_counter()
    until = since + _RAW_SECONDS

    def ask(_hand: int) -> int:
        asked = 0
        while time.perf_counter() < until:
            fetch(site.port, LIVE)
            asked += 1
        return asked

    with ThreadPoolExecutor(HANDS) as pool:
        answered = sum(pool.map(ask, range(HANDS)))
    return answered / (time.perf_counter() - since)


def _pgbench(field: Field, transaction: str) -> float:
    script = field.folder / "pgbench.sql"
    script.write_text(f"\\set envelope random(1, {_ENVELOPES})\n{transaction}")
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
    field: Field, site: Site, election: Election, name: str, seconds: float, raw: float
) -> tuple[object, ...]:
    warm = dataclasses.replace(election, sessions=election.sessions[:_WARMING])
    Crowd(site.port, warm, hands=HANDS).vote(seconds=2)
    left = dataclasses.replace(election, sessions=election.sessions[_WARMING:])
    since, spent, served = time.perf_counter(), site.cpu_seconds(), field.cluster.cpu_seconds()
    casts = Crowd(site.port, left, hands=HANDS).vote(seconds=seconds)
    lasted = time.perf_counter() - since
    spent, served = site.cpu_seconds() - spent, field.cluster.cpu_seconds() - served
    done = acknowledged(casts)
    times = [cast.seconds * 1000 for cast in done]
    rate = len(done) / lasted
    percentiles = quantiles(times, n=100)
    errors = sum(cast.failures + (cast.refused is not None) for cast in casts)
    return (
        name,
        len(done),
        f"{rate:.0f}",
        f"{_worst(done):.0f}",
        f"{100 * rate / raw:.1f}",
        f"{spent / len(done) * 1000:.1f}",
        f"{served / len(done) * 1000:.1f}",
        f"{median(times):.0f}",
        f"{percentiles[94]:.0f}",
        f"{percentiles[98]:.0f}",
        f"{max(times):.0f}",
        errors,
        ", ".join(field.holdings(election).faults(casts)) or "aucun",
    )


def _worst(done: list[Cast]) -> float:
    """Casts per second of the slowest whole window; of all when none is whole."""
    first, last = min(cast.ended for cast in done), max(cast.ended for cast in done)
    windows = Counter(int((cast.ended - first) // _WINDOW) for cast in done)
    whole = int((last - first) // _WINDOW)
    if not whole:
        return len(done) / (last - first)
    return min(windows[number] for number in range(whole)) / _WINDOW


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
        (
            "ouvrir et compter, s",
            "dont processeur du site, s",
            "de PostgreSQL, s",
            "publier, s",
            "vérifier et recompter, s",
            "tout tient",
        ),
        [
            (
                f"{told['open']:.1f}",
                f"{told['open_site']:.1f}",
                f"{told['open_database']:.1f}",
                f"{told['publish']:.1f}",
                f"{told['check']:.1f}",
                "oui" if told["sound"] else "non",
            )
        ],
    )
