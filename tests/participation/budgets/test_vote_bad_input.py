"""What a voter or a badly set machine sends amiss: said in words, nothing written, nothing lost."""

import datetime
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from participation.budgets.choices import ProjectState
from participation.budgets.models import JournalEntry, Poll, VoterRecord
from participation.budgets.services.vote import cast_ballot
from tests.factories.accounts import make_user
from tests.factories.budgets import (
    cast,
    elector_of,
    make_budget,
    make_envelope,
    make_poll,
    make_project,
)
from tests.participation.budgets.refusals import refusal

pytestmark = pytest.mark.django_db


def sent(poll, choices):
    return refusal(
        cast_ballot,
        poll=poll,
        voter=elector_of(poll, make_user()),
        choices=choices,
        cast_key=uuid.uuid4(),
    )


def test_a_project_taken_off_before_the_sealing_is_on_no_ballot():
    envelope = make_envelope(make_budget("decide"))
    kept = make_project(envelope)
    withdrawn = make_project(envelope, state=ProjectState.DRAFT)
    poll = make_poll(envelope=envelope)
    assert sent(poll, [kept.pk, withdrawn.pk]) == ("unknown_project",)
    assert sent(poll, [withdrawn.pk]) == ("unknown_project",)
    assert not VoterRecord.objects.exists()
    assert not JournalEntry.objects.filter(kind="cast").exists()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
def test_the_zone_of_the_process_changes_neither_the_day_nor_the_hour_of_the_close(zone):
    """The roll has the day of the town; the close is an instant, wherever the server stands."""
    poll = make_poll(make_budget("decide"))
    project = poll.envelope.projects.order_by("reference")[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (before,) = cursor.fetchone()
    with timezone.override(ZoneInfo(zone)):
        cast(poll, [project])
    day = before.astimezone(ZoneInfo("Europe/Paris")).date()
    # The day after when the test itself runs across midnight.
    assert VoterRecord.objects.get().voted_on - day in (
        datetime.timedelta(0),
        datetime.timedelta(days=1),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_phase SET period = tstzrange(lower(period),"
            " clock_timestamp() - interval '1 millisecond') WHERE step = 'decide'"
        )
    with timezone.override(ZoneInfo(zone)):
        assert sent(Poll.objects.get(), [project.pk]) == ("voting_closed",)


def test_the_hour_that_comes_twice_ends_a_vote_once():
    """On the night when clocks go back, 02:30 in Paris is two instants: a close is one of them."""
    paris = ZoneInfo("Europe/Paris")
    first = datetime.datetime(2026, 10, 25, 2, 30, tzinfo=paris)
    second = first.replace(fold=1)
    assert second.timestamp() - first.timestamp() == 3600
    poll = make_poll(make_budget("decide"))
    project = poll.envelope.projects.order_by("reference")[0]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_phase WHERE step <> 'decide'")
        cursor.execute(
            "UPDATE core_phase SET period = tstzrange('2026-10-01', %s) WHERE step = 'decide'",
            [first],
        )
        cursor.execute(
            "SELECT period @> %s, period @> %s, period @> %s FROM core_phase WHERE step = 'decide'",
            [first - datetime.timedelta(seconds=1), first, second],
        )
        assert cursor.fetchone() == (True, False, False)
    assert sent(Poll.objects.get(pk=poll.pk), [project.pk]) == ("voting_closed",)
