"""A counted and published vote with its whole history, written as its rows are.

The rows are those that casting, desks and the opening of the box leave; making them directly lets
a test choose the number of voters of each channel and neighbourhood.
"""

import hashlib
from base64 import b32encode
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from maps.models import Territory
from participation.budgets.choices import Channel, JournalKind
from participation.budgets.models import (
    Ballot,
    PaperExplanation,
    Poll,
    Project,
    VoidBallot,
    VoterRecord,
)
from participation.budgets.services.vote import count, freeze, publish_results
from participation.budgets.services.vote.journal import append, sign_head
from participation.core.choices import Step
from participation.electors.models import Elector
from participation.electors.services import electorate_of
from tests.factories.budgets import make_budget, make_envelope, make_officer, make_project, move_to


def ballot_code(number: int) -> str:
    return b32encode(hashlib.sha256(f"code {number}".encode()).digest())[:24].decode()


def make_vote(*, districts: Sequence[str] = ("",), **budget_fields: Any) -> Poll:
    """A sealed vote on five projects; the money pays for some of them.

    The projects are dealt between the `districts`.
    """
    budget_fields.setdefault("max_choices", 3)
    budget = make_budget(Step.DECIDE, **budget_fields)
    envelope = make_envelope(budget, amount_cents=3_000_000)
    for number, cost in enumerate((1_200_000, 900_000, 800_000, 700_050, 500_000), start=1):
        make_project(
            envelope,
            reference=f"P{number}",
            title=f"Projet « {number} »; etc.",
            cost_cents=cost,
            district=districts[number % len(districts)],
        )
    return freeze(envelope=envelope, public_key=b"k" * 32, tie_seed="graine", at=timezone.now())


def fill_box(
    poll: Poll,
    choices: Sequence[Sequence[int]],
    *,
    paper: int = 0,
    void: int = 0,
    districts: Sequence[Territory | None] = (None,),
) -> None:
    """Deposit these ballots (places of projects, from 0), the last `paper` of them at a desk."""
    keys = list(
        Project.objects.filter(envelope=poll.envelope)
        .order_by("reference")
        .values_list("pk", flat=True)
    )
    web = len(choices) - paper
    _write(poll, JournalKind.OPEN, poll.options_sha256)
    electorate = electorate_of(activity=poll.envelope.budget.activity)
    for number in range(len(choices) + void):
        is_paper = web <= number < len(choices)
        elector = Elector.objects.create(
            electorate=electorate, territory=districts[number % len(districts)]
        )
        VoterRecord.objects.create(
            poll=poll,
            voter=elector,
            channel=Channel.PAPER if is_paper else Channel.WEB,
            desk="Mairie" if is_paper else "",
            voted_on=timezone.localdate(),
        )
        payload = "" if is_paper else hashlib.sha256(f"envelope {number}".encode()).hexdigest()
        _write(poll, JournalKind.PAPER if is_paper else JournalKind.CAST, payload)
    for number, chosen in enumerate(choices):
        is_paper = number >= web
        Ballot.objects.create(
            poll=poll,
            code=f"P-001-{number - web + 1:02d}" if is_paper else ballot_code(number),
            choices=sorted(keys[place] for place in chosen),
            channel=Channel.PAPER if is_paper else Channel.WEB,
        )
    for number in range(void):
        VoidBallot.objects.create(poll=poll, code=ballot_code(10_000 + number), reason="too_many")
    sign_head(poll=poll, day=timezone.localdate())
    _write(poll, JournalKind.CLOSE, "")
    sign_head(poll=poll, day=timezone.localdate())


def count_and_publish(poll: Poll, *, void: int = 0, published: bool = True) -> Poll:
    """Count the box and, unless told otherwise, proclaim."""
    budget = poll.envelope.budget
    move_to(budget, Step.FOLLOW)
    at = timezone.now()
    tally = count(poll=poll, at=at, void=void)
    poll.refresh_from_db()
    _write(poll, JournalKind.COUNT, tally.input_sha256)
    marks = VoterRecord.objects.filter(poll=poll, channel=Channel.PAPER).count()
    if marks:  # these ballots went to the box without lots
        PaperExplanation.objects.create(
            poll=poll,
            marks=marks,
            ballots=0,
            note="Bulletins écrits sans lot.",
            written_by=make_officer(),
            written_at=at,
        )
    if published:
        publish_results(budget=budget, actor=make_officer(), at=at)
        budget.refresh_from_db()
    return Poll.objects.select_related("tally", "envelope__budget__activity").get(pk=poll.pk)


def _write(poll: Poll, kind: str, payload: str) -> None:
    append(poll=poll, kind=kind, payload=payload)
