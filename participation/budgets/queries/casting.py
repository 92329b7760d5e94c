"""What a cast asks of the database before it writes: all of it in one round trip."""

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import DEFERRED, Model

from maps.models import Territory
from participation.budgets.models import Budget, Envelope, Poll
from participation.core.models import Activity, Process
from participation.electors.models import Elector, Electorate
from participation.electors.queries import Visit

_Row = TypeVar("_Row", bound=Model)

_DOOR = """
    SELECT * FROM budgets_before_cast(%s, %s, (
        SELECT who.id FROM electors_elector AS who WHERE who.id = %s AND NOT EXISTS (
            SELECT FROM electors_votingcode AS code
            WHERE code.elector_id = who.id AND code.cancelled_at > %s
        )
    ), %s)
"""
_LINE = """
    SELECT clock_timestamp(), line.cast_keys, line.cast_digest, line.deposit_code, line.casts,
           line.voted_on
    FROM (VALUES (1)) AS always
    LEFT JOIN budgets_voterrecord AS line ON line.poll_id = %s AND line.voter_id = %s
"""


@dataclass(frozen=True, slots=True)
class Line:
    """What the voter's line holds before the cast; without one, `casts` is 0 and it has no day.

    `at` is the database's clock. `keys` are the digests of the forms' keys, the last one last;
    `content` that of the last key with what came with it.
    """

    at: datetime.datetime
    keys: list[str]
    content: str
    deposit_code: str
    casts: int
    voted_on: Any


@dataclass(frozen=True, slots=True)
class Door:
    """Who stands before which poll: enough for the policies to answer without another query.

    `poll` has its envelope, budget, activity, process and electorate; of these and of `elector`,
    only what decides of a cast is read. `elector` is None for somebody who never came.
    """

    poll: Poll
    elector: Elector | None
    line: Line


def door(
    *, slug: str, envelope_slug: str, visitor: Visit | None = None, account: Any = None
) -> Door | None:
    """The poll at that address and who stands before it; None when there is no such poll.

    `visitor` is who came without an account, if anybody, and no code of whom was cancelled since;
    else the elector of `account` is meant, whose verified addresses are read too.
    """
    key = account.pk if account is not None and account.is_authenticated else None
    who, since = (visitor.elector, visitor.since) if visitor is not None else (None, None)
    with connection.cursor() as cursor:
        cursor.execute(_DOOR, [slug, envelope_slug, who, since, key])
        found = cursor.fetchone()
        names = [column.name for column in cursor.description]
    if found is None:
        return None
    row = dict(zip(names, found, strict=True))
    if key is not None:
        _prefetch_addresses(account, row["mailboxes"] or [])
    poll = _poll(row, slug, envelope_slug)
    elector = _elector(row, account) if row["elector"] is not None else None
    return Door(
        poll,
        elector,
        Line(
            row["moment"],
            row["cast_keys"] or [],
            row["cast_digest"] or "",
            row["deposit_code"] or "",
            row["casts"] or 0,
            row["voted_on"],
        ),
    )


def line_of(*, poll: Poll, voter: Elector | None) -> Line:
    """The voter's line in the roll of that poll, and the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(_LINE, [poll.pk, None if voter is None else voter.pk])
        at, keys, content, code, casts, voted_on = cursor.fetchone()
    return Line(at, keys or [], content or "", code or "", casts or 0, voted_on)


@lru_cache(maxsize=64)
def frozen_options(poll_id: int, options_sha256: str) -> dict[str, Any]:
    """The sealed rule of a poll, kept by each process: the database lets nobody change it.

    Shared between requests: never to be written in.
    """
    return Poll.objects.values_list("options", flat=True).get(
        pk=poll_id, options_sha256=options_sha256
    )


def _poll(row: dict[str, Any], slug: str, envelope_slug: str) -> Poll:
    process = _read(
        Process, id=row["process"], published_at=row["published"], cancelled_at=row["cancelled"]
    )
    activity = _read(
        Activity,
        id=row["activity"],
        process_id=process.pk,
        title=row["activity_title"],
        slug=slug,
    )
    activity.process = process
    if row["has_electorate"]:
        _electorate(row).activity = activity  # which is then read with its electorate
    budget = _read(Budget, activity_id=activity.pk)
    budget.activity = activity
    envelope = _read(
        Envelope,
        id=row["poll"],
        budget_id=budget.pk,
        name=row["envelope_name"],
        slug=envelope_slug,
    )
    envelope.budget = budget
    poll = _read(
        Poll,
        envelope_id=row["poll"],
        board_id=row["board"],
        public_key=row["public_key"],
        options=frozen_options(row["poll"], row["options_sha256"]),
        options_sha256=row["options_sha256"],
        closed_at=row["closed"],
        opened_at=row["opened"],
    )
    poll.envelope = envelope
    return poll


def _electorate(row: dict[str, Any]) -> Electorate:
    electorate = _read(
        Electorate,
        activity_id=row["activity"],
        minimum_age=row["minimum_age"],
        age_on=row["age_on"],
        perimeter_id=row["perimeter"],
        links=row["links"],
        ways=row["ways"],
        is_roll_closed=row["is_roll_closed"],
        frozen_at=row["frozen"],
    )
    if row["perimeter"] is not None:
        electorate.perimeter = _read(Territory, id=row["perimeter"], name=row["perimeter_name"])
    return electorate


def _elector(row: dict[str, Any], account: Any) -> Elector:
    elector = _read(
        Elector,
        id=row["elector"],
        electorate_id=row["activity"],
        account_id=row["elector_account"],
        ways=row["elector_ways"],
        is_on_roll=row["is_on_roll"],
        birth_date=row["birth_date"],
        link=row["link"],
    )
    if account is not None and elector.account_id is not None and elector.account_id == account.pk:
        elector.account = account  # it is already read
    return elector


def _prefetch_addresses(account: Any, mailboxes: list[str]) -> None:
    """As `prefetch_related` would, with the verified addresses alone: the others prove nothing."""
    addresses = account.emailaddress_set.all()
    addresses._result_cache = [
        EmailAddress(user_id=account.pk, email=email, verified=True) for email in mailboxes
    ]
    kept = getattr(account, "_prefetched_objects_cache", {})
    account._prefetched_objects_cache = {**kept, "emailaddress_set": addresses}


def _read(model: type[_Row], **values: Any) -> _Row:
    """A row of which these columns alone were read; any other is read when it is asked for."""
    fields = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(connection.alias, fields, [values.get(name, DEFERRED) for name in fields])
