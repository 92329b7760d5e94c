"""What the agents of a polling desk see: the roll, who has voted, how many came."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Upper

from maps.models import Territory
from participation.budgets.choices import Channel
from participation.budgets.models import Budget, Poll, PollingDesk, VoterRecord
from participation.electors.models import Elector, Electorate
from participation.electors.names import plain_name
from participation.electors.queries import electorate_in_force

MOST_FOUND = 25
"""How many people one search shows: beyond, the agent types more of the name."""

_DATE = re.compile(
    r"\b(?:(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"
    r"|(?P<year2>\d{4})-(?P<month2>\d{2})-(?P<day2>\d{2})"
    r"|(?P<day3>\d{2})(?P<month3>\d{2})(?P<year3>(?:19|20)\d{2}))\b"
)


# The very expression of the trigram index `elector_names`.
_NAMES = Func(
    F("family_key"),
    F("usual_key"),
    F("given_key"),
    template="(' ' || %(expressions)s)",
    arg_joiner=" || ' ' || ",
    output_field=TextField(),
)


@dataclass(frozen=True, slots=True)
class RollSearch:
    """What was understood of a search. `numbers` are numbers of the roll, `words` parts of names
    in their normal form."""

    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    birth_date: datetime.date | None = None
    impossible_date: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.numbers or self.birth_date)


def understood(text: str) -> RollSearch:
    """The parts of a search: names, a birth date (17/05/1985, 17051985), a number, in any order."""
    birth_date, impossible = None, ""
    found = _DATE.search(text)
    if found:
        parts = {name.rstrip("23"): value for name, value in found.groupdict().items() if value}
        try:
            birth_date = datetime.date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
        except ValueError:
            impossible = found.group()
        text = text[: found.start()] + " " + text[found.end() :]
    tokens = text.split()
    numbers = tuple(token.upper() for token in tokens if any(sign.isdigit() for sign in token))
    names = " ".join(token for token in tokens if token.upper() not in numbers)
    return RollSearch(tuple(plain_name(names).split()), numbers, birth_date, impossible)


def search_roll(*, budget: Budget, search: RollSearch) -> tuple[list[Elector], bool]:
    """People of the roll who bear all that was typed, at most `MOST_FOUND`, and whether others do.

    Accents, case, hyphens and the order of the words do not matter; a word may be a part of a
    name. Words of one or two letters are beginnings of names. Served by the trigram index.
    """
    if search.is_empty:
        return [], False
    people = Elector.objects.filter(electorate_id=budget.pk).select_related("territory")
    # Sorted by the expression, not by its columns: PostgreSQL would otherwise walk the whole
    # roll in the order of an index to stop at the first page.
    people = people.annotate(names=_NAMES)
    for word in search.words:
        people = people.filter(names__contains=word if len(word) > 2 else f" {word}")
    if search.birth_date:
        people = people.filter(birth_date=search.birth_date)
    for number in search.numbers:
        people = people.annotate(number=Upper("roll_number")).filter(
            number=number, roll_number__gt=""
        )
    found: list[Elector] = list(
        people.defer("territory__geometry").order_by("names", "pk")[: MOST_FOUND + 1]
    )
    return found[:MOST_FOUND], len(found) > MOST_FOUND


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands in one vote; `record` is their line of the roll, if they voted."""

    poll: Poll
    record: VoterRecord | None

    @property
    def channel(self) -> str:
        """`web`, `paper`, or nothing."""
        return self.record.channel if self.record else ""


def standings(*, budget: Budget, electors: Iterable[Elector]) -> dict[int, list[Standing]]:
    """For each elector (by key), the votes in which they may take part, in the order of the
    envelopes. Three queries, whatever the number of people; no sealed envelope is read."""
    people = list(electors)
    polls = list(
        Poll.objects.filter(envelope__budget=budget)
        .select_related("envelope__budget__activity__process", "envelope__territory")
        .defer("options", "envelope__territory__geometry")
        .prefetch_related("envelope__budget__activity__phases")
        .order_by("envelope__position", "envelope")
    )
    records = {
        (record.poll_id, record.voter_id): record
        for record in VoterRecord.objects.defer("sealed_ballot", "cast_keys", "cast_digest").filter(
            poll__in=polls, voter__in=people
        )
    }
    above = _above(person.territory_id for person in people)
    return {
        person.pk: [
            Standing(poll, records.get((poll.pk, person.pk)))
            for poll in polls
            if poll.envelope.territory_id is None
            or person.territory_id is None
            or poll.envelope.territory_id in above[person.territory_id]
        ]
        for person in people
    }


def _above(territories: Iterable[int | None]) -> dict[int, set[int]]:
    """Each territory with those that it lies in (four levels of nesting at most)."""
    wanted = {key for key in territories if key is not None}
    path = ["parent_id", "parent__parent_id", "parent__parent__parent_id"]
    rows = Territory.objects.filter(pk__in=wanted).values_list("pk", *path)
    return {row[0]: {key for key in row if key is not None} for row in rows}


@dataclass(frozen=True, slots=True)
class HeadCount:
    """People marked at a desk: in all, and on one day."""

    total: int
    today: int


def head_counts(*, budget: Budget, today: datetime.date) -> dict[str, HeadCount]:
    """People (not ballots) marked at each desk of a budget, by the desk's name: one query."""
    return {
        name: count
        for (_budget, name), count in _head_counts(budgets=[budget], today=today).items()
    }


def _head_counts(
    *, budgets: Iterable[Budget], today: datetime.date
) -> dict[tuple[int, str], HeadCount]:
    rows = (
        VoterRecord.objects.filter(poll__envelope__budget__in=budgets, channel=Channel.PAPER)
        .order_by()
        .values("poll__envelope__budget", "desk")
        .annotate(
            total=Count("voter_id", distinct=True),
            today=Count("voter_id", distinct=True, filter=Q(voted_on=today)),
        )
    )
    return {
        (row["poll__envelope__budget"], row["desk"]): HeadCount(row["total"], row["today"])
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A desk in a list. `is_held`: the viewer is one of its agents."""

    desk: PollingDesk
    agents: int
    count: HeadCount
    is_held: bool


def desks_by_budget(
    *, agent: Any, viewer: Any, today: datetime.date
) -> list[tuple[Budget, list[DeskRow]]]:
    """Desks with their head counts, the latest edition first; only those of `agent` when one is
    given. Two queries."""
    found = (
        PollingDesk.objects.select_related("budget__activity")
        .annotate(agent_keys=ArrayAgg("agents", default=Value([]), filter=Q(agents__isnull=False)))
        .order_by("-budget__edition", "budget", "name")
    )
    if agent is not None:
        found = found.filter(pk__in=PollingDesk.objects.filter(agents=agent).values("pk"))
    desks = list(found)
    counts = _head_counts(budgets={desk.budget for desk in desks}, today=today)
    groups: dict[Budget, list[DeskRow]] = {}
    for desk in desks:
        count = counts.get((desk.budget_id, desk.name), HeadCount(0, 0))
        row = DeskRow(desk, len(desk.agent_keys), count, viewer.pk in desk.agent_keys)
        groups.setdefault(desk.budget, []).append(row)
    return list(groups.items())


def budgets_for_desks() -> QuerySet[Budget]:
    """Budgets whose results are not published: they may still have desks."""
    return (
        Budget.objects.filter(results_published_at=None)
        .select_related("activity")
        .order_by("-edition", "activity")
    )


def electorate_of_desk(*, desk: PollingDesk) -> Electorate:
    """Who may vote at a desk."""
    return electorate_in_force(activity=desk.budget.activity)


def possible_agents() -> QuerySet[Any]:
    """Accounts whose role lets them hold a desk."""
    wanted = Permission.objects.filter(content_type__app_label="budgets", codename="hold_desk")
    return (
        get_user_model()
        .objects.filter(is_active=True)
        .filter(
            Q(is_superuser=True)
            | Q(user_permissions__in=wanted)
            | Q(groups__permissions__in=wanted)
        )
        .distinct()
        .order_by("public_name", "email")
    )
