"""Make a counted participatory budget out of Pabulib files: one envelope for each file."""

import argparse
import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.text import slugify

from maps.models import Territory
from participation.budgets.choices import OnMisfit, Remainder
from participation.budgets.management.files import read_election
from participation.budgets.services.pabulib import ImportPlan, NamedElection, import_elections
from participation.core.models import Activity, Directorate
from participation.methods import pabulib


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE.pb")
        parser.add_argument("--title", help="title of the process; by default, the file's own")
        parser.add_argument("--slug", help="its address; by default, made from the title")
        parser.add_argument("--edition", type=int, help="its year; by default, the file's")
        parser.add_argument("--perimeter", metavar="CODE", help="code of a territory")
        parser.add_argument("--quota", type=int, metavar="EUROS", help="set aside per district")
        parser.add_argument("--on-misfit", choices=OnMisfit.values, default=OnMisfit.SKIP)
        parser.add_argument("--remainder", choices=Remainder.values, default=Remainder.POOLED)
        parser.add_argument("--contact", default="participation@example.org")
        parser.add_argument("--owner", default="Participation citoyenne", help="directorate")
        parser.add_argument("--check", action="store_true", help="only say what is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        elections = [self._read(file) for file in options["files"]]
        if options["check"]:
            self.stdout.write(f"{len(elections)} file(s) without error.")
            return
        budget = import_elections(
            plan=self._plan(elections[0].election, options),
            elections=elections,
            actor=None,
            at=timezone.now(),
        )
        self.stdout.write(
            f"{budget}: {sum(len(named.election.projects) for named in elections)} projects, "
            f"{sum(len(named.election.votes) for named in elections)} ballots. "
            f"/budget/{budget.activity.slug}/"
        )

    def _read(self, file: Path) -> NamedElection:
        """Read one file, or fail with each of its errors and their lines; nothing is written."""
        election, _warnings = read_election(file)
        meta = election.meta
        return NamedElection(meta.get("subunit") or meta["unit"], election)

    def _plan(self, election: pabulib.Election, options: dict[str, Any]) -> ImportPlan:
        meta = election.meta
        title = options["title"] or f"{meta['description']} – {meta['unit']} {meta['instance']}"
        slug = options["slug"] or slugify(title)[:80]
        if Activity.objects.filter(slug=slug).exists():
            raise CommandError(
                f"An activity already has the address {slug!r}: give another --slug."
            )
        perimeter = self._perimeter(options["perimeter"])
        quota = options["quota"]
        return ImportPlan(
            title=title[:200],
            slug=slug,
            edition=options["edition"] or _year(meta["instance"]),
            owner=Directorate.objects.get_or_create(name=options["owner"])[0],
            contact_email=options["contact"],
            perimeter=perimeter,
            districts=tuple(perimeter.children.order_by("code")) if perimeter else (),
            source_note="Pabulib (pabulib.org)",
            district_quota_cents=quota * 100 if quota else None,
            on_misfit=options["on_misfit"],
            remainder=options["remainder"],
        )

    @staticmethod
    def _perimeter(code: str | None) -> Territory | None:
        if code is None:
            return None
        territory = Territory.objects.filter(code=code).order_by("kind", "pk").first()
        if territory is None:
            raise CommandError(f"No territory has the code {code!r}: import it first.")
        return territory


def _year(instance: str) -> int:
    digits = "".join(letter for letter in instance if letter.isdigit())[:4]
    return int(digits) if len(digits) == 4 else datetime.date.today().year  # noqa: DTZ011 -- a label only
