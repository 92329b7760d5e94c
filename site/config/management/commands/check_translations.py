"""The French catalogue is complete: every sentence of the source has its French, none is fuzzy."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

_SOURCES = ("site", "maps", "participation", "templates")


class Command(BaseCommand):
    help = (
        "Fail when a sentence has no French, or when the catalogue holds a sentence no longer used."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        catalogue = settings.SITE_DIR / "locale" / "fr" / "LC_MESSAGES" / "django.po"
        with tempfile.TemporaryDirectory() as folder:
            used = self._extract(Path(folder))
            missing = self._untranslated(catalogue, used, Path(folder))
        if missing:
            raise CommandError(
                "Sentences without French:\n" + "\n".join(f"  {line}" for line in missing)
            )
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
        import os
        import sys

        environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
        return environment

    @staticmethod
    def _untranslated(catalogue: Path, used: Path, folder: Path) -> list[str]:
        merged = folder / "merged.po"
        run = [
            "msgmerge",
            "--quiet",
            "--no-fuzzy-matching",
            "-o",
            str(merged),
            str(catalogue),
            str(used),
        ]
        subprocess.run(run, check=True)  # noqa: S603 -- fixed program, paths of ours
        answer = subprocess.run(  # noqa: S603 -- fixed program, paths of ours
            ["msgattrib", "--no-obsolete", "--no-wrap", "--untranslated", str(merged)],  # noqa: S607 -- gettext's program
            check=True,
            capture_output=True,
            text=True,
        )
        fuzzy = subprocess.run(  # noqa: S603 -- fixed program, paths of ours
            ["msgattrib", "--no-obsolete", "--no-wrap", "--only-fuzzy", str(catalogue)],  # noqa: S607 -- gettext's program
            check=True,
            capture_output=True,
            text=True,
        )
        found = re.findall(r'^msgid "(.+)"$', answer.stdout + fuzzy.stdout, flags=re.MULTILINE)
        found += re.findall(r'^msgid ""\n"(.+)"$', answer.stdout, flags=re.MULTILINE)
        return found
