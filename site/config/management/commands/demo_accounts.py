"""Print the accounts of the demonstration, and where the secrets of its board are."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from config.demonstration.board import SECRETS_FILE
from config.demonstration.people import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("fr"):
            for account in ACCOUNTS:
                self.stdout.write(f"  {account.role!s:<32} {account.email:<32} {PASSWORD}")
        secrets = Path(settings.VAR_DIR) / SECRETS_FILE
        if secrets.exists():
            self.stdout.write(f"  Secrets du bureau du scrutin : {secrets}")
