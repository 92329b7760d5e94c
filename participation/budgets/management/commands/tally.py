"""Count one Pabulib file by its own rule or by another, or compare what several rules give."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from participation.budgets.management.files import read_election
from participation.budgets.presentation.tallies import (
    comparison_report,
    oddity_sentence,
    options_sentence,
    setting_sentence,
    tally_report,
    unsupported_sentence,
)
from participation.methods.digest import canonical_json
from participation.methods.pabulib import Election
from participation.methods.tally import (
    DEFAULT_SEED,
    RULES,
    OptionsError,
    SettingError,
    UnsupportedRuleError,
    compare,
    oddities,
    plan_of,
)
from participation.methods.tally.settings import split


class Command(BaseCommand):
    help = __doc__
    # It counts a file: nothing of the site, not even its database, is needed.
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.pb")
        parser.add_argument("--rule", metavar="NAME", help=f"one of {', '.join(RULES)}")
        parser.add_argument(
            "--option",
            action="append",
            default=[],
            metavar="KEY=VALUE",
            help="an option of the rule (see docs/counting.md); amounts as in the file",
        )
        parser.add_argument("--json", action="store_true", help="canonical JSON, amounts in cents")
        parser.add_argument("--compare", action="store_true", help="count by several rules")
        parser.add_argument(
            "--seed", metavar="TEXT", help=f"seed of the lot ({DEFAULT_SEED!r} by default)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        election, warnings = read_election(options["file"])
        for warning in warnings:
            self._warn(warning)
        try:
            if options["compare"]:
                text = self._compare(election, options)
            else:
                text = self._count(election, options)
        except UnsupportedRuleError as error:
            raise CommandError(unsupported_sentence(error)) from error
        except SettingError as error:
            raise CommandError(setting_sentence(error)) from error
        except OptionsError as error:
            raise CommandError(options_sentence(error)) from error
        except (ValueError, TypeError) as error:
            message = _("This cannot be counted: %(error)s") % {"error": error}
            raise CommandError(message) from error
        self.stdout.write(text)

    def _warn(self, warning: str) -> None:
        self.stderr.write(_("Warning: %(warning)s") % {"warning": warning})

    def _count(self, election: Election, options: dict[str, Any]) -> str:
        plan = plan_of(
            election,
            rule=options["rule"],
            settings=split(options["option"]),
            seed=options["seed"],
        )
        for code, number in oddities(election, plan):
            self._warn(oddity_sentence(code, number))
        result = plan.count(election)
        if options["json"]:
            return canonical_json({**result.as_dict(), "reading": plan.reading()})
        return tally_report(election, plan, result)

    def _compare(self, election: Election, options: dict[str, Any]) -> str:
        if options["rule"] or options["option"]:
            raise CommandError(_("--compare takes neither --rule nor --option."))
        compared = compare(election, seed=options["seed"])
        if options["json"]:
            return canonical_json([row.as_dict() for row in compared])
        return comparison_report(election, compared)
