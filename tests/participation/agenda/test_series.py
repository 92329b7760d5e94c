"""Events that come back: the rule, its dates, its exceptions, and what is done to many dates."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from django.urls import reverse
from django.utils import timezone

from participation.agenda.choices import EventState, Scope
from participation.agenda.models import Event, EventMove, Series, Speaker
from participation.agenda.recurrence import MOST_DATES, Repetition, Rhythm
from participation.agenda.services import events
from participation.agenda.services.events import Whereabouts
from participation.core.verdict import Refused
from tests.factories.accounts import make_user
from tests.factories.agenda import (
    make_agenda_officer,
    make_event,
    make_registration,
    make_seating,
    make_venue,
)

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")
TUESDAY = datetime.datetime(2031, 9, 2, 18, 30, tzinfo=PARIS)
"""The first Tuesday of September 2031; the clocks go back on 26 October."""
REASON = "La salle est en travaux."


def now():
    return timezone.now()


@pytest.fixture
def officer():
    return make_agenda_officer()


@pytest.fixture
def meeting():
    return make_event(starts_at=TUESDAY, state=EventState.DRAFT, title="Conseil de quartier")


def repeat(event, officer, *, left_out=(), **fields):
    repetition = Repetition(**{"rhythm": Rhythm.MONTH_WEEKDAY, "count": 4, **fields})
    return events.repeat_event(
        event=event, repetition=repetition, left_out=left_out, actor=officer, at=now()
    )


def dates(series):
    return [row.local_start for row in series.events.order_by("starts_at")]


def codes(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return set(refused.value.verdict.codes)


@pytest.mark.parametrize(
    ("repetition", "rule"),
    [
        ({"rhythm": Rhythm.WEEK, "count": 3}, "FREQ=WEEKLY;BYDAY=TU;COUNT=3"),
        (
            {"rhythm": Rhythm.WEEK, "every": 2, "weekdays": (3,), "count": 3},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=3",
        ),
        ({"rhythm": Rhythm.MONTH_WEEKDAY, "count": 3}, "FREQ=MONTHLY;BYDAY=1TU;COUNT=3"),
        ({"rhythm": Rhythm.MONTH_DATE, "count": 3}, "FREQ=MONTHLY;COUNT=3"),
        ({"rhythm": Rhythm.YEAR, "count": 3}, "FREQ=YEARLY;COUNT=3"),
        ({"rhythm": Rhythm.DAY, "every": 10, "count": 3}, "FREQ=DAILY;INTERVAL=10;COUNT=3"),
        (
            {"rhythm": Rhythm.WEEK, "until": datetime.date(2031, 10, 28)},
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20311028T225959Z",
        ),
    ],
)
def test_a_rule_says_the_dates_that_are_made(repetition, rule):
    """The dates are those that another reader of RFC 5545 finds in the rule."""
    made = Repetition(**repetition)
    assert made.rule(first=TUESDAY, zone=PARIS) == rule
    assert [day.replace(tzinfo=PARIS) for day in made.dates(first=TUESDAY)] == list(
        rrulestr(rule, dtstart=TUESDAY)
    )


def test_the_last_weekday_of_each_month():
    first = datetime.datetime(2031, 9, 30, 18, 30, tzinfo=PARIS)
    last = Repetition(rhythm=Rhythm.MONTH_LAST, count=3)
    assert last.rule(first=first, zone=PARIS) == "FREQ=MONTHLY;BYDAY=-1TU;COUNT=3"
    assert [day.day for day in last.dates(first=first)] == [30, 28, 25]
    assert last.verdict(first=TUESDAY).codes == ("not_last",)


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        ({}, "no_end"),
        ({"count": 3, "until": datetime.date(2032, 1, 1)}, "two_ends"),
        ({"until": datetime.date(2031, 9, 20)}, "ends_too_soon"),
        ({"until": datetime.date(2131, 9, 20)}, "too_many"),
        ({"count": MOST_DATES + 1}, "too_many"),
    ],
)
def test_a_recurrence_ends_in_a_sensible_number(ends, code, meeting, officer):
    assert codes(repeat, meeting, officer, **{"count": None, **ends}) == {code}
    assert not Series.objects.exists()


def test_each_date_keeps_its_hour_when_the_clocks_change(meeting, officer):
    Speaker.objects.create(event=meeting, name="Ana Costa", position=1)
    series = repeat(meeting, officer, left_out=[datetime.date(2031, 10, 7)])
    assert dates(series) == [
        datetime.datetime(2031, 9, 2, 18, 30, tzinfo=PARIS),
        datetime.datetime(2031, 11, 4, 18, 30, tzinfo=PARIS),
        datetime.datetime(2031, 12, 2, 18, 30, tzinfo=PARIS),
    ]
    assert series.exceptions == [datetime.date(2031, 10, 7)]
    assert series.rule == "FREQ=MONTHLY;BYDAY=1TU;COUNT=4"
    rows = series.events.order_by("starts_at")
    assert {row.ends_at - row.starts_at for row in rows} == {datetime.timedelta(hours=2)}
    assert [row.speakers.get().name for row in rows] == ["Ana Costa"] * 3
    assert len({row.uid for row in rows}) == len({row.slug for row in rows}) == 3
    assert {row.state for row in rows} == {EventState.DRAFT}


def test_at_the_other_side_of_the_world(officer):
    first = datetime.datetime(2031, 9, 2, 18, 30, tzinfo=REUNION)
    event = make_event(starts_at=first, state=EventState.DRAFT, timezone="Indian/Reunion")
    series = repeat(
        event, officer, rhythm=Rhythm.WEEK, until=datetime.date(2031, 9, 16), count=None
    )
    assert [day.day for day in dates(series)] == [2, 9, 16]
    assert series.rule.endswith("UNTIL=20310916T195959Z")


def test_an_hour_that_the_clocks_skip_names_its_day(officer):
    first = datetime.datetime(2031, 3, 23, 2, 30, tzinfo=PARIS)
    event = make_event(starts_at=first, state=EventState.DRAFT)
    with pytest.raises(Refused) as refused:
        repeat(event, officer, rhythm=Rhythm.WEEK, count=3)
    assert refused.value.verdict.codes == ("time_skipped",)
    assert "30 mars 2031" in str(refused.value) or "March 30, 2031" in str(refused.value)
    series = repeat(
        event, officer, rhythm=Rhythm.WEEK, count=3, left_out=[datetime.date(2031, 3, 30)]
    )
    assert [day.day for day in dates(series)] == [23, 6]


def test_an_event_repeats_once_by_who_may(meeting, officer):
    everything = [datetime.date(2031, month, day) for month, day in ((10, 7), (11, 4), (12, 2))]
    assert codes(repeat, meeting, officer, left_out=everything) == {"one_date"}
    assert codes(repeat, meeting, make_user()) == {"not_allowed"}
    repeat(meeting, officer)
    meeting.refresh_from_db()
    assert codes(repeat, meeting, officer) == {"already_repeats"}


def test_all_drafts_are_published_or_none(meeting, officer):
    meeting.venue = make_venue()
    meeting.save()
    series = repeat(meeting, officer)
    third = series.events.order_by("starts_at")[2]
    other = make_event(venue=meeting.venue, starts_at=third.starts_at, title="Bal")
    with pytest.raises(Refused) as refused:
        events.publish_series(event=meeting, actor=officer, at=now())
    assert refused.value.verdict.codes == ("room_taken",)
    assert "Bal" in str(refused.value)
    assert not series.events.exclude(state=EventState.DRAFT).exists()
    other.delete()
    meeting.refresh_from_db()
    assert events.publish_series(event=meeting, actor=officer, at=now()) == 4
    assert codes(events.publish_series, event=meeting, actor=officer, at=now()) == {
        "nothing_to_publish"
    }


def published(meeting, officer):
    series = repeat(meeting, officer)
    meeting.refresh_from_db()
    events.publish_series(event=meeting, actor=officer, at=now())
    return list(series.events.order_by("starts_at"))


def move(row, officer, scope, *, days=7, **fields):
    later = row.starts_at + datetime.timedelta(days=days)
    to = Whereabouts(
        starts_at=later,
        ends_at=later + datetime.timedelta(hours=2),
        **{"venue": row.venue, "address": row.address, **fields},
    )
    return events.move_occurrences(
        event=row, scope=scope, to=to, reason=REASON, actor=officer, at=now()
    )


@pytest.mark.parametrize(
    ("scope", "days"),
    [
        (Scope.ONE, [2, 14, 4, 2]),
        (Scope.FOLLOWING, [2, 14, 11, 9]),
        (Scope.ALL, [9, 14, 11, 9]),
    ],
)
def test_one_date_or_the_following_or_all_move(meeting, officer, scope, days):
    rows = published(meeting, officer)
    move(rows[1], officer, scope)
    found = Event.objects.order_by("starts_at", "pk")
    assert [row.local_start.day for row in found] == days
    assert {row.local_start.hour for row in found} == {18}
    assert EventMove.objects.count() == sum(row.sequence for row in found)


def test_a_weekly_series_moves_by_a_week_in_one_room(meeting, officer):
    meeting.venue = make_venue()
    meeting.save()
    repeat(meeting, officer, rhythm=Rhythm.WEEK, count=3)
    meeting.refresh_from_db()
    events.publish_series(event=meeting, actor=officer, at=now())
    meeting.refresh_from_db()
    assert move(meeting, officer, Scope.ALL) == 3
    meeting.refresh_from_db()
    assert move(meeting, officer, Scope.ALL, days=-7) == 3


def test_a_change_of_words_reaches_the_following_and_keeps_their_days(meeting, officer):
    rows = published(meeting, officer)
    plan = events.EventPlan(
        **{name: getattr(rows[1], name) for name in events.EventPlan.__dataclass_fields__}
        | {"title": "Conseil du Lac", "sign_language": True}
    )
    events.change_occurrences(
        event=rows[1], scope=Scope.FOLLOWING, plan=plan, actor=officer, at=now()
    )
    found = Event.objects.order_by("starts_at")
    assert [row.title for row in found] == ["Conseil de quartier", *["Conseil du Lac"] * 3]
    assert [row.starts_at for row in found] == [row.starts_at for row in rows]


def test_the_following_are_called_off_and_those_registered_are_told(meeting, officer):
    rows = published(meeting, officer)
    make_registration(make_seating(rows[2]).event)
    events.cancel_occurrences(
        event=rows[1], scope=Scope.FOLLOWING, reason=REASON, actor=officer, at=now()
    )
    assert [row.state for row in Event.objects.order_by("starts_at")] == [
        EventState.SCHEDULED,
        *[EventState.CANCELLED] * 3,
    ]


def test_drafts_of_a_series_that_stops_are_removed(meeting, officer):
    series = repeat(meeting, officer)
    meeting.refresh_from_db()
    events.publish_event(event=meeting, actor=officer, at=now())
    events.cancel_occurrences(
        event=meeting, scope=Scope.ALL, reason=REASON, actor=officer, at=now()
    )
    assert series.events.get().state == EventState.CANCELLED


class TestScreens:
    @pytest.fixture(autouse=True)
    def _signed_in(self, client, officer):
        client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")

    def test_look_untick_and_make(self, client, meeting):
        page = reverse("agenda_event:repeat", args=[meeting.pk])
        asked = {"rhythm": "month_weekday", "every": 1, "until": "", "count": ""}
        answer = client.post(page, {**asked, "act": "look"})
        assert answer.status_code == 422
        assert "Une récurrence a besoin d’une fin" in answer.content.decode()
        asked["count"] = 4
        html = client.post(page, {**asked, "act": "look"}).content.decode()
        assert html.count('name="keep"') == 3
        assert "4 novembre 2031" in html
        assert not Series.objects.exists()
        keep = ["2031-10-07", "2031-12-02"]
        answer = client.post(page, {**asked, "act": "make", "keep": keep})
        assert answer["Location"] == reverse("agenda_event:board", args=[meeting.pk])
        assert [day.month for day in dates(Series.objects.get())] == [9, 10, 12]
        board = client.get(answer["Location"]).content.decode()
        assert "Dates de la série" in board
        client.post(reverse("agenda_event:publish_series", args=[meeting.pk]))
        assert Event.objects.filter(state=EventState.SCHEDULED).count() == 3
        form = client.get(reverse("agenda_event:move", args=[meeting.pk])).content.decode()
        assert "Pour quelles dates de la série" in form

    def test_the_preview_asks_as_much_for_two_dates_as_for_forty(
        self, client, meeting, django_assert_num_queries
    ):
        page = reverse("agenda_event:repeat", args=[meeting.pk])
        asked = {"rhythm": "week", "every": 1, "until": "", "act": "look"}
        client.post(page, {**asked, "count": 2})
        with django_assert_num_queries(PREVIEW_QUERIES):
            client.post(page, {**asked, "count": 2})
        with django_assert_num_queries(PREVIEW_QUERIES):
            client.post(page, {**asked, "count": 40})


PREVIEW_QUERIES = 12
