"""The lines of the agenda are exactly what their sources say, after anything that happens."""

import datetime

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone

from participation.agenda.choices import Certainty, EventState
from participation.agenda.models import AgendaEntry, AgendaItem, Event, ProcessTheme
from participation.agenda.queries.feeds import print_of, whole
from participation.core.models import Phase
from tests.factories.accounts import make_territory
from tests.factories.agenda import make_agenda, make_event, make_item, make_theme, make_venue
from tests.factories.core import make_activity, make_process

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
_COLUMNS = (
    "key, source, source_id, uid, kind, title, summary, starts_at, ends_at, precision, certainty,"
    " takes_part, theme_id, territory_id, process_id, directorate_id, council_body, place,"
    " ST_AsEWKT(point), timezone, path_part, sequence, updated_at"
)


def rows_of(relation: str) -> set[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM {relation}")  # noqa: S608 -- our own words
        return set(cursor.fetchall())


def kept() -> set[tuple]:
    """The lines that are kept; they are those of the source."""
    lines = rows_of("agenda_entry")
    assert lines == rows_of("agenda_entry_source")
    return lines


def phase_of(activity, **fields) -> Phase:
    now = timezone.now()
    values = {"step": "collect", "title": "Dépôt", "period": DateTimeTZRange(now, now + 30 * DAY)}
    return Phase.objects.create(activity=activity, **values | fields)


def test_an_item_is_followed_from_idea_to_drop():
    item = make_item(certainty=Certainty.IDEA)
    assert not kept()
    for certainty in (Certainty.ANNOUNCED, Certainty.IN_PROGRESS, Certainty.MOVED):
        AgendaItem.objects.filter(pk=item.pk).update(
            certainty=certainty, announced_at=item.updated_at, endorsed_at=item.updated_at
        )
        assert {line[10] for line in kept()} == {certainty}
    item.delete()
    assert not kept()


def test_many_items_written_at_once():
    make_agenda()
    theme = make_theme()
    now = timezone.now()
    AgendaItem.objects.bulk_create(
        AgendaItem(
            agenda=make_agenda(),
            theme=theme,
            kind="consultation",
            title=f"Sujet {number}",
            window=DateRange(now.date(), now.date() + DAY),
            certainty=Certainty.ANNOUNCED,
            endorsed_at=now,
            announced_at=now,
            created_at=now,
            updated_at=now,
        )
        for number in range(50)
    )
    assert len(kept()) == 50
    AgendaItem.objects.filter(title__endswith="7").delete()
    assert len(kept()) == 45


def test_a_mandate_that_changes_its_clocks_moves_its_items():
    item = make_item()
    before = AgendaEntry.objects.get().starts_at
    item.agenda.timezone = "Indian/Reunion"
    item.agenda.save()
    kept()
    assert AgendaEntry.objects.get().starts_at < before


def test_an_event_its_room_and_its_process():
    venue, process = make_venue(), make_process(published_at=None)
    event = make_event(venue=venue, process=process)
    assert not kept()
    process.published_at = timezone.now()
    process.save()
    assert len(kept()) == 1
    venue.name = "Salle rénovée"
    venue.save()
    kept()
    assert AgendaEntry.objects.get().place.startswith("Salle rénovée")
    Event.objects.filter(pk=event.pk).update(state=EventState.CANCELLED, closing_reason="Crue.")
    assert {line[10] for line in kept()} == {"dropped"}


def test_phases_and_restitutions_follow_their_process():
    process = make_process(restitution_due_on=timezone.now().date())
    activity = make_activity(process=process)
    phase = phase_of(activity)
    assert len(kept()) == 2
    activity.title = "Boîte à idées"
    activity.save()
    phase.title = "Vote"
    phase.save()
    kept()
    assert "Boîte à idées – Vote" in AgendaEntry.objects.values_list("title", flat=True)
    theme = make_theme()
    link = ProcessTheme.objects.create(process=process, theme=theme)
    kept()
    assert set(AgendaEntry.objects.values_list("theme", flat=True)) == {theme.pk}
    link.delete()
    process.restitution_due_on = None
    process.cancelled_at = timezone.now()
    process.cancellation_reason = "Sans suite"
    process.save()
    assert {line[10] for line in kept()} == {"dropped"}
    phase.delete()
    assert not kept()


def test_quarters_are_those_of_the_place():
    first = datetime.date(2027, 3, 30)
    item = make_item(window=DateRange(first, datetime.date(2027, 7, 1)))
    line = AgendaEntry.objects.get()
    assert (line.first_quarter, line.last_quarter) == (
        datetime.date(2027, 1, 1),
        datetime.date(2027, 4, 1),
    )
    item.window = DateRange(first, datetime.date(2027, 7, 2))
    item.save()
    assert AgendaEntry.objects.get().last_quarter == datetime.date(2027, 7, 1)


def test_a_meeting_is_of_the_quarter_of_its_last_instant():
    midnight = datetime.datetime(2027, 7, 1, tzinfo=timezone.get_default_timezone())
    event = make_event(starts_at=midnight - datetime.timedelta(hours=1), ends_at=midnight)
    assert AgendaEntry.objects.get().last_quarter == datetime.date(2027, 4, 1)
    event.ends_at = midnight + datetime.timedelta(minutes=30)
    event.save()
    assert AgendaEntry.objects.get().last_quarter == datetime.date(2027, 7, 1)


@pytest.mark.parametrize("what", ["title", "theme", "territory", "gone"])
def test_the_print_of_a_feed_changes_with_all_that_it_says(what):
    item = make_item(territory=make_territory("Villeneuve"))
    make_item()
    before = print_of(whole()).digest
    assert print_of(whole()).digest == before
    if what == "title":
        item.title = "Autre titre"
        item.save()
    elif what == "theme":
        item.theme.name = "Autre thème"
        item.theme.save()
    elif what == "territory":
        item.territory.name = "Autre ville"
        item.territory.save()
    else:
        item.delete()
    assert print_of(whole()).digest != before
