"""Several connections at once, committed for real: one person, one elector."""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from participation.core.verdict import Refused
from participation.electors.choices import IdentityKind, Way
from participation.electors.models import Elector, ElectorIdentity, TextCode
from participation.electors.services import (
    Proof,
    arrive,
    cancel_letter,
    check_text_code,
    draw_codes,
    enrol_account,
    enrol_at_desk,
    plan_anonymous_letters,
    redeem,
    send_text_code,
)
from tests.factories.accounts import make_user
from tests.factories.electors import code_for, make_clerk, make_electorate, make_roll
from tests.participation.budgets.committed import at_once, really_committed

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    with really_committed(django_db_blocker):
        yield


def test_one_account_from_many_tabs_is_one_elector():
    electorate, account = make_electorate(), make_user()
    found = at_once([partial(enrol_account, electorate=electorate, account=account)] * 12)
    assert {elector.pk for elector in found} == {Elector.objects.get().pk}


def test_two_accounts_of_one_mailbox_at_once_make_one_elector():
    electorate = make_electorate()
    accounts = [make_user("alix@example.org"), make_user("alix+vote@example.org")]
    found = at_once(
        [partial(enrol_account, electorate=electorate, account=account) for account in accounts] * 4
    )
    assert Elector.objects.count() == 1
    assert {r.verdict.codes for r in found if isinstance(r, Refused)} == {("already_known",)}
    assert {r.account_id for r in found if isinstance(r, Elector)} == {
        Elector.objects.get().account_id
    }


def test_two_ways_of_one_person_at_once_make_one_elector():
    """They share one proof: whoever commits first makes the row, the others find it."""
    electorate = make_electorate(ways=[Way.DESK, Way.SMS, Way.FRANCECONNECT])
    phone = Proof.of(electorate, IdentityKind.PHONE, "+33612345678")
    found = at_once(
        [
            partial(
                arrive,
                electorate=electorate,
                way=way,
                proofs=[phone, Proof.of(electorate, IdentityKind.FRANCECONNECT, "sub")],
            )
            for way in (Way.SMS, Way.FRANCECONNECT) * 6
        ]
    )
    assert {elector.pk for elector in found} == {Elector.objects.get().pk}
    assert sorted(Elector.objects.get().ways) == ["franceconnect", "sms"]
    assert ElectorIdentity.objects.count() == 2


def test_two_desks_that_enrol_one_person_at_once_make_one_elector():
    electorate, clerk = make_electorate(ways=[Way.DESK]), make_clerk()
    found = at_once(
        [
            partial(
                enrol_at_desk,
                electorate=electorate,
                family_name=name,
                given_names="Tom",
                birth_date=datetime.date(1980, 5, 1),
                actor=clerk,
                at=timezone.now(),
            )
            for name in ("Essai", "ESSAI") * 4
        ]
    )
    assert {elector.pk for elector in found} == {Elector.objects.get().pk}


def test_a_code_and_its_cancelling_at_once_never_both_succeed_late():
    electorate = make_electorate(ways=[Way.LETTER])
    (person,) = make_roll(electorate, 1)
    code = code_for(person)
    found = at_once(
        [partial(redeem, electorate=electorate, text=code, at=timezone.now())] * 6
        + [partial(code_for, person)]
    )
    outcomes = {
        result.verdict.codes if isinstance(result, Refused) else type(result).__name__
        for result in found
    }
    assert outcomes <= {"Elector", "str", ("code_cancelled",)}
    late = at_once([partial(redeem, electorate=electorate, text=code, at=timezone.now())])
    assert late[0].verdict.codes == ("code_cancelled",)


def test_a_hundred_wrong_codes_at_once_are_judged_five_times():
    electorate = make_electorate(ways=[Way.SMS])
    sent = send_text_code(electorate=electorate, number="06 12 34 56 78", at=timezone.now())
    found = at_once(
        [
            partial(
                check_text_code,
                sent_id=sent.pk,
                electorate=electorate,
                text="12",
                at=timezone.now(),
            )
        ]
        * 100
    )
    codes = [result.verdict.codes for result in found]
    assert codes.count(("text_code_wrong",)) == 5
    assert codes.count(("text_code_expired",)) == 95
    assert TextCode.objects.get().attempts == 5


def letters_drawn() -> tuple[Any, list[Any], Callable[[], Any], Callable[[], Any]]:
    """Two letters: their electorate, their codes, how to print them again, to cancel the first."""
    electorate, clerk, now = make_electorate(ways=[Way.LETTER]), make_clerk(), timezone.now()
    later = now + datetime.timedelta(hours=1)
    (batch,) = plan_anonymous_letters(
        electorate=electorate, count=2, expires_at=later, actor=clerk, at=now
    )
    draw = partial(draw_codes, batch=batch, actor=clerk, at=now)
    cancel = partial(
        cancel_letter,
        electorate=electorate,
        number="1-1-1",
        reason="Perdu",
        drops_account=False,
        actor=clerk,
        at=now,
    )
    return electorate, draw(), draw, cancel


def test_officers_who_cancel_one_letter_at_once_cancel_it_once():
    electorate, drawn, _print_again, cancel = letters_drawn()
    found = at_once([cancel] * 8)
    refused = [each for each in found if isinstance(each, Refused)]
    assert [each.verdict.codes for each in refused] == [("letter_cancelled",)] * 7
    assert ModelLogEntry.objects.filter(action="parvis.letters.cancel").count() == 1
    assert redeem(electorate=electorate, text=drawn[1][1], at=timezone.now()) == drawn[1][0]


def test_a_letter_cancelled_while_its_batch_is_printed_again_never_costs_the_fresh_one():
    """Whoever comes second sees what the first did: the letter of the new printing lives."""
    electorate, _drawn, print_again, cancel = letters_drawn()
    answer, fresh = at_once([cancel, print_again])
    if isinstance(answer, Refused):
        assert answer.verdict.codes == ("letter_replaced",)
    assert isinstance(fresh, list)
    assert redeem(electorate=electorate, text=fresh[0][1], at=timezone.now()) == fresh[0][0]
