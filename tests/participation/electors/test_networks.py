"""Crowds of one network: seen without an address kept, held by an officer, forgotten."""

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from participation.core.models import Notification
from participation.core.verdict import Refused
from participation.electors import networks, tasks
from participation.electors.choices import Way
from participation.electors.models import (
    Elector,
    NetworkDecision,
    NetworkHour,
    NetworkMark,
    NetworkWatch,
)
from participation.electors.services import (
    confirm_in_person,
    decide_on_network,
    enrol_account,
    forget_networks,
    mark_way,
    note_arrival,
)
from tests.factories.accounts import make_user
from tests.factories.electors import make_clerk, make_electorate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]
CROWD = "203.0.113.{}"


@pytest.fixture
def electorate():
    return make_electorate(network_limit=10)


def arrive(electorate, address, *, domain="example.org", way=None):
    account = make_user(email=f"essai-{Elector.objects.count()}@{domain}")
    elector = enrol_account(electorate=electorate, account=account)
    if way is not None:
        mark_way(elector=elector, way=way)
    note_arrival(electorate_id=electorate.pk, address=address, elector=elector)
    return elector


def crowd_of(electorate, people=11, **options):
    return [arrive(electorate, CROWD.format(number), **options) for number in range(people)]


def decide(electorate, *, hold=True, reason="Onze comptes en une heure", mark=None):
    found = networks.crowds(electorate=electorate)
    return decide_on_network(
        electorate=electorate,
        mark=mark if mark is not None else found[0].mark,
        is_held=hold,
        reason=reason,
        actor=make_clerk(),
        at=timezone.now(),
    )


def codes_of(call):
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.verdict.codes


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        (" 192.0.2.1 ", "192.0.2.0/24"),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_the_network_of_an_address(address, network):
    assert networks.network_of(address) == network


class TestWhatIsKept:
    def test_no_address_and_no_network_is_in_any_column(self, electorate):
        crowd_of(electorate, 3)
        kept = [
            *NetworkMark.objects.values_list(),
            *NetworkHour.objects.values_list(),
            *NetworkWatch.objects.values_list(),
        ]
        assert len(kept) == 5
        assert "203.0" not in repr(kept)
        (mark,) = set(NetworkMark.objects.values_list("mark", flat=True))
        assert len(mark) == 16

    def test_no_mark_has_a_time_and_hours_have_no_person(self, electorate):
        crowd_of(electorate, 3)
        assert {field.name for field in NetworkMark._meta.get_fields()} == {
            "elector",
            "electorate",
            "mark",
        }
        ((hour, arrivals),) = NetworkHour.objects.values_list("hour", "arrivals")
        assert (hour.minute, hour.second, arrivals) == (0, 0, 3)

    def test_another_vote_gives_the_same_network_another_mark(self, electorate):
        other = make_electorate(network_limit=10)
        arrive(electorate, CROWD.format(1))
        arrive(other, CROWD.format(1))
        assert len(set(NetworkMark.objects.values_list("mark", flat=True))) == 2

    @pytest.mark.parametrize("way", [Way.LETTER, Way.FRANCECONNECT, Way.DESK])
    def test_nothing_is_kept_of_who_proves_more(self, electorate, way):
        arrive(electorate, CROWD.format(1), way=way)
        assert not NetworkMark.objects.exists()

    def test_nothing_is_kept_without_a_limit(self):
        arrive(make_electorate(network_limit=None), CROWD.format(1))
        assert not NetworkMark.objects.exists()
        assert not NetworkWatch.objects.exists()

    def test_coming_again_from_elsewhere_counts_once_and_asks_one_query(
        self, electorate, django_assert_num_queries
    ):
        elector = arrive(electorate, CROWD.format(1))
        with django_assert_num_queries(1):
            note_arrival(electorate_id=electorate.pk, address="192.0.2.9", elector=elector)
        assert NetworkHour.objects.get().arrivals == 1

    def test_forgetting_is_once_for_all(self, electorate):
        crowd_of(electorate)
        decision = decide(electorate)
        assert forget_networks(electorate_id=electorate.pk, at=timezone.now()) == 11
        arrive(electorate, CROWD.format(1))
        assert not NetworkMark.objects.exists()
        assert not NetworkHour.objects.exists()
        watch = NetworkWatch.objects.get()
        assert (watch.key, watch.destroyed_at is None) == (None, False)
        assert list(NetworkDecision.objects.all()) == [decision]


class TestDecisions:
    def test_a_crowd_is_shown_beyond_the_limit_with_its_domains_and_hours(
        self, electorate, django_assert_num_queries
    ):
        crowd_of(electorate, 9, domain="jetable.example")
        arrive(electorate, CROWD.format(200))
        assert networks.crowds(electorate=electorate) == []
        arrive(electorate, CROWD.format(201))
        arrive(electorate, "198.51.100.1")
        with django_assert_num_queries(5):
            (crowd,) = networks.crowds(electorate=electorate)
        assert crowd.people == 11
        assert crowd.domains == (("jetable.example", 9), ("example.org", 2))
        assert [arrivals for _hour, arrivals in crowd.hours] == [11]
        assert networks.waiting_crowds(electorate_id=electorate.pk) == 1

    def test_holding_asks_for_a_reason_and_is_told_to_each_account_once(self, electorate):
        people = crowd_of(electorate)
        assert codes_of(lambda: decide(electorate, reason=" ")) == ("reason_missing",)
        decision = decide(electorate)
        assert networks.waiting_crowds(electorate_id=electorate.pk) == 0
        assert all(networks.is_held(elector=each) for each in people)
        tasks.tell_held(decision_id=decision.pk)
        tasks.tell_held(decision_id=decision.pk)
        told = Notification.objects.filter(kind="vote-to-confirm")
        assert told.count() == 11
        assert "bureau" in told[0].body
        assert "fraud" not in told[0].body
        assert len(mail.outbox) == 0  # the queue mails them

    def test_released_ballots_count_and_both_decisions_stay(self, electorate):
        (*_people, last) = crowd_of(electorate)
        first = decide(electorate)
        assert codes_of(lambda: decide(electorate)) == ("nothing_changes",)
        decide(electorate, hold=False, reason="Le lycée, appelé au téléphone")
        assert not networks.is_held(elector=last)
        assert list(NetworkDecision.objects.values_list("is_held", flat=True)) == [True, False]
        with pytest.raises(DatabaseError), transaction.atomic():
            NetworkDecision.objects.filter(pk=first.pk).update(reason="Autre chose")

    def test_who_comes_later_from_a_held_network_is_held_too(self, electorate):
        crowd_of(electorate)
        decide(electorate)
        assert networks.is_held(elector=arrive(electorate, CROWD.format(99)))
        assert not networks.is_held(elector=arrive(electorate, "198.51.100.1"))

    def test_papers_or_a_way_that_proves_more_lift_the_hold(self, electorate):
        one, other, *_others = crowd_of(electorate)
        decide(electorate)
        confirm_in_person(elector=one, actor=make_clerk(), at=timezone.now())
        mark_way(elector=other, way=Way.LETTER)
        one.refresh_from_db()
        assert (networks.is_held(elector=one), networks.is_held(elector=other)) == (False, False)
        assert networks.held_electors(electorate_id=electorate.pk).count() == 9
        again = codes_of(
            lambda: confirm_in_person(elector=one, actor=make_clerk(), at=timezone.now())
        )
        assert again == ("confirmed_already",)

    def test_only_those_in_charge_decide_on_a_group_that_is_there(self, electorate):
        people = crowd_of(electorate)
        mark = networks.crowds(electorate=electorate)[0].mark
        denied = codes_of(
            lambda: decide_on_network(
                electorate=electorate,
                mark=mark,
                is_held=True,
                reason="Essai",
                actor=make_user(),
                at=timezone.now(),
            )
        )
        assert denied == ("not_allowed",)
        assert codes_of(lambda: decide(electorate, mark="0" * 16)) == ("network_unknown",)
        refused = codes_of(
            lambda: confirm_in_person(elector=people[0], actor=make_user(), at=timezone.now())
        )
        assert refused == ("not_allowed",)


class TestScreens:
    def test_an_officer_holds_then_confirms_one_person(self, electorate, client):
        person, *_others = crowd_of(electorate)
        client.force_login(make_clerk())
        where = reverse("electorate:networks", args=[electorate.pk])
        page = client.get(where)
        assert page.status_code == 200
        assert "203.0" not in page.content.decode()
        mark = networks.crowds(electorate=electorate)[0].mark
        empty = client.post(where, {"group": mark, "act": "hold", f"{mark}-reason": ""})
        assert empty.status_code == 422
        assert not NetworkDecision.objects.exists()
        done = client.post(where, {"group": mark, "act": "hold", f"{mark}-reason": "Trop vite"})
        assert done.status_code == 302
        assert networks.is_held(elector=person)
        assert "Trop vite" in client.get(where).content.decode()
        read = reverse("elector:read", args=[person.pk])
        assert 'value="confirm"' in client.get(read).content.decode()
        assert client.post(read, {"act": "confirm"}).status_code == 302
        person.refresh_from_db()
        assert Way.DESK in person.ways

    def test_the_board_says_how_many_groups_wait(self, electorate, client):
        crowd_of(electorate)
        client.force_login(make_clerk())
        page = client.get(reverse("electorate:board", args=[electorate.pk])).content.decode()
        assert where_of(electorate) in page

    def test_a_stranger_sees_nothing(self, electorate, client):
        client.force_login(make_user())
        assert client.get(where_of(electorate)).status_code in (302, 403)


def where_of(electorate):
    return reverse("electorate:networks", args=[electorate.pk])
