"""Words that officers type in the site's language are marked as such on pages in another."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.factories.agenda import make_event
from tests.factories.budgets import make_budget, make_envelope, make_project
from tests.factories.mapping import make_map

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]


@pytest.fixture
def marked(client: Client) -> Any:
    """The language of the first element that `selector` finds at `path`; None when unmarked."""

    def read(path: str, selector: str) -> str | None:
        response = client.get(path)
        assert response.status_code == 200, path
        found = BeautifulSoup(response.content, "html.parser").select_one(selector)
        assert found is not None, (path, selector)
        return found.get("lang")

    return read


def test_the_words_of_a_budget(marked: Any) -> None:
    budget = make_budget("decide")
    project = make_project(make_envelope(budget), title="Un verger", description="Des pommiers.")
    home = f"/budget/{budget.activity.slug}/"
    for path, selector in (
        (home, "h1"),
        (f"{home}regles/", "#conditions + .prose"),
        (f"{home}projets/{project.pk}/", ".prose"),
    ):
        assert marked(f"/en{path}", selector) == "fr", path
        assert marked(path, selector) is None, path


def test_the_words_of_a_map_and_of_a_meeting(marked: Any) -> None:
    map_ = make_map(introduction="Dites-nous où planter.")
    event = make_event(title="Réunion publique")
    for path in (f"/carte/{map_.activity.slug}/", f"/agenda/rencontres/{event.slug}/"):
        assert marked(f"/en{path}", "h1") == "fr", path
        assert marked(path, "h1") is None, path
