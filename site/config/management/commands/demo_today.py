"""Make the meeting of the day of the demonstration, unless it is there."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from config.demonstration.agenda_today import meeting_of_today


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Demonstration data only go into a demonstration.")
        with translation.override("fr"):
            meeting_of_today(timezone.now())
