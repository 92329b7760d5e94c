"""The French catalogue is whole: every sentence of the source and no other, in good typography."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

_SOURCES = ("site", "maps", "participation", "templates")
_BREAKING = re.compile(r"\S (?:[;:!?»€]|%%?)(?![\w(%])|« ")
"""An ordinary space where French asks for one at which no line is cut."""


class Command(BaseCommand):
    help = (
        "Fail when a sentence has no French, when the catalogue holds one that is no longer used,"
        " or when a line could be cut before a mark of punctuation."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        catalogue = settings.SITE_DIR / "locale" / "fr" / "LC_MESSAGES" / "django.po"
        with tempfile.TemporaryDirectory() as folder:
            merged = self._merged(catalogue, self._extract(Path(folder)), Path(folder))
        held = polib.pofile(str(catalogue))
        faults = {
            "Sentences without French": [
                *(each.msgid for each in merged.untranslated_entries()),
                *(each.msgid for each in held.fuzzy_entries()),
            ],
            "Sentences that nothing uses": [each.msgid for each in merged.obsolete_entries()],
            "No-break spaces missing": [
                text for each in held for text in _texts(each) if _BREAKING.search(text)
            ],
        }
        told = [
            "\n".join((f"{fault}:", *(f"  {text}" for text in texts)))
            for fault, texts in faults.items()
            if texts
        ]
        if told:
            raise CommandError("\n".join(told))
        self.stdout.write("The French catalogue is complete.")

    def _extract(self, folder: Path) -> Path:
        """Run makemessages on a copy of the sources, so that the tree is left alone."""
        tree = folder / "tree"
        tree.mkdir()
        ignore = shutil.ignore_patterns(
            "dist", "migrations", "__pycache__", "locale", "data", "*.svg"
        )
        for name in _SOURCES:
            shutil.copytree(settings.ROOT / name, tree / name, ignore=ignore)
        (tree / "locale").mkdir()
        subprocess.run(
            ["python", "-m", "django", "makemessages", "-l", "fr", "-v", "0", "-e", "py,html,txt"],  # noqa: S607 -- the environment's own Python
            cwd=tree,
            check=True,
            capture_output=True,
            env=self._environment(),
        )
        return tree / "locale" / "fr" / "LC_MESSAGES" / "django.po"

    @staticmethod
    def _environment() -> dict[str, str]:
        environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
        return environment

    @staticmethod
    def _merged(catalogue: Path, used: Path, folder: Path) -> polib.POFile:
        """The catalogue with the sentences of the source; the others are obsolete."""
        merged = folder / "merged.po"
        command = ["msgmerge", "--quiet", "--no-fuzzy-matching", "-o"]
        subprocess.run([*command, str(merged), str(catalogue), str(used)], check=True)  # noqa: S603 -- fixed program, paths of ours
        return polib.pofile(str(merged))


def _texts(entry: polib.POEntry) -> Iterator[str]:
    """What an entry says in French, once or in each number."""
    yield from entry.msgstr_plural.values() if entry.msgstr_plural else (entry.msgstr,)
