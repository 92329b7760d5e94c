"""What a publication says beyond the append-only tables, written down once in the audit log.

Names of places may change afterwards, people leave the roll, heads get their timestamps late: the
statement fixes what they were, so that the files can be made again identical.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max

from participation.budgets.choices import BallotKind, Channel, JournalKind
from participation.budgets.models import Ballot, JournalEntry, Poll, SignedHead, VoterRecord
from participation.budgets.services.vote.publication.rules import rule_name, threshold_of
from participation.core import audit
from participation.core.choices import Step
from participation.methods import pabulib
from participation.methods.proof import merged

ACTION = "parvis.poll.publish"
REVISED = "parvis.poll.publish_revised"
DISTRICT = "voter__territory__name"
_VOTE_TYPES = {
    BallotKind.APPROVAL: "approval",
    BallotKind.KNAPSACK: "approval",
    BallotKind.CUMULATIVE: "cumulative",
    BallotKind.ORDINAL: "ordinal",
    BallotKind.CHOOSE_ONE: "choose-1",
}


def make_statement(poll: Poll, *, replaces: str = "") -> dict[str, Any]:
    """The statement of a counted poll as things are now; plain values for JSON.

    `meta`: the META section of the `.pb` file but its counts, key and value by pairs. `roll`: the
    turnout, small cells merged. `journal`: number of the last line. `heads`: `[day, line, is
    stamped]` of each. After a judgment, `replaces` is the digest of the first count's manifest.
    """
    kind = JournalKind.RECOUNT if replaces else JournalKind.COUNT
    count = JournalEntry.objects.filter(poll=poll, kind=kind)
    last = count.aggregate(last=Max("seq"))["last"] or 0
    heads = SignedHead.objects.filter(poll=poll, seq__lte=last).order_by("day", "seq")
    statement = {
        # Pairs: the database does not keep the order of an object's keys.
        "meta": [list(pair) for pair in _meta(poll).items()],
        "roll": _rolls([poll])[poll.pk],
        "journal": last,
        "heads": [
            [f"{head.day:%Y-%m-%d}", head.seq, head.timestamp_token is not None] for head in heads
        ],
    }
    return {**statement, "replaces": replaces} if replaces else statement


def published_rolls(polls: Sequence[Poll]) -> dict[int, dict[str, Any]]:
    """The turnout of each poll by its key, as published, in a constant number of queries.

    For what is not published, or was imported, the turnout as its rows say now. Small cells are
    merged in any case.
    """
    said = audit.firsts(action=ACTION, instances=[poll.envelope for poll in polls])
    found = {poll.pk: said[poll.pk]["statement"]["roll"] for poll in polls if poll.pk in said}
    others = [poll for poll in polls if poll.pk not in found]
    return found | (_rolls(others) if others else {})


def _rolls(polls: Sequence[Poll]) -> dict[int, dict[str, Any]]:
    """How many voted, by channel and by neighbourhood. An imported election has only its box."""
    lines = VoterRecord.objects.filter(poll__in=polls).order_by()
    by_channel, by_district = _counted(lines, "channel"), _counted(lines, DISTRICT)
    boxes = _counted(Ballot.objects.filter(poll__in=polls).order_by(), "channel")
    rolls = {}
    for poll in polls:
        channels = by_channel.get(poll.pk) or boxes.get(poll.pk, {})
        districts = by_district.get(poll.pk, {})
        rolls[poll.pk] = {
            "voters": poll.tally.voters,
            "by_channel": _cells({name: channels.get(name, 0) for name in Channel.values}),
            "by_district": _cells(districts) if len(districts) > 1 else [],
        }
    return rolls


def _counted(rows: Any, column: str) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for poll, name, people in rows.values_list("poll", column).annotate(people=Count("*")):
        found.setdefault(poll, {})[name or ""] = people
    return {poll: dict(sorted(counts.items())) for poll, counts in found.items()}


def _cells(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"names": list(cell.names), "count": cell.count} for cell in merged(counts)]


def _meta(poll: Poll) -> dict[str, str]:
    """An imported file's own META, or ours; empty values are left out."""
    envelope, options = poll.envelope, poll.options
    if imported := envelope.source.get("meta"):
        return {
            name: value
            for name, value in imported.items()
            if name not in ("num_projects", "num_votes")
        }
    activity = envelope.budget.activity
    perimeter = activity.process.perimeter
    begins, ends = _days(poll)
    kind = options["ballot_kind"]
    meta = {
        "description": f"{activity.title} – {envelope.name}",
        "country": "France",
        "unit": perimeter.name if perimeter else activity.process.title,
        "subunit": envelope.territory.name if envelope.territory else "",
        "instance": str(envelope.budget.edition),
        "budget": pabulib.format_amount(options["budget_cents"]),
        "vote_type": _VOTE_TYPES[kind],
        "rule": rule_name(options),
        "date_begin": begins,
        "date_end": ends,
        "min_length": str(options["min_choices"]),
        "max_length": str(options["max_choices"] or ""),
        "max_sum_cost": pabulib.format_amount(options["budget_cents"])
        if kind == BallotKind.KNAPSACK
        else "",
        "max_points": str(options.get("max_points_per_project") or ""),
        "max_sum_points": str(options.get("max_points") or ""),
        "min_project_score_threshold": threshold_of(options),
        "language": "fr",
        "currency": "EUR",
        "comment": "#1: the whole rule is in options.json, published with this file",
    }
    return {name: value for name, value in meta.items() if value}


def _days(poll: Poll) -> tuple[str, str]:
    """First and last day of the vote, as Pabulib writes them."""
    budget = poll.envelope.budget
    phase = budget.activity.phases.filter(step=Step.DECIDE).order_by("period").first()
    zone = ZoneInfo(settings.TIME_ZONE)
    begins = phase.opens_at if phase else poll.sealed_at
    ends = phase.closes_at if phase and phase.closes_at else poll.tally.counted_at
    return f"{begins.astimezone(zone):%d.%m.%Y}", f"{ends.astimezone(zone):%d.%m.%Y}"
