"""When something takes place, in words."""

import datetime

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participation.agenda.presentation.dates import moment_words, period_words, season_words

DAY = datetime.date


@pytest.fixture(autouse=True)
def french():
    with translation.override("fr"):
        yield


@pytest.mark.parametrize(
    ("start", "end", "precision", "words"),
    [
        (DAY(2027, 1, 1), DAY(2028, 1, 1), "year", "2027"),
        (DAY(2027, 1, 1), DAY(2029, 1, 1), "year", "2027 – 2028"),
        (DAY(2027, 3, 1), DAY(2027, 6, 1), "season", "printemps 2027"),
        (DAY(2027, 12, 1), DAY(2028, 3, 1), "season", "hiver 2027–2028"),
        (DAY(2027, 3, 1), DAY(2027, 9, 1), "season", "printemps 2027 – été 2027"),
        (DAY(2027, 5, 1), DAY(2027, 6, 1), "month", "mai 2027"),
        (DAY(2027, 5, 1), DAY(2027, 7, 1), "month", "mai 2027 – juin 2027"),
        (DAY(2027, 5, 3), DAY(2027, 5, 4), "day", "lundi 3 mai 2027"),
        (DAY(2027, 5, 3), DAY(2027, 5, 6), "day", "du 3 mai 2027 au 5 mai 2027"),
    ],
)
def test_a_window_says_no_more_than_what_is_known(start, end, precision, words):
    assert period_words(start, end, precision) == words


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine starts slowly
@given(st.dates(DAY(2026, 1, 1), DAY(2032, 12, 31)))
def test_every_month_of_a_season_says_the_same_season(day):
    # The three months that start in March, June, September and December are one season each.
    start = DAY(day.year, day.month - day.month % 3, 1) if day.month >= 3 else None
    if start is not None:
        assert season_words(start) == season_words(day)
    else:
        assert season_words(day) == season_words(DAY(day.year - 1, 12, 1))


def test_an_event_is_told_by_the_clocks_of_its_place():
    start = datetime.datetime(2027, 7, 1, 16, 30, tzinfo=datetime.UTC)
    end = start + datetime.timedelta(hours=2)
    assert "18:30" in moment_words(start, end, "Europe/Paris")
    assert "20:30" in moment_words(start, end, "Indian/Reunion")


def test_an_event_after_the_change_of_hour_is_one_hour_earlier_in_utc_terms():
    summer = datetime.datetime(2027, 10, 30, 16, 0, tzinfo=datetime.UTC)
    winter = datetime.datetime(2027, 10, 31, 17, 0, tzinfo=datetime.UTC)
    hour = datetime.timedelta(hours=1)
    assert "18:00" in moment_words(summer, summer + hour, "Europe/Paris")
    assert "18:00" in moment_words(winter, winter + hour, "Europe/Paris")
