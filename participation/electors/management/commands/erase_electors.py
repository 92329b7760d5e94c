"""Erase the names of rolls whose time has come, files never confirmed, and old codes. Nightly."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from participation.electors.services import erase_what_is_due


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        done = erase_what_is_due(at=timezone.now())
        self.stdout.write(
            f"{done['people']} personnes, {done['files']} fichiers, {done['texts']} codes effacés"
        )
