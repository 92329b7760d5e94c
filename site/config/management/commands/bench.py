"""Measure speed and size; prints tables, never fails on a time.

Without a name: `agenda`, `import`, `maps` and `web`. `tally` takes some ten minutes because of what
it compares with, `vote` about five (`--minutes 10`: some twenty), `integrity` about twenty and
`roll` about two, these three on a PostgreSQL of their own.
"""

import argparse
import functools
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.bench import agenda, importing, integrity, maps, roll, tally, vote, web

_ON_THE_DEMONSTRATION = {
    "agenda": agenda.run,
    "import": importing.run,
    "maps": maps.run,
    "web": web.run,
}
_ON_THEIR_OWN = {
    "integrity": integrity.run,
    "roll": roll.run,
    "tally": tally.run,
    "vote": vote.run,
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        names = sorted({*_ON_THE_DEMONSTRATION, *_ON_THEIR_OWN})
        parser.add_argument("name", nargs="?", choices=names)
        parser.add_argument(
            "--minutes", type=float, default=1.0, help="vote: how long people cast (default: 1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        if name == "vote":
            self._measure(functools.partial(vote.run, minutes=options["minutes"]))
            return
        if name in _ON_THEIR_OWN:
            self._measure(_ON_THEIR_OWN[name])
            return
        call_command("migrate", verbosity=0)
        call_command("demo_data")
        for each in [name] if name else sorted(_ON_THE_DEMONSTRATION):
            self._measure(_ON_THE_DEMONSTRATION[each])
        if name is None:
            self.stdout.write(
                "\nÀ part, car plus longs : ./parvis bench tally, vote, roll, integrity"
            )

    def _measure(self, bench: Any) -> None:
        for measured in bench():
            self.stdout.write(measured)
