"""Days in words."""

import datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from participation.core.dates import date_format, full_day

FIRST, ELEVENTH = datetime.date(2026, 12, 1), datetime.date(2026, 12, 11)
EVENING = datetime.datetime(2026, 11, 30, 23, 30, tzinfo=datetime.UTC)  # 00:30 in Paris
SHOWN = Template(
    '{{ day|date:"DATE_FORMAT" }} / {{ day|date:"l j F" }} / {{ day|date:"SHORT_DATE_FORMAT" }}'
    ' / {{ day|date:"j" }} / {{ day|date:"Y-m-d" }}'
)


def test_the_first_of_a_month_is_an_ordinal_in_french_alone() -> None:
    assert date_format(FIRST, "DATE_FORMAT") == "1er décembre 2026"
    assert date_format(ELEVENTH, "DATE_FORMAT") == "11 décembre 2026"
    assert date_format(FIRST, "F Y") == "décembre 2026"
    with translation.override("en"):
        assert "1er" not in date_format(FIRST, "DATE_FORMAT")


def test_templates_say_it_too() -> None:
    said = SHOWN.render(Context({"day": FIRST}))
    assert said == "1er décembre 2026 / mardi 1er décembre / 01/12/2026 / 1 / 2026-12-01"
    assert SHOWN.render(Context({"day": EVENING})) == said  # by the clocks of the site
    assert SHOWN.render(Context({"day": None})).strip(" /") == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [(FIRST, "1er décembre 2026"), (EVENING, "1er décembre 2026"), (None, "")],
)
def test_full_days(value: datetime.date | None, said: str) -> None:
    assert full_day(value) == said
