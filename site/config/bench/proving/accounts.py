"""What the database holds of an election after the fire, and whether it agrees with the voters."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from config.bench.proving.cluster import Cluster
from config.bench.proving.voters import Cast, acknowledged

_GENESIS = "0" * 64
_ROLL = """
    SELECT coalesce(json_agg(json_build_array(
        deposit_code, casts, cast_keys, encode(sha256(sealed_ballot), 'hex')
    )), '[]') FROM budgets_voterrecord WHERE poll_id = {poll}
"""
_JOURNAL = """
    SELECT json_agg(json_build_array(seq, kind, payload, prev, hash) ORDER BY seq)
    FROM budgets_journalentry WHERE poll_id = {poll}
"""
_HEAD = "SELECT journal_seq || ' ' || journal_head FROM budgets_poll WHERE envelope_id = {poll}"
_MAILS = """
    SELECT count(*) FROM core_notification WHERE kind = 'ballot-deposited' AND key LIKE '{poll}:%'
"""
_JOBS = """
    SELECT count(*) FROM procrastinate_jobs AS job
    JOIN core_notification AS note ON note.id = (job.args ->> 'notification_id')::bigint
    WHERE note.kind = 'ballot-deposited' AND note.key LIKE '{poll}:%'
"""


@dataclass(frozen=True, slots=True)
class Holdings:
    """One election in the database. `roll` holds (deposit code, casts, keys, envelope's digest);
    `journal` (seq, kind, payload, prev, hash) in order."""

    poll: int
    roll: list[tuple[str, int, list[str], str]]
    journal: list[tuple[int, str, str, str, str]]
    head: tuple[int, str]
    mails: int
    jobs: int

    @property
    def cast_entries(self) -> list[str]:
        """Digests of the envelopes that the journal says were cast."""
        return [payload for _seq, kind, payload, *_ in self.journal if kind in ("cast", "recast")]

    def faults(self, casts: Iterable[Cast]) -> list[str]:
        """Each promise that is not kept, in words; none when all are.

        `casts` are all those that were sent, each by another person.
        """
        known = acknowledged(casts)
        codes = {code for code, *_ in self.roll}
        keys = [key for _code, _casts, keys, _digest in self.roll for key in keys]
        found = {
            "a receipt without a line in the roll": {cast.code for cast in known} <= codes,
            "a person counted twice": all(casts == 1 for _code, casts, *_ in self.roll),
            "a key used twice": len(keys) == len(set(keys)) == len(self.roll),
            "roll and journal disagree": sorted(self.cast_entries)
            == sorted(digest for *_, digest in self.roll),
            "a broken chain": self._chain_holds(),
            "mails and jobs disagree": self.mails == self.jobs,
        }
        return [fault for fault, holds in found.items() if not holds]

    def lost(self, casts: Iterable[Cast]) -> int:
        """How many receipts have no line in the roll."""
        codes = {code for code, *_ in self.roll}
        return sum(cast.code not in codes for cast in acknowledged(casts))

    def _chain_holds(self) -> bool:
        last = _GENESIS
        for place, (seq, kind, payload, prev, given) in enumerate(self.journal, start=1):
            text = f"parvis-journal-v1|{last}|{self.poll}|{seq}|{kind}|{payload}"
            last = hashlib.sha256(text.encode()).hexdigest()
            if (seq, given) != (place, last) or (place > 1 and prev != self.journal[place - 2][4]):
                return False
        return self.head == (len(self.journal), last)


def holdings(cluster: Cluster, poll: int, *, database: str | None = None) -> Holdings:
    """Read an election with PostgreSQL's own program, past the application."""
    asked = [
        cluster.sql(query.format(poll=poll), database=database)
        for query in (_ROLL, _JOURNAL, _HEAD, _MAILS, _JOBS)
    ]
    seq, head = asked[2].split()
    return Holdings(
        poll=poll,
        roll=[tuple(line) for line in json.loads(asked[0])],
        journal=[tuple(line) for line in json.loads(asked[1])],
        head=(int(seq), head),
        mails=int(asked[3]),
        jobs=int(asked[4]),
    )
