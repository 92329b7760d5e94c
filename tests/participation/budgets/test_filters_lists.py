"""Filters read from the address: combinable, forgiving, the same in every view."""

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.urls import reverse

from participation.budgets.models import Budget
from tests.factories.accounts import make_territory
from tests.factories.budgets import make_budget, make_category, make_idea
from tests.participation.budgets.reading import card_titles, feature_titles, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]

BAD_QUERIES = (
    "page=0",
    "page=-3",
    "page=abc",
    "page=99999999999999999999",
    "categorie=abc",
    "categorie=99999999999999999999999",
    "categorie=-1",
    "quartier=%00",
    "statut=merveilleux",
    "ordre=drop",
    "vue=satellite",
    "graine=%27%22%3B--",
    "q=%00",
    "q=%27%22%3B--",
    "q=" + "a" * 5000,
    "q=%28%29%26%7C%21%3A*",
    "q=%22non+ferm%C3%A9",
    "q=-",
    "q=caf%E9",
)


@pytest.fixture
def town(client: Client) -> dict[str, Any]:
    """Six ideas in two neighbourhoods and two categories."""
    budget = make_budget()
    perimeter = budget.activity.process.perimeter
    north = make_territory("Nord", kind="neighbourhood", parent=perimeter)
    south = make_territory("Sud", kind="neighbourhood", parent=perimeter)
    green, roads = make_category(budget, "Nature"), make_category(budget, "Rues")
    here = Point(1.44, 43.6, srid=4326)
    rows = [
        ("Planter des platanes", green, north, "received", 5, 2, here),
        ("Planter une haie", green, south, "feasible", 9, 1, None),
        ("Apaiser la rue des Lilas", roads, north, "received", 1, 7, here),
        ("Une piste cyclable", roads, south, "feasible", 3, 0, here),
        ("Un verger à l’école", green, north, "feasible", 4, 3, here),
        ("Des bancs à l’ombre", roads, None, "in_study", 2, 4, None),
    ]
    for title, category, territory, state, supports, comments, point in rows:
        make_idea(
            budget,
            title=title,
            body="Une idée.",
            category=category,
            territory=territory,
            state=state,
            supports_count=supports,
            comments_count=comments,
            point=point,
        )
    return {"budget": budget, "north": north, "south": south, "green": green, "roads": roads}


def ask(client: Client, budget: Budget, query: str = "") -> list[str]:
    return card_titles(client.get(reverse("budgets:ideas", args=[budget.activity.slug]) + query))


def test_each_criterion_keeps_exactly_what_it_says(client: Client, town: dict[str, Any]) -> None:
    budget = town["budget"]
    assert set(ask(client, budget, f"?categorie={town['green'].pk}")) == {
        "Planter des platanes",
        "Planter une haie",
        "Un verger à l’école",
    }
    assert set(ask(client, budget, f"?quartier={town['north'].pk}")) == {
        "Planter des platanes",
        "Apaiser la rue des Lilas",
        "Un verger à l’école",
    }
    assert set(ask(client, budget, "?statut=in_study")) == {"Des bancs à l’ombre"}
    assert set(ask(client, budget, "?q=planter")) == {"Planter des platanes", "Planter une haie"}


def test_the_beginning_of_a_word_and_missing_accents_are_enough(
    client: Client, town: dict[str, Any]
) -> None:
    assert ask(client, town["budget"], "?q=plat") == ["Planter des platanes"]
    assert ask(client, town["budget"], "?q=ecole") == ["Un verger à l’école"]


def test_criteria_combine(client: Client, town: dict[str, Any]) -> None:
    query = f"?categorie={town['green'].pk}&quartier={town['north'].pk}&statut=feasible&q=verger"
    assert ask(client, town["budget"], query) == ["Un verger à l’école"]
    assert ask(client, town["budget"], query.replace("verger", "platane")) == []


def test_orders(client: Client, town: dict[str, Any]) -> None:
    supported = ask(client, town["budget"], "?ordre=soutiens")
    assert supported == [
        "Planter une haie",
        "Planter des platanes",
        "Un verger à l’école",
        "Une piste cyclable",
        "Des bancs à l’ombre",
        "Apaiser la rue des Lilas",
    ]
    commented = ask(client, town["budget"], "?ordre=commentaires")
    assert commented[:2] == ["Apaiser la rue des Lilas", "Des bancs à l’ombre"]
    recent = ask(client, town["budget"])
    assert recent == sorted(recent, key=recent.index)
    assert len(recent) == 6


def test_the_random_order_holds_for_a_seed(client: Client, town: dict[str, Any]) -> None:
    first = ask(client, town["budget"], "?ordre=hasard&graine=7")
    assert first == ask(client, town["budget"], "?ordre=hasard&graine=7")
    others = [ask(client, town["budget"], f"?ordre=hasard&graine={seed}") for seed in range(8, 14)]
    assert any(other != first for other in others)
    assert all(set(other) == set(first) for other in others)


@pytest.mark.parametrize("criteria", ["", "statut=feasible", "q=planter", "q=plan&ordre=soutiens"])
def test_the_three_views_show_the_same_set_in_the_same_order(
    client: Client, town: dict[str, Any], criteria: str
) -> None:
    budget = town["budget"]
    cards = ask(client, budget, f"?{criteria}")
    assert cards
    assert ask(client, budget, f"?{criteria}&vue=liste") == cards
    assert ask(client, budget, f"?{criteria}&vue=plan") == cards


def test_the_map_holds_exactly_the_located_ones_of_the_list(
    client: Client, town: dict[str, Any]
) -> None:
    url = reverse("budgets:ideas_geojson", args=[town["budget"].activity.slug])
    assert set(feature_titles(client.get(url))) == {
        "Planter des platanes",
        "Apaiser la rue des Lilas",
        "Une piste cyclable",
        "Un verger à l’école",
    }
    assert set(feature_titles(client.get(f"{url}?statut=feasible"))) == {
        "Une piste cyclable",
        "Un verger à l’école",
    }


@pytest.mark.parametrize("criteria", ["", "&q=banc"])
def test_a_page_that_does_not_exist_is_the_last_or_the_first(client: Client, criteria: str) -> None:
    budget = make_budget()
    for number in range(45):
        make_idea(budget, title=f"Un banc {number}")
    pages = {
        number: ask(client, budget, f"?page={number}{criteria}")
        for number in ("1", "2", "3", "4", "0", "-3", "abc", "9" * 20, "9" * 6)
    }
    assert [len(pages[number]) for number in ("1", "2", "3")] == [20, 20, 5]
    assert len({*pages["1"], *pages["2"], *pages["3"]}) == 45
    for beyond in ("4", "0", "-3", "9" * 20, "9" * 6):
        assert pages[beyond] == pages["3"], beyond
    assert pages["abc"] == pages["1"]


def test_what_is_not_public_is_on_no_list_and_no_map(client: Client, town: dict[str, Any]) -> None:
    budget = town["budget"]
    here = Point(1.44, 43.6, srid=4326)
    for visibility in ("draft", "pending", "rejected", "hidden", "withdrawn"):
        make_idea(budget, title=f"Secret {visibility}", visibility=visibility, point=here)
    assert len(ask(client, budget)) == 6
    url = reverse("budgets:ideas_geojson", args=[budget.activity.slug])
    assert len(feature_titles(client.get(url))) == 4


def test_another_budget_s_ideas_stay_there(client: Client, town: dict[str, Any]) -> None:
    other = make_idea(title="Ailleurs")
    assert "Ailleurs" not in ask(client, town["budget"])
    assert ask(client, other.budget) == ["Ailleurs"]
    foreign = make_category(other.budget, "Étrangère")
    assert len(ask(client, town["budget"], f"?categorie={foreign.pk}")) == 6


@pytest.mark.parametrize("query", BAD_QUERIES)
@pytest.mark.parametrize("name", ["ideas", "ideas_geojson", "projects", "deliveries"])
def test_a_meaningless_address_never_breaks(
    client: Client, town: dict[str, Any], query: str, name: str
) -> None:
    url = reverse(f"budgets:{name}", args=[town["budget"].activity.slug])
    assert client.get(f"{url}?{query}").status_code == 200


def test_pages_of_twenty_keep_the_filters(client: Client) -> None:
    budget = make_budget()
    for number in range(25):
        make_idea(budget, title=f"Arbre {number:02d}")
    url = reverse("budgets:ideas", args=[budget.activity.slug])
    first, second = client.get(f"{url}?q=arbre"), client.get(f"{url}?q=arbre&page=2")
    assert (len(card_titles(first)), len(card_titles(second))) == (20, 5)
    assert set(card_titles(first)).isdisjoint(card_titles(second))
    assert "?q=arbre&amp;page=2" in text_of(first)
    assert card_titles(client.get(f"{url}?q=arbre&page=77")) == card_titles(second)


def test_chips_say_each_criterion_and_take_it_away(client: Client, town: dict[str, Any]) -> None:
    url = reverse("budgets:ideas", args=[town["budget"].activity.slug])
    response = client.get(f"{url}?categorie={town['green'].pk}&q=haie&vue=liste")
    chips = {
        chip.label.split(":")[-1].strip(): chip.remove_url
        for chip in response.context["filters"].chips
    }
    assert chips == {
        "haie": f"?categorie={town['green'].pk}&vue=liste",
        "Nature": "?q=haie&vue=liste",
    }


def test_search_operators_are_understood(client: Client, town: dict[str, Any]) -> None:
    assert set(ask(client, town["budget"], "?q=planter+-haie")) == {"Planter des platanes"}
    assert ask(client, town["budget"], '?q="une+haie"') == ["Planter une haie"]
