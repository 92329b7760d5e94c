"""Open sealed envelopes and tell the ballots that count from those that do not."""

from collections.abc import Container, Sequence

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from participation.budgets.choices import VoidReason
from participation.budgets.models import Poll
from participation.budgets.services.vote.envelopes import (
    OpenedBallot,
    UnreadableEnvelopeError,
    envelope_hash,
    unseal,
)
from participation.budgets.services.vote.rule import ballot_rule, ballot_verdict


def unseal_all(
    *,
    poll: Poll,
    key: X25519PrivateKey,
    envelopes: Sequence[bytes],
    aside: Sequence[bytes] = (),
    taken: Container[str] = frozenset(),
) -> tuple[list[OpenedBallot], list[tuple[str, str]]]:
    """Valid ballots by their codes; void ones as (ballot code or envelope's digest, reason).

    Those `aside` stay sealed. `taken` are the codes of a box that is counted already.
    """
    opened: dict[str, OpenedBallot] = {}
    void: list[tuple[str, str]] = []
    rule = ballot_rule(options=poll.options)
    digests: set[str] = set()

    def leave_out(sealed: bytes, reason: str) -> None:
        # Whoever sends a copy of somebody's envelope makes a second line of one code.
        digest = envelope_hash(sealed)
        void.append((digest, VoidReason.REPEATED_CODE if digest in digests else reason))
        digests.add(digest)

    for sealed in aside:
        leave_out(sealed, VoidReason.SET_ASIDE)
    for sealed in envelopes:
        try:
            ballot = unseal(key=key, poll_id=poll.pk, sealed=sealed)
        except UnreadableEnvelopeError:
            leave_out(sealed, VoidReason.UNREADABLE)
            continue
        if ballot.code in opened or ballot.code in taken:
            void.append((ballot.code, VoidReason.REPEATED_CODE))
            continue
        verdict = ballot_verdict(
            options=poll.options, choices=ballot.choices, points=ballot.points, rule=rule
        )
        if not verdict:
            void.append((ballot.code, verdict.codes[0]))
            continue
        opened[ballot.code] = ballot
    return [opened[code] for code in sorted(opened)], sorted(void)
