"""Casting a ballot: who, what, once, and what is stored."""

import datetime
import json
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.utils import timezone

from participation.budgets.choices import BallotKind
from participation.budgets.models import Poll, VoterRecord
from participation.budgets.services.vote import cast_ballot
from participation.budgets.services.vote.casting import MOST_CASTS
from participation.core.models import Notification
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import (
    cast,
    close_and_count,
    elector_of,
    make_budget,
    make_envelope,
    make_poll,
    make_project,
    move_to,
)
from tests.participation.budgets.refusals import refusal

pytestmark = pytest.mark.django_db


def cast_codes(poll, voter, choices, cast_key=None) -> tuple[str, ...]:
    return refusal(
        cast_ballot,
        poll=poll,
        voter=elector_of(poll, voter),
        choices=choices,
        cast_key=cast_key or uuid.uuid4(),
    )


def test_a_cast_writes_one_line_of_the_roll_and_nothing_of_the_choices():
    poll = make_poll()
    voter = make_user()
    chosen = poll.envelope.projects.order_by("reference")[0]
    receipt = cast(poll, [chosen], voter)
    record = VoterRecord.objects.get()
    assert (record.poll_id, record.voter.account, record.channel, record.casts) == (
        poll.pk,
        voter,
        "web",
        1,
    )
    assert (receipt.deposit_code, receipt.recast) == (record.deposit_code, False)
    assert len(receipt.deposit_code) == 20
    assert receipt.voted_on == timezone.localdate(timezone=ZoneInfo("Europe/Paris"))
    assert record.voted_on == receipt.voted_on
    assert poll.ballots.count() == 0


def test_all_envelopes_of_a_poll_have_the_same_length():
    poll = make_poll()
    projects = list(poll.envelope.projects.order_by("reference"))
    for size in (1, 2, 3):
        cast(poll, projects[:size])
    lengths = {len(bytes(sealed)) for (sealed,) in VoterRecord.objects.values_list("sealed_ballot")}
    assert len(lengths) == 1


def test_the_mail_gives_the_code_and_neither_choices_nor_hour():
    poll = make_poll()
    voter = make_user(language="en", wants_mail=False)
    chosen = poll.envelope.projects.order_by("reference")[0]
    receipt = cast(poll, [chosen], voter)
    notification = Notification.objects.get(recipient=voter)
    told = f"{notification.subject}\n{notification.body}\n{notification.path}"
    assert receipt.deposit_code in told
    assert chosen.title not in told
    assert chosen.reference not in told.replace(receipt.deposit_code, "")
    local = timezone.localtime(notification.created_at, ZoneInfo("Europe/Paris"))
    assert local.time() == datetime.time()
    with connection.cursor() as cursor:  # a receipt is mailed even to those who want no news
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (1,)


def test_the_same_key_gives_the_same_receipt_even_after_the_close():
    poll = make_poll()
    voter, key = make_user(), uuid.uuid4()
    choices = [poll.envelope.projects.order_by("reference")[0].pk]
    first = cast_ballot(poll=poll, voter=elector_of(poll, voter), choices=choices, cast_key=key)
    again = cast_ballot(poll=poll, voter=elector_of(poll, voter), choices=choices, cast_key=key)
    move_to(poll.envelope.budget, "follow")
    late = cast_ballot(poll=poll, voter=elector_of(poll, voter), choices=choices, cast_key=key)
    assert first == again == late
    assert VoterRecord.objects.get().casts == 1
    assert Notification.objects.count() == 1


def test_the_order_of_the_choices_does_not_make_another_ballot():
    poll = make_poll()
    voter, key = make_user(), uuid.uuid4()
    one, two = [project.pk for project in poll.envelope.projects.order_by("reference")[:2]]
    first = cast_ballot(poll=poll, voter=elector_of(poll, voter), choices=[one, two], cast_key=key)
    assert (
        cast_ballot(poll=poll, voter=elector_of(poll, voter), choices=[two, one], cast_key=key)
        == first
    )


def test_the_same_key_with_other_choices_is_refused_and_the_first_kept():
    poll = make_poll()
    voter, key = make_user(), uuid.uuid4()
    one, two = [project.pk for project in poll.envelope.projects.order_by("reference")[:2]]
    receipt = cast_ballot(poll=poll, voter=elector_of(poll, voter), choices=[one], cast_key=key)
    assert cast_codes(poll, voter, [two], key) == ("key_reused",)
    assert VoterRecord.objects.get().deposit_code == receipt.deposit_code


def test_an_old_form_sent_again_does_not_undo_a_later_ballot():
    poll = make_poll()
    voter, key = make_user(), uuid.uuid4()
    one, two = [project.pk for project in poll.envelope.projects.order_by("reference")[:2]]
    cast_ballot(poll=poll, voter=elector_of(poll, voter), choices=[one], cast_key=key)
    later = cast_ballot(
        poll=poll, voter=elector_of(poll, voter), choices=[two], cast_key=uuid.uuid4()
    )
    assert later.recast
    assert cast_codes(poll, voter, [one], key) == ("cast_superseded",)
    record = VoterRecord.objects.get()
    assert (record.deposit_code, record.casts) == (later.deposit_code, 2)


def test_changing_ones_mind_has_an_end():
    poll = make_poll()
    voter = make_user()
    chosen = list(poll.envelope.projects.order_by("reference")[:1])
    cast(poll, chosen, voter)
    VoterRecord.objects.update(casts=MOST_CASTS)
    assert cast_codes(poll, voter, [chosen[0].pk]) == ("too_many_casts",)


def test_a_key_of_one_poll_is_not_one_of_another():
    """A voter has one form per envelope; a key sent to two of them is two casts."""
    budget = make_budget("decide")
    key, voter = uuid.uuid4(), make_user()
    codes = set()
    for _ in range(2):
        poll = make_poll(envelope=make_envelope(budget))
        choices = [poll.envelope.projects.order_by("reference")[0].pk]
        codes.add(
            cast_ballot(
                poll=poll, voter=elector_of(poll, voter), choices=choices, cast_key=key
            ).deposit_code
        )
    assert len(codes) == 2
    assert VoterRecord.objects.count() == 2


def test_an_approval_ballot_keeps_within_its_numbers():
    budget = make_budget("decide", min_choices=2, max_choices=3)
    poll = make_poll(budget, projects=5)
    keys = [project.pk for project in poll.envelope.projects.order_by("reference")]
    voter = make_user()
    assert cast_codes(poll, voter, []) == ("too_few",)
    assert cast_codes(poll, voter, keys[:1]) == ("too_few",)
    assert cast_codes(poll, voter, keys[:4]) == ("too_many",)
    assert cast_codes(poll, voter, [keys[0], keys[0]]) == ("repeated_project",)
    other = make_project(make_envelope(budget))
    assert cast_codes(poll, voter, [keys[0], other.pk]) == ("unknown_project",)
    assert cast_codes(poll, voter, [-1, 2**70]) == ("unknown_project",)
    assert not VoterRecord.objects.exists()


def test_a_knapsack_ballot_keeps_within_the_money():
    budget = make_budget("decide", ballot_kind=BallotKind.KNAPSACK, max_choices=None)
    envelope = make_envelope(budget, amount_cents=100_000)
    one = make_project(envelope, cost_cents=60_000)
    two = make_project(envelope, cost_cents=40_000)
    three = make_project(envelope, cost_cents=40_001)
    poll = make_poll(envelope=envelope)
    voter = make_user()
    assert cast_codes(poll, voter, [one.pk, three.pk]) == ("over_budget",)
    assert cast_codes(poll, voter, [one.pk, two.pk, three.pk]) == ("over_budget",)
    assert cast(poll, [one, two], voter).deposit_code


def test_who_may_not_vote_is_told_every_reason():
    perimeter = make_territory(bounds=(1.3, 43.5, 1.6, 43.7))
    budget = make_budget(
        "decide",
        process__minimum_age=16,
        process__residents_only=True,
        process__perimeter=perimeter,
    )
    poll = make_poll(budget)
    choices = [poll.envelope.projects.order_by("reference")[0].pk]
    stranger = make_user(verified=False, birth_date=None)
    assert cast_codes(poll, stranger, choices) == (
        "email_unverified",
        "birth_date_missing",
        "residence_missing",
    )
    child = make_user(
        birth_date=timezone.localdate() - datetime.timedelta(days=3650),
        home_territory=make_territory(),
    )
    assert cast_codes(poll, child, choices) == ("too_young", "not_resident")
    assert cast_codes(poll, child, []) == ("too_young", "not_resident", "too_few")


@pytest.mark.parametrize(
    ("step", "codes"), [("collect", ("voting_not_open",)), ("follow", ("voting_closed",))]
)
def test_outside_the_voting_phase_no_ballot_enters(step, codes):
    poll = make_poll(make_budget("decide"))
    move_to(poll.envelope.budget, step)
    poll = Poll.objects.get()
    choices = [poll.envelope.projects.order_by("reference")[0].pk]
    assert cast_codes(poll, make_user(), choices) == codes


def test_a_counted_poll_takes_no_more_ballots_even_if_its_dates_move():
    poll = make_poll(make_budget("decide"))
    cast(poll, list(poll.envelope.projects.order_by("reference")[:1]))
    close_and_count(poll)
    move_to(poll.envelope.budget, "decide")
    poll = Poll.objects.get()
    choices = [poll.envelope.projects.order_by("reference")[0].pk]
    assert cast_codes(poll, make_user(), choices) == ("voting_closed",)


def insert_envelope(poll, voter) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO budgets_voterrecord (poll_id, voter_id, channel, sealed_ballot,"
            " deposit_code, cast_keys, cast_digest, casts, desk, voted_on)"
            " VALUES (%s, %s, 'web', 'x', '', '{}', '', 1, '', current_date)",
            [poll.pk, elector_of(poll, voter).pk],
        )


@pytest.mark.parametrize("step", ["collect", "examine", "follow"])
def test_the_database_itself_refuses_an_envelope_outside_the_vote(step):
    poll = make_poll(make_budget("decide"))
    move_to(poll.envelope.budget, step)
    with pytest.raises(IntegrityError, match="the vote is not open"):
        insert_envelope(poll, make_user())


def test_the_clock_of_the_database_decides_not_ours():
    """A phase that ended a millisecond ago by PostgreSQL's clock is over."""
    poll = make_poll(make_budget("decide"))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_phase SET period = tstzrange(lower(period),"
            " clock_timestamp() - interval '1 millisecond') WHERE step = 'decide'"
        )
    choices = [poll.envelope.projects.order_by("reference")[0].pk]
    fresh = Poll.objects.get()
    assert cast_codes(fresh, make_user(), choices) == ("voting_closed",)
    with pytest.raises(IntegrityError, match="the vote is not open"):
        insert_envelope(poll, make_user())


def test_the_roll_has_no_time_finer_than_the_day():
    fields = {field.name: field.get_internal_type() for field in VoterRecord._meta.get_fields()}
    assert "DateTimeField" not in fields.values()
    assert fields["voted_on"] == "DateField"


def test_the_stored_digests_do_not_hold_the_key():
    poll = make_poll()
    voter, key = make_user(), uuid.uuid4()
    choices = [poll.envelope.projects.order_by("reference")[0].pk]
    cast_ballot(poll=poll, voter=elector_of(poll, voter), choices=choices, cast_key=key)
    row = json.dumps(VoterRecord.objects.values("cast_keys", "cast_digest", "deposit_code").get())
    assert key.hex not in row
    assert str(key) not in row
