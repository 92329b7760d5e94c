"""The page of one contribution."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from participation.core import policies as core_policies
from participation.core import presentation as core_presentation
from participation.core.choices import Visibility
from participation.mapping import policies, presentation, queries
from participation.mapping.choices import QuestionKind, TraceKind
from participation.mapping.models import MapContribution, QuestionAnswer
from participation.mapping.views.map_page import MapPage, open_map

NEARBY = 5


@require_safe
def contribution(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One contribution. A draft or a removed one exists only for its author and the staff."""
    page = open_map(request, slug)
    row = open_contribution(page, pk)
    spine = row.contribution
    is_author = is_own(page, row)
    parts = core_presentation.contribution_parts(contribution=spine, user=request.user, at=page.at)
    traces = queries.traces(contribution=row)
    answers = queries.public_answers(contribution=row, all_of_them=is_author)
    parts["attachments"] = _shown_files(parts["attachments"], answers, row)
    parts["history"] = presentation.history(parts["history"], traces)
    context = parts | page.context(
        "home",
        row=row,
        back=parts["back"],
        features=[presentation.feature_of(row, slug=slug)] if row.geometry else [],
        bounds=presentation.frame_of(row),
        question_answers=[each for each in answers if each.question.kind != QuestionKind.PHOTO],
        merged_into=_public_target(row),
        joined=queries.joined_to(contribution=row),
        adopted=[each for each in traces if each.kind == TraceKind.ADOPTED and each.path],
        nearby=_nearby(page, row),
        is_author=is_author,
        is_published=spine.visibility == Visibility.PUBLISHED,
        is_draft=spine.visibility == Visibility.DRAFT,
        may_edit=policies.may_edit(contribution=row, user=request.user, at=page.at),
        may_withdraw=policies.may_withdraw(contribution=row, user=request.user, at=page.at),
    )
    response = render(request, "mapping/contribution.html", context)
    if spine.visibility != Visibility.PUBLISHED or not page.is_for_everybody:
        response["Cache-Control"] = "private, no-store"
    return response


def open_contribution(page: MapPage, pk: int) -> MapContribution:
    """The contribution of this map with what its page shows; `Http404` for who may not read it."""
    row: MapContribution | None = (
        MapContribution.objects.filter(map=page.map, pk=pk)
        .select_related(
            "category",
            "contribution__author",
            "contribution__territory",
            "merged_into__contribution",
        )
        .defer(
            "contribution__territory__geometry",
            "contribution__search",
            "tile_geometry",
            "merged_into__geometry",
            "merged_into__tile_geometry",
        )
        .first()
    )
    if row is None:
        raise missing()
    row.map = page.map
    row.contribution.activity = page.map.activity
    if not core_policies.may_read(contribution=row.contribution, user=page.user):
        raise missing()
    if not page.sees_others and not is_own(page, row):
        raise missing()
    return row


def missing() -> Http404:
    return Http404(gettext("This contribution does not exist or is no longer published."))


def is_own(page: MapPage, row: MapContribution) -> bool:
    author = row.contribution.author_id
    return bool(page.user.is_authenticated and author is not None and author == page.user.pk)


def _public_target(row: MapContribution) -> MapContribution | None:
    """What it was joined to, when the public may read that."""
    target = row.merged_into
    if target is None or target.contribution.visibility != Visibility.PUBLISHED:
        return None
    return target


def _shown_files(
    files: list[Any], answers: list[QuestionAnswer], row: MapContribution
) -> list[Any]:
    """The files joined, those that answer questions that are not public left out."""
    shown = {answer.photo_id for answer in answers}
    hidden = set(
        QuestionAnswer.objects.filter(contribution=row, photo__isnull=False)
        .order_by()
        .values_list("photo_id", flat=True)
    )
    return [each for each in files if each.pk not in hidden - shown]


def _nearby(page: MapPage, row: MapContribution) -> list[MapContribution]:
    """Other contributions of the category close by, for those who may see them."""
    if row.geometry is None or not page.sees_others:
        return []
    found = queries.nearby(
        map=page.map, category=row.category, geometry=row.geometry, limit=NEARBY + 1
    )
    return [other for other in found if other.pk != row.pk][:NEARBY]
