"""The agenda in pages: the board, and what comes next."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from cms import queries
from cms.models import HomePage
from participation.agenda.choices import Certainty, EventState
from participation.core.choices import Step
from tests.cms.making import french, make_content, texts
from tests.factories.agenda import make_event, make_item, make_theme
from tests.factories.core import make_activity, make_phase, make_process

pytestmark = pytest.mark.django_db


def board() -> dict[str, list[str]]:
    return {
        column.icon: [line.title for line in column.lines]
        for column in queries.agenda_board(at=timezone.now())
    }


def test_each_line_is_in_its_column() -> None:
    process = make_process()
    for step, opens, closes in [
        (Step.COLLECT, -5, 5),
        (Step.EXAMINE, 6, 10),
    ]:
        make_phase(
            make_activity(process=process, title=f"Boîte {step}"),
            step=step,
            opens_in=opens,
            closes_in=closes,
            title="Étape",
        )
    make_phase(
        make_activity(process=process, title="Étude"),
        step=Step.EXAMINE,
        opens_in=-2,
        closes_in=3,
        title="Étape",
    )
    make_event(title="Réunion")
    make_event(title="Ancienne", state=EventState.HELD, in_hours=-48)
    make_event(title="Annulée", state=EventState.CANCELLED, closing_reason="Pluie")
    make_item(title="Idée", certainty=Certainty.IDEA)
    assert board() == {
        "calendar": ["Réunion"],
        "message-circle": ["Boîte collect – Étape"],
        "search": ["Étude – Étape"],
        "circle-check": ["Ancienne"],
    }


def test_an_empty_agenda_has_no_board() -> None:
    assert board() == {}


def test_the_board_is_read_in_one_query(django_assert_num_queries: Any) -> None:
    for number in range(1, 7):
        make_event(in_hours=24 * number, title=f"Réunion {number}")
        with django_assert_num_queries(1):
            found = board()
    assert found["calendar"] == ["Réunion 1", "Réunion 2", "Réunion 3", "Réunion 4"]


def test_the_home_page_shows_the_board_unless_told_not_to(site: Site, client: Any) -> None:
    make_event(title="Réunion du port")
    home = french(HomePage)
    assert "Réunion du port" in texts(client.get(home.url), ".board a")
    home.show_board = False
    home.save_revision().publish()
    assert texts(client.get(home.url), ".board a") == []


def test_blocks_tell_the_agenda(site: Site, client: Any) -> None:
    theme = make_theme("Vélo")
    make_event(title="Balade", theme=theme)
    make_event(title="Autre chose")
    page = make_content(slug="page-agenda")
    page.body = [
        ("agenda", {"heading": "Vélo", "theme": theme, "limit": 3}),
        ("agenda_board", {"heading": ""}),
    ]
    page.save_revision().publish()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(page.url)
    assert texts(answer, ".block-dates li a") == ["Balade"]
    assert {"Balade", "Autre chose"} <= set(texts(answer, ".block-board li a"))
    assert sum("agenda_entry" in query["sql"] for query in asked) == 2
