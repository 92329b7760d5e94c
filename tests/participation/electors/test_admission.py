"""The one answer to “may this person vote here?”, reason by reason."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from participation.electors.choices import Link, Way
from participation.electors.models import Elector
from participation.electors.policies import admission
from participation.electors.queries import electorate_in_force
from participation.electors.services import enrol_account
from tests.factories.accounts import make_territory, make_user
from tests.factories.core import make_open_activity, make_process
from tests.factories.electors import make_electorate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]
NOBODY = AnonymousUser()


def answer(electorate, elector=None, account=NOBODY, at=None):
    return admission(
        electorate=electorate, elector=elector, account=account, at=at or timezone.now()
    ).codes


def comes(electorate, way, **fields):
    return Elector.objects.create(electorate=electorate, ways=[way], **fields)


def test_everybody_with_a_confirmed_address_may_vote_when_nothing_is_asked():
    electorate = make_electorate()
    assert answer(electorate, account=make_user()) == ()
    assert answer(electorate, account=make_user(verified=False)) == ("email_unverified",)
    assert answer(electorate) == ("anonymous",)


def test_who_has_no_account_is_shown_the_other_ways():
    assert answer(make_electorate(ways=[Way.ACCOUNT, Way.LETTER])) == ("come_first",)


def test_a_closed_account_is_nobody():
    assert answer(make_electorate(), account=make_user(is_active=False)) == ("anonymous",)


def test_a_process_that_is_hidden_or_cancelled_has_no_voters():
    hidden = make_electorate(activity__process=make_process(published=False))
    cancelled = make_electorate(
        activity__process=make_process(cancelled_at=timezone.now(), cancellation_reason="Crue")
    )
    assert answer(hidden, account=make_user()) == ("process_not_public",)
    assert answer(cancelled, account=make_user()) == ("process_cancelled",)


def test_the_way_that_one_came_must_be_accepted():
    electorate = make_electorate(ways=[Way.LETTER, Way.SMS])
    assert answer(electorate, comes(electorate, Way.LETTER)) == ()
    assert answer(electorate, comes(electorate, Way.FRANCECONNECT)) == ("way_not_accepted",)
    assert answer(electorate, account=make_user()) == ("way_not_accepted",)
    refusal = admission(
        electorate=electorate, elector=None, account=make_user(), at=timezone.now()
    ).refusals[0]
    assert "avec un code reçu par SMS ou avec un code reçu par courrier" in str(refusal)


def test_an_attestation_is_asked_where_an_account_alone_is_not_enough():
    electorate = make_electorate(ways=[Way.ATTESTATION])
    account = make_user(verified=False)
    assert answer(electorate, account=account) == ("attestation_missing",)
    signed = comes(electorate, Way.ATTESTATION, account=account)
    assert answer(electorate, signed, account) == ()


def test_only_the_people_of_a_closed_roll():
    electorate = make_electorate(ways=[Way.ACCOUNT, Way.SMS], is_roll_closed=True)
    assert answer(electorate, account=make_user()) == ("not_on_roll",)
    assert answer(electorate, comes(electorate, Way.SMS, is_on_roll=False)) == ("not_on_roll",)
    assert answer(electorate, comes(electorate, Way.SMS, is_on_roll=True)) == ()


def test_the_age_counts_on_the_day_that_the_regulation_names():
    at = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)
    electorate = make_electorate(ways=[Way.ACCOUNT, Way.SMS], minimum_age=16)
    almost = comes(electorate, Way.SMS, birth_date=datetime.date(2010, 5, 2))
    assert answer(electorate, almost, at=at) == ("too_young",)
    electorate.age_on = datetime.date(2026, 12, 31)
    assert answer(electorate, almost, at=at) == ()
    young = make_user(birth_date=datetime.date(2015, 1, 1))
    assert answer(electorate, account=young, at=at) == ("too_young",)
    assert answer(electorate, account=make_user(birth_date=None)) == ("birth_date_missing",)
    assert answer(electorate, comes(electorate, Way.SMS)) == ("tie_missing",)
    # The authority that wrote the roll has checked the age of those whose date it keeps.
    assert answer(electorate, comes(electorate, Way.SMS, is_on_roll=True)) == ()


def test_what_the_elector_stated_goes_before_what_the_profile_says():
    electorate = make_electorate(minimum_age=16)
    account = make_user(birth_date=datetime.date(1980, 1, 1))
    elector = comes(electorate, Way.ACCOUNT, account=account, birth_date=datetime.date(2018, 1, 1))
    assert answer(electorate, elector, account) == ("too_young",)


class TestTies:
    def electorate(self, *links, ways=(Way.ACCOUNT, Way.SMS)):
        return make_electorate(ways=ways, links=list(links), perimeter=make_territory("Ville"))

    def test_residents_by_their_profile_or_by_their_word(self):
        electorate = self.electorate(Link.RESIDENT)
        inside = make_territory(parent=electorate.perimeter, kind="neighbourhood")
        assert answer(electorate, account=make_user(home_territory=inside)) == ()
        assert answer(electorate, account=make_user()) == ("residence_missing",)
        elsewhere = make_user(home_territory=make_territory())
        assert answer(electorate, account=elsewhere) == ("not_resident",)
        assert answer(electorate, comes(electorate, Way.SMS, link=Link.RESIDENT)) == ()

    def test_workers_and_pupils_state_it(self):
        electorate = self.electorate(Link.WORKER, Link.PUPIL)
        assert answer(electorate, account=make_user()) == ("tie_missing",)
        assert answer(electorate, comes(electorate, Way.SMS, link=Link.PUPIL)) == ()
        assert answer(electorate, comes(electorate, Way.SMS, link=Link.RESIDENT)) == ("not_tied",)
        assert answer(electorate, comes(electorate, Way.SMS)) == ("tie_missing",)

    def test_who_lives_elsewhere_may_still_work_here(self):
        electorate = self.electorate(Link.RESIDENT, Link.WORKER)
        elsewhere = make_user(home_territory=make_territory())
        assert answer(electorate, account=elsewhere) == ("tie_missing",)


def test_a_second_account_of_one_mailbox_is_told_before_the_ballot():
    electorate = make_electorate()
    enrol_account(electorate=electorate, account=make_user("alix@example.org"))
    second = make_user("alix+2@example.org")
    assert answer(electorate, account=second) == ("already_known",)


def test_somebody_elses_elector_lends_nothing_to_an_account():
    """An account signed in beside a visitor's session neither helps nor hinders them."""
    electorate = make_electorate(ways=[Way.SMS], minimum_age=16)
    visitor = comes(electorate, Way.SMS)
    assert answer(electorate, visitor, make_user()) == ("tie_missing",)


def test_all_reasons_come_at_once():
    electorate = make_electorate(
        ways=[Way.LETTER], is_roll_closed=True, minimum_age=16, perimeter=make_territory()
    )
    young = make_user(birth_date=datetime.date(2020, 1, 1))
    assert answer(electorate, account=young) == ("way_not_accepted", "not_on_roll", "too_young")


def test_without_settings_the_process_decides_and_reading_writes_nothing():
    town = make_territory()
    process = make_process(perimeter=town, minimum_age=16, residents_only=True)
    activity = make_open_activity("decide", process=process)
    electorate = electorate_in_force(activity=activity)
    assert (electorate.minimum_age, electorate.links) == (16, ["resident"])
    assert answer(electorate, account=make_user()) == ("residence_missing",)
    assert not type(electorate).objects.exists()
