"""Following a whole map: the button, and one message a day at most about the answers."""

import datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from participation.core.models import Follow, Notification
from participation.core.services import follow
from participation.core.tasks import deliver_notification
from participation.mapping.management.schedule import tell_followers_daily
from participation.mapping.models import MapContribution
from participation.mapping.services import tell_followers
from participation.mapping.services.follow_up import answer
from tests.factories.accounts import make_user
from tests.factories.mapping import make_map, make_map_contribution, make_map_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = datetime.timedelta(days=1)


def respond(row: MapContribution, at: datetime.datetime, status: str = "planned") -> None:
    answer(
        contribution=row,
        status=status,
        body=f"Réponse : {status}.",
        directorate=None,
        actor=make_map_officer(),
        at=at,
    )


def news() -> list[Notification]:
    return list(Notification.objects.filter(kind="map-news").order_by("pk"))


def test_anyone_signed_in_follows_a_map_from_its_page(client: Client) -> None:
    map = make_map()
    home = reverse("mapping:home", args=[map.activity.slug])
    assert "Se connecter pour suivre" in client.get(home).text
    user = make_user()
    client.force_login(user, backend=BACKEND)
    address = reverse("core:follow", args=["activity", map.pk])
    assert f'action="{address}"' in client.get(home).text
    assert client.post(address, {"next": home}).url == home
    assert Follow.objects.get().activity_id == map.pk
    assert reverse("core:unfollow", args=["activity", map.pk]) in client.get(home).text
    # What one follows is in one's space, with the way back to the map.
    assert home in client.get(reverse("space:follows")).text


def test_a_map_in_preparation_is_not_followed(client: Client) -> None:
    map = make_map(process__published_at=None)
    client.force_login(make_map_officer(), backend=BACKEND)
    page = client.get(reverse("mapping:home", args=[map.activity.slug])).text
    assert "/suivre/" not in page


def test_followers_are_told_of_a_day_of_answers_once_and_together() -> None:
    map, at = make_map("examine"), timezone.now()
    of_map, of_process, other = make_user(), make_user(), make_user()
    follow(user=of_map, subject=map.activity, at=at)
    follow(user=of_process, subject=map.activity.process, at=at)
    follow(user=other, subject=make_map().activity, at=at)
    bench, tree, late = (
        make_map_contribution(map, title=title) for title in ("Un banc", "Un tilleul", "Un puits")
    )
    respond(bench, at, "under_study")
    respond(bench, at)
    respond(tree, at, "done")
    respond(late, at + DAY)
    assert news() == []  # the day is not over
    today = timezone.localdate(at)
    assert tell_followers(day=today, at=at + DAY) == 2
    assert tell_followers(day=today, at=at + DAY) == 0
    told = news()
    assert {each.recipient for each in told} == {of_map, of_process}
    assert told[0].body.count("Un banc") == 1
    assert "Un banc (Programmé" in told[0].body
    assert "Un tilleul (" in told[0].body
    assert "Un puits" not in told[0].body
    assert told[0].subject.startswith(f"« {map.activity.title} » : 2 réponses")
    assert told[0].path == reverse("mapping:home", args=[map.activity.slug])
    deliver_notification(told[0].pk)
    assert mail.outbox[0].to == [of_map.email]
    assert tell_followers(day=today + DAY, at=at + 2 * DAY) == 2


def test_what_is_hidden_or_kept_back_is_not_told() -> None:
    at = timezone.now()
    map, secret = make_map("examine"), make_map("collect", shows_others=False)
    for each in (map, secret):
        follow(user=make_user(), subject=each.activity, at=at)
        respond(make_map_contribution(each, title="Un banc"), at)
    hidden = MapContribution.objects.get(map=map).contribution
    hidden.visibility = "hidden"
    hidden.save(update_fields=["visibility"])
    assert tell_followers(day=timezone.localdate(at), at=at) == 0


def test_a_hundred_answers_are_one_message_of_twenty_lines() -> None:
    map, at = make_map("examine"), timezone.now()
    follow(user=make_user(), subject=map.activity, at=at)
    for number in range(23):
        respond(make_map_contribution(map, title=f"Banc {number}"), at)
    assert tell_followers(day=timezone.localdate(at), at=at) == 1
    (told,) = news()
    assert told.body.count("- Banc") == 20
    assert "3 autres" in told.body


@pytest.mark.parametrize("number", [1, 3])
def test_telling_costs_the_same_whatever_the_number_of_answers(
    number: int, django_assert_num_queries: Any
) -> None:
    map, at = make_map("examine"), timezone.now()
    follow(user=make_user(), subject=map.activity, at=at)
    for _time in range(number):
        respond(make_map_contribution(map), at)
    with django_assert_num_queries(10):  # savepoints included
        tell_followers(day=timezone.localdate(at), at=at)


def test_the_worker_tells_each_morning_of_the_day_before() -> None:
    assert any(
        each.task.name == "mapping.tell_followers" and each.cron == "15 7 * * *"
        for each in app.periodic_registry.periodic_tasks.values()
    )
    map, at = make_map("examine"), timezone.now() - DAY
    follow(user=make_user(), subject=map.activity, at=at)
    respond(make_map_contribution(map), at)
    tell_followers_daily(timestamp=int(timezone.now().timestamp()))
    assert len(news()) == 1
