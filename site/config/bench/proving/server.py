"""The site under its production server, on a free port, to be killed too."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

LIVE = "/sante/live"


class Site:
    """One gunicorn with its workers; `database` is the address of the database it works on."""

    def __init__(self, database: str, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.demo",
            "PYTHONPATH": f"{settings.SITE_DIR}:{settings.ROOT}",
            "DATABASE_URL": database,
            "PARVIS_VAR": str(folder),
        }
        self._log = folder / "gunicorn.log"
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str) -> str:
        """Run `manage.py` on the same database; what it printed."""
        return subprocess.run(  # noqa: S603 -- our own program
            [sys.executable, str(settings.SITE_DIR / "manage.py"), *arguments],
            env=self._environment,
            cwd=settings.ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def start(self) -> None:
        """Start the server and wait for its first answer."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 -- our own server
                [
                    sys.executable,
                    "-m",
                    "gunicorn",
                    "--config",
                    "python:config.server",
                    "--bind",
                    f"127.0.0.1:{self.port}",
                    "--log-level",
                    "warning",
                ],
                env=self._environment,
                cwd=settings.ROOT,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 90
        while not self._answers():
            if time.monotonic() > deadline:
                raise TimeoutError("The server did not answer within 90 seconds.")
            time.sleep(0.1)

    def workers(self) -> list[int]:
        """Process numbers of the workers."""
        master = self._master.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text()
        return [int(pid) for pid in children.split()]

    def kill_worker(self) -> None:
        """SIGKILL to one worker, in the middle of whatever it does."""
        for pid in self.workers()[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        """SIGKILL to the server and all its workers."""
        for pid in (self._master.pid, *self.workers()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._master.wait(timeout=20)

    def stop(self) -> int:
        """Ask it to end as a deployment does (SIGTERM); its exit code."""
        if self._master.poll() is None:
            self._master.send_signal(signal.SIGTERM)
        return self._master.wait(timeout=60)

    def errors(self) -> str:
        """What the server complained of."""
        return self._log.read_text(errors="replace")

    @property
    def _master(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("the site is not started")
        return self._process

    def _answers(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            asked.request("GET", LIVE)
            return asked.getresponse().status == 200
        except OSError:
            return False
        finally:
            asked.close()


@contextlib.contextmanager
def served(database: str, folder: Path) -> Iterator[Site]:
    """A site that is stopped whatever happens."""
    site = Site(database, folder)
    site.start()
    try:
        yield site
    finally:
        site.stop()
