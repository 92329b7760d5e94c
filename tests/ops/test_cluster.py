"""The private PostgreSQL cluster: made once, shared by the commands, stopped by the last one."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PREPARE = "source ./parvis; begin_set_up; end_set_up; use_database test parvis; "

pytestmark = pytest.mark.skipif(
    not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
    reason="a machine whose DATABASE_URL points elsewhere may have no PostgreSQL server",
)


class Folder:
    """A project folder of its own, with nothing but the script."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}

    def start(self, commands: str) -> subprocess.Popen[str]:
        """Begin a command that uses the cluster, then does what is asked."""
        return subprocess.Popen(
            ["bash", "-c", PREPARE + commands],
            cwd=self.path,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, commands: str) -> list[str]:
        """Run a command to its end; the lines that it printed."""
        output, _ = self.start(commands).communicate(timeout=60)
        return output.splitlines()

    def server(self) -> int | None:
        """The process number of the cluster's server, when it runs."""
        for process in map(int, filter(str.isdigit, os.listdir("/proc"))):
            # Its children run there too; it is the one whose parent does not.
            if self._works_here(process) and not self._works_here(self._parent(process)):
                return process
        return None

    def _works_here(self, process: int) -> bool:
        try:
            return os.readlink(f"/proc/{process}/cwd") == str(self.data)
        except OSError:
            return False

    @staticmethod
    def _parent(process: int) -> int:
        try:
            return int(Path(f"/proc/{process}/stat").read_text().rsplit(")")[-1].split()[1])
        except OSError:
            return 0

    @property
    def data(self) -> Path:
        """The cluster's data folder, inside the project."""
        return self.path / ".parvis" / "pg-test" / "data"


@pytest.fixture(scope="module")
def folder() -> Iterator[Folder]:
    with tempfile.TemporaryDirectory(prefix="parvis-cluster-") as path:
        Path(path).chmod(0o755)
        shutil.copy(ROOT / "parvis", path)
        folder = Folder(Path(path))
        assert "Création de la base de données privée" in folder.run("true")[0]
        yield folder


def test_it_is_made_once_and_gone_when_the_command_ends(folder):
    answers = folder.run("sql parvis 'SHOW listen_addresses'; sql parvis 'SHOW port'")

    assert answers == ["", "5432"]  # and not a word about creating it again
    assert folder.server() is None


def test_nobody_else_can_come_in(folder):
    for path in (folder.data.parent, folder.data.parent / "socket"):
        assert path.stat().st_mode & 0o777 == 0o700


def test_databases_have_the_extensions_without_a_superuser(folder):
    ask = '"$POSTGRESQL/psql" -XAtq -h "$SOCKETS" -U parvis -d parvis '
    extensions = folder.run(f"{ask} -c '\\dx' | cut -d '|' -f 1 | sort")
    superuser = folder.run(f"{ask} -c 'SHOW is_superuser'")
    sorting = folder.run(f"""{ask} -c "SELECT 'Étang' < 'Zone'" """)

    assert extensions == ["btree_gist", "pg_trgm", "plpgsql", "postgis", "unaccent"]
    assert superuser == ["off"]
    assert sorting == ["t"]


def test_the_last_command_to_leave_stops_it(folder):
    first = folder.start("echo ready; read -r")
    assert first.stdout.readline() == "ready\n"
    server = folder.server()

    folder.run("true")
    assert folder.server() == server is not None

    first.communicate("\n", timeout=60)
    deadline = time.monotonic() + 30  # a busy machine stops a server slowly
    while folder.server() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert folder.server() is None


def test_it_is_mended_after_a_crash(folder):
    crashed = folder.start("echo ready; read -r")
    crashed.stdout.readline()
    server = folder.server()
    crashed.kill()
    crashed.wait()
    os.kill(server, 9)
    while folder.server():
        time.sleep(0.1)
    # Its number belongs to somebody else by now, ourselves for instance.
    pid_file = folder.data / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(server), str(os.getpid()), 1))

    assert folder.run("sql parvis 'SELECT 1'") == ["1"]
    assert folder.server() is None


def test_an_interrupted_creation_is_begun_again(folder):
    unfinished = folder.data.with_name("data.unfinished")
    folder.data.rename(unfinished)
    (unfinished / "PG_VERSION").unlink()
    output = folder.run("sql parvis 'SELECT 1'")

    assert "Création de la base de données privée" in output[0]
    assert output[1:] == ["1"]
    assert not unfinished.exists()
