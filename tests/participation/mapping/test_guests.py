"""Contributing without an account: nothing public before the link is used, and one link for all."""

import datetime
import re
import uuid
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.core.account.detaching import detach_authors
from participation.core.choices import Visibility
from participation.mapping.models import Guest, MapCategory, MapContribution
from participation.mapping.tasks import mail_guest_link
from tests.factories.accounts import make_territory, make_user
from tests.factories.core import make_phase
from tests.factories.mapping import make_category, make_map
from tests.participation.mapping.pictures import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def category() -> MapCategory:
    cache.clear()
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    return make_category(make_map(process__perimeter=town, without_account=True), "Ombre")


def url(name: str, category: MapCategory, *more: Any) -> str:
    return reverse(f"mapping:{name}", args=[category.map.activity.slug, *more])


def typed(category: MapCategory, **changes: Any) -> dict[str, Any]:
    return {
        "category": str(category.pk),
        "title": "Un banc à l’ombre",
        "place_kind": "point",
        "place_vertices": "43.604, 1.444",
        "submission_key": str(uuid.uuid4()),
        "name": "Lou",
        "email": "lou@example.org",
        "website": "",
        "action": "send",
        **changes,
    }


def link_sent() -> str:
    """The address in the message that the queue sends."""
    mail.outbox.clear()
    mail_guest_link(Guest.objects.get().pk)
    found = re.search(r"(/carte/\S+)", mail.outbox[0].body)
    assert found is not None
    return found.group(1)


def test_the_whole_life_of_a_contribution_by_its_link(
    client: Client, category: MapCategory
) -> None:
    response = client.post(url("new", category), typed(category))
    assert response.url == url("guest_sent", category)
    assert client.get(response.url).status_code == 200
    row = MapContribution.objects.get()
    assert client.get(url("contribution", category, row.pk)).status_code == 404
    link = link_sent()

    page = client.get(link)
    assert page["Cache-Control"].startswith("max-age=0")
    assert "Un banc à l’ombre" in page.text
    row.refresh_from_db()
    assert not row.is_public  # opening a link changes nothing
    assert client.post(link).url == link
    row.refresh_from_db()
    assert row.is_public
    assert "Lou" in client.get(url("contribution", category, row.pk)).text
    assert "lou@example.org" not in client.get(url("contribution", category, row.pk)).text
    assert client.post(link).status_code == 302  # used again: the same

    changed = typed(
        category, action="save", title="Deux bancs", photo_0=photo(), photo_0_alt="La place"
    )
    assert client.post(f"{link}modifier/", changed).url == link
    row.refresh_from_db()
    assert row.contribution.title == "Deux bancs"
    file = row.contribution.attachments.get()
    client.post(f"{link}modifier/", typed(category, action="save", remove=[file.pk]))
    assert row.contribution.attachments.count() == 0

    assert client.get(f"{link}retirer/").status_code == 200
    client.post(f"{link}retirer/")
    row.contribution.refresh_from_db()
    assert row.contribution.visibility == Visibility.WITHDRAWN


def test_a_link_that_is_wrong_or_of_another_map_opens_nothing(
    client: Client, category: MapCategory
) -> None:
    client.post(url("new", category), typed(category))
    link = link_sent()
    other = make_category(make_map(without_account=True))
    token = link.rstrip("/").rsplit("/", 1)[1]
    for address in (f"{link[:-2]}x/", url("guest", other, token)):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert client.post(f"{link[:-2]}x/modifier/", typed(category)).status_code == 404
    assert client.post(f"{link[:-2]}x/retirer/").status_code == 404


def test_a_link_that_waited_too_long_says_so(client: Client, category: MapCategory) -> None:
    client.post(url("new", category), typed(category))
    link = link_sent()
    Guest.objects.update(created_at=Guest.objects.get().created_at - datetime.timedelta(days=4))
    response = client.post(link)
    assert response.status_code == 403
    assert [reason.code for reason in response.context["reasons"]] == ["link_expired"]


def test_the_same_form_twice_makes_one(client: Client, category: MapCategory) -> None:
    data = typed(category)
    for _ in range(2):
        assert client.post(url("new", category), data).status_code == 302
    assert MapContribution.objects.count() == 1


def test_a_program_that_fills_the_trap_learns_nothing(
    client: Client, category: MapCategory
) -> None:
    response = client.post(url("new", category), typed(category, website="https://spam.example"))
    assert response.url == url("guest_sent", category)
    assert not MapContribution.objects.exists()


def test_a_name_and_an_address_are_asked(client: Client, category: MapCategory) -> None:
    response = client.post(url("new", category), typed(category, name="", email="lou"))
    assert set(response.context["guest_form"].errors) == {"name", "email"}
    assert response.context["form"]["title"].value() == "Un banc à l’ombre"


def test_too_many_in_an_hour_are_refused_and_what_was_typed_is_kept(
    client: Client, category: MapCategory
) -> None:
    for number in range(10):
        data = typed(category, email=f"lou{number}@example.org")
        assert client.post(url("new", category), data).status_code == 302
    response = client.post(url("new", category), typed(category, title="De trop"))
    assert response.status_code == 429
    assert response.context["form"]["title"].value() == "De trop"
    assert response.context["guest_form"]["email"].value() == "lou@example.org"
    assert MapContribution.objects.count() == 10


def test_photos_come_with_a_first_contribution(client: Client, category: MapCategory) -> None:
    client.post(url("new", category), typed(category, photo_0=photo(), photo_0_alt="La place"))
    assert MapContribution.objects.get().contribution.attachments.count() == 1


def test_a_map_without_guests_asks_to_sign_in(client: Client, category: MapCategory) -> None:
    category.map.without_account = False
    category.map.save()
    page = client.get(url("new", category))
    assert page.context["guest_form"] is None
    assert "connexion" in client.post(url("new", category), typed(category)).url
    assert not MapContribution.objects.exists()


def test_a_member_is_asked_no_name(client: Client, category: MapCategory) -> None:
    client.force_login(make_user(), backend=BACKEND)
    assert client.get(url("new", category)).context["guest_form"] is None


def test_the_address_goes_with_the_names_years_after(client: Client, category: MapCategory) -> None:
    client.post(url("new", category), typed(category))
    link = link_sent()
    client.post(link)
    row = MapContribution.objects.select_related("contribution").get()
    category.map.activity.phases.all().delete()
    make_phase(category.map.activity, opens_in=-3000, closes_in=-2900)

    detach_authors(years=5, at=timezone.now())

    row.contribution.refresh_from_db()
    assert row.contribution.author_name == "Un ancien membre"
    assert not Guest.objects.exists()
    assert client.get(link).status_code in (404, 410)
