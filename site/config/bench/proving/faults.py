"""The faults themselves: each runs voters, breaks something under them, and says what came of it."""

import contextlib
import dataclasses
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from config.bench.proving.cluster import Cluster
from config.bench.proving.field import Field
from config.bench.proving.proxy import cutting_proxy
from config.bench.proving.server import Site
from config.bench.proving.voters import (
    Cast,
    Crowd,
    Election,
    acknowledged,
    at_once,
    insist,
    new_cast,
    send,
)

HANDS = 16
"""Voters at once."""

_SPELL = 1.5  # seconds of voting between two faults
_PATIENCE = 30.0
_CLOSING_IN = 4.0
_ROOM = 48 * 1024 * 1024  # bytes left on the small disk before it is filled


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a fault. `failures` are sendings without an answer of the site, or with an error
    of it; `faults` the promises not kept, in words; `lost` the receipts without a ballot."""

    times: int
    casts: int
    receipts: int
    failures: int
    lost: int
    faults: list[str]
    seconds: float


def _outcome(
    field: Field, election: Election, casts: list[Cast], *, times: int, since: float
) -> Outcome:
    held = field.holdings(election)
    return Outcome(
        times=times,
        casts=len(casts),
        receipts=len(acknowledged(casts)),
        failures=sum(cast.failures for cast in casts),
        lost=held.lost(casts),
        faults=held.faults(casts),
        seconds=time.monotonic() - since,
    )


def _under_fire(crowd: Crowd, break_it: Callable[[], None], *, times: int) -> list[Cast]:
    """Let a crowd vote while `break_it` is done `times` times; then everybody finishes."""
    voting = threading.Thread(target=crowd.vote, kwargs={"seconds": 3600.0, "patience": 120.0})
    voting.start()
    try:
        for _ in range(times):
            _let_vote(crowd)
            break_it()
        _let_vote(crowd)
    finally:
        crowd.stop()
        voting.join()
    return crowd.casts


def _let_vote(crowd: Crowd) -> None:
    """Wait for a spell, and for as many new receipts as there are voters at once."""
    enough, patience = len(acknowledged(crowd.casts)) + HANDS, time.monotonic() + _PATIENCE
    time.sleep(_SPELL)
    while len(acknowledged(crowd.casts)) < enough and time.monotonic() < patience:
        time.sleep(0.1)


def kill_database(field: Field, site: Site, election: Election, *, times: int) -> Outcome:
    """SIGKILL PostgreSQL and all its processes `times` times while voters cast and insist."""

    def break_it() -> None:
        field.cluster.kill()
        field.cluster.start()

    since = time.monotonic()
    casts = _under_fire(Crowd(site.port, election, hands=HANDS), break_it, times=times)
    return _outcome(field, election, casts, times=times, since=since)


def kill_forgetful_database(field: Field, site: Site, election: Election) -> Outcome:
    """The control: the same once, with commits acknowledged before they are on the disk."""
    field.cluster.durable = False
    field.cluster.restart()
    field.cluster.freeze_writer()
    try:
        return kill_database(field, site, election, times=1)
    finally:
        field.cluster.durable = True
        field.cluster.restart()


def kill_workers(field: Field, site: Site, election: Election, *, times: int) -> Outcome:
    """SIGKILL a process of the site `times` times in the middle of its requests."""
    since = time.monotonic()
    casts = _under_fire(Crowd(site.port, election, hands=HANDS), site.kill_worker, times=times)
    return _outcome(field, election, casts, times=times, since=since)


def kill_masters(field: Field, site: Site, election: Election, *, times: int) -> Outcome:
    """SIGKILL the process that commands the site's others, which is then started again."""
    since = time.monotonic()
    casts = _under_fire(Crowd(site.port, election, hands=HANDS), site.kill_master, times=times)
    return _outcome(field, election, casts, times=times, since=since)


def renew_workers(field: Field, site: Site, election: Election, *, times: int) -> Outcome:
    """Replace the processes of the site `times` times, as they finish what they do (SIGHUP)."""
    since = time.monotonic()
    casts = _under_fire(Crowd(site.port, election, hands=HANDS), site.renew, times=times)
    return _outcome(field, election, casts, times=times, since=since)


def stop_and_start(field: Field, site: Site, election: Election, *, times: int) -> Outcome:
    """Stop the site as a deployment does (SIGTERM) and start it again, `times` times.

    What it had begun it finishes; meanwhile nobody listens, which is no failure.
    """

    def break_it() -> None:
        site.stop()
        site.start()

    since = time.monotonic()
    casts = _under_fire(Crowd(site.port, election, hands=HANDS), break_it, times=times)
    return _outcome(field, election, casts, times=times, since=since)


def exhaust_connections(field: Field, site: Site, election: Election) -> tuple[Outcome, set[int]]:
    """Take all connections of the database for a while; also the statuses of the site's errors."""
    import psycopg

    held: list[psycopg.Connection] = []

    def break_it() -> None:
        field.cluster.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'parvis_app'"
        )
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                held.append(
                    psycopg.connect(
                        host=str(field.cluster.folder), user="parvis", dbname="postgres"
                    )
                )
        time.sleep(4 * _SPELL)
        for connection in held:
            connection.close()

    since = time.monotonic()
    casts = _under_fire(Crowd(site.port, election, hands=HANDS), break_it, times=1)
    return _outcome(field, election, casts, times=1, since=since), _errors(casts)


def fill_disk(
    field: Field, site: Site, election: Election, *, times: int
) -> tuple[Outcome, set[int], str]:
    """Fill the database's disk `times` times while voters cast, then give the space back.

    Also the statuses of the site's errors, and the page that one more voter read meanwhile. The
    database starts again if it died of it. Raises `CannotMountError`.
    """
    read: list[str] = []
    rng = random.Random(election.poll)  # noqa: S311 -- which projects a test votes for
    late = new_cast(election, election.sessions[-1], sealed=False, rng=rng)
    since = time.monotonic()
    with field.cluster.on_small_disk(room=_ROOM) as disk:

        def break_it() -> None:
            disk.fill(seconds=4 * _SPELL)
            if late.code is None:
                read.append(send(site.port, election, late).decode())
            disk.empty()
            field.cluster.revive()

        casts = _under_fire(Crowd(site.port, election, hands=HANDS), break_it, times=times)
        insist(site.port, election, late, until=time.monotonic() + _PATIENCE)
        casts.append(late)
        outcome = _outcome(field, election, casts, times=times, since=since)
    return outcome, _errors(casts), next((page for page in read if page), "")


def _errors(casts: list[Cast]) -> set[int]:
    return {
        status for cast in casts for status in cast.statuses if status is not None and status >= 500
    }


def close_under_load(field: Field, site: Site, election: Election) -> tuple[Outcome, int, int]:
    """Let the hour of the close come while voters cast.

    Also how many lines the roll got after that hour by the database's clock, and how many voters
    were refused because the vote was over.
    """
    # The first trigger of the table by name: what it notes is before the last check of the hour.
    field.cluster.sql(f"""
        CREATE TABLE IF NOT EXISTS epreuve_hour (poll bigint, at timestamptz);
        GRANT INSERT, SELECT ON epreuve_hour TO parvis_app;
        CREATE OR REPLACE FUNCTION epreuve_note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO epreuve_hour VALUES (NEW.poll_id, clock_timestamp()); RETURN NEW; END $$;
        CREATE OR REPLACE TRIGGER aaa_epreuve BEFORE INSERT ON budgets_voterrecord
            FOR EACH ROW EXECUTE FUNCTION epreuve_note();
        UPDATE core_phase SET period = tstzrange(lower(period),
            clock_timestamp() + interval '{_CLOSING_IN} seconds')
        WHERE activity_id = {election.budget};
    """)  # noqa: S608 -- our own numbers
    since = time.monotonic()
    try:
        crowd = Crowd(site.port, election, hands=HANDS)
        crowd.vote(seconds=1.5 * _CLOSING_IN)
        late = field.cluster.sql(f"""
            SELECT count(*) FROM epreuve_hour AS noted
            JOIN core_phase AS phase ON phase.activity_id = {election.budget}
            WHERE noted.poll = {election.poll} AND NOT phase.period @> noted.at
        """)  # noqa: S608 -- our own numbers
    finally:
        field.cluster.sql("DROP TRIGGER aaa_epreuve ON budgets_voterrecord")
    refused = sum(cast.refused is not None for cast in crowd.casts)
    return _outcome(field, election, crowd.casts, times=1, since=since), int(late), refused


def unprotected_copy(cluster: Cluster, name: str) -> None:
    """A copy of the database that lets one person have several lines: what lock and key prevent.

    It looks, waits a moment and writes, as an application without them would.
    """
    cluster.copy(name)
    cluster.sql(
        """
        ALTER TABLE budgets_voterrecord DROP CONSTRAINT budgets_voterrecord_pkey;
        CREATE OR REPLACE FUNCTION budgets_cast(
            the_poll bigint, the_voter bigint, sealed bytea, code text, form_key text, content text,
            time_zone text, most integer, OUT outcome text, OUT casts integer, OUT voted_on date
        ) LANGUAGE plpgsql AS $$
        BEGIN
            voted_on := (clock_timestamp() AT TIME ZONE time_zone)::date;
            IF NOT EXISTS (SELECT 1 FROM budgets_voterrecord AS r
                           WHERE r.poll_id = the_poll AND r.voter_id = the_voter) THEN
                PERFORM pg_sleep(0.1);
                INSERT INTO budgets_voterrecord (poll_id, voter_id, channel, sealed_ballot,
                    deposit_code, cast_keys, cast_digest, casts, desk, voted_on)
                VALUES (the_poll, the_voter, 'web', sealed, code, ARRAY[form_key]::varchar[],
                    content, 1, '', budgets_cast.voted_on);
                outcome := 'cast'; casts := 1;
            ELSE
                outcome := 'known';
            END IF;
        END $$;
        """,
        database=name,
    )


def cast_alike(site: Site, election: Election, *, number: int) -> list[Cast]:
    """One form of one person sent `number` times together: the answers."""
    rng = random.Random(election.poll)  # noqa: S311 -- which projects a test votes for
    form = new_cast(election, election.sessions[0], sealed=False, rng=rng)
    casts = [dataclasses.replace(form, statuses=[]) for _ in range(number)]
    at_once(site.port, election, casts)
    return casts


def cut_answers(
    field: Field, site: Site, election: Election, *, number: int
) -> tuple[list[Cast], Outcome]:
    """Cut the first answer to each of `number` ballots, once they are committed; they insist."""
    rng = random.Random(election.poll)  # noqa: S311 -- which projects a test votes for
    since = time.monotonic()
    casts = []
    with cutting_proxy(site) as proxy:
        for place, session in enumerate(election.sessions[:number]):
            cast = new_cast(election, session, sealed=place % 2 == 0, rng=rng)
            proxy.left_to_cut = 1
            insist(proxy.port, election, cast, until=time.monotonic() + 30)
            casts.append(cast)
    return casts, _outcome(field, election, casts, times=proxy.cut, since=since)
