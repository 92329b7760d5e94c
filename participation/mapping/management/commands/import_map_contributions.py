"""Import contributions to a map from a file: GeoJSON, KML, GPX, Shapefile, GeoPackage, CSV…"""

import argparse
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from participation.core.verdict import Refused
from participation.mapping.models import ParticipatoryMap
from participation.mapping.services.imports import (
    ImportPlan,
    ImportReport,
    columns_of,
    guessed,
    import_contributions,
)

_COLUMNS = ("title", "body", "category", "author", "date", "source_id", "address")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("map", help="address of the map, as in /carte/ADDRESS/")
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="where the file comes from")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="account of an officer")
        parser.add_argument("--in-category", default="", help="category of rows that name none")
        for name in _COLUMNS:
            parser.add_argument(
                f"--{name.replace('_', '-')}", help="name of its column; by default, the usual one"
            )
        parser.add_argument("--check", action="store_true", help="only say what it would do")
        parser.add_argument(
            "--leave-refused", action="store_true", help="import the other rows all the same"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        map = ParticipatoryMap.objects.filter(activity__slug=options["map"]).first()
        actor = get_user_model().objects.filter(email__iexact=options["by"]).first()
        if map is None or actor is None:
            raise CommandError("No such map." if map is None else "No such account.")
        with options["file"].open("rb") as file:
            try:
                report = import_contributions(
                    map=map,
                    file=file,
                    plan=self._plan(map, file, options),
                    actor=actor,
                    at=timezone.now(),
                    dry_run=options["check"],
                    leave_refused=options["leave_refused"],
                )
            except Refused as refused:
                raise CommandError(str(refused)) from None
        self._tell(report)

    def _plan(self, map: ParticipatoryMap, file: Any, options: dict[str, Any]) -> ImportPlan:
        found = guessed(columns_of(file))
        names: dict[str, Any] = {name: options[name] or found[name] for name in _COLUMNS}
        category = None
        if wanted := options["in_category"]:
            category = map.categories.filter(name=wanted).first()
            if category is None:
                raise CommandError("No such category.")
        return ImportPlan(
            source_system=options["source"],
            category_column=names.pop("category"),
            category=category,
            **names,
        )

    def _tell(self, report: ImportReport) -> None:
        for fault in report.refused:
            self.stdout.write(f"{fault.number}\t{fault.label}\t{fault.reason}")
        done = "imported" if report.written else "to import"
        self.stdout.write(
            f"{report.new} {done}, {report.known} known, {len(report.refused)} refused, "
            f"{len(report.mended)} mended"
        )
