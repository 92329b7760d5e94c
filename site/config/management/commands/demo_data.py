"""Fill the demonstration: real open data, invented residents. Run again, it adds nothing."""

import argparse
import datetime
import io
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from config.demonstration import agenda, agenda_today, maps, pages, paris, people, size, toulouse
from maps.choices import TerritoryKind
from maps.models import Territory
from participation.accounts.models import User
from participation.budgets.models import Budget, Poll

_RESIDENTS = {"standard": 80, "large": size.RESIDENTS}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--size", choices=sorted(_RESIDENTS), default="standard")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Demonstration data only go into a demonstration.")
        with translation.override("fr"):
            self._fill(options["size"])

    def _fill(self, name: str) -> None:
        at = timezone.now()
        with self._told("cache, rôles et site éditorial"):
            for preparation in ("createcachetable", "setup_roles", "setup_site"):
                call_command(preparation, verbosity=0, stdout=io.StringIO())
        with self._told("territoires de Toulouse"):
            city = self._city()
        with self._told("comptes et habitants inventés"):
            accounts = people.make_accounts(city)
            residents = people.make_residents(city, _RESIDENTS[name])
            officer = accounts["participation@demo.example"]
        with self._told("Toulouse 2024 : 183 projets, 7 260 bulletins, résultats"):
            toulouse.finished_2024(city, officer, at)
        with self._told("Toulouse 2022 : 20 quartiers, réalisations"):
            toulouse.delivered_2022(city, officer, at)
        with self._told("Toulouse 2026 : vote ouvert"):
            voting = toulouse.voting_2026(city, officer, residents, at)
        with self._told("Toulouse 2027 : dépôt des idées"):
            collecting = toulouse.collecting_2027(city, officer, residents, at)
        with self._told("Paris : suivi de 1 341 projets"):
            paris.followed_up(officer, at)
        with self._told("cartes participatives : Toulouse et Guingamp-Paimpol"):
            maps.toulouse(city, officer, residents, at)
            maps.guingamp_paimpol(officer, residents, at)
        with self._told("agenda du mandat 2026–2032"):
            agenda.mandate(city, officer, accounts["elue@demo.example"], residents, at)
            agenda_today.meeting_of_today(at)
        with self._told("pages et actualités"):
            pages.publish(at)
        if name == "large":
            self._grow(voting, collecting, residents, at)

    def _grow(
        self, voting: Budget, collecting: Budget, residents: list[User], at: datetime.datetime
    ) -> None:
        with self._told("Toulouse 2027 : 10 000 idées"):
            size.grow_ideas(collecting, residents, size.IDEAS, at)
        with self._told("Toulouse 2027 : 100 000 soutiens"):
            size.grow_supports(collecting, residents, size.SUPPORTS, at)
        with self._told("Toulouse 2026 : 20 000 bulletins scellés"):
            poll = Poll.objects.get(envelope__budget=voting)
            size.grow_roll(poll, residents, size.BALLOTS, at)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        start = perf_counter()
        yield
        self.stdout.write(f"  {what} ({perf_counter() - start:.1f} s)")
        self.stdout.flush()

    @staticmethod
    def _city() -> Territory:
        folder = settings.SITE_DIR / "demo" / "territories"
        if not Territory.objects.filter(kind=TerritoryKind.MUNICIPALITY, code="31555").exists():
            call_command(
                "import_territories",
                folder / "commune-toulouse.geojson",
                kind=TerritoryKind.MUNICIPALITY,
                verbosity=0,
                stdout=io.StringIO(),
            )
        if not Territory.objects.filter(kind=TerritoryKind.NEIGHBOURHOOD).exists():
            call_command(
                "import_territories",
                folder / "quartiers-toulouse.geojson",
                kind=TerritoryKind.NEIGHBOURHOOD,
                parent_code="31555",
                verbosity=0,
                stdout=io.StringIO(),
            )
        return Territory.objects.get(kind=TerritoryKind.MUNICIPALITY, code="31555")
