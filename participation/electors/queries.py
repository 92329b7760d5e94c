"""Reads of electorates and electors."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, TextField
from django.db.models.expressions import Value
from django.db.models.functions import Concat, Greatest

from participation.core import registry
from participation.core.choices import Step
from participation.core.models import Activity, Phase, Process
from participation.electors.choices import IdentityKind, Link, Way
from participation.electors.codes import LetterNumber
from participation.electors.digests import identity_digest
from participation.electors.models import (
    Elector,
    Electorate,
    ElectorIdentity,
    LetterBatch,
    LetterRecipient,
    MatchRequest,
    VotingCode,
)
from participation.electors.names import first_given_name, one_mailbox, plain_name

NEAR_ENOUGH = 0.45
"""Trigram similarity of whole names from which an officer should compare two people."""
_CANDIDATES = 8


def defaults_of(*, activity: Activity) -> dict[str, Any]:
    """The settings of an electorate that nobody has set: those of its process."""
    process: Process = activity.process
    return {
        "minimum_age": process.minimum_age,
        "perimeter": process.perimeter,
        "links": [Link.RESIDENT.value] if process.residents_only and process.perimeter else [],
    }


def electorate_in_force(*, activity: Activity) -> Electorate:
    """The electorate of an activity, or what it would be if nothing is set yet (not saved).

    No query when the activity was read with its electorate.
    """
    found: Any = Activity._meta.get_field("electorate").get_cached_value(activity, default=None)
    if found is None or found._state.adding:
        found = (
            Electorate.objects.select_related("perimeter")
            .defer("perimeter__geometry")
            .filter(activity=activity)
            .first()
        )
    electorate = found or Electorate(activity=activity, **defaults_of(activity=activity))
    electorate.activity = activity  # its process is already read
    return electorate


def elector_of_account(*, activity: Activity, account: Any) -> Elector | None:
    """The elector in whose name this account votes in this activity, if it ever did."""
    if not getattr(account, "is_authenticated", False):
        return None
    return Elector.objects.filter(electorate_id=activity.pk, account=account).first()


@dataclass(frozen=True, slots=True)
class Visit:
    """`elector` is the key of who came without an account, `since` the moment when they did.

    A code of theirs that is cancelled later ends the visit: somebody else may hold the letter.
    """

    elector: int
    since: datetime.datetime


def elector_of_visit(*, activity: Activity, visit: Visit) -> Elector | None:
    """The elector who came, unless a code of theirs was cancelled since then."""
    return (
        Elector.objects.filter(pk=visit.elector, electorate_id=activity.pk)
        .exclude(codes__cancelled_at__gt=visit.since)
        .first()
    )


def mailboxes_of(account: Any) -> list[str]:
    """The mailboxes that an account proved to hold, one spelling each, in order.

    No query when its addresses were prefetched.
    """
    addresses = account.emailaddress_set.all()
    return sorted({one_mailbox(address.email) for address in addresses if address.verified})


def mailbox_digests(*, electorate_id: int, account: Any) -> list[str]:
    """Keyed digests of the mailboxes of an account, as the electorate keeps them."""
    return [
        identity_digest(electorate_id, IdentityKind.EMAIL, mailbox)
        for mailbox in mailboxes_of(account)
    ]


def mailbox_is_taken(electorate: Electorate, account: Any) -> bool:
    """Whether somebody else already came with one of this account's mailboxes."""
    return (
        ElectorIdentity.objects.filter(
            electorate_id=electorate.pk,
            kind=IdentityKind.EMAIL,
            digest__in=mailbox_digests(electorate_id=electorate.pk, account=account),
        )
        .exclude(elector__account=account)
        .exists()
    )


def elector_by_identity(*, electorate_id: int, kind: str, digest: str) -> Elector | None:
    """The elector recognised by that keyed digest."""
    return Elector.objects.filter(
        identities__electorate_id=electorate_id, identities__kind=kind, identities__digest=digest
    ).first()


def search_roll(
    *, electorate: Electorate, text: str = "", birth_date: datetime.date | None = None
) -> QuerySet[Elector]:
    """Electors whose names begin with the words of `text` in any order, or whose number it is.

    For desks and the back office: names in order, districts joined.
    """
    found = (
        Elector.objects.filter(electorate=electorate)
        .select_related("territory")
        .defer("territory__geometry")
        .order_by("family_key", "given_key", "birth_date", "pk")
    )
    if birth_date is not None:
        found = found.filter(birth_date=birth_date)
    return matching(found, text)


def matching(found: QuerySet[Elector], text: str) -> QuerySet[Elector]:
    """Those of `found` whose names begin with the words of `text`, or whose number it is."""
    if not text.strip():
        return found
    by_name = Q()
    for word in plain_name(text).split():
        by_name &= (
            Q(family_key__startswith=word)
            | Q(family_key__contains=f" {word}")
            | Q(usual_key__startswith=word)
            | Q(given_key__startswith=word)
        )
    by_number = Q(roll_number=text.strip())
    return found.filter(by_number | by_name) if by_name else found.filter(by_number)


def without_letter(*, electorate: Electorate) -> QuerySet[Elector]:
    """People of the roll who have an address and for whom no letter is planned."""
    planned = LetterRecipient.objects.filter(elector=OuterRef("pk"))
    return (
        Elector.objects.filter(~Exists(planned), electorate_id=electorate.pk, is_on_roll=True)
        .exclude(postal_address="")
        .order_by("territory__code", "family_key", "given_key", "pk")
    )


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """One letter on paper. `code` is None once it is cancelled, by a later letter or alone.

    `is_current`: no later letter was printed for the same elector.
    """

    number: LetterNumber
    batch: LetterBatch
    elector: Elector
    code: VotingCode | None
    is_current: bool


def printed_letter(*, electorate_id: int, number: LetterNumber) -> PrintedLetter | None:
    """The letter that bears this number; None when none was ever printed with it.

    Without its printing, a number is that of a batch printed once.
    """
    batch = LetterBatch.objects.filter(electorate_id=electorate_id, rank=number.batch).first()
    if batch is None or not 1 <= (number.printing or batch.printings) <= batch.printings:
        return None
    if not number.printing and batch.printings > 1:
        return None  # two letters bear it
    printing = number.printing or batch.printings
    places = LetterRecipient.objects.filter(batch=batch).select_related("elector__account")
    recipient = (
        places.order_by("pk")[number.rank - 1 : number.rank].first() if number.rank else None
    )
    if recipient is None:
        return None
    codes = VotingCode.objects.filter(elector=recipient.elector)
    last = codes.order_by("-pk").first()
    is_current = last is not None and last.batch_id == batch.pk and printing == batch.printings
    code = last if is_current and last is not None and last.cancelled_at is None else None
    full = LetterNumber(number.batch, number.rank, printing)
    return PrintedLetter(full, batch, recipient.elector, code, is_current)


def has_ballot(*, elector: Elector) -> bool:
    """Whether a ballot of this elector lies in a box, or was counted."""
    instrument = registry.find(elector.electorate.activity.kind)
    if instrument is None or instrument.holds_ballot_of is None:
        return False
    return instrument.holds_ballot_of(elector.pk)


def without_address(*, electorate: Electorate) -> QuerySet[Elector]:
    """Named people of the roll to whom no letter can be sent."""
    return Elector.objects.filter(
        electorate_id=electorate.pk, is_on_roll=True, postal_address=""
    ).exclude(roll_key="")


def near_misses(
    *, electorate_id: int, family_name: str, given_names: str, birth_date: datetime.date
) -> list[Elector]:
    """People of the roll who may be the one who states these names: the nearest first, eight at
    most.

    Either born that day with a name near enough (trigrams), or of exactly that name and born on
    a day that differs by one of its three numbers, or with day and month swapped.
    """
    family, given = plain_name(family_name), first_given_name(given_names)
    whole = f"{family} {given}"
    score = Greatest(
        TrigramSimilarity(Concat("family_key", Value(" "), "given_key"), whole),
        TrigramSimilarity(Concat("usual_key", Value(" "), "given_key"), whole),
        TrigramSimilarity(Concat("given_key", Value(" "), "family_key"), whole),
    )
    same_day = Q(birth_date=birth_date, score__gte=NEAR_ENOUGH)
    day, month, year = birth_date.day, birth_date.month, birth_date.year
    slips = (
        Q(birth_date__year=year, birth_date__month=month)
        | Q(birth_date__year=year, birth_date__day=day)
        | Q(birth_date__month=month, birth_date__day=day)
        | Q(birth_date__year=year, birth_date__month=day, birth_date__day=month)
        | Q(birth_date__isnull=True)
    )
    same_name = (Q(family_key=family) | Q(usual_key=family, usual_key__gt="")) & Q(given_key=given)
    return list(
        Elector.objects.annotate(score=score)
        .filter(same_day | (same_name & slips), electorate_id=electorate_id, is_on_roll=True)
        .select_related("territory")
        .defer("territory__geometry")
        .order_by("-score", "pk")[:_CANDIDATES]
    )


def candidates(*, request: MatchRequest) -> list[Elector]:
    """Whom an officer compares with somebody who was not recognised."""
    if request.birth_date is None:
        return []
    return near_misses(
        electorate_id=request.electorate_id,
        family_name=request.family_name,
        given_names=request.given_names,
        birth_date=request.birth_date,
    )


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many people an electorate knows: on the roll, come by each way, awaiting an officer."""

    on_roll: int
    known: int
    homonyms: int
    waiting: int
    ways: tuple[tuple[str, int], ...]


def attendance(*, electorate: Electorate) -> Attendance:
    """Counts in three queries. Somebody who came by two ways is in both."""
    totals = Elector.objects.filter(electorate=electorate).aggregate(
        known=Count("pk"),
        on_roll=Count("pk", filter=Q(is_on_roll=True)),
        homonyms=Count("pk", filter=Q(is_homonym=True, is_on_roll=True)),
    )
    rows = (
        Elector.objects.filter(electorate=electorate)
        .annotate(way=Func(F("ways"), function="unnest", output_field=TextField()))
        .values_list("way")
        .annotate(people=Count("pk"))
        .order_by("way")
    )
    counts = dict(rows)
    return Attendance(
        on_roll=totals["on_roll"],
        known=totals["known"],
        homonyms=totals["homonyms"],
        waiting=MatchRequest.objects.filter(electorate=electorate, state="pending").count(),
        ways=tuple((way, counts.get(way, 0)) for way in Way.values),
    )


def close_of_vote(*, electorate: Electorate) -> datetime.datetime | None:
    """When the last voting phase of the activity ends; None when it has none or no end."""
    phases = Phase.objects.filter(activity_id=electorate.pk, step=Step.DECIDE).order_by("period")
    last = phases.last()
    return last.closes_at if last else None


def lines_being_read() -> int | None:
    """How many lines of a roll the worker has read so far, as PostgreSQL counts them.

    None when no file is being read: it has not begun, or it is being written.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(tuples_processed) FROM pg_stat_progress_copy"
            " WHERE datname = current_database() AND command = 'COPY FROM' AND type = 'PIPE'"
        )
        (lines,) = cursor.fetchone()
    return None if lines is None else int(lines)


def roll_is_empty(*, electorate_id: int) -> bool:
    """Whether no roll was imported."""
    return not Elector.objects.filter(electorate_id=electorate_id, is_on_roll=True).exists()


def identities_of(elector: Elector) -> list[str]:
    """By what kinds of things an elector is recognised, without the things."""
    return sorted(
        ElectorIdentity.objects.filter(elector=elector).values_list("kind", flat=True).distinct()
    )


def personal_data(user: Any) -> Iterator[dict[str, Any]]:
    """What the electorates hold about somebody with an account; digests cannot be read back."""
    electors = (
        Elector.objects.filter(account=user)
        .select_related("electorate__activity", "territory")
        .defer("territory__geometry")
        .prefetch_related("attestations")
        .order_by("pk")
    )
    for elector in electors:
        yield {
            "vote": elector.electorate.activity.title,
            "family_name": elector.family_name,
            "usual_name": elector.usual_name,
            "given_names": elector.given_names,
            "birth_date": elector.birth_date.isoformat() if elector.birth_date else None,
            "postal_address": elector.postal_address,
            "neighbourhood": elector.territory.name if elector.territory else None,
            "tie": elector.link,
            "came": sorted(elector.ways),
            "on_roll": elector.is_on_roll,
            "number": elector.roll_number,
            "attestations": [
                {"signed_on": row.signed_on.isoformat(), "words": row.words}
                for row in elector.attestations.all()
            ],
        }
    for match in MatchRequest.objects.filter(account=user).order_by("pk"):
        yield {
            "asked_on": match.asked_on.isoformat(),
            "family_name": match.family_name,
            "given_names": match.given_names,
            "birth_date": match.birth_date.isoformat() if match.birth_date else None,
            "email": match.email,
            "state": match.state,
        }
