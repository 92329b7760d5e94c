"""Compile every template of the project: a syntax error is found before a resident finds it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import TemplateSyntaxError
from django.template.loader import get_template


class Command(BaseCommand):
    help = "Compile every template of the project."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        root = settings.ROOT / "templates"
        failures = []
        count = 0
        for path in sorted(root.rglob("*")):
            if not path.is_file():
                continue
            count += 1
            name = str(path.relative_to(root))
            try:
                get_template(name)
            except TemplateSyntaxError as error:
                failures.append(f"{name}: {error}")
        if failures:
            raise CommandError("\n".join(failures))
        self.stdout.write(f"{count} templates compile.")
