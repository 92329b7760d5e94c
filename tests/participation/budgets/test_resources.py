"""Spreadsheets out and in: lossless, harmless, and exact about what is wrong."""

import datetime
import io
from datetime import UTC

import pytest
import tablib
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from participation.budgets.models import Project
from participation.budgets.resources import (
    IdeaResource,
    ProjectResource,
    read_sheet,
)
from participation.budgets.resources.projects import COLUMNS
from participation.core.sheets import neutralise, restore, write_sheet
from tests.factories.accounts import make_territory
from tests.factories.budgets import (
    make_budget,
    make_category,
    make_envelope,
    make_idea,
    make_officer,
    make_poll,
    make_project,
    make_study,
)
from tests.participation.budgets.refusals import refusal

DANGEROUS = [
    "=1+1",
    "+33 5 61",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "'=1",
    "''@x",
    "=cmd|' /C calc'!A0",
]


@given(st.text())
def test_neutralising_is_lossless_for_any_text(text):
    assert restore(neutralise(text)) == text
    assert not str(neutralise(text)).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_of_an_export_begins_like_a_formula_and_it_reads_back(kind):
    held = tablib.Dataset(*[[text, "suite"] for text in DANGEROUS], headers=["titre", "mot"])
    content = write_sheet(held, kind)
    if kind == "xlsx":
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        cells = [row[0] for row in sheet.iter_rows(min_row=2)]
        assert {cell.data_type for cell in cells} == {"s"}
        shown = [cell.value for cell in cells]
    else:
        shown = [
            row[0] for row in tablib.import_set(content.decode("utf-8-sig"), "csv", delimiter=";")
        ]
    assert all(text.startswith("'") for text in shown)
    if kind == "xlsx":  # a spreadsheet file has no carriage return of its own
        held = tablib.Dataset(*[row for row in held if "\r" not in row[0]], headers=held.headers)
        content = write_sheet(held, kind)
    back = read_sheet(io.BytesIO(content), len(content), columns=["titre", "mot"])
    assert [row[0] for row in back] == [row[0] for row in held]


def sheet(text: str | bytes, columns=("a", "b")):
    content = text if isinstance(text, bytes) else text.encode()
    return {"upload": io.BytesIO(content), "size": len(content), "columns": list(columns)}


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("", ("file_empty",)),
        ("\n\n", ("file_empty",)),
        ("a;b\n", ("file_empty",)),
        ("a;c\n1;2\n", ("columns_missing",)),
        ("a;b;c\n1;2;3\n", ("columns_unknown",)),
        ("a;b;a\n1;2;3\n", ("columns_repeated",)),
        ("a;b\n1;é\n".encode("latin-1"), ("file_unreadable",)),
        (b"a;b\n1;\x00\n", ("file_unreadable",)),
        ('a;b\n1;"2\n', ("file_unreadable",)),
        (b"PK\x03\x04 not a workbook", ("file_unreadable",)),
        ("a;b\n" + "1;2\n" * 5001, ("too_many_rows",)),
        (b"x" * (2 * 1024 * 1024 + 1), ("file_too_big",)),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(content, codes):
    assert refusal(read_sheet, **sheet(content)) == codes


@pytest.mark.parametrize(
    "text", ["a;b\n1;2\n", "B, A \r\n2,1\r\n", "﻿a\tb\n1\t2\n\n;;\n".replace(";;", "\t")]
)
def test_delimiters_marks_and_the_order_of_columns_do_not_matter(text):
    (row,) = read_sheet(**sheet(text)).dict
    assert (row["a"], row["b"]) == ("1", "2")


def test_a_short_line_has_empty_cells():
    assert read_sheet(**sheet("a;b\n1\n"))[0] == ("1", "")


@pytest.fixture
def envelope(db):
    perimeter = make_territory("Toulouse")
    make_territory("Capitole", parent=perimeter)
    budget = make_budget("examine", process__perimeter=perimeter)
    make_category(budget, "Nature")
    return make_envelope(budget, amount_cents=10_000_000)


def run(envelope, rows, *, dry_run=False):
    dataset = tablib.Dataset(*rows, headers=list(COLUMNS))
    resource = ProjectResource(envelope=envelope, actor=make_officer(), at=timezone.now())
    return resource.import_data(
        dataset, dry_run=dry_run, use_transactions=True, rollback_on_validation_errors=True
    )


GOOD = [
    "001",
    "Un verger",
    "Quinze arbres",
    "nature",
    "CAPITOLE",
    "Place Abal",
    43.6,
    "1,44",
    "12 500,50",
]


def test_a_good_line_makes_a_draft_project(envelope):
    result = run(envelope, [GOOD])
    assert (result.has_errors(), result.has_validation_errors()) == (False, False)
    project = Project.objects.get()
    assert (project.reference, project.title, project.description, project.state) == (
        "001",
        "Un verger",
        "Quinze arbres",
        "draft",
    )
    assert (project.category.name, project.territory.name, project.cost_cents) == (
        "Nature",
        "Capitole",
        1_250_050,
    )
    assert project.point.coords == (1.44, 43.6)


def test_a_dry_run_writes_nothing_and_a_known_number_changes_its_project(envelope):
    run(envelope, [GOOD])
    other = ["001", "Un grand verger", *GOOD[2:]]
    result = run(envelope, [other, ["", "Sans numéro", *GOOD[2:]]], dry_run=True)
    assert [row.import_type for row in result.rows] == ["update", "new"]
    assert Project.objects.get().title == "Un verger"
    run(envelope, [other, ["", "Sans numéro", *GOOD[2:]]])
    assert list(Project.objects.order_by("reference").values_list("reference", "title")) == [
        ("001", "Un grand verger"),
        ("002", "Sans numéro"),
    ]


NOT_MONEY = "« %s », dans « cout_euros », n’est pas un montant en euros"
NOT_NUMBERS = "la latitude et la longitude sont deux nombres décimaux, ou toutes deux vides"
TOO_DEAR = "Ce projet coûte plus que toute son enveloppe : il ne pourrait jamais être lauréat."


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("titre", "  ", "la colonne « titre » est vide"),
        ("titre", "x" * 251, "« titre » compte 251 caractères, 250 au plus"),
        ("categorie", "Inconnue", "« Inconnue », dans « categorie », n’existe pas dans ce budget"),
        ("quartier", "Mars", "« Mars », dans « quartier », n’existe pas dans ce budget"),
        ("cout_euros", "", "la colonne « cout_euros » est vide"),
        ("cout_euros", "0", "la colonne « cout_euros » vaut zéro"),
        ("cout_euros", "-5", NOT_MONEY % "-5"),
        ("cout_euros", "beaucoup", NOT_MONEY % "beaucoup"),
        ("latitude", "nord", NOT_NUMBERS),
        ("latitude", "", NOT_NUMBERS),
        ("latitude", "143.6", "la latitude ou la longitude n’est pas sur Terre"),
        ("numero", "9" * 41, "« numero » compte 41 caractères, 40 au plus"),
        ("adresse", "x" * 251, "« adresse » compte 251 caractères, 250 au plus"),
        ("cout_euros", "100001", TOO_DEAR),
    ],
)
def test_each_fault_has_its_sentence_in_french(envelope, column, value, sentence):
    row = list(GOOD)
    row[COLUMNS.index(column)] = value
    with translation.override("fr"):
        result = run(envelope, [row, ["002", *GOOD[1:]]])
    (invalid,) = result.invalid_rows
    said = [message.replace("\u00a0", " ") for message in invalid.error.messages]
    assert (invalid.number, said) == (1, [sentence])
    assert not Project.objects.exists()


def test_a_bad_line_is_told_all_its_faults_at_once(envelope):
    with translation.override("fr"):
        result = run(envelope, [["001", "", "", "x", "y", "", "", "", ""]])
    assert len(result.invalid_rows[0].error.messages) == 4


def test_a_number_twice_in_the_file_is_told_with_the_line_where_it_was(envelope):
    with translation.override("fr"):
        result = run(envelope, [GOOD, GOOD])
    (invalid,) = result.invalid_rows
    assert invalid.number == 2
    assert "ligne 2" in invalid.error.messages[0]
    assert not Project.objects.exists()


def test_projects_export_and_come_back_as_they_were(envelope):
    category, territory = (
        envelope.budget.categories.get(),
        envelope.budget.activity.process.perimeter,
    )
    for number, title in enumerate(
        ["=SOMME(A1)", "-5 degrés", "'=x", 'Un;verger,"joli"\nà deux lignes']
    ):
        make_project(
            envelope,
            state="draft",
            title=title,
            reference=f"0{number}",
            cost_cents=100_001 + number,
            category=category,
            territory=territory,
            point=Point(1.444444, 43.6, srid=4326),
            description="+ d’arbres",
        )
    fields = (
        "reference",
        "title",
        "description",
        "cost_cents",
        "category",
        "territory",
        "point",
        "address",
    )
    before = list(Project.objects.order_by("reference").values_list(*fields))
    for kind in ("csv", "xlsx"):
        rows = Project.objects.order_by("reference")
        content = write_sheet(ProjectResource(importable=True).export(rows), kind)
        dataset = read_sheet(io.BytesIO(content), len(content), columns=COLUMNS)
        result = run(envelope, [tuple(row) for row in dataset])
        assert not result.invalid_rows
        assert list(Project.objects.order_by("reference").values_list(*fields)) == before
        Project.objects.update(title="autre", description="autre")
        run(envelope, [tuple(row) for row in dataset])
        assert list(Project.objects.order_by("reference").values_list(*fields)) == before


def test_a_sheet_is_made_to_be_read():
    long, seen = "mot " * 300, datetime.datetime.fromisoformat("2026-11-05T18:30")
    held = tablib.Dataset(
        [datetime.date(2026, 11, 5), seen, f"\x0b{long}", 12],
        headers=["deposee_le", "vue_le", "description", "soutiens"],
    )
    headings = {"deposee_le": "Déposée le", "vue_le": "=Vue", "description": "Description"}

    table = write_sheet(held, "csv", headings=headings).decode("utf-8-sig").splitlines()
    assert table[0] == "Déposée le;'=Vue;Description;soutiens"
    assert table[1].startswith("05/11/2026;05/11/2026 18:30;")

    sheet = load_workbook(io.BytesIO(write_sheet(held, "xlsx", headings=headings))).worksheets[0]
    day, moment, words, number = sheet[2]
    assert [cell.value for cell in sheet[1]] == table[0].split(";")
    assert (day.is_date, day.number_format) == (True, "dd/mm/yyyy")
    assert (moment.value, moment.number_format) == (
        seen,
        "dd/mm/yyyy hh:mm",
    )
    assert (words.value, words.alignment.wrap_text, number.value) == (long, True, 12)
    # Excel says that a file is damaged when a column is wider than 255 characters.
    assert max(column.width for column in sheet.column_dimensions.values()) < 100
    assert sheet.freeze_panes == "A2"


def test_lists_to_read_have_french_headings_and_the_file_to_import_names_its_columns(db, client):
    make_idea(title="Un banc", submitted_at=datetime.datetime(2026, 11, 4, 23, 30, tzinfo=UTC))
    make_project()
    client.force_login(make_officer())

    def lines(name, **query):
        content = client.get(reverse(f"{name}:export"), query).content
        return content.decode("utf-8-sig").splitlines()

    ideas = lines("idea")
    assert ideas[0].startswith("Numéro;État;Visibilité;Titre;")
    assert ideas[0].endswith(
        ";Coût selon l’auteur (euros);Directions;Soutiens;Commentaires;Déposée le"
    )
    assert ideas[1].endswith(";05/11/2026")  # by the clocks of Paris
    assert lines("project")[0].endswith(";Coût (euros);Budget participatif;Enveloppe;État;Voix")
    assert lines("project", pour="import")[0] == ";".join(COLUMNS)


def test_the_export_of_ideas_has_neither_addresses_nor_civil_names(db, django_assert_num_queries):
    idea = make_idea(title="=cmd", body="Texte")
    idea.contribution.author.first_name = "Jeanne-Prénom"
    idea.contribution.author.save()
    make_study(idea)
    content = write_sheet(IdeaResource().export([idea]), "csv").decode("utf-8-sig")
    assert "'=cmd" in content
    assert idea.contribution.author.public_name in content
    assert idea.contribution.author.email not in content
    assert "Jeanne-Prénom" not in content


def upload(rows, name="projets.csv"):
    dataset = tablib.Dataset(*rows, headers=list(COLUMNS))
    return SimpleUploadedFile(name, dataset.export("csv", delimiter=";").encode())


@pytest.fixture
def desk(client, envelope):
    client.force_login(make_officer())
    return client


def test_the_preview_lists_bad_lines_and_nothing_can_be_confirmed(desk, envelope):
    bad = ["002", "", *GOOD[2:]]
    response = desk.post(
        reverse("project:import"), {"envelope": envelope.pk, "file": upload([GOOD, bad])}
    )
    assert response.status_code == 422
    (line,) = response.context["faulty"]
    assert (line.number, line.project, len(line.faults)) == (3, "002", 1)
    assert 'name="confirm"' not in response.content.decode()
    assert not Project.objects.exists()


def test_the_preview_then_the_button_import(desk, envelope):
    response = desk.post(
        reverse("project:import"), {"envelope": envelope.pk, "file": upload([GOOD])}
    )
    assert response.status_code == 200
    assert (response.context["new"], response.context["changed"]) == (1, 0)
    assert not Project.objects.exists()
    confirm = {"confirm": response.context["held"]}
    assert desk.post(reverse("project:import"), confirm).status_code == 302
    assert Project.objects.get().title == "Un verger"


def test_what_changed_between_preview_and_button_is_judged_again(desk, envelope):
    response = desk.post(
        reverse("project:import"), {"envelope": envelope.pk, "file": upload([GOOD])}
    )
    make_project(envelope, reference="999")
    make_poll(envelope=envelope)
    again = desk.post(reverse("project:import"), {"confirm": response.context["held"]})
    assert again.status_code == 422
    assert [line.number for line in again.context["faulty"]] == [2]
    assert Project.objects.count() == 1


@pytest.mark.parametrize("held", ["", "forged", "eyJhIjoxfQ:1:x"])
def test_a_forged_confirmation_imports_nothing(desk, held):
    response = desk.post(reverse("project:import"), {"confirm": held})
    assert response.status_code == 302
    assert not Project.objects.exists()
