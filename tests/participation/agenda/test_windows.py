"""The days that a year, a season, a month or some days stand for."""

import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participation.agenda.choices import Precision
from participation.agenda.windows import window_of

DAY = datetime.date


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine starts slowly
@given(
    st.dates(DAY(2026, 1, 1), DAY(2032, 12, 31)),
    st.dates(DAY(2026, 1, 1), DAY(2032, 12, 31)),
    st.sampled_from(Precision.values),
)
def test_a_window_holds_both_days_and_is_whole(first, last, precision):
    start, end = window_of(first, last, precision)
    assert start <= min(first, last)
    assert max(first, last) < end
    # Whole: the window of its own bounds is itself.
    assert window_of(start, end - datetime.timedelta(days=1), precision) == (start, end)
