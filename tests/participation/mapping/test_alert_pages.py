"""Asking for an alert from a map's page, and stopping it: members, visitors, mail programs."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.contrib.gis.geos import Point
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from maps.projections import in_metres
from participation.mapping import links, tasks
from participation.mapping.models import AlertHit, AreaAlert
from tests.factories.accounts import make_territory, make_user
from tests.factories.mapping import make_category, make_map, make_map_contribution

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
NBSP = "\N{NO-BREAK SPACE}"
QUERIES = 13
SPACE_QUERIES = 5


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def town():
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    make_territory("La Gare", kind="neighbourhood", parent=town, bounds=(1.38, 43.58, 1.45, 43.65))
    return town


@pytest.fixture
def map(town):
    return make_map(process__perimeter=town, activity__title="La carte de la ville")


@pytest.fixture
def member(client: Client):
    user = make_user()
    client.force_login(user, backend=BACKEND)
    return user


def page_of(map) -> str:
    return reverse("mapping:alerts", args=[map.activity.slug])


def form(**fields) -> dict[str, str]:
    return {
        "place": "whole",
        "radius": "500",
        "frequency": "daily",
        "submission_key": str(uuid.uuid4()),
        "drawn_kind": "area",
        **fields,
    }


def only() -> AreaAlert:
    return AreaAlert.objects.get()


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def errors(response) -> set[str]:
    return set(response.context["form"].errors)


def test_a_member_follows_the_whole_map_at_once(client: Client, member, map):
    response = client.post(page_of(map), form())
    assert response.status_code == 302
    alert = only()
    assert (alert.user, alert.map, alert.area, alert.email) == (member, map, None, "")
    assert alert.confirmed_at is not None
    assert alert.label == f"Contributions{NBSP}: La carte de la ville"
    assert soup(client.get(page_of(map))).select_one(".m-alerts h3").get_text() == alert.label


def test_around_a_point(client: Client, member, map):
    shade = make_category(map, "Ombre")
    client.post(
        page_of(map),
        form(
            place="around",
            around_lat="43.6",
            around_lon="1.45",
            radius="1000",
            category=str(shade.pk),
            words="tilleul",
        ),
    )
    alert = only()
    assert (alert.centre.coords, alert.radius_metres) == ((1.45, 43.6), 1000)
    assert in_metres(alert.area).area == pytest.approx(3_141_592, rel=0.01)
    assert (alert.category, alert.words) == (shade, "tilleul")
    assert alert.label.replace(NBSP, " ") == (
        "Ombre avec « tilleul » : 1 kilomètre autour de : l’endroit choisi"
    )


def test_around_an_address_without_a_map(client: Client, member, map):
    client.post(page_of(map), form(place="around", around_address="La Gare", radius="300"))
    alert = only()
    assert alert.radius_metres == 300
    assert 1.3 < alert.centre.x < 1.45
    assert "La Gare" in alert.label


def test_an_unknown_address_is_said(client: Client, member, map):
    response = client.post(page_of(map), form(place="around", around_address="Nulle-Part-sur-Rien"))
    assert (response.status_code, errors(response)) == (400, {"around"})
    assert not AreaAlert.objects.exists()


@pytest.mark.parametrize("radius", ["99", "5001", "dix"])
def test_a_radius_out_of_bounds_is_refused(client: Client, member, map, radius):
    response = client.post(
        page_of(map), form(place="around", around_lat="43.6", around_lon="1.45", radius=radius)
    )
    assert (response.status_code, errors(response)) == (400, {"radius"})


def test_a_district_and_a_drawing(client: Client, member, map, town):
    district = town.children.get()
    response = client.post(
        page_of(map), form(place="district", district=str(district.pk), label="Chez moi")
    )
    alert = only()
    assert alert.label == "Chez moi"
    assert alert.area.equals(district.geometry)
    alert.delete()
    square = "43.60, 1.44\n43.60, 1.45\n43.61, 1.45\n43.61, 1.44"
    response = client.post(page_of(map), form(place="drawn", drawn_vertices=square))
    assert response.status_code == 302
    assert only().area.covers(Point(1.445, 43.605, srid=4326))


@pytest.mark.parametrize(
    ("place", "missing"), [("around", "around"), ("district", "district"), ("drawn", "drawn")]
)
def test_the_chosen_place_has_to_be_said(client: Client, member, map, place, missing):
    assert errors(client.post(page_of(map), form(place=place))) == {missing}


def test_what_is_typed_for_another_place_is_no_mistake(client: Client, member, map):
    client.post(page_of(map), form(around_lat="abc", drawn_vertices="n’importe quoi"))
    assert only().area is None


def test_the_filters_of_the_list_are_proposed(client: Client, map, town):
    shade = make_category(map, "Ombre")
    home = client.get(
        reverse("mapping:home", args=[map.activity.slug])
        + f"?categorie={shade.pk}&q=tilleul&pres=43.604,1.444&rayon=1000&adresse=Rue+Haute"
    )
    (link,) = [
        each["href"] for each in soup(home).select(".m-head__act a") if "alertes" in each["href"]
    ]
    page = soup(client.get(link))
    assert page.select_one("[name=place][checked]")["value"] == "around"
    assert page.select_one("[name=radius] [selected]")["value"] == "1000"
    assert page.select_one("[name=category] [selected]")["value"] == str(shade.pk)
    assert page.select_one("[name=words]")["value"] == "tilleul"
    assert page.select_one("[name=around_address]")["value"] == "Rue Haute"
    assert page.select_one("[name=around_lat]")["value"] == "43.604000"


def test_a_visitor_confirms_by_mail(map, django_capture_on_commit_callbacks):
    client = Client()
    response = client.post(page_of(map), form(email="Ada@Example.org"))
    assert response["Location"] == reverse("mapping:alert_sent", args=[map.activity.slug])
    assert client.get(response["Location"]).status_code == 200
    alert = only()
    assert (alert.email, alert.confirmed_at) == ("ada@example.org", None)
    tasks.mail_alert_link(alert.pk)
    (message,) = mail.outbox
    assert message.subject.replace(NBSP, " ").endswith(
        "Confirmez votre alerte « Contributions : La carte de la ville »"
    )
    link = reverse("mapping:alert_confirm", args=[links.signed(alert.pk, links.ALERT)])
    assert link in message.body
    assert client.get(link).status_code == 200
    alert.refresh_from_db()
    assert alert.confirmed_at is None
    client.post(link)
    alert.refresh_from_db()
    assert alert.confirmed_at is not None


def test_a_visitor_gives_an_address_and_a_program_learns_nothing(client: Client, map):
    assert client.post(page_of(map), form()).status_code == 400
    trapped = client.post(page_of(map), form(email="a@example.org", website="http://x.example"))
    assert trapped["Location"] == reverse("mapping:alert_sent", args=[map.activity.slug])
    assert not AreaAlert.objects.exists()


def test_a_flood_is_stopped(client: Client, map):
    for number in range(10):
        client.post(page_of(map), form(email=f"a{number}@example.org"))
    assert client.post(page_of(map), form(email="b@example.org")).status_code == 429
    assert AreaAlert.objects.count() == 10


def test_the_same_form_twice_is_one_alert(client: Client, member, map):
    sent = form()
    client.post(page_of(map), sent)
    client.post(page_of(map), sent)
    assert AreaAlert.objects.count() == 1


def test_an_expired_form_writes_nothing_and_is_kept(map):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(), backend=BACKEND)
    response = client.post(page_of(map), form(words="tilleul"))
    assert response.status_code == 403
    assert soup(response).select_one("[name=words]")["value"] == "tilleul"
    assert not AreaAlert.objects.exists()


def test_what_a_service_refuses_is_said(client: Client, member, map):
    for _number in range(20):
        cache.clear()
        client.post(page_of(map), form())
    response = client.post(page_of(map), form())
    assert response.status_code == 403
    assert "20 alertes" in soup(response).select_one("#problemes").get_text()


def test_stop_buttons_are_for_their_owner(client: Client, member, map):
    client.post(page_of(map), form())
    alert = only()
    stop = reverse("mapping:alert_stop_own", args=[alert.pk])
    other = Client()
    assert "/connexion/" in other.post(stop)["Location"]
    other.force_login(make_user(), backend=BACKEND)
    assert other.post(stop).status_code == 404
    assert client.get(stop).status_code == 405
    assert client.post(stop, {"next": page_of(map)})["Location"] == page_of(map)
    assert not AreaAlert.objects.exists()


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example", "/\\evil.example"]
)
def test_stopping_leads_nowhere_odd(client: Client, member, map, next_page):
    client.post(page_of(map), form())
    stop = reverse("mapping:alert_stop_own", args=[only().pk])
    assert client.post(stop, {"next": next_page})["Location"] == reverse("space:follows")


def test_the_personal_space_lists_them(client: Client, member, map, django_assert_num_queries):
    def follow() -> None:
        client.post(page_of(map), form())

    follow()
    client.get(reverse("space:follows"))
    with django_assert_num_queries(SPACE_QUERIES):
        page = soup(client.get(reverse("space:follows")))
    assert len(page.select("form[action*='/carte/alertes/']")) == 1
    assert "La carte de la ville" in page.select_one("main").get_text()
    follow()
    follow()
    client.get(reverse("space:follows"))
    with django_assert_num_queries(SPACE_QUERIES):
        page = soup(client.get(reverse("space:follows")))
    assert len(page.select("form[action*='/carte/alertes/']")) == 3


def test_a_constant_number_of_queries(client: Client, member, map, django_assert_num_queries):
    client.post(page_of(map), form())
    client.get(page_of(map))
    with django_assert_num_queries(QUERIES):
        client.get(page_of(map))
    client.post(page_of(map), form())
    client.post(page_of(map), form())
    client.get(page_of(map))
    with django_assert_num_queries(QUERIES):
        client.get(page_of(map))


def test_one_click_unsubscribe_needs_neither_cookie_nor_token(client: Client, member, map):
    client.post(page_of(map), form(frequency="at_once"))
    alert = only()
    make_map_contribution(map, title="Un banc")
    tasks.match_alerts(map.contributions.get().pk)
    tasks.send_alert(alert.pk)
    (message,) = mail.outbox
    address = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.subject.replace(NBSP, " ").endswith(
        "1 nouvelle contribution : Contributions : La carte de la ville"
    )
    path = address[address.index("/carte/") :]
    program = Client(enforce_csrf_checks=True)
    assert program.get(path).status_code == 200
    assert AreaAlert.objects.exists()
    response = program.post(
        path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 200
    assert not response.cookies
    assert not AreaAlert.objects.exists()


def test_what_a_map_keeps_back_is_told_once_it_is_shown(client: Client, member, map):
    client.post(page_of(map), form(frequency="at_once"))
    map.shows_others = False
    map.save()
    row = make_map_contribution(map, title="Un banc")
    tasks.match_alerts(row.pk)
    tasks.send_alert(only().pk)
    assert mail.outbox == []
    assert AlertHit.objects.filter(sent_at__isnull=True).count() == 1
    map.shows_others = True
    map.save()
    tasks.send_alert(only().pk)
    assert len(mail.outbox) == 1
