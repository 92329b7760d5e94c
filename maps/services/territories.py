"""Territories: create and update them from a file of boundaries."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from maps.boundary_files import Boundary, BoundaryFile, Problem
from maps.choices import TerritoryKind
from maps.models import Territory

BATCH = 500


class ImportRefused(ValueError):
    """Nothing was written: some features can't be kept. `report` names each."""

    def __init__(self, report: "ImportReport") -> None:
        super().__init__("; ".join(str(problem) for problem in report.refused))
        self.report = report


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """How to file the boundaries of one file.

    `parent` holds them all; or each names its parent, of kind `parent_kind`, by `parent_code`.
    """

    kind: str
    source: str = ""
    parent: Territory | None = None
    parent_kind: str = ""
    valid_from: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do: territories by what became of them, in the file's order."""

    created: tuple[Boundary, ...] = ()
    updated: tuple[Boundary, ...] = ()
    unchanged: tuple[Boundary, ...] = ()
    refused: tuple[Problem, ...] = field(default=())

    @property
    def repaired(self) -> tuple[Boundary, ...]:
        kept = (*self.created, *self.updated, *self.unchanged)
        return tuple(sorted((b for b in kept if b.repair), key=lambda each: each.number))


def kind_of_code(code: str) -> str | None:
    """The kind that a code can only be of, or `None`.

    A SIREN (nine digits) is an EPCI's; two or three characters a département's; `31555-01` a
    neighbourhood's. Five characters may be a commune's or a canton's: somebody must say.
    """
    if "-" in code:
        return TerritoryKind.NEIGHBOURHOOD
    if len(code) == 9 and code.isdigit():
        return TerritoryKind.INTERCOMMUNALITY
    if 2 <= len(code) <= 3:
        return TerritoryKind.DEPARTMENT
    return None


def import_territories(
    *, file: BoundaryFile, plan: ImportPlan, skip_refused: bool = False, dry_run: bool = False
) -> ImportReport:
    """Create or update territories by (kind, code, valid_from); all or nothing.

    With `dry_run`, says what would happen and writes nothing. A territory keeps the parent,
    population and source it had when the file says none. Raises `ImportRefused` when a feature
    can't be kept, unless `skip_refused`.
    """
    with transaction.atomic():
        rows, report = _sorted_out(file, plan)
        if dry_run:
            return report
        if report.refused and not skip_refused:
            raise ImportRefused(report)
        Territory.objects.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["kind", "code", "valid_from"],
            update_fields=["name", "parent", "geometry", "population", "source"],
        )
    return report


def _sorted_out(file: BoundaryFile, plan: ImportPlan) -> tuple[list[Territory], ImportReport]:
    known = {
        row.code: row
        for row in Territory.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            kind=plan.kind,
            valid_from=plan.valid_from,
            code__in=[each.code for each in file.boundaries],
        )
        .order_by("pk")
    }
    parents = _parents(file.boundaries, plan)
    refused = list(file.refused)
    rows: list[Territory] = []
    outcome: dict[str, list[Boundary]] = {"created": [], "updated": [], "unchanged": []}
    for each in file.boundaries:
        if each.parent_code and each.parent_code not in parents:
            reason = _("its parent “%(code)s” is not known") % {"code": each.parent_code}
            refused.append(Problem(each.number, f"{each.code} {each.name}", reason))
            continue
        old = known.get(each.code)
        new = _row(each, plan, parents, old)
        if old is None:
            outcome["created"].append(each)
        elif _same(old, new):
            outcome["unchanged"].append(each)
            continue
        else:
            outcome["updated"].append(each)
        rows.append(new)
    return rows, ImportReport(
        **{name: tuple(found) for name, found in outcome.items()},
        refused=tuple(sorted(refused, key=lambda problem: problem.number)),
    )


def _parents(boundaries: Sequence[Boundary], plan: ImportPlan) -> dict[str, Any]:
    codes = {each.parent_code for each in boundaries if each.parent_code}
    if not codes:
        return {}
    found = Territory.objects.light().filter(kind=plan.parent_kind, code__in=codes)
    return {parent.code: parent for parent in found.order_by("valid_from", "pk")}


def _row(
    boundary: Boundary, plan: ImportPlan, parents: dict[str, Territory], old: Territory | None
) -> Territory:
    parent = parents.get(boundary.parent_code) or plan.parent
    population = boundary.population
    if old is not None:
        parent = parent or old.parent
        population = old.population if population is None else population
    return Territory(
        kind=plan.kind,
        code=boundary.code,
        name=boundary.name,
        short_name=boundary.short_name,  # on creation only: people may have chosen better since
        parent=parent,
        geometry=boundary.geometry,
        population=population,
        valid_from=plan.valid_from,
        source=plan.source or (old.source if old is not None else ""),
    )


def _same(old: Territory, new: Territory) -> bool:
    return (
        old.name == new.name
        and old.parent_id == new.parent_id
        and old.population == new.population
        and old.source == new.source
        and old.geometry.equals_exact(new.geometry)
    )
