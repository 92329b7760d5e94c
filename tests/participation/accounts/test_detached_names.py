"""Authors' names leave what they published, so many years after the end of its process."""

import datetime

import pytest
from django.apps import apps
from django.utils import timezone
from wagtail.models import Site

from cms.management.schedule import detach_authors_daily
from cms.models import SiteSettings
from participation.core.account.detaching import detach_authors
from participation.core.models import Contribution
from tests.factories.accounts import make_user
from tests.factories.core import make_activity, make_comment, make_contribution, make_phase

pytestmark = pytest.mark.django_db

YEAR = 366


@pytest.fixture
def person():
    return make_user("ninon@example.org", public_name="Ninon")


def make_ended_activity(*, years: float, **fields):
    activity = make_activity(**fields)
    make_phase(activity, opens_in=int(-years * YEAR) - 30, closes_in=int(-years * YEAR))
    return activity


def test_names_go_and_texts_stay(person):
    other = make_user(public_name="Léon")
    idea = make_contribution(activity=make_ended_activity(years=5), author=person, title="Bancs")
    mine = make_comment(contribution=idea, author=person, body="Merci")
    theirs = make_comment(contribution=idea, author=other, body="Bravo")

    assert detach_authors(years=5, at=timezone.now()) == 2

    for row in (idea, mine, theirs):
        row.refresh_from_db()
    assert (idea.title, mine.body, theirs.body) == ("Bancs", "Merci", "Bravo")
    assert idea.author_name == mine.author.public_name == "Un ancien membre"
    assert idea.author == mine.author != theirs.author  # the discussion stays readable
    assert not idea.author.is_active
    person.refresh_from_db()
    assert (person.public_name, person.erased_at) == ("Ninon", None)
    assert not Contribution.objects.filter(author=person).exists()


def test_two_processes_cannot_be_joined(person):
    first = make_contribution(activity=make_ended_activity(years=6), author=person)
    second = make_contribution(activity=make_ended_activity(years=7), author=person)

    detach_authors(years=5, at=timezone.now())

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.author != second.author


def test_a_name_taken_down_on_paper_goes_too():
    idea = make_contribution(activity=make_ended_activity(years=6))
    Contribution.objects.filter(pk=idea.pk).update(author=None, author_label="Odette, 82 ans")

    assert detach_authors(years=5, at=timezone.now()) == 1

    idea.refresh_from_db()
    assert idea.author_name == "Un ancien membre"


def test_a_process_is_over_when_its_last_phase_is(person):
    late = make_ended_activity(years=6)
    make_phase(make_activity(process=late.process), opens_in=-2000, closes_in=-YEAR * 4)
    endless = make_ended_activity(years=6)
    make_phase(endless, "follow", opens_in=-1000, closes_in=None)
    without_date = make_activity()
    ideas = [
        make_contribution(activity=activity, author=person)
        for activity in (late, endless, without_date, make_ended_activity(years=4))
    ]

    assert detach_authors(years=5, at=timezone.now()) == 0
    assert Contribution.objects.filter(author=person).count() == len(ideas)


def test_done_once_and_logged(person):
    activity = make_ended_activity(years=6)
    make_contribution(activity=activity, author=person)

    assert detach_authors(years=5, at=timezone.now()) == 1
    assert detach_authors(years=5, at=timezone.now() + datetime.timedelta(days=1)) == 0

    lines = apps.get_model("wagtailcore", "ModelLogEntry").objects.filter(
        action="parvis.process.detach"
    )
    assert [(line.object_id, line.data) for line in lines] == [
        (str(activity.process_id), {"names": 1})
    ]


def test_the_site_says_how_many_years(person):
    settings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.retention_years = 3
    settings.save()
    make_contribution(activity=make_ended_activity(years=4), author=person)

    detach_authors_daily(0)

    assert not Contribution.objects.filter(author=person).exists()
