"""Printable ballots: all that a voter needs, in the right size and order, and nothing else."""

import io
import os
import pathlib
import re

import pytest
from django.utils import timezone
from pypdf import PdfReader

from participation.budgets.presentation.printing import (
    SERIES,
    Paper,
    audit_pdf,
    ballot_pdf,
    poster_pdf,
)
from participation.budgets.queries.paper import drawn_ballots
from participation.budgets.services.paper.audits import draw_audit
from tests.factories.budgets import (
    make_budget,
    make_envelope,
    make_officer,
    make_poll,
    make_project,
    move_to,
)
from tests.factories.paper import key, lot_of, make_keyer, mark

pytestmark = pytest.mark.django_db


def printed(pdf: bytes) -> PdfReader:
    keep = os.environ.get("KEEP_PDF")
    if keep:
        folder = pathlib.Path(keep)
        folder.joinpath(f"{len(list(folder.iterdir())):02d}.pdf").write_bytes(pdf)
    return PdfReader(io.BytesIO(pdf))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


@pytest.fixture
def envelope():
    budget = make_budget(
        "decide",
        activity__title="Budget participatif de Villeneuve",
        project_order="fixed",
        max_choices=3,
    )
    envelope = make_envelope(budget, name="Toute la ville")
    for number in range(1, 25):
        make_project(
            envelope,
            reference=f"{number:03d}",
            title=f"Planter des arbres et installer des bancs, place numéro {number}",
            cost_cents=number * 1_000_000,
            district="La Gare",
        )
    return envelope


@pytest.mark.parametrize("paper", list(Paper))
def test_no_project_is_cut_between_two_pages(envelope, paper):
    """Its box and number are on the page where its words end."""
    for project in envelope.projects.all():
        length = int(project.reference) * 7 % 10
        project.title = f"Planter {'des arbres, des haies ' * length}et un banc"
        project.save(update_fields=["title"])
    pages = [
        " ".join(page.extract_text().split())
        for page in printed(ballot_pdf(poll=make_poll(envelope=envelope), paper=paper)).pages
    ]
    assert len(pages) > 1
    for project in envelope.projects.all():
        cost = f"{int(project.reference) * 10_000:,} €".replace(",", " ")
        (page,) = [page for page in pages if re.search(rf"(?<!\d){cost}", page)]
        assert f"{project.reference} " in page


def test_the_ballot_says_how_to_vote_and_names_every_project(envelope):
    poll = make_poll(envelope=envelope)
    reader = printed(ballot_pdf(poll=poll))
    text = words(reader)
    assert "Budget participatif de Villeneuve" in text
    assert "Toute la ville" in text
    assert "Choisissez 3 projets au plus" in text
    assert "votre vote est secret" in text.lower()
    for project in envelope.projects.all():
        assert project.reference in text
        assert project.title in text
    assert reader.trailer["/Root"]["/Lang"] == "fr"


def measures(page) -> tuple[int, int]:
    """Width and height in millimetres."""
    return tuple(round(float(side) * 25.4 / 72) for side in page.mediabox[2:])


@pytest.mark.parametrize(
    ("paper", "size"), [(Paper.A4, (210, 297)), (Paper.A5, (148, 210)), (Paper.LARGE, (210, 297))]
)
def test_each_size_is_the_size_it_says(envelope, paper, size):
    reader = printed(ballot_pdf(poll=make_poll(envelope=envelope), paper=paper))
    assert {measures(page) for page in reader.pages} == {size}
    assert all(project.title in words(reader) for project in envelope.projects.all())


def test_nothing_is_under_eighteen_points_in_large_print(envelope):
    reader = printed(ballot_pdf(poll=make_poll(envelope=envelope), paper=Paper.LARGE))
    sizes = set()
    for page in reader.pages:

        def note(text, matrix, text_matrix, _font, size):
            if text.strip():
                sizes.add(round(abs(size * text_matrix[3] * matrix[3]), 1))

        page.extract_text(visitor_text=note)
    assert sizes
    assert min(sizes) >= 18


def test_copies_are_all_alike_and_tell_nothing_of_who_prints_them(envelope):
    poll = make_poll(envelope=envelope)
    assert ballot_pdf(poll=poll) == ballot_pdf(poll=poll)
    metadata = PdfReader(io.BytesIO(ballot_pdf(poll=poll))).metadata
    assert set(metadata) <= {"/Title", "/Producer"}


def order_of(pdf: bytes, envelope) -> list[str]:
    text = words(PdfReader(io.BytesIO(pdf)))
    return sorted(
        (project.reference for project in envelope.projects.all()),
        key=lambda reference: text.index(f" {reference} "),
    )


def test_a_fixed_order_is_that_of_the_numbers_whatever_the_series(envelope):
    poll = make_poll(envelope=envelope)
    numbers = sorted(project.reference for project in envelope.projects.all())
    for series in (1, 2):
        assert order_of(ballot_pdf(poll=poll, paper=Paper.A5, series=series), envelope) == numbers


def test_a_random_order_is_drawn_once_for_each_series(envelope):
    envelope.budget.project_order = "random"
    envelope.budget.save()
    poll = make_poll(envelope=envelope)
    orders = [
        tuple(order_of(ballot_pdf(poll=poll, paper=Paper.A5, series=number), envelope))
        for number in range(1, SERIES + 1)
    ]
    assert len(set(orders)) == SERIES
    assert orders[0] == tuple(order_of(ballot_pdf(poll=poll, paper=Paper.A5), envelope))
    assert all(sorted(order) == sorted(orders[0]) for order in orders)


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"ballot_kind": "knapsack", "max_choices": None}, "ne doivent pas coûter plus de 100"),
        ({"min_choices": 2, "max_choices": 5}, "Choisissez au moins 2 projets"),
        ({"min_choices": 3, "max_choices": 3}, "Choisissez 3 projets."),
        ({"max_choices": 1}, "Choisissez 1 projet."),
    ],
)
def test_each_regulation_has_its_sentences(envelope, rules, sentence):
    for name, value in rules.items():
        setattr(envelope.budget, name, value)
    envelope.budget.save()
    assert sentence in words(printed(ballot_pdf(poll=make_poll(envelope=envelope)))).replace(
        "\u202f", " "
    ).replace("\xa0", " ")


def test_a_title_loads_nothing_and_stays_text(envelope):
    make_project(envelope, reference="999", title="<img src='file:///etc/passwd'> & co")
    text = words(printed(ballot_pdf(poll=make_poll(envelope=envelope))))
    assert "<img src='file:///etc/passwd'> & co" in text


def test_the_poster_shows_the_projects_on_a3(envelope):
    reader = printed(poster_pdf(poll=make_poll(envelope=envelope)))
    assert {measures(page) for page in reader.pages} == {(297, 420)}
    text = words(reader)
    assert "24 projets" in text
    assert all(project.title in text for project in envelope.projects.all())


def test_the_list_of_drawn_ballots_fits_on_its_page_whatever_a_title_holds():
    """The two boxes to tick are on the paper, and a ballot is whole on one page."""
    envelope = make_envelope(make_budget("decide"))
    for number in range(1, 4):
        make_project(envelope, reference=f"{number}", title="Anticonstitutionnellement" * 9)
    poll = make_poll(envelope=envelope)
    mark(poll, 40)
    move_to(envelope.budget, "follow")
    lot, lines = lot_of(poll, 40), ["1 2", "3"] * 20
    for _pass in range(2):
        key(lot, make_keyer(), lines)
    officer, now = make_officer(), timezone.now()
    audit = draw_audit(poll=poll, seed="3 1 4", size=30, actor=officer, at=now)
    pages = printed(audit_pdf(audit=audit, drawn=drawn_ballots(audit=audit))).pages
    assert len(pages) > 1
    right = []

    def note(text, page, place, _font, _size):
        if text.strip() == "Différent":
            right.append(page[0] * place[4] + page[4])

    for page in pages:
        page.extract_text(visitor_text=note)
    assert len(right) == len(pages)  # the heading comes back on each
    assert max(right) < 595 - 60
