"""Items of the agenda, from an idea to what was done, moved or dropped."""

import dataclasses
import datetime

import pytest
from django.utils import timezone

from participation.agenda import services
from participation.agenda.choices import Certainty, ItemKind, Precision
from participation.agenda.models import AgendaItem, ItemMove, ItemVersion
from participation.agenda.services import Dates, ItemContent
from participation.core.verdict import Refused
from tests.factories.accounts import make_user
from tests.factories.agenda import make_agenda, make_agenda_officer, make_item, make_theme
from tests.factories.core import make_directorate

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = datetime.date
MAY = Dates(DAY(2027, 5, 10), DAY(2027, 5, 12), Precision.MONTH)


def codes(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.verdict.codes


@pytest.fixture
def officer():
    return make_agenda_officer()


@pytest.fixture
def official():
    return make_user(is_staff=True, permissions=("agenda.endorse_agenda",))


def content(**fields):
    return ItemContent(
        **{"kind": ItemKind.CONSULTATION, "title": "Plan vélo", "theme": make_theme(), **fields}
    )


def idea(officer, **fields):
    return services.create_item(
        agenda=make_agenda(), content=content(), dates=MAY, actor=officer, at=NOW, **fields
    )


def announced(officer, official):
    item = services.propose_item(item=idea(officer), actor=officer, at=NOW)
    item = services.validate_item(item=item, actor=official, at=NOW)
    return services.announce_item(item=item, actor=officer, at=NOW)


def test_an_idea_is_not_public(officer):
    item = idea(officer)
    assert (item.certainty, item.window.lower, item.window.upper) == (
        Certainty.IDEA,
        DAY(2027, 5, 1),
        DAY(2027, 6, 1),
    )
    assert not AgendaItem.objects.public().exists()


def test_it_is_announced_after_the_visa_of_somebody_else(officer, official):
    item = announced(officer, official)
    assert (item.endorsed_by, item.certainty) == (official, Certainty.ANNOUNCED)
    assert list(AgendaItem.objects.public()) == [item]


def test_nobody_gives_the_visa_to_their_own_proposal():
    both = make_agenda_officer(
        permissions=("agenda.plan_agenda", "agenda.endorse_agenda"),
    )
    item = services.propose_item(item=idea(both), actor=both, at=NOW)
    assert codes(lambda: services.validate_item(item=item, actor=both, at=NOW)) == ("own_proposal",)


def test_what_changes_after_the_visa_needs_another(officer, official):
    item = services.propose_item(item=idea(officer), actor=officer, at=NOW)
    for change in (
        lambda: services.change_item(item=item, content=content(), actor=officer, at=NOW),
        lambda: services.move_item(
            item=item,
            dates=Dates(DAY(2028, 5, 10), DAY(2028, 5, 10), Precision.DAY),
            reason="",
            actor=officer,
            at=NOW,
        ),
    ):
        services.validate_item(item=item, actor=official, at=NOW)
        row = change()
        assert (row.certainty, row.endorsed_by, row.endorsed_at) == (
            Certainty.PROPOSED,
            None,
            None,
        )
        assert codes(lambda: services.announce_item(item=item, actor=officer, at=NOW)) == (
            "wrong_state",
        )


def test_who_rewrites_a_proposal_does_not_give_its_visa(officer):
    item = services.propose_item(item=idea(officer), actor=officer, at=NOW)
    both = make_agenda_officer(permissions=("agenda.plan_agenda", "agenda.endorse_agenda"))
    services.change_item(item=item, content=content(title="Autre"), actor=both, at=NOW)
    assert codes(lambda: services.validate_item(item=item, actor=both, at=NOW)) == ("own_proposal",)


def test_an_officer_without_that_right_gives_no_visa(officer):
    item = services.propose_item(item=idea(officer), actor=officer, at=NOW)
    other = make_agenda_officer()
    assert codes(lambda: services.validate_item(item=item, actor=other, at=NOW)) == ("not_allowed",)


@pytest.mark.parametrize(
    ("verb", "certainty"),
    [
        ("propose_item", Certainty.PROPOSED),
        ("announce_item", Certainty.PROPOSED),
        ("start_item", Certainty.VALIDATED),
        ("finish_item", Certainty.ANNOUNCED),
        ("start_item", Certainty.DONE),
    ],
)
def test_no_step_is_skipped(verb, certainty, officer):
    item = make_item(certainty=certainty)
    act = getattr(services, verb)
    assert codes(lambda: act(item=item, actor=officer, at=NOW)) == ("wrong_state",)


def test_from_announced_to_done(officer):
    item = services.start_item(item=make_item(), actor=officer, at=NOW)
    assert services.finish_item(item=item, actor=officer, at=NOW).certainty == Certainty.DONE


def test_a_moved_announcement_keeps_its_former_date_and_reason(officer):
    item = make_item()
    former = item.window
    moved = services.move_item(
        item=item, dates=MAY, reason="Étude prolongée", actor=officer, at=NOW
    )
    kept = ItemMove.objects.get()
    assert (kept.former_window, kept.reason) == (former, "Étude prolongée")
    assert (moved.certainty, moved.sequence) == (Certainty.MOVED, 1)


def test_a_moved_announcement_needs_a_reason(officer):
    item = make_item()
    assert codes(
        lambda: services.move_item(item=item, dates=MAY, reason=" ", actor=officer, at=NOW)
    ) == ("no_reason",)
    assert not ItemMove.objects.exists()


def test_an_idea_moves_without_a_trace_for_the_public(officer):
    item = idea(officer)
    june = Dates(DAY(2027, 6, 1), DAY(2027, 6, 1), Precision.MONTH)
    moved = services.move_item(item=item, dates=june, reason="", actor=officer, at=NOW)
    assert (moved.certainty, ItemMove.objects.count()) == (Certainty.IDEA, 0)


def test_the_same_dates_are_no_move(officer):
    assert codes(
        lambda: services.move_item(item=idea(officer), dates=MAY, reason="x", actor=officer, at=NOW)
    ) == ("same_dates",)


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        (Dates(DAY(2027, 5, 12), DAY(2027, 5, 10), Precision.DAY), "reversed"),
        (Dates(DAY(2040, 5, 1), DAY(2040, 5, 2), Precision.DAY), "out_of_mandate"),
    ],
)
def test_wrong_dates_are_refused(dates, code, officer):
    def create():
        services.create_item(
            agenda=make_agenda(), content=content(), dates=dates, actor=officer, at=NOW
        )

    assert codes(create) == (code,)
    assert not AgendaItem.objects.exists()


def test_it_is_dropped_with_a_reason(officer):
    item = make_item()
    assert codes(lambda: services.drop_item(item=item, reason="", actor=officer, at=NOW)) == (
        "no_reason",
    )
    row = services.drop_item(item=item, reason="Repris par la métropole", actor=officer, at=NOW)
    assert list(AgendaItem.objects.public()) == [row]


@pytest.mark.parametrize("certainty", [Certainty.DONE, Certainty.DROPPED])
def test_what_is_over_no_longer_changes(certainty, officer):
    item = make_item(certainty=certainty, drop_reason="Sans suite")
    for act in (
        lambda: services.change_item(item=item, content=content(), actor=officer, at=NOW),
        lambda: services.move_item(item=item, dates=MAY, reason="x", actor=officer, at=NOW),
        lambda: services.drop_item(item=item, reason="x", actor=officer, at=NOW),
    ):
        assert codes(act) == ("over",)


def test_each_version_is_kept(officer):
    item = idea(officer)
    services.change_item(item=item, content=content(title="Plan piéton"), actor=officer, at=NOW)
    titles = ItemVersion.objects.filter(item=item).order_by("number").values_list("content__title")
    assert [title for (title,) in titles] == ["Plan vélo", "Plan piéton"]


def test_residents_plan_nothing():
    assert codes(lambda: idea(make_user())) == ("not_allowed",)


def test_the_sequence_rises_only_when_what_is_published_changes(officer, official):
    item = idea(officer)
    moved = Dates(DAY(2027, 9, 1), DAY(2027, 9, 1), Precision.MONTH)
    services.move_item(item=item, dates=moved, reason="", actor=officer, at=NOW)
    services.propose_item(item=item, actor=officer, at=NOW)
    services.validate_item(item=item, actor=official, at=NOW)
    row = services.announce_item(item=item, actor=officer, at=NOW)
    assert row.sequence == 0
    said = content(theme=row.theme)
    row = services.change_item(
        item=row,
        content=content(theme=row.theme, directorate=make_directorate()),
        actor=officer,
        at=NOW,
    )
    assert row.sequence == 0
    row = services.change_item(
        item=row, content=dataclasses.replace(said, title="Plan piéton"), actor=officer, at=NOW
    )
    assert row.sequence == 1
    assert services.start_item(item=row, actor=officer, at=NOW).sequence == 2
    numbers = ItemVersion.objects.filter(item=item).order_by("number").values_list("number")
    assert [number for (number,) in numbers] == list(range(1, 9))


def test_an_idea_given_up_stays_at_its_first_sequence(officer):
    row = services.drop_item(item=idea(officer), reason="Trop cher", actor=officer, at=NOW)
    assert (row.sequence, ItemVersion.objects.filter(item=row).count()) == (0, 2)
