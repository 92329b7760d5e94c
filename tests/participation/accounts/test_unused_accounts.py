"""An account that nobody uses is warned twice, then emptied; never without both warnings."""

import datetime

import pytest
from django.apps import apps
from django.utils import timezone

from participation.accounts.models import User
from participation.core import services
from participation.core.account.inactivity import close_unused
from participation.core.choices import Visibility
from participation.core.models import Notification
from tests.factories.accounts import make_moderator, make_user
from tests.factories.core import make_comment, make_contribution

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 26, 3, tzinfo=datetime.UTC)
A_DAY = datetime.timedelta(days=1)


def make_member(*, last_seen: datetime.datetime, **fields):
    person = make_user(**fields)
    User.objects.filter(pk=person.pk).update(last_login=last_seen, date_joined=last_seen)
    person.refresh_from_db()
    return person


def nights(start: datetime.datetime, count: int) -> list[dict[str, int]]:
    return [close_unused(at=start + A_DAY * number) for number in range(count)]


def test_warned_sixty_and_fifteen_days_before_then_emptied():
    seen = datetime.datetime(2025, 1, 10, 9, tzinfo=datetime.UTC)
    person = make_member(last_seen=seen, public_name="Ninon", email="ninon@example.org")
    due = datetime.datetime(2027, 1, 10, 9, tzinfo=datetime.UTC)

    happened = {}
    for number in range(80):
        at = due - datetime.timedelta(days=70) + A_DAY * number
        done = close_unused(at=at)
        if any(done.values()):
            happened[(at - due).days] = done

    assert happened == {
        -60: {"warned": 1, "closed": 0},
        -15: {"warned": 1, "closed": 0},
        0: {"warned": 0, "closed": 1},
    }
    person.refresh_from_db()
    assert person.erased_at == due
    assert person.public_name == "Un ancien membre"


def test_the_warnings_say_until_when_and_how_to_stay(django_capture_on_commit_callbacks):
    seen = datetime.datetime(2025, 1, 10, 9, tzinfo=datetime.UTC)
    person = make_member(last_seen=seen, wants_mail=False)

    close_unused(at=datetime.datetime(2026, 11, 12, tzinfo=datetime.UTC))

    warning = Notification.objects.get(recipient=person)
    assert (
        warning.subject == "Vous n’utilisez plus votre compte : il sera supprimé le 11 janvier 2027"
    )
    assert "10 janvier 2025" in warning.body
    assert "connectez-vous avant le 11 janvier 2027" in warning.body
    # By mail too, though they chose none: their account is at stake.
    jobs = apps.get_model("procrastinate", "ProcrastinateJob").objects
    assert jobs.filter(
        task_name="core.deliver_notification", args={"notification_id": warning.pk}
    ).exists()


def test_an_account_long_unused_when_the_rule_arrives_gets_both_warnings_in_time():
    make_member(last_seen=NOW - datetime.timedelta(days=2000))

    done = nights(NOW, 70)

    when = [number for number, night in enumerate(done) if any(night.values())]
    assert when == [0, 45, 60]
    assert done[60] == {"warned": 0, "closed": 1}


def test_who_comes_back_keeps_the_account_and_starts_anew():
    person = make_member(last_seen=NOW - datetime.timedelta(days=700))
    close_unused(at=NOW)
    User.objects.filter(pk=person.pk).update(last_login=NOW + A_DAY)

    assert all(not any(night.values()) for night in nights(NOW + A_DAY * 2, 90))

    later = NOW + datetime.timedelta(days=700)
    assert close_unused(at=later) == {"warned": 1, "closed": 0}
    assert Notification.objects.filter(recipient=person).count() == 2


@pytest.mark.parametrize("wrote", ["contribution", "comment", "support"])
def test_who_took_part_meanwhile_is_not_unused(wrote):
    person = make_member(last_seen=NOW - datetime.timedelta(days=900))
    recent = timezone.now()
    if wrote == "contribution":
        make_contribution(author=person, visibility=Visibility.DRAFT)
    elif wrote == "comment":
        make_comment(author=person)
    else:
        services.support(contribution=make_contribution(), user=person, at=recent)

    assert close_unused(at=recent) == {"warned": 0, "closed": 0}


def test_staff_and_those_who_left_are_none_of_it():
    staff = make_moderator()
    User.objects.filter(pk=staff.pk).update(last_login=NOW - datetime.timedelta(days=2000))
    gone = make_member(last_seen=NOW - datetime.timedelta(days=2000))
    User.objects.filter(pk=gone.pk).update(erased_at=NOW)

    assert close_unused(at=NOW) == {"warned": 0, "closed": 0}


def test_what_was_published_stays_without_the_name():
    person = make_member(last_seen=NOW - datetime.timedelta(days=2000), public_name="Ninon")
    idea = make_contribution(author=person, title="Des bancs")
    type(idea).objects.filter(pk=idea.pk).update(created_at=NOW - datetime.timedelta(days=2000))

    nights(NOW, 61)

    idea.refresh_from_db()
    assert (idea.title, idea.visibility) == ("Des bancs", "published")
    assert idea.author_name == "Un ancien membre"
