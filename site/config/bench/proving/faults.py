"""The faults themselves: each runs voters, breaks something under them, and says what came of it."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from config.bench.proving.cluster import Cluster
from config.bench.proving.field import Field
from config.bench.proving.server import Site
from config.bench.proving.voters import Cast, Crowd, Election, acknowledged

HANDS = 16
"""Voters at once."""

_SPELL = 1.5  # seconds of voting between two faults
_CLOSING_IN = 4.0


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
            time.sleep(_SPELL)
            break_it()
        time.sleep(_SPELL)
    finally:
        crowd.stop()
        voting.join()
    return crowd.casts


def kill_database(field: Field, election: Election, *, times: int) -> Outcome:
    """SIGKILL PostgreSQL and all its processes `times` times while voters cast and insist."""

    def break_it() -> None:
        field.cluster.kill()
        field.cluster.start()

    since = time.monotonic()
    with field.served() as site:
        casts = _under_fire(Crowd(site.port, election, hands=HANDS), break_it, times=times)
    return _outcome(field, election, casts, times=times, since=since)


def kill_forgetful_database(field: Field, election: Election) -> Outcome:
    """The control: the same once, with commits acknowledged before they are on the disk."""
    field.cluster.durable = False
    field.cluster.restart()
    since = time.monotonic()
    try:
        with field.served() as site:
            crowd = Crowd(site.port, election, hands=HANDS)
            crowd.vote(seconds=2 * _SPELL, patience=30.0)
            field.cluster.kill()
            field.cluster.start()
        return _outcome(field, election, crowd.casts, times=1, since=since)
    finally:
        field.cluster.durable = True
        field.cluster.restart()


def kill_workers(field: Field, election: Election, *, times: int) -> Outcome:
    """SIGKILL a process of the site `times` times in the middle of its requests."""
    since = time.monotonic()
    with field.served() as site:
        casts = _under_fire(
            Crowd(site.port, election, hands=HANDS), site.kill_worker, times=times
        )
    return _outcome(field, election, casts, times=times, since=since)


def renew_workers(field: Field, election: Election, *, times: int) -> Outcome:
    """Replace the processes of the site `times` times, as they finish what they do (SIGHUP)."""
    since = time.monotonic()
    with field.served() as site:
        casts = _under_fire(Crowd(site.port, election, hands=HANDS), site.renew, times=times)
    return _outcome(field, election, casts, times=times, since=since)


def exhaust_connections(field: Field, election: Election) -> tuple[Outcome, set[int]]:
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
                    psycopg.connect(host=str(field.cluster.folder), user="parvis", dbname="postgres")
                )
        time.sleep(4 * _SPELL)
        for connection in held:
            connection.close()

    since = time.monotonic()
    with field.served() as site:
        casts = _under_fire(Crowd(site.port, election, hands=HANDS), break_it, times=1)
    statuses = {
        status
        for cast in casts
        for status in cast.statuses
        if status is not None and status >= 500
    }
    return _outcome(field, election, casts, times=1, since=since), statuses


def close_under_load(field: Field, election: Election) -> tuple[Outcome, int, int]:
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
    """)
    since = time.monotonic()
    try:
        with field.served() as site:
            crowd = Crowd(site.port, election, hands=HANDS)
            field.cluster.sql(
                "UPDATE core_phase SET period = tstzrange(lower(period), clock_timestamp()"
                f" + interval '{_CLOSING_IN} seconds') WHERE activity_id = {election.budget}"
            )
            crowd.vote(seconds=1.5 * _CLOSING_IN)
        late = field.cluster.sql(f"""
            SELECT count(*) FROM epreuve_hour AS noted
            JOIN core_phase AS phase ON phase.activity_id = {election.budget}
            WHERE noted.poll = {election.poll} AND NOT phase.period @> noted.at
        """)
    finally:
        field.cluster.sql("DROP TRIGGER aaa_epreuve ON budgets_voterrecord")
    refused = sum(cast.refused is not None for cast in crowd.casts)
    return _outcome(field, election, crowd.casts, times=1, since=since), int(late), refused


class CuttingProxy:
    """Stands before the site and cuts the answers it is told to cut, once the site has given them.

    The request went through and its ballot is committed: only the voter does not know.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.left_to_cut = 0
        self.cut = 0
        self._lock = threading.Lock()

    def serve(self) -> None:
        """Pass requests on until `close`."""
        while True:
            try:
                voter, _address = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(voter,), daemon=True).start()

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _pass_on(self, voter: socket.socket) -> None:
        with voter, socket.create_connection(("127.0.0.1", self._site.port)) as site:
            site.sendall(_request(voter))
            answer = _answer(site)
            with self._lock:
                cuts = self.left_to_cut > 0
                self.left_to_cut -= cuts
                self.cut += cuts
            if cuts:  # RST instead of an answer
                voter.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            voter.sendall(answer)


def _request(voter: socket.socket) -> bytes:
    """A whole request, which is told to be the last of its connection."""
    held = b""
    while b"\r\n\r\n" not in held:
        held += voter.recv(65_536)
    head, _, body = held.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += voter.recv(65_536)
    return head + b"\r\nConnection: close\r\n\r\n" + body


def _answer(site: socket.socket) -> bytes:
    held = b""
    while part := site.recv(65_536):
        held += part
    return held


@contextlib.contextmanager
def cutting_proxy(site: Site) -> Iterator[CuttingProxy]:
    """A proxy that passes everything on until it is told otherwise."""
    proxy = CuttingProxy(site)
    threading.Thread(target=proxy.serve, daemon=True).start()
    try:
        yield proxy
    finally:
        proxy.close()


def unprotected_copy(cluster: Cluster, name: str) -> None:
    """A copy of the database that lets one person have several lines: what the key prevents."""
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
