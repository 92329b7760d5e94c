"""Who handles a contribution, in which category it is, where it is drawn."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maps import queries as map_queries
from participation.core import audit
from participation.core.choices import Visibility
from participation.core.models import Directorate
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.mapping import policies
from participation.mapping.choices import SHAPE_OF, TraceKind
from participation.mapping.models import MapCategory, MapContribution, Trace
from participation.mapping.services.contributions import locked
from participation.mapping.services.effects import recount_cells_later
from participation.mapping.services.follow_up.telling import tell_author
from participation.mapping.services.wishes import perimeter_of, point_on


@transaction.atomic
def assign(
    *,
    contribution: MapContribution,
    directorates: Iterable[Directorate],
    actor: Any,
    at: datetime.datetime,
) -> MapContribution:
    """Say which directorates handle it; the list replaces the former one, and may be empty.

    The same list again changes nothing. Codes: `not_allowed`, `not_submitted`.
    """
    row = locked(contribution)
    (policies.may_follow_up(user=actor) & submitted(row)).or_refuse()
    chosen = sorted(directorates, key=lambda each: each.name)
    before = set(row.directorates.values_list("pk", flat=True))
    if before == {each.pk for each in chosen}:
        return row
    row.directorates.set(chosen)
    names = [each.name for each in chosen]
    Trace.objects.create(
        contribution=row,
        kind=TraceKind.ASSIGNED,
        note=", ".join(names),
        actor=actor,
        happened_at=at,
    )
    audit.record(
        action="parvis.map.assign", instance=row.contribution, actor=actor, directorates=names
    )
    return row


@transaction.atomic
def reclassify(
    *,
    contribution: MapContribution,
    category: MapCategory,
    reason: str,
    actor: Any,
    at: datetime.datetime,
) -> MapContribution:
    """Put it in another category of its map; what was answered to the former one stays.

    Codes: `not_allowed`, `not_submitted`, `unknown_category`, `shape_not_taken`.
    """
    row = locked(contribution)
    verdict = policies.may_follow_up(user=actor) & submitted(row)
    if category.map_id != row.map_id:
        verdict &= refuse("unknown_category", _("This category is not one of this map."))
    else:
        verdict &= _takes(category, row.geometry)
    verdict.or_refuse()
    if category.pk == row.category_id:
        return row
    former = row.category
    row.category = category
    row.save(update_fields=["category"])
    change = f"{former.name} → {category.name}"
    note = f"{change}\n{reason.strip()}" if reason.strip() else change
    trace = Trace.objects.create(
        contribution=row, kind=TraceKind.RECLASSIFIED, note=note, actor=actor, happened_at=at
    )
    audit.record(
        action="parvis.map.reclassify",
        instance=row.contribution,
        actor=actor,
        before=former.name,
        after=category.name,
    )
    recount_cells_later(row.map_id)
    _tell_change(
        row,
        trace,
        lambda: (
            gettext("Your contribution “%(title)s” is now in the category “%(category)s”.")
            % {"title": row.contribution.title, "category": category.name}
        ),
        reason,
        at,
    )
    return row


@transaction.atomic
def move_geometry(
    *,
    contribution: MapContribution,
    geometry: GEOSGeometry,
    reason: str,
    actor: Any,
    at: datetime.datetime,
) -> MapContribution:
    """Draw it elsewhere or better (WGS 84); the former drawing stays in its history.

    Its district follows. Codes: `not_allowed`, `not_submitted`, `reason_missing`,
    `shape_not_taken`, `drawing_crosses_itself`, `outside_perimeter`.
    """
    row = locked(contribution)
    verdict = policies.may_follow_up(user=actor) & submitted(row)
    if not reason.strip():
        verdict &= refuse("reason_missing", _("Say why the drawing changes: the author reads it."))
    verdict &= _takes(row.category, geometry)
    if not geometry.valid:
        verdict &= refuse("drawing_crosses_itself", _("This drawing crosses itself."))
    else:
        perimeter = perimeter_of(row.map)
        if perimeter is not None and not perimeter.covers(geometry):
            verdict &= refuse(
                "outside_perimeter", _("This drawing leaves the perimeter of the map.")
            )
    verdict.or_refuse()
    if row.geometry is not None and row.geometry.equals_exact(geometry):
        return row
    trace = Trace.objects.create(
        contribution=row,
        kind=TraceKind.MOVED,
        geometry_before=row.geometry,
        note=reason.strip(),
        actor=actor,
        happened_at=at,
    )
    row.geometry = geometry
    row.save(update_fields=["geometry"])
    spine = row.contribution
    spine.point = point_on(geometry)
    around = map_queries.territory_at(spine.point, kinds=[row.map.parts])  # type: ignore[arg-type]  # something is drawn
    spine.territory = around or spine.territory
    spine.save(update_fields=["point", "territory"])
    audit.record(action="parvis.map.move", instance=spine, actor=actor)
    recount_cells_later(row.map_id)
    _tell_change(
        row,
        trace,
        lambda: (
            gettext("The administration corrected the drawing of your contribution “%(title)s”.")
            % {"title": spine.title}
        ),
        reason,
        at,
    )
    return row


def submitted(row: MapContribution) -> Verdict:
    """Drafts are their authors' alone; what was withdrawn is no longer handled."""
    if row.contribution.visibility in (Visibility.DRAFT, Visibility.WITHDRAWN):
        return refuse("not_submitted", _("This contribution was not sent, or was withdrawn."))
    return ALLOWED


def _takes(category: MapCategory, geometry: GEOSGeometry | None) -> Verdict:
    if geometry is None:
        return ALLOWED
    shape = SHAPE_OF.get(geometry.geom_type)
    if shape is None or shape not in category.shapes:
        return refuse(
            "shape_not_taken",
            _("“%(category)s” does not take this kind of drawing."),
            category=category.name,
        )
    return ALLOWED


def _tell_change(
    row: MapContribution, trace: Trace, sentence: Any, reason: str, at: datetime.datetime
) -> None:
    def words() -> tuple[str, str]:
        subject = gettext("Your contribution “%(title)s” was changed") % {
            "title": row.contribution.title
        }
        why = (gettext("Reason: %(reason)s") % {"reason": reason.strip()}) if reason.strip() else ""
        return subject, "\n\n".join(part for part in (sentence(), why) if part)

    tell_author(row, kind="map-changed", key=f"{trace.pk}", words=words, at=at)
