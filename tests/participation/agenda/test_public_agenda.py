"""The agenda in public: one filtered set, four views, one address."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.contrib.gis.geos import Point
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.agenda.choices import Certainty, EventState, ItemKind, Precision
from participation.agenda.models import AgendaItem, EventMove, ItemMove, ProcessTheme
from participation.core.choices import Step
from tests.factories.accounts import make_territory, make_user
from tests.factories.agenda import (
    make_agenda,
    make_event,
    make_item,
    make_seating,
    make_theme,
    make_venue,
)
from tests.factories.core import make_activity, make_phase, make_process

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
VIEWS = ("frise", "mois", "liste", "carte")
HERE = Point(1.444, 43.604, srid=4326)
FAR = Point(1.52, 43.604, srid=4326)
QUERIES = {"frise": 10, "mois": 8, "liste": 10, "carte": 10}
"""With two lines as with 322, of which the list looks for the page of today."""


def ask(client: Client, **query: Any) -> Any:
    response = client.get(reverse("agenda:home"), query)
    assert response.status_code == 200
    return response


def titles(client: Client, **query: Any) -> list[str]:
    """What the list shows, all pages, in order."""
    found, number = [], 1
    while True:
        page = ask(client, vue="liste", page=number, **query).context
        found += [line.title for line in page["lines"]]
        if not page["found"].has_next():
            return found
        number += 1


@pytest.fixture
def filled() -> dict[str, Any]:
    """Six lines that every criterion tells apart."""
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    west = make_territory(
        "La Gare", kind="neighbourhood", parent=town, bounds=(1.43, 43.59, 1.46, 43.62)
    )
    bikes, school = make_theme("Vélo", slug="velo"), make_theme("École", slug="ecole")
    process = make_process(title="Plan vélo", perimeter=town)
    ProcessTheme.objects.create(process=process, theme=bikes)
    activity = make_activity(process=process, title="Vos trajets")
    make_phase(activity, step=Step.COLLECT, title="Dépôt", opens_in=-5, closes_in=5)
    make_item(title="Assises du vélo", theme=bikes, territory=town, days=(40, 70))
    make_item(
        title="Cour d’école ouverte",
        summary="Des arbres pour la récréation",
        theme=school,
        territory=west,
        kind=ItemKind.SURVEY,
        days=(100, 130),
    )
    near = make_event(
        title="Balade au port",
        theme=bikes,
        territory=town,
        venue=make_venue(point=HERE),
        in_hours=24 * 20,
    )
    make_seating(near)
    make_event(title="Réunion lointaine", theme=school, venue=make_venue(point=FAR))
    return {"town": town, "west": west, "process": process}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"theme": "velo"}, ["Vos trajets – Dépôt", "Balade au port", "Assises du vélo"]),
        ({"genre": "survey"}, ["Cour d’école ouverte"]),
        ({"genre": "etapes"}, ["Vos trajets – Dépôt"]),
        ({"ouvert": "oui"}, ["Vos trajets – Dépôt", "Balade au port"]),
        ({"q": "ecole arbres"}, ["Cour d’école ouverte"]),
        ({"theme": "inconnu", "du": "jamais", "pres": "nulle part"}, None),
    ],
)
def test_each_criterion_narrows(
    client: Client, filled: dict[str, Any], query: dict[str, str], expected: list[str] | None
) -> None:
    everything = [
        "Vos trajets – Dépôt",
        "Réunion lointaine",
        "Balade au port",
        "Assises du vélo",
        "Cour d’école ouverte",
    ]
    assert titles(client, **query) == (everything if expected is None else expected)


def test_a_territory_brings_what_lies_inside_it(client: Client, filled: dict[str, Any]) -> None:
    town, west = filled["town"].pk, filled["west"].pk
    assert titles(client, territoire=west) == ["Cour d’école ouverte"]
    assert "Cour d’école ouverte" in titles(client, territoire=town)
    assert "Cour d’école ouverte" not in titles(client, territoire=f"{town}-seul")
    assert titles(client, territoire="sans") == ["Réunion lointaine"]


def test_process_and_directorate_narrow(client: Client, filled: dict[str, Any]) -> None:
    process = filled["process"]
    assert titles(client, demarche=process.pk) == ["Vos trajets – Dépôt"]
    assert titles(client, direction=process.owner_id) == ["Vos trajets – Dépôt"]


def test_a_period_brings_what_touches_it(client: Client, filled: dict[str, Any]) -> None:
    day = timezone.localdate() + datetime.timedelta(days=69)
    assert titles(client, du=day, au=day) == ["Assises du vélo"]
    after = day + datetime.timedelta(days=1)
    assert titles(client, du=after, au=after) == []


def test_around_me_brings_places_and_the_neighbourhood(
    client: Client, filled: dict[str, Any]
) -> None:
    assert titles(client, pres="43.604,1.444", rayon="1000") == [
        "Balade au port",
        "Cour d’école ouverte",
    ]
    assert titles(client, pres="43.604,1.520", rayon="200") == ["Réunion lointaine"]


def test_an_address_leads_to_its_place_or_says_why_not(
    client: Client, filled: dict[str, Any]
) -> None:
    found = client.get(reverse("agenda:home"), {"adresse": "La Gare", "vue": "liste"})
    assert found.status_code == 302
    assert "pres=" in found["Location"]
    assert "vue=liste" in found["Location"]
    unknown = ask(client, adresse="zzzzqqq")
    assert unknown.context["place_problem"]
    assert not unknown.context["filters"].is_active


@pytest.mark.parametrize("query", [{}, {"theme": "velo"}, {"ouvert": "oui"}, {"q": "reunion"}])
def test_every_view_counts_the_same(
    client: Client, filled: dict[str, Any], query: dict[str, str]
) -> None:
    make_agenda()
    count = len(titles(client, **query))
    assert {ask(client, vue=view, **query).context["total"] for view in VIEWS} == {count}
    drawn = ask(client, vue="frise", **query).context
    assert sum(len(row.bars) + row.more for row in drawn["timeline"].rows) == count


def test_map_and_list_hold_the_same_lines_in_the_same_order(
    client: Client, filled: dict[str, Any]
) -> None:
    in_list = titles(client)
    on_map = ask(client, vue="carte", page=1).context
    assert [line.title for line in on_map["lines"]] == in_list
    features = client.get(on_map["features_url"]).json()["features"]
    assert [each["properties"]["title"] for each in features] == [
        "Réunion lointaine",
        "Balade au port",
    ]
    assert on_map["off_map"] == len(in_list) - len(features)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("rows", ["theme", "territoire"])
def test_queries_do_not_grow(
    client: Client, django_assert_num_queries: Any, view: str, rows: str
) -> None:
    agenda = make_agenda()
    theme, town = make_theme(), make_territory("Villeneuve")

    def more(number: int) -> None:
        for day in range(number):
            item = make_item(agenda=agenda, theme=theme, territory=town, days=(day, day + 3))
            make_event(theme=theme, territory=town, venue=make_venue(point=HERE))
            if not day % 10:
                move(item)

    more(1)
    ask(client, vue=view, par=rows)
    territories = view == "frise" and rows == "territoire"
    with django_assert_num_queries(QUERIES[view] + territories):
        ask(client, vue=view, par=rows)
    more(160)
    with django_assert_num_queries(QUERIES[view] + territories):
        ask(client, vue=view, par=rows)


def move(item: AgendaItem) -> None:
    ItemMove.objects.create(
        item=item,
        former_window=DateRange(datetime.date(2027, 3, 1), datetime.date(2027, 6, 1)),
        former_precision=Precision.SEASON,
        reason="Travaux de la salle",
        moved_by=make_user(),
        moved_at=timezone.now(),
    )
    item.certainty = Certainty.MOVED
    item.save()


def test_too_many_lines_are_counted_and_lead_to_as_many(client: Client) -> None:
    agenda = make_agenda()
    theme, other = make_theme("Vélo"), make_theme("École")
    for number in range(250):
        make_event(
            theme=theme if number % 3 else other,
            in_hours=24 * number,
            title=f"Rencontre {number}",
        )
    night = datetime.datetime(2027, 6, 30, 23, tzinfo=timezone.get_default_timezone())
    make_event(theme=other, starts_at=night, title="Nuit de l'école")
    make_item(agenda=agenda, theme=theme, title="Assises")
    drawn = ask(client, vue="frise").context["timeline"]
    squares = [square for row in drawn.rows for square in row.squares]
    assert sum(square.count for square in squares) >= 250
    assert [bar.line.title for row in drawn.rows for bar in row.bars] == ["Assises"]
    for square in squares:
        listed = client.get(reverse("agenda:home") + square.url).context["total"]
        bars = sum(1 for row in drawn.rows for bar in row.bars if square in row.squares)
        assert square.count <= listed <= square.count + bars


def test_the_timeline_by_territory_counts_a_town_without_its_parts(
    client: Client, filled: dict[str, Any]
) -> None:
    make_agenda()
    drawn = ask(client, vue="frise", par="territoire").context["timeline"]
    named = {row.name: row for row in drawn.rows}
    assert list(named) == ["Villeneuve", "La Gare", "No territory"] or list(named) == [
        "Villeneuve",
        "La Gare",
        "Sans territoire",
    ]
    for row in drawn.rows:
        listed = client.get(reverse("agenda:home") + row.url).context["total"]
        assert listed == len(row.bars)


def test_a_moved_line_says_its_former_date(client: Client) -> None:
    agenda = make_agenda()
    item = make_item(agenda=agenda, title="Assises")
    move(item)
    event = make_event(title="Balade")
    former = timezone.now() - datetime.timedelta(days=3)
    EventMove.objects.create(
        event=event,
        former_starts_at=former,
        former_ends_at=former + datetime.timedelta(hours=1),
        reason="Pluie",
        moved_by=make_user(),
        moved_at=timezone.now(),
    )
    for view in ("frise", "liste"):
        text = ask(client, vue=view).content.decode()
        assert "printemps 2027" in text
    bars = [bar for row in ask(client).context["timeline"].rows for bar in row.bars]
    assert all(bar.former_x is not None for bar in bars)


def test_the_list_opens_on_today_and_holds_the_past(client: Client) -> None:
    for number in range(30):
        make_event(in_hours=-24 * (number + 1), state=EventState.HELD)
    make_event(title="Demain", in_hours=24)
    answer = ask(client, vue="liste")
    page = answer.context
    (mark,) = BeautifulSoup(answer.content, "html.parser").select("li:has(> #aujourdhui)")
    assert "Demain" in mark.get_text()
    assert page["found"].number == 2
    assert page["lines"][-1].title == "Demain"
    assert page["total"] == 31
    assert ask(client, vue="liste", page=1).context["found"].number == 1


def test_a_month_is_a_table_with_heads_and_neighbours(client: Client) -> None:
    day = timezone.localtime() + datetime.timedelta(days=1)
    make_event(title="Réunion du mois", starts_at=day.replace(hour=14))
    page = BeautifulSoup(ask(client, vue="mois", m=f"{day:%Y-%m}").content, "html.parser")
    assert len(page.select("table.a-month th[scope=col]")) == 7
    assert page.select_one(".a-month").find(string="Réunion du mois")
    assert len(page.find_all(string="Réunion du mois")) == 1
    links = [link["href"] for link in page.select(".a-month__head a")]
    assert all("vue=mois" in link for link in links)
    assert not BeautifulSoup(ask(client, vue="mois", m="2031-01").content, "html.parser").find(
        string="Réunion du mois"
    )


def test_a_night_is_on_both_of_its_days(client: Client) -> None:
    night = datetime.datetime(2027, 6, 15, 23, tzinfo=timezone.get_default_timezone())
    make_event(title="Nuit blanche", starts_at=night)
    page = BeautifulSoup(ask(client, vue="mois", m="2027-06").content, "html.parser")
    assert len(page.find_all(string="Nuit blanche")) == 2


def test_a_cell_of_the_month_says_the_hour_of_a_meeting_by_the_clocks_of_its_place(
    client: Client,
) -> None:
    here = datetime.datetime(2027, 5, 4, 18, 30, tzinfo=ZoneInfo("Europe/Paris"))
    make_event(title="Ici", starts_at=here)
    make_event(title="Là-bas", starts_at=here, timezone="Indian/Reunion")
    make_item(
        title="Journée des associations",
        window=DateRange(datetime.date(2027, 5, 5), datetime.date(2027, 5, 6)),
        precision=Precision.DAY,
    )
    page = BeautifulSoup(ask(client, vue="mois", m="2027-05").content, "html.parser")
    cells = {
        line.a.get_text(): line.select_one(".a-day__hour").get_text()
        for line in page.select(".a-month .a-mini")
    }
    assert cells == {"Ici": "18:30", "Là-bas": "20:30", "Journée des associations": ""}


@pytest.mark.parametrize("certainty", [Certainty.IDEA, Certainty.PROPOSED, Certainty.VALIDATED])
def test_what_is_private_has_no_page_and_no_line(client: Client, certainty: str) -> None:
    item = make_item(certainty=certainty, title="Secret")
    assert client.get(reverse("agenda:item", args=[item.pk])).status_code == 404
    assert titles(client) == []


def test_an_item_says_its_dates_and_why_they_changed(client: Client) -> None:
    item = make_item(
        title="Assises",
        window=DateRange(datetime.date(2027, 9, 1), datetime.date(2027, 12, 1)),
        precision=Precision.SEASON,
    )
    move(item)
    make_event(title="Ouverture des assises", item=item)
    text = client.get(reverse("agenda:item", args=[item.pk])).content.decode()
    for words in (
        "utomne 2027",
        "rintemps 2027",
        "Travaux de la salle",
        "Seule la saison",
        "Ouverture des assises",
    ):
        assert words in text


def test_a_dropped_item_says_why(client: Client) -> None:
    item = make_item(
        certainty=Certainty.DROPPED,
        drop_reason="Le terrain est vendu.",
        announced_at=timezone.now(),
    )
    text = client.get(reverse("agenda:item", args=[item.pk])).content.decode()
    assert "Le terrain est vendu." in text


def test_a_page_of_ten_thousand_lines_is_light(client: Client) -> None:
    """As many lines as make the timeline count, then weigh what is sent."""
    import gzip

    agenda = make_agenda()
    themes = [make_theme() for _ in range(12)]
    now = timezone.now()
    AgendaItem.objects.bulk_create(
        AgendaItem(
            agenda=agenda,
            theme=themes[number % 12],
            kind=ItemKind.CONSULTATION,
            title=f"Concertation sur le quartier numéro {number}",
            certainty=Certainty.ANNOUNCED,
            window=DateRange(
                agenda.mandate.lower + datetime.timedelta(days=number % 2100),
                agenda.mandate.lower + datetime.timedelta(days=number % 2100 + 30),
            ),
            endorsed_at=now,
            announced_at=now,
            created_at=now,
            updated_at=now,
        )
        for number in range(10_000)
    )
    for rows in ("theme", "territoire"):
        page = ask(client, vue="frise", par=rows)
        assert page.context["total"] == 10_000
        assert len(gzip.compress(page.content)) < 150_000
