"""Contributions from files: read by `maps.intake`, judged row by row, written all at once."""

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maps import intake
from maps.intake.outcomes import label_of
from participation.core import audit
from participation.core.choices import Source, Visibility
from participation.core.models import Contribution
from participation.core.verdict import Refused, Verdict, refuse
from participation.mapping import policies
from participation.mapping.choices import SHAPE_OF
from participation.mapping.models import MapCategory, MapContribution, ParticipatoryMap
from participation.mapping.queries.places import territories_of
from participation.mapping.services.effects import match_import_later, recount_cells_later
from participation.mapping.services.wishes import perimeter_of, point_on

_BATCH = 2000
_TITLE, _BODY, _AUTHOR, _ADDRESS, _ID = 120, 8000, 120, 250, 80

USUAL = {
    "title": ("titre", "title", "name", "nom", "libelle", "label"),
    "body": ("description", "texte", "body", "desc", "commentaire", "summary"),
    "category": ("categorie", "category", "type", "theme"),
    "author": ("auteur", "author"),
    "date": ("date", "deposee_le", "created_at", "date_creation"),
    "source_id": ("identifiant", "id", "numero", "number", "fid", "gid"),
    "address": ("adresse", "address", "lieu"),
}
"""Names of columns that mean what we look for, without case; the first found is proposed."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """How the columns of a file become contributions; an empty name: no such column.

    `source_system` names where the file comes from: with `source_id`, it tells a row that was
    imported before. Without `source_id`, the title and the drawing of a row do. `category` is that
    of rows which name none. `place` says in which columns a table tells the place.
    """

    source_system: str
    title: str = ""
    body: str = ""
    category_column: str = ""
    category: MapCategory | None = None
    author: str = ""
    date: str = ""
    source_id: str = ""
    address: str = ""
    place: intake.Columns = field(default_factory=intake.Columns)


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that can't be kept, or was mended: its number, what it calls itself, why."""

    number: int
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do."""

    new: int
    known: int
    refused: tuple[Fault, ...]
    mended: tuple[Fault, ...]
    written: bool

    @property
    def total(self) -> int:
        return self.new + self.known + len(self.refused)


class _RowRefused(ValueError):
    pass


@dataclass(slots=True)
class _Row:
    number: int
    label: str
    title: str
    body: str
    category: MapCategory
    author: str
    address: str
    day: datetime.datetime
    source_id: str
    geometry: GEOSGeometry
    point: Point


def columns_of(
    file: BinaryIO, *, place: intake.Columns | None = None, limit: int = 200
) -> list[str]:
    """Names of the properties of the first features. Raises `Refused` (`file_refused`)."""
    names: dict[str, None] = {}
    try:
        for each in islice(intake.read(file, columns=place), limit):
            if isinstance(each, intake.Read):
                names.update(dict.fromkeys(each.properties))
    except intake.FileRefused as fault:
        raise Refused(_file_refused(fault)) from None
    return list(names)


def guessed(columns: Sequence[str]) -> dict[str, str]:
    """For each thing we look for, the column that seems to hold it, or nothing."""
    plain = {column.casefold().replace("é", "e"): column for column in reversed(columns)}
    return {
        wanted: next((plain[name] for name in usual if name in plain), "")
        for wanted, usual in USUAL.items()
    }


@transaction.atomic
def import_contributions(
    *,
    map: ParticipatoryMap,
    file: BinaryIO,
    plan: ImportPlan,
    actor: Any,
    at: datetime.datetime,
    dry_run: bool = False,
    leave_refused: bool = False,
) -> ImportReport:
    """Read a file (GeoJSON, KML, GPX, Shapefile, GeoPackage, CSV…) into published contributions.

    All rows are written, or none: one that can't be kept stops everything, unless `leave_refused`.
    A row imported before is left as it is. `dry_run` only tells. Codes: `not_allowed`,
    `source_missing`, `unknown_category`, `file_refused`, `rows_refused`, `nothing_to_import`.
    """
    (policies.may_follow_up(user=actor) & _plan_complete(map, plan)).or_refuse()
    # One import at a time: the second finds what the first has written.
    map = (
        ParticipatoryMap.objects.select_for_update(of=("self",), no_key=True)
        .select_related("activity__process__perimeter")
        .get(pk=map.pk)
    )
    rows, refused, mended = _Reading(map, plan, at).all(file)
    rows, known, elsewhere = _unknown_rows(map, plan, rows)
    refused = sorted([*refused, *elsewhere], key=lambda fault: fault.number)
    report = ImportReport(
        new=len(rows),
        known=known,
        refused=tuple(refused),
        mended=tuple(mended),
        written=not dry_run,
    )
    if dry_run:
        return report
    if refused and not leave_refused:
        refuse("rows_refused", _("Some lines can't be kept: nothing was imported.")).or_refuse()
    if rows:
        _write(map, plan, rows, at)
        audit.record(
            action="parvis.map.import",
            instance=map.activity,
            actor=actor,
            source=plan.source_system,
            new=report.new,
            known=report.known,
            refused=len(refused),
        )
        recount_cells_later(map.pk)
        match_import_later(map.pk, plan.source_system.strip(), at)
    return report


def _plan_complete(map: ParticipatoryMap, plan: ImportPlan) -> Verdict:
    verdict = Verdict()
    if not plan.source_system.strip() or len(plan.source_system) > 40:
        verdict &= refuse(
            "source_missing", _("Say where the file comes from, in 40 characters at most.")
        )
    if plan.category is not None and plan.category.map_id != map.pk:
        verdict &= refuse("unknown_category", _("This category is not one of this map."))
    return verdict


def _file_refused(fault: Exception) -> Verdict:
    return refuse("file_refused", str(fault))


class _Reading:
    """Judges the rows of one file against one map."""

    def __init__(self, map: ParticipatoryMap, plan: ImportPlan, at: datetime.datetime) -> None:
        self.plan, self.at = plan, at
        self.perimeter = perimeter_of(map)
        self.inside = self.perimeter.prepared if self.perimeter is not None else None
        self.within = map.activity.process.perimeter
        self.categories = {each.name.casefold(): each for each in map.categories.order_by("pk")}
        self.seen: dict[str, int] = {}
        self.notes: list[str] = []

    def all(self, file: BinaryIO) -> tuple[list[_Row], list[Fault], list[Fault]]:
        rows: list[_Row] = []
        refused: list[Fault] = []
        mended: list[Fault] = []
        rules = intake.Rules(perimeter=self.perimeter)
        try:
            for each in intake.read(file, rules=rules, columns=self.plan.place, within=self.within):
                if isinstance(each, intake.Refused):
                    refused.append(Fault(each.number, each.label, each.reason))
                    continue
                self.notes = [each.repair] if each.repair else []
                label = label_of(each.properties)
                try:
                    row = self.row(each)
                except _RowRefused as fault:
                    refused.append(Fault(each.number, label, str(fault)))
                    continue
                rows.append(row)
                if self.notes:
                    mended.append(Fault(each.number, row.title, " ; ".join(self.notes)))
        except intake.FileRefused as fault:
            raise Refused(_file_refused(fault)) from None
        if not rows and not refused:
            refuse("nothing_to_import", _("This file holds nothing to import.")).or_refuse()
        return rows, refused, mended

    def row(self, read: intake.Read) -> _Row:
        """Raises `_RowRefused` with every reason at once."""
        plan, values = self.plan, read.properties
        reasons: list[str] = []
        title = self.text(values, plan.title, _TITLE, gettext("title"))
        if not title:
            reasons.append(gettext("it has no title"))
        category = self.category(values, reasons)
        geometry = self.drawing(read.geometry, category, reasons)
        day = self.day(values, reasons)
        key = self.text(values, plan.source_id, _ID, gettext("number"), cut=False)
        if not key and geometry is not None:
            key = hashlib.sha256(title.encode() + bytes(geometry.wkb)).hexdigest()[:40]
        if len(key) > _ID:
            reasons.append(gettext("its number has more than 80 characters"))
        if key in self.seen:
            reasons.append(gettext("it says the same as line %(line)s") % {"line": self.seen[key]})
        if reasons or category is None or geometry is None:
            raise _RowRefused(" ; ".join(reasons))
        self.seen[key] = read.number
        point = point_on(geometry)
        assert point is not None  # noqa: S101 -- something is drawn
        return _Row(
            number=read.number,
            label=title,
            title=title,
            body=self.text(values, plan.body, _BODY, gettext("text")),
            category=category,
            author=self.text(values, plan.author, _AUTHOR, gettext("author")),
            address=self.text(values, plan.address, _ADDRESS, gettext("address")),
            day=day,
            source_id=key,
            geometry=geometry,
            point=point,
        )

    def text(
        self, values: Mapping[str, Any], column: str, longest: int, what: str, *, cut: bool = True
    ) -> str:
        found = values.get(column) if column else None
        if isinstance(found, float) and found.is_integer():
            found = int(found)
        text = str(found).strip() if found is not None else ""
        if cut and len(text) > longest:
            self.notes.append(
                gettext("%(what)s cut at %(limit)d characters") % {"what": what, "limit": longest}
            )
            text = text[: longest - 1].rstrip() + "…"
        return text

    def category(self, values: Mapping[str, Any], reasons: list[str]) -> MapCategory | None:
        name = self.text(values, self.plan.category_column, 1000, "", cut=False)
        if name:
            found = self.categories.get(name.casefold())
            if found is None:
                reasons.append(
                    gettext("“%(name)s” is not a category of this map") % {"name": name[:60]}
                )
            return found
        if self.plan.category is None:
            reasons.append(gettext("it has no category"))
        return self.plan.category

    def drawing(
        self, geometry: GEOSGeometry, category: MapCategory | None, reasons: list[str]
    ) -> GEOSGeometry | None:
        """One point, line or area inside the perimeter; a collection of one is that one."""
        if geometry.geom_type.startswith("Multi") and len(geometry) == 1:  # type: ignore[arg-type]  # a collection has a length
            geometry = geometry[0]
            geometry.srid = 4326
        shape = SHAPE_OF.get(geometry.geom_type)
        if shape is None:
            reasons.append(gettext("its drawing has several parts: make one line of each"))
            return None
        if category is not None and shape not in category.shapes:
            reasons.append(
                gettext("“%(category)s” does not take this drawing (%(shape)s)")
                % {"category": category.name, "shape": shape.label}
            )
        if self.inside is not None and not self.inside.covers(geometry):
            reasons.append(gettext("its drawing leaves the perimeter of the map"))
        return geometry

    def day(self, values: Mapping[str, Any], reasons: list[str]) -> datetime.datetime:
        if not self.plan.date or values.get(self.plan.date) in (None, ""):
            return self.at
        try:
            found = intake.read_date(values[self.plan.date])
        except intake.UnreadableDate as fault:
            reasons.append(str(fault))
            return self.at
        if found is None:
            return self.at
        noon = datetime.datetime.combine(found, datetime.time(12))
        moment = timezone.make_aware(noon, timezone.get_default_timezone())
        if found > timezone.localdate(self.at):
            reasons.append(gettext("its date is in the future"))
        return min(moment, self.at)


def _unknown_rows(
    map: ParticipatoryMap, plan: ImportPlan, rows: list[_Row]
) -> tuple[list[_Row], int, list[Fault]]:
    """The rows not imported before; how many were; those of another map, refused."""
    activity_of: dict[str, int] = {}
    for start in range(0, len(rows), _BATCH):
        keys = [row.source_id for row in rows[start : start + _BATCH]]
        found = Contribution.objects.filter(
            source_system=plan.source_system.strip(), source_id__in=keys
        ).order_by()
        activity_of.update(found.values_list("source_id", "activity_id"))
    fresh = [row for row in rows if row.source_id not in activity_of]
    elsewhere = [
        Fault(row.number, row.label, gettext("it was already imported elsewhere on the site"))
        for row in rows
        if activity_of.get(row.source_id, map.pk) != map.pk
    ]
    return fresh, len(rows) - len(fresh) - len(elsewhere), elsewhere


def _write(
    map: ParticipatoryMap, plan: ImportPlan, rows: list[_Row], at: datetime.datetime
) -> None:
    places = territories_of([row.point for row in rows], kind=map.parts)
    spines = Contribution.objects.bulk_create(
        [
            Contribution(
                activity_id=map.pk,
                author_label=row.author,
                title=row.title,
                body=row.body,
                territory_id=places.get(rank),
                point=row.point,
                address=row.address,
                visibility=Visibility.PUBLISHED,
                source=Source.IMPORT,
                source_system=plan.source_system.strip(),
                source_id=row.source_id,
                created_at=at,
                submitted_at=row.day,
                published_at=at,
            )
            for rank, row in enumerate(rows)
        ],
        batch_size=_BATCH,
    )
    MapContribution.objects.bulk_create(
        [
            MapContribution(
                contribution=spine, map=map, category=row.category, geometry=row.geometry
            )
            for spine, row in zip(spines, rows, strict=True)
        ],
        batch_size=_BATCH,
    )
