"""Record the board of a budget, from the ceremony in the page or from the file of the command."""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import BoardOrigin
from participation.budgets.models import Board, BoardMember, BoardSeal, Budget
from participation.budgets.policies.board import may_make_board
from participation.budgets.services.vote.ceremony import (
    PAIRS,
    BadSecretError,
    SealedKey,
    make_sealed_key,
    member_public_key,
    new_secret,
    open_sealed_key,
    public_bytes,
)
from participation.core import audit
from participation.core.verdict import Refused, refuse
from participation.methods.digest import canonical_json, sha256_hex

VERSION = "parvis-board-v1"
LONGEST_FILE = 20_000
"""Bytes of a board's file at most: an honest one has about two thousand."""
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the board as the ceremony names them; `public_key` has 32 bytes."""

    name: str
    email: str
    public_key: bytes


def ceremony(members: Sequence[Member]) -> SealedKey:
    """Make the key pair of a budget for three members. Raises `Refused` with `members_alike`."""
    if len({member.public_key for member in members}) != len(PAIRS):
        raise Refused(refuse("members_alike", _("A board has three members, each with a secret.")))
    return make_sealed_key([member.public_key for member in members])


@transaction.atomic
def record_board(
    *,
    budget: Budget,
    members: Sequence[Member],
    key: SealedKey,
    origin: str,
    actor: Any,
    at: datetime.datetime,
    observers: Sequence[str] = (),
    challenge_days: int = 60,
) -> Board:
    """Give a budget its board; an earlier one goes, as long as no vote is sealed with it.

    Raises `Refused` with the codes of `policies.board.may_make_board`.
    """
    locked = Budget.objects.select_for_update(of=("self",), no_key=True).get(pk=budget.pk)
    may_make_board(budget=locked, user=actor).or_refuse()
    Board.objects.filter(budget=locked).delete()
    board = Board.objects.create(
        budget=locked,
        public_key=key.public_key,
        fingerprint=key.fingerprint,
        origin=origin,
        observers=list(observers),
        challenge_days=challenge_days,
        made_at=at,
    )
    BoardMember.objects.bulk_create(
        [
            BoardMember(
                board=board,
                rank=rank,
                name=member.name,
                email=member.email,
                public_key=member.public_key,
            )
            for rank, member in enumerate(members, start=1)
        ]
    )
    BoardSeal.objects.bulk_create(
        [
            BoardSeal(board=board, first_rank=first, second_rank=second, sealed=sealed)
            for (first, second), sealed in key.seals.items()
        ]
    )
    audit.record(
        action="parvis.board.make",
        instance=locked.activity,
        actor=actor,
        fingerprint=board.fingerprint,
        origin=origin,
    )
    return board


def board_file(*, members: Sequence[Member], key: SealedKey) -> str:
    """The public part of a ceremony as its file holds it: canonical JSON."""
    return canonical_json(
        {
            "fingerprint": key.fingerprint,
            "members": [
                {
                    "email": member.email,
                    "name": member.name,
                    "public_key": member.public_key.hex(),
                }
                for member in members
            ],
            "public_key": key.public_key.hex(),
            "seals": [
                {"first": first, "sealed": sealed.hex(), "second": second}
                for (first, second), sealed in sorted(key.seals.items())
            ],
            "v": VERSION,
        }
    )


def read_board_file(content: bytes) -> tuple[list[Member], SealedKey]:
    """What a board's file holds. Raises `Refused`: `board_file_wrong`, `board_file_altered`."""
    try:
        if len(content) > LONGEST_FILE:
            raise ValueError("too long for a board")
        held = json.loads(content)
        if held["v"] != VERSION:
            raise ValueError("another version")
        members = [
            Member(_short(one["name"]), _address(one["email"]), _bytes(one["public_key"], 32))
            for one in held["members"]
        ]
        public_key = _bytes(held["public_key"], 32)
        seals = {
            (int(one["first"]), int(one["second"])): _bytes(one["sealed"], 32 + 2 * 48)
            for one in held["seals"]
        }
        if len({member.public_key for member in members}) != len(PAIRS) or set(seals) != {*PAIRS}:
            raise ValueError("not three members")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError):
        raise Refused(
            refuse(
                "board_file_wrong",
                _(
                    "This is not the file of a board, or a part of it is missing. Take the file "
                    "“board.json” that the ceremony wrote."
                ),
            )
        ) from None
    if held.get("fingerprint") != sha256_hex(public_key):
        raise Refused(
            refuse(
                "board_file_altered",
                _("The fingerprint in this file is not that of its key: the file was altered."),
            )
        )
    return members, SealedKey(public_key, seals)


@dataclass(frozen=True, slots=True)
class OpenedKey:
    """The key of the box, and the two members whose secrets opened it."""

    private: X25519PrivateKey
    members: tuple[BoardMember, BoardMember]


def open_key(*, board: Board, secrets: Sequence[str]) -> OpenedKey:
    """The key of the box, from the secrets of two different members.

    Raises `Refused` with one refusal for each secret that is wrong: `secret_missing_letters`,
    `secret_extra_letters`, `secret_strange_letter`, `secret_typo`, `secret_unknown`, each with
    `which` (1 or 2); then `same_member`, `two_secrets`; `seal_broken`.
    """
    if len(secrets) != 2:
        raise Refused(refuse("two_secrets", _("Two members of the board give their secrets.")))
    ranks = {bytes(member.public_key): member for member in board.members.order_by("rank")}
    found = []
    verdict = None
    for which, secret in enumerate(secrets, start=1):
        try:
            found.append((ranks[member_public_key(secret)], secret))
            continue
        except BadSecretError as error:
            wrong = refuse(f"secret_{error.fault}_{which}", _FAULTS[error.fault], which=which)
        except KeyError:
            wrong = refuse(
                f"secret_unknown_{which}",
                _("Secret %(which)s is well written, but is that of no member of this board."),
                which=which,
            )
        verdict = wrong if verdict is None else verdict & wrong
    if verdict is not None:
        raise Refused(verdict)
    (one, first), (two, second) = sorted(found, key=lambda held: held[0].rank)
    if one.rank == two.rank:
        raise Refused(
            refuse(
                "same_member",
                _("Both secrets are those of %(name)s: two different members are needed."),
                name=one.name,
            )
        )
    seal = board.seals.filter(first_rank=one.rank, second_rank=two.rank).first()
    try:
        key = open_sealed_key(
            sealed=bytes(seal.sealed) if seal else b"", first=first, second=second
        )
    except ValueError:
        key = None
    if key is None or public_bytes(key) != bytes(board.public_key):
        raise Refused(
            refuse(
                "seal_broken",
                _(
                    "The key sealed for these two members does not open: another pair of members "
                    "may still open the box."
                ),
            )
        )
    return OpenedKey(key, (one, two))


def give_board(*, budget: Budget, actor: Any, at: datetime.datetime) -> tuple[str, str, str]:
    """Hold a whole ceremony at once with three nameless members: for demonstrations and tests.

    The three secrets, which nobody keeps.
    """
    secrets = (new_secret(), new_secret(), new_secret())
    members = [
        Member(f"Membre {rank}", "", member_public_key(secret))
        for rank, secret in enumerate(secrets, start=1)
    ]
    record_board(
        budget=budget,
        members=members,
        key=ceremony(members),
        origin=BoardOrigin.SERVER,
        actor=actor,
        at=at,
    )
    return secrets


_FAULTS = {
    "missing_letters": _("Secret %(which)s is too short: letters are missing."),
    "extra_letters": _("Secret %(which)s is too long: it has 26 letters and a check letter."),
    "strange_letter": _("Secret %(which)s holds a sign that no secret has."),
    "typo": _("Secret %(which)s has a typing error: read it again, group by group."),
}


def _bytes(text: str, length: int) -> bytes:
    held = bytes.fromhex(text)
    if len(held) != length:
        raise ValueError("wrong length")
    return held


def _short(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_NAME:
        raise ValueError("no name")
    return text.strip()


def _address(text: str) -> str:
    if text:
        validate_email(text)
    return text
