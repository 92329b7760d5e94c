"""Desks with real connections and real commits: the same person, at the same moment."""

import pytest
from django.utils import timezone

from participation.budgets.models import JournalEntry, VoterRecord
from participation.budgets.services.kiosk import give_code, redeem_code
from participation.budgets.services.paper.marks import hand_ballots
from participation.core.verdict import Refused
from participation.electors.choices import Way
from participation.electors.models import Elector
from tests.factories.budgets import cast, make_envelope, make_poll
from tests.factories.paper import make_agent, make_desk, make_desk_vote, make_person
from tests.participation.budgets.committed import at_once

pytestmark = pytest.mark.usefixtures("committed")


def hand(desk, poll, voter, agent):
    return hand_ballots(desk=desk, voter=voter, polls=[poll], actor=agent, at=timezone.now())


def test_two_desks_and_the_same_person_at_once_make_one_mark():
    poll = make_desk_vote()
    budget = poll.envelope.budget
    agents = [make_agent() for _ in range(4)]
    desks = [make_desk(budget, agent) for agent in agents]
    voter = make_person(budget)
    results = at_once(
        [
            lambda desk=desk, agent=agent: hand(desk, poll, voter, agent)
            for desk, agent in zip(desks, agents, strict=True)
        ],
        threads=4,
    )
    refused = [result for result in results if isinstance(result, Refused)]
    assert results.count(None) == 1
    assert {result.verdict.codes for result in refused} == {("voted_on_paper",)}
    winner = VoterRecord.objects.get()
    assert all(winner.desk in str(result) for result in refused)
    assert JournalEntry.objects.filter(poll=poll, kind="paper").count() == 1


def test_two_desks_with_two_votes_each_never_wait_for_each_other():
    poll = make_desk_vote()
    budget = poll.envelope.budget
    other = make_poll(envelope=make_envelope(budget))
    agent = make_agent()
    desk = make_desk(budget, agent)
    voters = [make_person(budget) for _ in range(6)]

    def both(voter, polls):
        hand_ballots(desk=desk, voter=voter, polls=polls, actor=agent, at=timezone.now())

    results = at_once(
        [
            lambda voter=voter, turn=turn: both(voter, [poll, other] if turn % 2 else [other, poll])
            for turn, voter in enumerate(voters)
        ],
        threads=6,
    )
    assert results == [None] * 6
    assert VoterRecord.objects.count() == 12


def test_a_web_ballot_and_a_paper_mark_at_once_leave_one_line():
    poll = make_desk_vote()
    budget, agent = poll.envelope.budget, make_agent()
    desk = make_desk(budget, agent)
    project = poll.envelope.projects.first()
    for _ in range(5):
        voter = make_person(budget, ways=[Way.DESK])
        at_once(
            [
                lambda voter=voter: hand(desk, poll, voter, agent),
                lambda voter=voter: cast(poll, [project], voter),
            ],
            threads=2,
        )
        record = VoterRecord.objects.get(voter=voter)
        assert (record.channel, record.sealed_ballot) == ("paper", None)
    kinds = list(JournalEntry.objects.filter(poll=poll).values_list("kind", flat=True))
    assert kinds.count("paper") == 5
    assert kinds.count("cast") == kinds.count("cancel")


def test_a_code_typed_twice_at_once_serves_once():
    poll = make_desk_vote()
    agent, voter = make_agent(), make_person(poll.envelope.budget)
    desk, now = make_desk(poll.envelope.budget, agent), timezone.now()
    typed = give_code(desk=desk, elector=voter, actor=agent, at=now)
    results = at_once(
        [lambda: redeem_code(desk=desk, typed=typed, at=now) for _ in range(4)], threads=4
    )
    assert sum(isinstance(result, Elector) for result in results) == 1
