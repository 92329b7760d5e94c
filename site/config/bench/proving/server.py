"""The site under its production server, on a free port, to be killed too."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

LIVE = "/sante/live"


class Site:
    """One gunicorn with its workers, in `environment`; it complains in `log`."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._environment = environment
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

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
        """Process numbers of the workers, oldest first."""
        master = self._master.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text()
        return [int(pid) for pid in children.split()]

    def cpu_seconds(self) -> float:
        """Processor time that its processes have used: what a busy machine does not change."""
        ticks = 0
        for pid in (self._master.pid, *self.workers()):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill_worker(self) -> None:
        """SIGKILL to the oldest worker, in the middle of whatever it does."""
        for pid in self.workers()[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_master(self) -> None:
        """SIGKILL to the process that commands the others, then what its supervisor does: start.

        Its workers find themselves orphans and leave.
        """
        orphans = self.workers()
        self._master.kill()
        self._master.wait()
        deadline = time.monotonic() + 90
        while any(Path(f"/proc/{pid}/cmdline").exists() for pid in orphans):
            if time.monotonic() > deadline:
                raise TimeoutError("workers outlive their master")
            time.sleep(0.1)
        self.start()

    def renew(self) -> None:
        """Replace all workers by fresh ones as they finish their work (SIGHUP)."""
        self._master.send_signal(signal.SIGHUP)

    def stop(self) -> int:
        """Ask it to end as a deployment does (SIGTERM); its exit code."""
        if self._master.poll() is None:
            self._master.send_signal(signal.SIGTERM)
        return self._master.wait(timeout=60)

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
