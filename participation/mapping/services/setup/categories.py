"""Categories of a map and what each asks. What contributions already use stays as it is."""

import decimal
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from participation.core import audit
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.mapping import policies
from participation.mapping.choices import GEOMETRY_OF, ICONS, Pattern, QuestionKind, Shape
from participation.mapping.models import (
    MapCategory,
    MapContribution,
    ParticipatoryMap,
    Question,
    QuestionAnswer,
)
from participation.mapping.services.effects import recount_cells_later

_LISTS = (QuestionKind.CHOICE, QuestionKind.CHOICES)
TONES = range(1, 9)
MAX_OPTIONS = 40


@dataclass(frozen=True, slots=True)
class QuestionPlan:
    """What is asked. `options` for the two kinds with a list; bounds for numbers."""

    label: Any
    kind: str = QuestionKind.TEXT
    help_text: Any = ""
    is_required: bool = False
    options: tuple[Any, ...] = ()
    minimum: decimal.Decimal | None = None
    maximum: decimal.Decimal | None = None
    is_public: bool = True
    position: int = 0


@dataclass(frozen=True, slots=True)
class CategoryPlan:
    """A category as its officer writes it. `icon` is one of `choices.ICONS`."""

    name: Any
    shapes: tuple[str, ...] = (Shape.POINT,)
    icon: str = "map-pin"
    tone: int = 1
    pattern: str = Pattern.PLAIN
    description: Any = ""
    position: int = 0
    questions: tuple[QuestionPlan, ...] = field(default=())


@transaction.atomic
def save_category(
    *, map: ParticipatoryMap, category: MapCategory | None, plan: CategoryPlan, actor: Any
) -> MapCategory:
    """Add a category or change one; its questions are saved apart.

    Codes: `not_allowed`, `name_missing`, `name_taken`, `no_shape`, `icon_unknown`, `tone_unknown`,
    `pattern_unknown`, `shape_used` when contributions are drawn with a shape that is taken away.
    """
    verdict = policies.may_set_up(user=actor)
    row = _locked(map, category)
    verdict &= _category_complete(map, row, plan)
    gone = [shape for shape in (row.shapes if row.pk else []) if shape not in plan.shapes]
    for shape in gone:
        used = _drawn_as(row, shape)
        if used:
            verdict &= refuse(
                "shape_used",
                ngettext(
                    "%(count)d contribution of this category draws “%(shape)s”: keep it.",
                    "%(count)d contributions of this category draw “%(shape)s”: keep it.",
                    used,
                ),
                count=used,
                shape=Shape(shape).label,
            )
    verdict.or_refuse()
    changes_tiles = bool(row.pk)
    row.name, row.description = str(plan.name).strip(), str(plan.description).strip()
    row.icon, row.tone, row.pattern = plan.icon, plan.tone, plan.pattern
    row.shapes = [shape for shape in Shape.values if shape in plan.shapes]
    row.position = plan.position
    row.save()
    audit.record(action="parvis.map.category", instance=map.activity, actor=actor, name=row.name)
    if changes_tiles:
        recount_cells_later(map.pk)
    return row


@transaction.atomic
def remove_category(*, category: MapCategory, actor: Any) -> None:
    """Remove a category that no contribution is in. Codes: `not_allowed`, `category_used`."""
    verdict = policies.may_set_up(user=actor)
    row = _locked(category.map, category)
    used = row.contributions.count()
    if used:
        verdict &= refuse(
            "category_used",
            ngettext(
                "%(count)d contribution is in this category: give it another one first.",
                "%(count)d contributions are in this category: give them another one first.",
                used,
            ),
            count=used,
        )
    verdict.or_refuse()
    audit.record(
        action="parvis.map.category",
        instance=row.map.activity,
        actor=actor,
        removed=row.name,
    )
    row.delete()


@transaction.atomic
def save_question(
    *, category: MapCategory, question: Question | None, plan: QuestionPlan, actor: Any
) -> Question:
    """Add a question or change one.

    Once it has answers: its kind stays, an answer that somebody chose stays in the list, numbers
    already given stay allowed, and answers given in confidence are not made public. Codes:
    `not_allowed`, `label_missing`, `kind_unknown`, `options_missing`, `option_too_long`,
    `too_many_options`, `numbers_reversed`, `kind_used`, `option_used`, `number_used`,
    `given_in_confidence`.
    """
    verdict = policies.may_set_up(user=actor)
    _locked(category.map, category)
    options = _options(plan)
    verdict &= _question_complete(plan, options)
    row = Question(category=category)
    if question is not None:
        row = Question.objects.select_for_update(no_key=True).get(pk=question.pk, category=category)
        verdict &= _keeps_answers(row, plan, options)
    verdict.or_refuse()
    row.kind, row.label = plan.kind, str(plan.label).strip()
    row.help_text, row.is_required = str(plan.help_text).strip(), plan.is_required
    row.options = options
    number = plan.kind == QuestionKind.NUMBER
    row.minimum, row.maximum = (plan.minimum, plan.maximum) if number else (None, None)
    row.is_public, row.position = plan.is_public, plan.position
    row.save()
    audit.record(
        action="parvis.map.question",
        instance=category.map.activity,
        actor=actor,
        category=category.name,
        question=row.label,
    )
    return row


@transaction.atomic
def remove_question(*, question: Question, actor: Any) -> None:
    """Remove a question that nobody has answered. Codes: `not_allowed`, `question_used`."""
    verdict = policies.may_set_up(user=actor)
    category = question.category
    _locked(category.map, category)
    answers = QuestionAnswer.objects.filter(question=question).count()
    if answers:
        verdict &= refuse(
            "question_used",
            ngettext(
                "%(count)d person answered this question: it can't be removed.",
                "%(count)d people answered this question: it can't be removed.",
                answers,
            ),
            count=answers,
        )
    verdict.or_refuse()
    audit.record(
        action="parvis.map.question",
        instance=category.map.activity,
        actor=actor,
        category=category.name,
        removed=question.label,
    )
    question.delete()


def _locked(map: ParticipatoryMap, category: MapCategory | None) -> MapCategory:
    """The category as it is now: who contributes to it meanwhile waits, or is seen."""
    if category is None:
        return MapCategory(map=map)
    return (
        MapCategory.objects.select_for_update(of=("self",))
        .select_related("map__activity")
        .get(pk=category.pk, map=map)
    )


def _drawn_as(category: MapCategory, shape: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {MapContribution._meta.db_table}"  # noqa: S608 -- the name of our own table
            " WHERE category_id = %s AND GeometryType(geometry) = %s",
            [category.pk, GEOMETRY_OF[Shape(shape)].upper()],
        )
        return int(cursor.fetchone()[0])


def _category_complete(map: ParticipatoryMap, row: MapCategory, plan: CategoryPlan) -> Verdict:
    verdict = ALLOWED
    name = str(plan.name).strip()
    if not name:
        verdict &= refuse("name_missing", _("Give the category a name."))
    if map.categories.filter(name=name).exclude(pk=row.pk).exists():
        verdict &= refuse("name_taken", _("This map already has a category of that name."))
    if not plan.shapes or not set(plan.shapes) <= set(Shape.values):
        verdict &= refuse("no_shape", _("Choose at least one of point, line and area."))
    if plan.icon not in ICONS:
        verdict &= refuse("icon_unknown", _("Choose one of the icons."))
    if plan.tone not in TONES:
        verdict &= refuse("tone_unknown", _("Choose one of the eight colours."))
    if plan.pattern not in Pattern.values:
        verdict &= refuse("pattern_unknown", _("Choose one of the patterns."))
    return verdict


def _options(plan: QuestionPlan) -> list[str]:
    if plan.kind not in _LISTS:
        return []
    texts = (str(option).strip() for option in plan.options)
    return list(dict.fromkeys(text for text in texts if text))


def _question_complete(plan: QuestionPlan, options: list[str]) -> Verdict:
    verdict = ALLOWED
    if not str(plan.label).strip():
        verdict &= refuse("label_missing", _("Write the question."))
    if plan.kind not in QuestionKind.values:
        return verdict & refuse("kind_unknown", _("Choose the kind of answer."))
    if plan.kind in _LISTS and len(options) < 2:
        verdict &= refuse("options_missing", _("A list needs at least two answers to choose from."))
    if len(options) > MAX_OPTIONS:
        verdict &= refuse(
            "too_many_options", _("A list has at most %(limit)d answers."), limit=MAX_OPTIONS
        )
    if any(len(option) > 120 for option in options):
        verdict &= refuse("option_too_long", _("An answer of a list has at most 120 characters."))
    if plan.minimum is not None and plan.maximum is not None and plan.minimum > plan.maximum:
        verdict &= refuse("numbers_reversed", _("The highest number must not be under the lowest."))
    return verdict


def _keeps_answers(row: Question, plan: QuestionPlan, options: list[str]) -> Verdict:
    """Nothing that somebody already answered becomes false or public behind their back."""
    answers = QuestionAnswer.objects.filter(question=row)
    if not answers.exists():
        return ALLOWED
    verdict = ALLOWED
    if plan.kind != row.kind:
        verdict &= refuse(
            "kind_used", _("This question has answers: the kind of answer can't change.")
        )
    elif row.kind in _LISTS:
        for option in row.options:
            if option not in options and answers.filter(chosen__contains=[option]).exists():
                verdict &= refuse(
                    "option_used",
                    _("Somebody chose “%(option)s”: keep it in the list."),
                    option=option,
                )
    elif row.kind == QuestionKind.NUMBER:
        outside = Q()
        if plan.minimum is not None:
            outside |= Q(number__lt=plan.minimum)
        if plan.maximum is not None:
            outside |= Q(number__gt=plan.maximum)
        if outside and answers.filter(outside).exists():
            verdict &= refuse(
                "number_used", _("A number already given would be outside these bounds.")
            )
    if plan.is_public and not row.is_public:
        verdict &= refuse(
            "given_in_confidence",
            _("People answered knowing that it would not be public: it can't become public."),
        )
    return verdict
