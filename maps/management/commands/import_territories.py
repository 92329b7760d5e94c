"""`import_territories FILE…`: boundaries from GeoJSON files."""

import datetime
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from maps import boundary_files, intake
from maps.boundary_files import BoundaryFile, BoundaryFileError, Fields
from maps.choices import TerritoryKind
from maps.models import Territory
from maps.references import AmbiguousCode, UnknownTerritory, find_by_code
from maps.services import ImportPlan, ImportRefused, ImportReport, import_territories, kind_of_code

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Import boundaries from files of areas (GeoJSON, GeoPackage, Shapefile zip). Run again, it "
        "updates by kind, code and start of validity. One transaction for all the files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--kind", choices=TerritoryKind.values, default="")
        parser.add_argument("--code-field", default="", help="default: code")
        parser.add_argument("--name-field", default="", help="default: nom, else name")
        parser.add_argument("--population-field", default="", help="default: population…")
        parser.add_argument("--parent-code", default="", help="one parent for the whole file")
        parser.add_argument("--parent-field", default="", help="property with each parent's code")
        parser.add_argument("--parent-kind", choices=TerritoryKind.values, default="")
        parser.add_argument("--source", default="", help="source and licence, shown on the maps")
        parser.add_argument("--valid-from", type=datetime.date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--skip-refused", action="store_true", help="import the sound ones")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            for path in options["files"]:
                self._import(path, options)

    def _import(self, path: Path, options: dict[str, Any]) -> None:
        if options["parent_field"] and not options["parent_kind"]:
            raise CommandError("--parent-field needs --parent-kind.")
        try:
            # The size is asked first: a file of gigabytes is not read to be refused.
            intake.refuse_large(path.stat().st_size, boundary_files.LIMITS)
            file = boundary_files.read(
                path.read_bytes(),
                fields=Fields(
                    code=options["code_field"],
                    name=options["name_field"],
                    population=options["population_field"],
                    parent=options["parent_field"],
                ),
            )
        except (OSError, BoundaryFileError) as error:
            raise CommandError(f"{path}: {error}") from error
        plan = ImportPlan(
            kind=options["kind"] or self._kind(path, file),
            source=options["source"],
            parent=self._parent(options["parent_code"], options["parent_kind"]),
            parent_kind=options["parent_kind"],
            valid_from=options["valid_from"],
        )
        try:
            report = import_territories(
                file=file,
                plan=plan,
                skip_refused=options["skip_refused"],
                dry_run=options["dry_run"],
            )
        except ImportRefused as refused:
            self._tell(path, refused.report)
            raise CommandError(
                f"{path}: {len(refused.report.refused)} feature(s) refused, nothing imported. "
                "Mend them, or run again with --skip-refused."
            ) from refused
        self._tell(path, report)

    def _kind(self, path: Path, file: BoundaryFile) -> str:
        kinds = {kind_of_code(each.code) for each in file.boundaries}
        if len(kinds) == 1 and (kind := kinds.pop()):
            return kind
        raise CommandError(
            f"{path}: the codes don't say which kind of territory this is; add --kind "
            f"({', '.join(TerritoryKind.values)})."
        )

    def _parent(self, code: str, kind: str) -> Territory | None:
        if not code:
            return None
        try:
            return find_by_code(code, kind)
        except UnknownTerritory as error:
            raise CommandError(f"No territory has the code {code}: import it first.") from error
        except AmbiguousCode as error:
            raise CommandError(
                f"Several kinds of territory have the code {code}: add --parent-kind."
            ) from error

    def _tell(self, path: Path, report: ImportReport) -> None:
        self.stdout.write(
            f"{path.name}: {len(report.created)} created, {len(report.updated)} updated, "
            f"{len(report.unchanged)} unchanged, {len(report.repaired)} repaired, "
            f"{len(report.refused)} refused."
        )
        for each in report.repaired[:SHOWN]:
            self.stdout.write(f"  repaired: {each.code} {each.name}: {each.repair}")
        for problem in report.refused[:SHOWN]:
            self.stderr.write(f"  refused: {problem}")
        if len(report.refused) > SHOWN:
            self.stderr.write(f"  … and {len(report.refused) - SHOWN} others.")
