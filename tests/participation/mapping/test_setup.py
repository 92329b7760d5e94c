"""Creating a map and changing it: what contributions already use stays."""

import datetime
import decimal
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.gis.geos import LineString, MultiPolygon, Point, Polygon

from participation.core.choices import Step, Visibility
from participation.core.models import Process
from participation.core.services.calendar import PhasePlan
from participation.mapping.choices import ICONS, QuestionKind, Shape
from participation.mapping.models import MapCategory, ParticipatoryMap, Question, QuestionAnswer
from participation.mapping.services.setup import (
    TEMPLATES,
    CategoryPlan,
    MapPlan,
    QuestionPlan,
    ZonePlan,
    create_map,
    remove_category,
    remove_question,
    remove_zone,
    save_category,
    save_perimeter,
    save_question,
    save_settings,
    save_zone,
    save_zones,
)
from participation.mapping.services.setup.creation import ProcessPlan
from tests.factories.accounts import make_territory, make_user
from tests.factories.core import make_directorate, make_process
from tests.factories.mapping import (
    make_category,
    make_map,
    make_map_contribution,
    make_map_officer,
    make_question,
    now,
)
from tests.participation.mapping.refusals import refused

pytestmark = pytest.mark.django_db

HERE = Point(1.45, 43.6, srid=4326)
SQUARE = MultiPolygon(Polygon.from_bbox((1.4, 43.55, 1.5, 43.65)), srid=4326)
FAR = MultiPolygon(Polygon.from_bbox((2.4, 48.5, 2.5, 48.6)), srid=4326)
EIGHT = MultiPolygon(
    Polygon(((1.44, 43.6), (1.45, 43.61), (1.45, 43.6), (1.44, 43.61), (1.44, 43.6))), srid=4326
)


def phases(**changes) -> list[PhasePlan]:
    start, day = now(), datetime.timedelta(days=1)
    return [
        PhasePlan(Step.COLLECT, "Contribuer", start, start + 10 * day),
        PhasePlan(Step.FOLLOW, "Réponses", start + 10 * day, None),
    ]


def a_plan(**changes) -> MapPlan:
    plan = MapPlan(
        title="Carte du vélo",
        slug="carte-du-velo",
        phases=phases(),
        categories=TEMPLATES["cycling"].categories,
    )
    return replace(plan, **changes)


def a_process(**changes) -> ProcessPlan:
    plan = ProcessPlan(
        owner=make_directorate(),
        perimeter=make_territory(),
        contact_name="Mission vélo",
        contact_email="velo@example.org",
        terms="Chacune et chacun peut participer.",
    )
    return replace(plan, **changes)


def create(plan=None, process=None, actor=None) -> ParticipatoryMap:
    return create_map(
        plan=plan or a_plan(),
        process=process or a_process(),
        actor=actor or make_map_officer(),
        at=now(),
    )


@pytest.mark.usefixtures("french")
def test_one_gesture_makes_the_process_the_calendar_the_map_and_its_categories():
    map = create(a_plan(moderation="before", per_person=3, shows_others=False))
    assert map.activity.kind == "map"
    assert map.activity.process.published_at is None
    assert [phase.step for phase in map.activity.phases.order_by("period")] == ["collect", "follow"]
    assert (map.moderation, map.per_person, map.shows_others) == ("before", 3, False)
    names = list(map.categories.values_list("name", flat=True))
    assert names == ["Piste cyclable à créer", "Stationnement vélo à ajouter", "Endroit dangereux"]
    lane = map.categories.order_by("position").first()
    assert (lane.shapes, lane.icon, lane.questions.get().kind) == (["line"], "bike", "choices")


def test_a_map_joins_a_process_that_exists():
    process = make_process(perimeter=make_territory())
    map = create(process=process)
    assert map.activity.process == process
    assert Process.objects.count() == 1


def test_only_officers_create():
    assert refused(create, actor=make_user()) == ("not_allowed",)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"title": " "}, ("title_missing",)),
        ({"phases": []}, ("no_collect",)),
        ({"phases": "reversed"}, ("phase_reversed",)),
        ({"phases": "overlap"}, ("phases_overlap",)),
        ({"categories": [CategoryPlan("Vélo"), CategoryPlan("Vélo")]}, ("name_taken",)),
        ({"categories": [CategoryPlan("Vélo", ())]}, ("no_shape",)),
        ({"categories": [CategoryPlan("Vélo", icon="skull")]}, ("icon_unknown",)),
        ({"categories": [CategoryPlan("Vélo", tone=9)]}, ("tone_unknown",)),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_made(changes, codes):
    if changes.get("phases") == "reversed":
        first = phases()[0]
        changes = {"phases": [replace(first, closes_at=first.opens_at)]}
    if changes.get("phases") == "overlap":
        changes = {"phases": [phases()[0], replace(phases()[1], opens_at=now())]}
    assert refused(create, a_plan(**changes)) == codes
    assert not ParticipatoryMap.objects.exists()


def test_the_address_is_free_and_the_place_is_known():
    create()
    assert refused(create) == ("slug_taken",)
    nowhere = a_process(perimeter=None)
    assert refused(create, a_plan(slug="autre"), nowhere) == ("no_place",)
    assert create(a_plan(slug="autre", drawn_perimeter=SQUARE), nowhere).drawn_perimeter == SQUARE


def test_guests_are_not_taken_where_an_age_is_asked():
    process = make_process(perimeter=make_territory(), minimum_age=16)
    assert refused(create, a_plan(without_account=True), process) == ("guests_not_possible",)
    map = create(process=process)
    codes = refused(
        save_settings, map=map, settings={"without_account": True}, actor=make_map_officer()
    )
    assert codes == ("guests_not_possible",)


@pytest.mark.parametrize("key", TEMPLATES)
def test_every_template_can_be_created(key):
    map = create(a_plan(categories=TEMPLATES[key].categories))
    assert map.categories.count() == len(TEMPLATES[key].categories)


def test_every_icon_is_in_the_sprite():
    names = Path("site/assets/icons/names.txt").read_text().split()
    assert set(ICONS) <= set(names)


# Categories


def change(category: MapCategory, **fields) -> MapCategory:
    plan = CategoryPlan(name=category.name, shapes=tuple(category.shapes), icon=category.icon)
    return save_category(
        map=category.map,
        category=category,
        plan=replace(plan, **fields),
        actor=make_map_officer(),
    )


def test_a_shape_that_is_drawn_stays():
    category = make_category(make_map())
    line = LineString((1.44, 43.6), (1.45, 43.61), srid=4326)
    make_map_contribution(category.map, category=category, geometry=line)
    make_map_contribution(
        category.map, category=category, geometry=HERE, visibility=Visibility.HIDDEN
    )
    assert refused(change, category, shapes=("point",)) == ("shape_used",)
    assert refused(change, category, shapes=("area",)) == ("shape_used",)  # both, told once
    assert change(category, shapes=("line", "point"), tone=5).shapes == ["point", "line"]


def test_a_category_in_use_is_not_removed():
    category = make_category(make_map())
    make_map_contribution(category.map, category=category)
    assert refused(remove_category, category=category, actor=make_map_officer()) == (
        "category_used",
    )
    other = make_category(category.map)
    make_question(other)
    remove_category(category=other, actor=make_map_officer())
    assert not MapCategory.objects.filter(pk=other.pk).exists()


def test_two_categories_of_a_map_have_two_names():
    category = make_category(make_map(), "Vélo")
    other = make_category(category.map)
    assert refused(change, other, name=" Vélo ") == ("name_taken",)
    assert refused(change, other, name=" ") == ("name_missing",)


# Questions


def ask(category, question=None, **fields) -> Question:
    plan = QuestionPlan(**{"label": "Pour quoi faire ?", **fields})
    return save_question(category=category, question=question, plan=plan, actor=make_map_officer())


def answered(kind, fields, **answer) -> Question:
    question = make_question(make_category(make_map()), kind, **fields)
    contribution = make_map_contribution(question.category.map, category=question.category)
    QuestionAnswer.objects.create(contribution=contribution, question=question, **answer)
    return question


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"label": ""}, ("label_missing",)),
        ({"kind": "poem"}, ("kind_unknown",)),
        ({"kind": "choice", "options": ("Un",)}, ("options_missing",)),
        ({"kind": "choice", "options": ("Un", " Un ")}, ("options_missing",)),
        ({"kind": "choice", "options": ("Un", "x" * 121)}, ("option_too_long",)),
        ({"kind": "choice", "options": tuple(map(str, range(41)))}, ("too_many_options",)),
        (
            {"kind": "number", "minimum": decimal.Decimal(2), "maximum": decimal.Decimal(1)},
            ("numbers_reversed",),
        ),
    ],
)
def test_a_question_is_complete(fields, codes):
    assert refused(ask, make_category(make_map()), **fields) == codes


@pytest.mark.parametrize("kind", QuestionKind.values)
def test_every_kind_is_asked(kind):
    question = ask(make_category(make_map()), kind=kind, options=("Oui", "Non"), position=2)
    assert question.options == (["Oui", "Non"] if kind in ("choice", "choices") else [])


def test_what_somebody_answered_stays_true():
    lists = answered("choice", {"options": ["Vélo", "Bus"]}, chosen=["Bus"])
    kept = {"question": lists, "kind": "choice"}
    assert refused(ask, lists.category, **kept, options=("Vélo", "Tram")) == ("option_used",)
    assert refused(ask, lists.category, question=lists, kind="text") == ("kind_used",)
    assert ask(lists.category, **kept, options=("Bus", "Tram")).options == ["Bus", "Tram"]

    number = answered("number", {}, number=decimal.Decimal(7))
    bounds = {"question": number, "kind": "number"}
    assert refused(ask, number.category, **bounds, maximum=decimal.Decimal(5)) == ("number_used",)
    assert ask(number.category, **bounds, maximum=decimal.Decimal(7)).maximum == 7


def test_answers_given_in_confidence_stay_so():
    question = answered("text", {"is_public": False}, text="J’habite au 3.")
    assert refused(ask, question.category, question=question) == ("given_in_confidence",)
    assert refused(remove_question, question=question, actor=make_map_officer()) == (
        "question_used",
    )
    fresh = make_question(question.category, is_public=False)
    assert ask(question.category, question=fresh).is_public is True
    remove_question(question=fresh, actor=make_map_officer())


# Settings, perimeter, zones


def test_settings_change_by_officers_only():
    map = make_map()
    settings = {"per_person": 3, "introduction": "Bonjour"}
    assert refused(save_settings, map=map, settings=settings, actor=make_user()) == ("not_allowed",)
    assert refused(
        save_settings, map=map, settings={"per_person": 0}, actor=make_map_officer()
    ) == ("per_person_wrong",)
    row = save_settings(map=map, settings=settings, actor=make_map_officer())
    assert (row.per_person, row.introduction) == (3, "Bonjour")
    with pytest.raises(ValueError, match="activity"):
        save_settings(map=map, settings={"activity": 3}, actor=make_map_officer())


def test_what_is_shown_is_not_hidden_afterwards():
    map = make_map()
    hide = {"map": map, "settings": {"shows_others": False}, "actor": make_map_officer()}
    make_map_contribution(map)
    assert refused(save_settings, **hide) == ("already_shown",)


def test_a_perimeter_never_leaves_contributions_outside():
    map = make_map()
    row = make_map_contribution(map, geometry=HERE)
    make_map_contribution(map, geometry=None)
    act = {"map": map, "actor": make_map_officer()}
    assert refused(save_perimeter, drawn_perimeter=FAR, **act) == ("contributions_outside",)
    assert refused(save_perimeter, drawn_perimeter=EIGHT, **act) == ("perimeter_crosses_itself",)
    assert save_perimeter(drawn_perimeter=SQUARE, **act).drawn_perimeter == SQUARE
    row.contribution.visibility = Visibility.HIDDEN
    row.contribution.save()
    assert save_perimeter(drawn_perimeter=FAR, **act).drawn_perimeter == FAR


def test_zones_of_a_file_are_all_saved_or_none():
    map, officer = make_map(), make_map_officer()
    save_zone(map=map, zone=None, plan=ZonePlan("Gare", SQUARE), actor=officer)
    assert refused(save_zone, map=map, zone=None, plan=ZonePlan("Gare", SQUARE), actor=officer) == (
        "name_taken",
    )
    plans = [ZonePlan("Gare", FAR, "Déplacée"), ZonePlan("", SQUARE)]
    assert refused(save_zones, map=map, plans=plans, actor=officer) == ("name_missing",)
    assert map.zones.get().geometry == SQUARE
    save_zones(map=map, plans=[plans[0], ZonePlan("Port", SQUARE)], actor=officer)
    assert sorted(map.zones.values_list("name", "description")) == [
        ("Gare", "Déplacée"),
        ("Port", ""),
    ]
    assert refused(remove_zone, zone=map.zones.get(name="Port"), actor=make_user()) == (
        "not_allowed",
    )
    remove_zone(zone=map.zones.get(name="Port"), actor=officer)
    assert map.zones.count() == 1
    eight = ZonePlan("Huit", EIGHT)
    assert refused(save_zone, map=map, zone=None, plan=eight, actor=officer) == (
        "zone_crosses_itself",
    )


def test_shapes_keep_one_order():
    category = make_category(make_map(), shapes=[Shape.POINT])
    assert change(category, shapes=("area", "point")).shapes == ["point", "area"]
