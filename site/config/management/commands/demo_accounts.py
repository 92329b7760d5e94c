"""Print the accounts of the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from config.demonstration.people import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("fr"):
            for account in ACCOUNTS:
                self.stdout.write(f"  {account.role!s:<32} {account.email:<32} {PASSWORD}")
