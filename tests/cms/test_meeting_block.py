"""A page that cites a meeting: what it shows, what it hides, and how the meeting tells of it."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.blocks import StreamBlockValidationError, StreamValue
from wagtail.models import PageViewRestriction, Site

from cms import queries
from cms.blocks import BodyBlock
from participation.agenda.choices import EventState, MinutesState, OutcomeKind
from participation.agenda.models import Event, EventDocument, HeadCount, Minutes, Outcome, WalkIn
from tests.cms.making import make_content, make_news, make_process_page, make_staff, soup, texts
from tests.factories.accounts import make_user
from tests.factories.agenda import (
    make_agenda_officer,
    make_event,
    make_registration,
    make_seating,
)
from tests.factories.core import make_process

BLOCK_QUERIES = 3
"""The meetings of a page, whatever their number: events, outcomes, documents."""
CHOOSER_QUERIES = 7


def make_meeting(title: str = "Réunion du port", **fields: Any) -> Event:
    """Held yesterday, its minutes published unless `minutes` says another state."""
    state = fields.pop("minutes", MinutesState.PUBLISHED)
    fields.setdefault("state", EventState.HELD)
    event = make_event(title=title, in_hours=-24, **fields)
    now, officer = timezone.now(), make_agenda_officer()
    approved = state != MinutesState.DRAFT
    Minutes.objects.create(
        event=event,
        body="Secret tant que rien n’est publié.",
        state=state,
        written_at=now,
        approved_by=officer if approved else None,
        approved_at=now if approved else None,
        published_at=now if state == MinutesState.PUBLISHED else None,
    )
    Outcome.objects.create(event=event, kind=OutcomeKind.DECISION, text="Le quai devient piéton.")
    Outcome.objects.create(
        event=event,
        kind=OutcomeKind.ACTION,
        text="Poser les bancs.",
        owner="Voirie",
        due_on=datetime.date(2027, 5, 1),
        position=1,
    )
    return event


def cites(*events: Event, heading: str = "") -> StreamValue:
    blocks = [
        {"type": "meeting", "value": {"heading": heading, "meeting": event.pk}} for event in events
    ]
    return StreamValue(BodyBlock(), blocks, is_lazy=True)


def page_citing(*events: Event, **fields: Any) -> Any:
    return make_content(body=cites(*events), **fields)


def citing(client: Any, event: Event) -> list[str]:
    return texts(client.get(f"/agenda/rencontres/{event.slug}/"), "[aria-labelledby=cite-dans] li")


def test_a_page_tells_the_meeting_and_what_followed(site: Site, client: Any) -> None:
    event = make_meeting()
    HeadCount.objects.create(
        event=event, people=42, counted_at=timezone.now(), counted_by=make_user()
    )
    paper = EventDocument.objects.create(
        event=event, kind="presentation", title="Diaporama", file="agenda/a.pdf", size=2048,
        added_at=timezone.now(),
    )  # fmt: skip
    EventDocument.objects.create(
        event=event, kind="photo", title="La salle", alt="Une salle", file="agenda/b.jpg", size=9,
        added_at=timezone.now(),
    )  # fmt: skip
    page = client.get(page_citing(event).url)
    (shown,) = texts(page, ".block-meeting")
    for words in ("Réunion du port", "Place du Capitole", "42", "Le quai devient piéton.", "Voirie",
                  "1er mai 2027", "À faire", "Diaporama"):  # fmt: skip
        assert words in shown
    links = [link["href"] for link in soup(page).select(".block-meeting a")]
    assert links == [
        f"/agenda/rencontres/{event.slug}/#compte-rendu",
        f"/agenda/documents/{paper.pk}/",
    ]


def test_those_who_came_are_counted_when_nobody_counted_heads(site: Site, client: Any) -> None:
    event = make_meeting()
    make_seating(event)
    now = timezone.now()
    make_registration(event, arrived=1, arrived_at=now)
    WalkIn.objects.create(event=event, people=2, arrived_at=now, noted_by=make_user())
    page = page_citing(event)
    assert texts(client.get(page.url), ".block-meeting .facts dd")[-1] == "3"


@pytest.mark.parametrize(
    "fields",
    [
        {"minutes": MinutesState.DRAFT},
        {"minutes": MinutesState.APPROVED},
        {"state": EventState.CANCELLED, "closing_reason": "Orage"},
        {"state": EventState.SCHEDULED},
        {"process": None},
    ],
    ids=["draft", "approved", "cancelled", "not held", "process not published"],
)
def test_nothing_is_shown_before_the_minutes_are_public(
    site: Site, client: Any, fields: dict[str, Any]
) -> None:
    if "process" in fields:
        fields = {"process": make_process(published_at=None)}
    page = client.get(page_citing(make_meeting(**fields)).url)
    assert texts(page, ".block-meeting") == []
    assert "Réunion du port" not in page.content.decode()


def test_a_meeting_that_is_gone_breaks_no_page(site: Site, client: Any) -> None:
    body = StreamValue(
        BodyBlock(),
        [{"type": "meeting", "value": {"heading": "Réunion", "meeting": 999_999}}],
        is_lazy=True,
    )
    page = client.get(make_content(body=body).url)
    assert page.status_code == 200
    assert texts(page, ".block-meeting") == []


@pytest.mark.parametrize("number", [1, 3])
def test_citations_cost_a_constant_number_of_queries(site: Site, client: Any, number: int) -> None:
    page = page_citing(*[make_meeting(f"Réunion {place}") for place in range(number)])
    client.get(page.url)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(page.url)
    assert len(texts(answer, ".block-meeting")) == number
    assert sum('FROM "agenda_' in query["sql"][:4000] for query in asked) == BLOCK_QUERIES


# ── “Cited in” ──────────────────────────────────────────────────────────────────────────────────


def test_the_meeting_tells_the_public_pages_that_cite_it(site: Site, client: Any) -> None:
    event, other = make_meeting(), make_meeting("Autre")
    page_citing(event, title="Restitution du port", slug="restitution")
    make_news(1, title="Une nouvelle du port", body=cites(other, event))
    page_citing(other, title="Sans rapport", slug="sans-rapport")
    assert citing(client, event) == ["Restitution du port", "Une nouvelle du port"]


def test_pages_that_are_not_public_are_not_told(site: Site, client: Any) -> None:
    event = make_meeting()
    page_citing(event, title="Dépubliée", slug="depubliee").unpublish()
    closed = page_citing(event, title="Réservée", slug="reservee")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    draft = make_content(title="Brouillon", slug="brouillon")
    draft.body = cites(event)
    draft.save_revision()
    hidden = make_process_page(make_process(), body=cites(event), title="Démarche cachée")
    type(hidden.process).objects.update(published_at=None)
    former = page_citing(event, title="Ne cite plus", slug="ne-cite-plus")
    former.body = []
    former.save_revision().publish()
    assert citing(client, event) == []


def test_a_page_in_two_languages_is_told_once(site: Site, client: Any) -> None:
    from wagtail.models import Locale

    event = make_meeting()
    page = page_citing(event, title="Restitution", slug="restitution")
    english = page.copy_for_translation(
        Locale.objects.get(language_code="en"), copy_parents=True, alias=False
    )
    english.title = "What we heard"
    english.save_revision().publish()
    assert [each.title for each in queries.pages_citing(row=event, language="fr")] == [
        "Restitution"
    ]
    assert [each.title for each in queries.pages_citing(row=event, language="en")] == [
        "What we heard"
    ]


@pytest.mark.parametrize(("number", "expected"), [(0, 1), (1, 2), (3, 2)])
def test_telling_them_costs_a_constant_number_of_queries(
    site: Site, django_assert_num_queries: Any, number: int, expected: int
) -> None:
    event = make_meeting()
    for place in range(number):
        page_citing(event, slug=f"restitution-{place}")
    queries.pages_citing(row=event, language="fr")
    with django_assert_num_queries(expected):
        assert len(queries.pages_citing(row=event, language="fr")) == number


# ── The window of the editor ────────────────────────────────────────────────────────────────────

CHOOSE = "/gestion/agenda/citer/"


@pytest.fixture
def editor(roles: None, client: Any) -> Any:
    client.force_login(make_staff("Édition"))
    return client


def offered(client: Any, **asked: Any) -> list[str]:
    page = client.get(f"{CHOOSE}results/", asked)
    return [row.title for row in page.context["results"]]


def test_an_editor_finds_meetings_by_words_of_their_title(editor: Any) -> None:
    make_meeting("Réunion du port")
    make_meeting("Atelier des quais")
    make_meeting("Réunion sans compte rendu", minutes=MinutesState.DRAFT)
    make_event(title="Réunion à venir")
    assert editor.get(CHOOSE).status_code == 200
    assert set(offered(editor)) == {"Réunion du port", "Atelier des quais"}
    assert offered(editor, q="reunion PORT") == ["Réunion du port"]
    assert offered(editor, q="nulle part") == []


def test_only_what_is_public_can_be_chosen(editor: Any) -> None:
    public, private = make_meeting(), make_meeting(minutes=MinutesState.APPROVED)
    chosen = editor.get(f"{CHOOSE}chosen/{public.pk}/").json()["result"]
    assert chosen["id"] == str(public.pk)
    assert chosen["title"].startswith("Réunion du port (")
    for key in (private.pk, 999_999, "x"):
        assert editor.get(f"{CHOOSE}chosen/{key}/").status_code == 404
    for path in ("create/", f"chosen-multiple/?id={private.pk}"):
        assert editor.get(f"{CHOOSE}{path}").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_window_asks_a_constant_number_of_queries(
    editor: Any, django_assert_num_queries: Any, number: int
) -> None:
    for place in range(number):
        make_meeting(f"Réunion {place}")
    editor.get(f"{CHOOSE}results/")
    with django_assert_num_queries(CHOOSER_QUERIES):
        assert len(offered(editor)) == number


@pytest.mark.parametrize("person", ["anonymous", "resident"])
def test_the_window_is_for_who_enters_the_back_office(site: Site, client: Any, person: str) -> None:
    if person == "resident":
        client.force_login(make_user())
    assert client.get(CHOOSE).status_code in (302, 403)


def test_the_form_of_a_page_keeps_its_meeting(site: Site) -> None:
    event, block = make_meeting(), BodyBlock()
    stored = block.to_python([{"type": "meeting", "value": {"heading": "", "meeting": event.pk}}])
    (child,) = block.get_form_state(stored)
    assert child["value"]["meeting"]["id"] == event.pk
    assert child["value"]["meeting"]["title"].startswith("Réunion du port (")
    cleaned = block.clean(stored)
    assert block.get_prep_value(cleaned)[0]["value"]["meeting"] == event.pk
    empty = block.to_python([{"type": "meeting", "value": {"heading": "", "meeting": None}}])
    with pytest.raises(StreamBlockValidationError):
        block.clean(empty)
