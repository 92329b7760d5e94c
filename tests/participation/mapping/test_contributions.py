"""Sending, changing and withdrawing contributions to a map."""

import dataclasses
import decimal

import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.db import IntegrityError, transaction

from participation.core.choices import ModerationMode, Visibility
from participation.core.models import Notification
from participation.core.services import moderate
from participation.core.verdict import Refused
from participation.mapping.choices import QuestionKind, Shape
from participation.mapping.models import ClusterCell, MapContribution, Trace
from participation.mapping.services import (
    Reply,
    change_contribution,
    keep_draft,
    send_contribution,
    withdraw_contribution,
)
from participation.mapping.tasks import recount_cells
from tests.factories.accounts import make_user
from tests.factories.mapping import (
    fresh_key,
    make_category,
    make_map,
    make_map_contribution,
    make_map_officer,
    make_question,
    make_wish,
    now,
)

pytestmark = pytest.mark.django_db

HERE = Point(1.45, 43.6, srid=4326)
LINE = LineString((1.44, 43.6), (1.45, 43.61), srid=4326)
AREA = Polygon(((1.44, 43.6), (1.45, 43.6), (1.45, 43.61), (1.44, 43.6)), srid=4326)
EIGHT = Polygon(((1.44, 43.6), (1.45, 43.61), (1.45, 43.6), (1.44, 43.61), (1.44, 43.6)), srid=4326)


def send(category, **fields):
    author = fields.pop("author", None) or make_user()
    key = fields.pop("submission_key", None) or fresh_key()
    return send_contribution(
        map=category.map,
        author=author,
        wish=make_wish(category, **fields),
        submission_key=key,
        at=now(),
    )


def refused(act, *args, **kwargs) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught, transaction.atomic():
        act(*args, **kwargs)
    return caught.value.verdict.codes


@pytest.mark.parametrize("drawing", [HERE, LINE, AREA, None])
def test_a_contribution_is_published_with_its_receipt(drawing):
    category = make_category(make_map())
    row = send(category, geometry=drawing, address="Devant l’école")
    assert row.is_public is False  # as this instance was made; the trigger has the last word
    row.refresh_from_db()
    assert (row.is_public, row.contribution.visibility) == (True, Visibility.PUBLISHED)
    assert (row.contribution.point is None) == (drawing is None)
    told = Notification.objects.get(recipient=row.contribution.author)
    assert row.contribution.receipt_number in told.subject


def test_it_waits_where_contributions_are_read_first():
    category = make_category(make_map(moderation=ModerationMode.BEFORE))
    row = send(category)
    row.refresh_from_db()
    assert (row.is_public, row.contribution.visibility) == (False, Visibility.PENDING)


def test_the_same_form_sent_twice_makes_one():
    category, author, key = make_category(make_map()), make_user(), fresh_key()
    first = send(category, author=author, submission_key=key)
    again = send(category, author=author, submission_key=key, title="Autre titre")
    assert again.pk == first.pk
    assert MapContribution.objects.get().contribution.title == "Un banc à l’ombre"
    assert refused(send, category, submission_key=key) == ("key_reused",)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"title": " "}, ("title_missing",)),
        ({"geometry": None}, ("place_missing",)),
        ({"geometry": Point(2.5, 48.8, srid=4326)}, ("outside_perimeter",)),
        ({"geometry": EIGHT}, ("drawing_crosses_itself",)),
    ],
)
def test_what_is_missing_or_wrong_is_said(changes, codes):
    assert refused(send, make_category(make_map()), **changes) == codes


def test_a_category_takes_only_its_shapes_in_the_service_and_in_the_database():
    category = make_category(make_map(), shapes=[Shape.POINT])
    assert refused(send, category, geometry=LINE) == ("shape_not_taken",)
    with pytest.raises(IntegrityError, match="does not take such a drawing"):
        make_map_contribution(category.map, category=category, geometry=LINE)


def test_the_database_refuses_a_drawing_that_crosses_itself():
    category = make_category(make_map())
    with pytest.raises(IntegrityError, match="crosses itself"):
        make_map_contribution(category.map, category=category, geometry=EIGHT)


def test_the_category_of_another_map_is_refused():
    category, other = make_category(make_map()), make_category(make_map())
    wish = make_wish(other)
    codes = refused(
        send_contribution,
        map=category.map,
        author=make_user(),
        wish=wish,
        submission_key=fresh_key(),
        at=now(),
    )
    assert codes == ("unknown_category",)
    with pytest.raises(IntegrityError):
        make_map_contribution(category.map, category=other, geometry=HERE)


@pytest.mark.parametrize(
    ("kind", "fields", "good", "bad"),
    [
        (QuestionKind.TEXT, {}, {"text": "Oui"}, {"number": decimal.Decimal(1)}),
        (
            QuestionKind.CHOICE,
            {"options": ["Vélo", "Bus"]},
            {"chosen": ("Bus",)},
            {"chosen": ("Bus", "Vélo")},
        ),
        (
            QuestionKind.CHOICES,
            {"options": ["Vélo", "Bus"]},
            {"chosen": ("Bus", "Vélo")},
            {"chosen": ("Avion",)},
        ),
        (
            QuestionKind.NUMBER,
            {"minimum": 0, "maximum": 10},
            {"number": decimal.Decimal("2.5")},
            {"number": decimal.Decimal(11)},
        ),
    ],
)
def test_questions_are_answered(kind, fields, good, bad):
    category = make_category(make_map())
    question = make_question(category, kind, is_required=True, **fields)
    assert refused(send, category) == (f"answer_missing_{question.pk}",)
    wrong = Reply(question=question, **bad)
    assert refused(send, category, replies=(wrong,)) == (f"answer_wrong_{question.pk}",)
    row = send(category, replies=(Reply(question=question, **good),))
    answer = row.question_answers.get()
    given = {name: getattr(answer, name) for name in good}
    assert given == {name: list(v) if name == "chosen" else v for name, v in good.items()}


def test_a_question_of_another_category_is_refused():
    category = make_category(make_map())
    question = make_question(make_category(category.map))
    codes = refused(send, category, replies=(Reply(question=question, text="Oui"),))
    assert codes == ("unknown_question",)


def test_the_number_per_person_holds():
    category, author = make_category(make_map(per_person=1)), make_user()
    send(category, author=author)
    assert refused(send, category, author=author) == ("too_many_contributions",)


@pytest.mark.parametrize(
    ("step", "code"),
    [(None, "collect_not_open"), ("examine", "collect_closed"), ("follow", "collect_closed")],
)
def test_a_closed_map_takes_nothing(step, code):
    category = make_category(make_map(step))
    assert refused(send, category) == (code,)


def test_a_draft_becomes_the_contribution():
    category, author, key = make_category(make_map()), make_user(), fresh_key()
    draft = keep_draft(
        map=category.map,
        author=author,
        wish=make_wish(category, title="Brouillon"),
        submission_key=key,
        at=now(),
    )
    draft.refresh_from_db()
    assert draft.is_public is False
    row = send(category, author=author, submission_key=key)
    row.refresh_from_db()
    assert (row.pk, row.is_public, row.contribution.title) == (draft.pk, True, "Un banc à l’ombre")


def test_its_author_changes_it_and_the_former_drawing_stays():
    row = send(make_category(make_map()))
    author = row.contribution.author
    wish = make_wish(row.category, geometry=LINE, title="Une piste")
    change_contribution(contribution=row, wish=wish, actor=author, at=now())
    row.refresh_from_db()
    assert (row.geometry.wkt, row.contribution.title) == (LINE.wkt, "Une piste")
    assert Trace.objects.get().geometry_before.wkt == HERE.wkt
    changed = {"contribution": row, "wish": wish, "at": now()}
    assert refused(change_contribution, actor=make_user(), **changed) == ("not_author",)
    MapContribution.objects.filter(pk=row.pk).update(state="under_study")
    assert refused(change_contribution, actor=author, **changed) == ("under_study",)


def test_a_withdrawn_contribution_leaves_the_map():
    row = send(make_category(make_map()))
    withdraw_contribution(contribution=row, actor=row.contribution.author, at=now())
    row.refresh_from_db()
    assert (row.is_public, row.contribution.visibility) == (False, Visibility.WITHDRAWN)


def test_moderation_and_the_map_agree_at_once():
    row = send(make_category(make_map()))
    before = MapContribution.objects.get(pk=row.pk).changed_at
    moderate(
        subject=row.contribution,
        visibility=Visibility.HIDDEN,
        ground="personal_data",
        statement="Un numéro de téléphone est lisible.",
        actor=make_map_officer(),
        at=now(),
    )
    row.refresh_from_db()
    assert row.is_public is False
    assert row.changed_at > before


def test_traces_are_not_rewritten():
    row = send(make_category(make_map()))
    wish = dataclasses.replace(make_wish(row.category), title="Deux bancs")
    change_contribution(contribution=row, wish=wish, actor=row.contribution.author, at=now())
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        Trace.objects.all().delete()
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Trace.objects.update(kind="merged")


def test_squares_count_what_is_public():
    map = make_map()
    category = make_category(map)
    spots = [Point(1.45, 43.6, srid=4326), Point(1.4501, 43.6001, srid=4326)]
    for spot in spots:
        make_map_contribution(map, category=category, geometry=spot)
    make_map_contribution(map, category=category, geometry=spots[0], visibility=Visibility.HIDDEN)
    make_map_contribution(map, category=category, geometry=None)
    recount_cells(map.pk)
    recount_cells(map.pk)
    for level in ClusterCell.LEVELS:
        cells = ClusterCell.objects.filter(map=map, level=level)
        assert sum(cell.count for cell in cells) == 2
    centre = GEOSGeometry(f"SRID=3857;POINT({cells[0].sum_x / cells[0].count} 0)")
    assert centre.transform(4326, clone=True).x == pytest.approx(1.45005, abs=1e-4)
