"""Measure speed and size; prints tables, never fails on a time."""

import argparse
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.bench import importing, tally, web

_BENCHES = {"import": importing.run, "tally": tally.run, "web": web.run}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", choices=sorted(_BENCHES))

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("demo_data")
        names = [options["name"]] if options["name"] else sorted(_BENCHES)
        for name in names:
            for measured in _BENCHES[name]():
                self.stdout.write(measured)
