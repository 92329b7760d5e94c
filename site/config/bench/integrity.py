"""An election under fire, the long form: nothing acknowledged is lost, nothing counts twice.

About twenty minutes. The short form is in `tests/integrity`.
"""

import contextlib
from collections.abc import Iterator

from config.bench.proving import faults
from config.bench.proving.cluster import CannotMountError, programs
from config.bench.proving.field import Field, Voters, proving_field
from config.bench.proving.server import Site
from config.bench.proving.voters import acknowledged
from config.bench.tables import table

DATABASE_KILLS, WORKER_KILLS = 20, 50
_HEAD = ("fois", "votes", "reçus", "envois sans réponse", "perdus", "manquements", "s")


def run() -> Iterator[str]:
    """Break what the vote stands on, fault by fault; yields tables."""
    if programs() is None:
        yield "\nIntégrité : aucun serveur PostgreSQL sur ce poste, que l’on puisse tuer ; non fait."
        return
    with proving_field() as field:
        yield _alike(field)
        with field.served() as site:
            # Each as soon as it is known: all of them take a while.
            yield (
                f"\nPannes, {faults.HANDS} votants à la fois qui renvoient leur bulletin "
                "(perdus et manquements : aucun, sauf au témoin)"
            )
            for name, outcome in _outcomes(field, site):
                yield table(name, _HEAD, [_line(outcome)])
            yield _close(field, site)


def _alike(field: Field) -> str:
    election, unprotected = field.elections(Voters(accounts=1), Voters(electors=1))
    with field.served() as site:
        casts = faults.cast_alike(site, election, number=200)
    known = acknowledged(casts)
    receipts = {(cast.code, cast.ballot_code) for cast in known}
    faults.unprotected_copy(field.cluster, "sans_cle")
    with field.served(database="sans_cle") as site:
        faults.cast_alike(site, unprotected, number=200)
    harm = field.holdings(unprotected, database="sans_cle")
    return table(
        "Le même formulaire 200 fois à la fois (une ligne et un reçu ; plusieurs lignes au témoin)",
        ("épreuve", "lignes au registre", "réponses", "reçus différents"),
        [
            ("vote", len(field.holdings(election).roll), len(known), len(receipts)),
            ("témoin, sans clé ni verrou", len(harm.roll), "", ""),
        ],
    )


def _outcomes(field: Field, site: Site) -> Iterator[tuple[str, faults.Outcome]]:
    killed, forgetful, workers, masters, renewed, stopped, crowded, full = field.elections(
        Voters(accounts=1000, electors=15_000),
        Voters(electors=3000),
        Voters(accounts=1000, electors=15_000),
        Voters(electors=6000),
        Voters(electors=6000),
        Voters(electors=6000),
        Voters(electors=4000),
        Voters(electors=4000),
    )
    yield (
        "PostgreSQL tué (SIGKILL)",
        faults.kill_database(field, site, killed, times=DATABASE_KILLS),
    )
    yield (
        "témoin : reçu donné avant l’écriture",
        faults.kill_forgetful_database(field, site, forgetful),
    )
    yield (
        "processus du site tué (SIGKILL)",
        faults.kill_workers(field, site, workers, times=WORKER_KILLS),
    )
    yield (
        "maître du site tué (SIGKILL)",
        faults.kill_masters(field, site, masters, times=5),
    )
    yield (
        "processus du site renouvelés (SIGHUP)",
        faults.renew_workers(field, site, renewed, times=5),
    )
    yield (
        "site arrêté puis relancé (SIGTERM)",
        faults.stop_and_start(field, site, stopped, times=5),
    )
    yield ("plus une connexion libre", faults.exhaust_connections(field, site, crowded)[0])
    with contextlib.suppress(CannotMountError):
        outcome, _errors, _page = faults.fill_disk(field, site, full, times=3)
        yield "disque de la base plein", outcome
    # Made now: half an hour without a sign closes the session of who has no account.
    (cut,) = field.elections(Voters(electors=200))
    yield (
        "réponse coupée après l’écriture",
        faults.cut_answers(field, site, cut, number=200)[1],
    )


def _line(outcome: faults.Outcome) -> tuple[object, ...]:
    return (
        outcome.times,
        outcome.casts,
        outcome.receipts,
        outcome.failures,
        outcome.lost,
        ", ".join(outcome.faults) or "aucun",
        f"{outcome.seconds:.0f}",
    )


def _close(field: Field, site: Site) -> str:
    (election,) = field.elections(Voters(electors=6000))
    outcome, late, refused = faults.close_under_load(field, site, election)
    return table(
        "L’heure de clôture passe pendant le vote (aucun vote après elle, à l’horloge de la base)",
        ("reçus", "refusés, vote clos", "entrés après l’heure", "manquements"),
        [(outcome.receipts, refused, late, ", ".join(outcome.faults) or "aucun")],
    )
