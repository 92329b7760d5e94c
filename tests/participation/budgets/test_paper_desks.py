"""Desks: one roll, searched fast, marked once whatever the number of desks."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from participation.budgets.models import JournalEntry, KioskCode, Poll, VoterRecord
from participation.budgets.queries.desk import (
    MOST_FOUND,
    desks_by_budget,
    head_counts,
    search_roll,
    standings,
    understood,
)
from participation.budgets.services.kiosk import give_code, redeem_code
from participation.budgets.services.paper.marks import (
    DeskPlan,
    hand_ballots,
    save_desk,
    take_back_ballot,
)
from participation.core.verdict import Refused
from participation.electors.choices import Way
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import cast, make_envelope, make_officer, make_poll, move_to
from tests.factories.paper import make_agent, make_desk, make_desk_vote, make_person
from tests.participation.budgets.refusals import refusal

pytestmark = pytest.mark.django_db


def hand(desk, poll, voter, agent, **arguments):
    return hand_ballots(
        desk=desk, voter=voter, polls=[poll], actor=agent, at=timezone.now(), **arguments
    )


@pytest.fixture
def poll():
    return make_desk_vote()


@pytest.fixture
def budget(poll):
    return poll.envelope.budget


def names(budget, text):
    found, _more = search_roll(budget=budget, search=understood(text))
    return [str(person) for person in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("noel darc", []),
        ("noel", ["Noël-D’Arc Éloïse"]),
        ("NOËL D'ARC", ["Noël-D’Arc Éloïse"]),
        ("eloise no", ["Noël-D’Arc Éloïse"]),
        ("upo", ["Dupont Marie"]),
        ("du mar", ["Dupont Marie"]),
        ("17/05/1985", ["Dupont Marie"]),
        ("17051985", ["Dupont Marie"]),
        ("dupont 1985-05-17", ["Dupont Marie"]),
        ("dupont 18/05/1985", []),
        ("ab-12", ["Noël-D’Arc Éloïse"]),
        ("", []),
        ("31/02/1985", []),
        ("%", []),
        ("_", []),
    ],
)
def test_people_are_found_by_parts_of_names_birth_date_or_number(budget, text, found):
    make_person(budget, "Dupont", "Marie", birth_date=datetime.date(1985, 5, 17))
    make_person(
        budget,
        "Noël-D’Arc",
        "Éloïse, Anne",
        birth_date=datetime.date(1990, 1, 2),
        roll_number="AB-12",
    )
    make_person(make_desk_vote().envelope.budget, "Dupont", "Marie")
    assert [name.split(",")[0] for name in names(budget, text)] == found


def test_an_impossible_date_is_told_and_the_rest_is_searched(budget):
    search = understood("dupont 31/02/1985")
    assert (search.impossible_date, search.words) == ("31/02/1985", ("dupont",))


def test_a_search_shows_a_page_and_says_that_others_exist(budget):
    for _ in range(MOST_FOUND + 2):
        make_person(budget, "Martin")
    found, more = search_roll(budget=budget, search=understood("martin"))
    assert (len(found), more) == (MOST_FOUND, True)


def test_the_number_of_queries_does_not_grow_with_the_people_found(budget):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            found, _more = search_roll(budget=budget, search=understood("martin"))
            standings(budget=budget, electors=found)
        return len(caught)

    make_person(budget, "Martin", territory=make_territory())
    few = queries()
    for _ in range(10):
        make_person(budget, "Martin", territory=make_territory())
    assert queries() == few


def test_the_search_uses_the_trigram_index(budget):
    people = make_person(budget, "Dupont", roll_number="")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO electors_elector (electorate_id, family_name, usual_name, given_names,"
            " postal_address, link, ways, is_on_roll, roll_number, roll_key, is_homonym,"
            " family_key, usual_key, given_key)"
            " SELECT %s, 'X', '', 'X', '', '', '{}', true, n::text, 'n' || n, false,"
            " md5(n::text), '', md5((n + 1)::text) FROM generate_series(1, 20000) AS n",
            [people.electorate_id],
        )
        cursor.execute("ANALYZE electors_elector")
    with CaptureQueriesContext(connection) as caught:
        for text in ("upont", "13579"):
            assert search_roll(budget=budget, search=understood(text))[0]
    with connection.cursor() as cursor:
        plans = []
        for query in caught:
            cursor.execute("EXPLAIN " + query["sql"])
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    assert "elector_names" in plans[0]
    assert "elector_numbers" in plans[1]


def test_a_mark_is_on_the_roll_in_the_journal_and_in_the_audit_log(poll, budget):
    agent = make_agent()
    desk, voter = make_desk(budget, agent, name="Mairie"), make_person(budget)
    hand(desk, poll, voter, agent)
    record = VoterRecord.objects.get()
    assert (record.channel, record.desk, record.voter_id) == ("paper", "Mairie", voter.pk)
    assert [entry.kind for entry in JournalEntry.objects.filter(poll=poll).order_by("seq")][
        -1
    ] == "paper"
    line = ModelLogEntry.objects.filter(action="parvis.roll.mark").get()
    assert (line.user, line.data["desk"]) == (agent, "Mairie")
    assert head_counts(budget=budget, today=timezone.localdate())["Mairie"].today == 1


def test_the_second_desk_is_told_at_which_desk_and_on_which_day(poll, budget):
    first, second = make_agent(), make_agent()
    voter = make_person(budget)
    hand(make_desk(budget, first, name="Mairie"), poll, voter, first)
    with pytest.raises(Refused) as caught:
        hand(make_desk(budget, second, name="Gare"), poll, voter, second)
    assert caught.value.verdict.codes == ("voted_on_paper",)
    assert "Mairie" in str(caught.value)
    assert str(timezone.localdate().year) in str(caught.value)


def test_paper_replaces_an_online_ballot_when_the_regulation_says_so(poll, budget):
    agent, voter = make_agent(), make_person(budget, ways=[Way.DESK])
    cast(poll, poll.envelope.projects.all()[:1], voter)
    hand(make_desk(budget, agent), poll, voter, agent)
    record = VoterRecord.objects.get()
    assert (record.channel, record.sealed_ballot) == ("paper", None)
    assert refusal(cast, poll=poll, choices=poll.envelope.projects.all()[:1], voter=voter) == (
        "voted_on_paper",
    )


def test_an_online_ballot_stays_when_the_first_one_counts():
    poll = make_desk_vote(paper_policy="first_counts")
    budget, agent = poll.envelope.budget, make_agent()
    voter = make_person(budget, ways=[Way.DESK])
    cast(poll, poll.envelope.projects.all()[:1], voter)
    assert refusal(hand, desk=make_desk(budget, agent), poll=poll, voter=voter, agent=agent) == (
        "voted_online",
    )
    assert VoterRecord.objects.get().channel == "web"


def test_several_votes_are_marked_together_or_not_at_all(poll, budget):
    other = make_poll(envelope=make_envelope(budget))
    agent, voter = make_agent(), make_person(budget)
    desk = make_desk(budget, agent)
    hand(desk, other, voter, agent)
    assert refusal(
        hand_ballots,
        desk=desk,
        voter=voter,
        polls=[poll, other],
        actor=agent,
        at=timezone.now(),
    ) == ("voted_on_paper",)
    assert VoterRecord.objects.count() == 1
    assert refusal(
        hand_ballots, desk=desk, voter=voter, polls=[], actor=agent, at=timezone.now()
    ) == ("no_vote_chosen",)


def test_a_ballot_given_back_frees_the_person_with_a_reason(poll, budget):
    agent, voter = make_agent(), make_person(budget)
    desk = make_desk(budget, agent)
    hand(desk, poll, voter, agent)
    arguments = {
        "desk": desk,
        "poll": poll,
        "voter": voter,
        "actor": agent,
        "at": timezone.now(),
    }
    assert refusal(take_back_ballot, reason="  ", **arguments) == ("reason_missing",)
    take_back_ballot(reason="Préfère voter en ligne.", **arguments)
    assert not VoterRecord.objects.exists()
    line = ModelLogEntry.objects.filter(action="parvis.roll.unmark").get()
    assert line.data["reason"] == "Préfère voter en ligne."
    hand(desk, poll, voter, agent)


def test_only_the_agents_of_a_desk_mark_at_it_and_only_its_own_roll(poll, budget):
    agent, voter = make_agent(), make_person(budget)
    desk = make_desk(budget, agent)
    assert refusal(hand, desk=desk, poll=poll, voter=voter, agent=make_agent()) == (
        "not_your_desk",
    )
    assert refusal(hand, desk=desk, poll=poll, voter=voter, agent=make_user()) == ("not_allowed",)
    elsewhere = make_desk_vote()
    assert refusal(hand, desk=desk, poll=elsewhere, voter=voter, agent=agent) == (
        "other_electorate",
    )
    stranger = make_person(elsewhere.envelope.budget)
    assert refusal(hand, desk=desk, poll=poll, voter=stranger, agent=agent) == ("other_electorate",)


def test_nobody_is_marked_before_the_opening_or_after_the_close(poll, budget):
    agent, voter = make_agent(), make_person(budget)
    desk = make_desk(budget, agent)
    move_to(budget, "follow")
    assert refusal(
        hand, desk=desk, poll=Poll.objects.get(pk=poll.pk), voter=voter, agent=agent
    ) == ("voting_closed",)


def test_a_minor_is_refused_at_the_desk_as_elsewhere():
    poll = make_desk_vote(minimum_age=16)
    budget, agent = poll.envelope.budget, make_agent()
    child = make_person(budget, birth_date=timezone.localdate().replace(day=1, year=2020))
    assert refusal(hand, desk=make_desk(budget, agent), poll=poll, voter=child, agent=agent) == (
        "too_young",
    )


def test_a_person_sees_only_the_votes_of_their_neighbourhood(poll, budget):
    west, east = make_territory("Ouest"), make_territory("Est")
    of_west = make_poll(envelope=make_envelope(budget, territory=west))
    at_home, away = make_person(budget, territory=west), make_person(budget, territory=east)
    found = standings(budget=budget, electors=[at_home, away])
    assert {each.poll for each in found[at_home.pk]} == {poll, of_west}
    assert {each.poll for each in found[away.pk]} == {poll}


def test_the_name_of_a_desk_stays_once_it_is_on_the_roll(poll, budget):
    officer, agent = make_officer(), make_agent()
    desk = save_desk(budget=budget, plan=DeskPlan("Mairie", "", [agent]), actor=officer)
    assert refusal(save_desk, budget=budget, plan=DeskPlan("Mairie", "", []), actor=officer) == (
        "desk_name_taken",
    )
    hand(desk, poll, make_person(budget), agent)
    assert refusal(
        save_desk, budget=budget, plan=DeskPlan("Gare", "", [agent]), actor=officer, desk=desk
    ) == ("desk_name_on_roll",)
    save_desk(budget=budget, plan=DeskPlan("Mairie", "Hall", [agent]), actor=officer, desk=desk)


def test_an_agent_lists_only_the_desks_they_hold(budget):
    agent = make_agent()
    mine = make_desk(budget, agent)
    make_desk(budget, make_agent())
    today = timezone.localdate()
    ((_budget, rows),) = desks_by_budget(agent=agent, viewer=agent, today=today)
    assert [row.desk for row in rows] == [mine]


def test_a_code_of_the_shared_device_serves_once_at_its_desk_for_five_minutes(budget):
    agent, voter, now = make_agent(), make_person(budget), timezone.now()
    desk, other = make_desk(budget, agent), make_desk(budget, agent)

    def code():
        return give_code(desk=desk, elector=voter, actor=agent, at=now)

    typed = code()
    assert refusal(redeem_code, desk=other, typed=typed, at=now) == ("kiosk_code_wrong",)
    late = now + datetime.timedelta(minutes=5)
    assert refusal(redeem_code, desk=desk, typed=typed, at=late) == ("kiosk_code_wrong",)
    assert redeem_code(desk=desk, typed=typed.replace(" ", "-"), at=now) == voter
    assert refusal(redeem_code, desk=desk, typed=typed, at=now) == ("kiosk_code_wrong",)
    first = code()
    second = code()
    assert KioskCode.objects.count() == 1
    if first != second:
        assert refusal(redeem_code, desk=desk, typed=first, at=now) == ("kiosk_code_wrong",)
    assert typed.replace(" ", "") not in KioskCode.objects.get().digest
    assert refusal(give_code, desk=desk, elector=voter, actor=make_agent(), at=now) == (
        "not_your_desk",
    )
