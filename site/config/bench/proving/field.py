"""Where elections are put to the proof: a private cluster with the site's tables, and the site."""

import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from config.bench.proving.accounts import Holdings, holdings
from config.bench.proving.cluster import DATABASE, Cluster, private_cluster
from config.bench.proving.server import Site
from config.bench.proving.voters import Election
from config.rights import APP_ROLE


@dataclass(frozen=True, slots=True)
class Voters:
    """Who may vote in an election: people with an account, who get a mail, and people without."""

    accounts: int = 0
    electors: int = 0
    projects: int = 20


@dataclass(frozen=True, slots=True)
class Field:
    """A private cluster whose tables are made; `folder` holds the site's files."""

    cluster: Cluster
    folder: Path

    def elections(self, *voters: Voters) -> list[Election]:
        """As many elections, open for a day, with the open sessions of their voters."""
        asked = json.dumps([dataclasses.asdict(each) for each in voters])
        return [Election.of(each) for each in json.loads(self.program("trial", asked))]

    @contextlib.contextmanager
    def served(self, *, database: str = DATABASE) -> Iterator[Site]:
        """The site under its own server, with the rights of its own role and no more."""
        site = Site(self._environment(APP_ROLE, database), self.folder / "gunicorn.log")
        site.start()
        try:
            yield site
        finally:
            site.stop()

    def holdings(self, election: Election, *, database: str = DATABASE) -> Holdings:
        """What the database holds of an election."""
        return holdings(self.cluster, election.poll, database=database)

    def make_tables(self) -> None:
        """Migrate as the owner of the tables, and give the site its rights."""
        with self.cluster.hurried():
            for command in ("migrate", "createcachetable", "grant_rights"):
                self.manage(command)

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` as the owner of the tables; what it printed."""
        return self._run(str(settings.SITE_DIR / "manage.py"), *arguments)

    def program(self, module: str, *arguments: str) -> str:
        """Run one of the programs of this package on the trial's database; what it printed."""
        return self._run("-m", f"config.bench.proving.{module}", *arguments)

    def _run(self, *arguments: str) -> str:
        return subprocess.run(  # noqa: S603 -- our own programs
            [sys.executable, *arguments],
            env=self._environment("parvis", DATABASE),
            cwd=settings.ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def _environment(self, role: str, database: str) -> dict[str, str]:
        is_collected = (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": f"config.settings.{'demo' if is_collected else 'proving'}",
            "PYTHONPATH": f"{settings.SITE_DIR}:{settings.ROOT}",
            "DATABASE_URL": self.cluster.url(role, database=database),
            "PARVIS_VAR": str(self.folder),
            "STATIC_ROOT": str(settings.STATIC_ROOT),
        }


@contextlib.contextmanager
def proving_field() -> Iterator[Field]:
    """A field made for the occasion and thrown away. Raises `RuntimeError` without PostgreSQL."""
    with (
        private_cluster() as cluster,
        tempfile.TemporaryDirectory(prefix="parvis-epreuve-") as made,
    ):
        field = Field(cluster, Path(made))
        field.make_tables()
        yield field
