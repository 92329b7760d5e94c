"""Where elections are put to the proof: a private cluster with the site's tables, and the site."""

import contextlib
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
class Field:
    """A private cluster whose tables are made; `folder` holds the site's files."""

    cluster: Cluster
    folder: Path

    def election(
        self,
        *,
        accounts: int = 0,
        electors: int = 0,
        projects: int = 20,
        open_for: float = 86_400.0,
        database: str = DATABASE,
    ) -> Election:
        """Another election, open for that many seconds, with its voters' open sessions."""
        return Election.read(
            self._run(
                "-m",
                "config.bench.proving.trial",
                f"--accounts={accounts}",
                f"--electors={electors}",
                f"--projects={projects}",
                f"--open-for={open_for}",
                database=database,
            )
        )

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
        if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
            self.manage("collectstatic", "--no-input")

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` as the owner of the tables; what it printed."""
        return self._run(str(settings.SITE_DIR / "manage.py"), *arguments)

    def _run(self, *arguments: str, database: str = DATABASE) -> str:
        return subprocess.run(  # noqa: S603 -- our own programs
            [sys.executable, *arguments],
            env=self._environment("parvis", database),
            cwd=settings.ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def _environment(self, role: str, database: str) -> dict[str, str]:
        collected = Path(settings.STATIC_ROOT)
        if not (collected / "staticfiles.json").exists():
            collected = self.folder / "static"
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.demo",
            "PYTHONPATH": f"{settings.SITE_DIR}:{settings.ROOT}",
            "DATABASE_URL": self.cluster.url(role, database=database),
            "PARVIS_VAR": str(self.folder),
            "STATIC_ROOT": str(collected),
        }


@contextlib.contextmanager
def proving_field() -> Iterator[Field]:
    """A field made for the occasion and thrown away. Raises `RuntimeError` without PostgreSQL."""
    with private_cluster() as cluster, tempfile.TemporaryDirectory(prefix="parvis-epreuve-") as made:
        field = Field(cluster, Path(made))
        field.make_tables()
        yield field
