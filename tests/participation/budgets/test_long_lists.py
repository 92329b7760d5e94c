"""Ten thousand lines out: what a cell costs, and what a workbook can hold."""

import datetime
import io
import sys

import pytest
import tablib
from django.contrib.gis.geos import Point
from openpyxl import load_workbook

from participation.budgets.office.exports import IdeaExport
from participation.budgets.resources import IdeaResource
from participation.core.sheets import write_sheet
from tests.factories.budgets import make_idea


def counted(act):
    """What `act` gives, and how many calls of Python functions it took."""
    calls, before = 0, sys.getprofile()

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        given = act()
    finally:
        sys.setprofile(before)
    return given, calls


def test_a_row_of_a_list_costs_few_calls(db):
    make_idea(title="Un banc", state="eligible", point=Point(1.45, 43.6, srid=4326))
    idea = IdeaExport().rows().get()
    counted(lambda: IdeaResource().export([idea]))  # what is read once
    dataset, calls = counted(lambda: IdeaResource().export([idea] * 200))
    assert dataset.height == 200
    assert len({*dataset["etat"]}) == 1
    assert calls < 12 * 200 * dataset.width  # twice as many, with a search of its field by cell


def test_a_cell_of_a_long_list_costs_few_calls():
    seen = datetime.datetime.fromisoformat("2026-11-05T18:30")
    row = ["Un banc", 12, seen, "mot " * 40, None, 47.9, "=1", "<&>"]
    held = tablib.Dataset(*[row] * 500, headers=[f"colonne{place}" for place in range(len(row))])
    content, calls = counted(lambda: write_sheet(held, "xlsx"))
    # An object by cell and by style took more than thirty: seconds, for ten thousand lines.
    assert calls < 25 * 500 * len(row)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert (sheet.max_row, sheet.auto_filter.ref) == (501, "A1:H501")
    assert [cell.value for cell in sheet[501]] == [*row[:6], "'=1", "<&>"]


@pytest.mark.parametrize(
    ("held", "kept"),
    [
        (True, True),
        (-3, -3),
        (float("nan"), "nan"),
        ("a\x00b\ufffe\ud800c", "abc"),
        ("x" * 40_000, "x" * 32_767),
        ("  deux\nlignes ", "  deux\nlignes "),
        ("", None),
    ],
)
def test_what_a_workbook_cannot_hold_does_not_break_it(held, kept):
    content = write_sheet(tablib.Dataset([held, "fin"], headers=["a", "b"]), "xlsx")
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.value for cell in sheet[2]] == [kept, "fin"]
