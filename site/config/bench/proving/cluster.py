"""A PostgreSQL cluster of its own, to be killed without mercy."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0777",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "jit": "off",
}
_TEMPLATE = """
CREATE ROLE parvis LOGIN CREATEDB CREATEROLE;
CREATE EXTENSION postgis;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
CREATE EXTENSION btree_gist;
"""
DATABASE = "scrutin"


class Cluster:
    """A cluster in a temporary folder, reached through its Unix socket alone.

    `durable` is PostgreSQL's `synchronous_commit`: off, an acknowledged commit may be lost in a
    crash. That is the control that shows that the trial sees a loss.
    """

    def __init__(self, folder: Path, programs: Path, *, durable: bool = True) -> None:
        self.folder = folder
        self._programs = programs
        self.durable = durable
        self.more: dict[str, str] = {}
        """Settings of PostgreSQL for the next start, over the usual ones."""

    def url(self, role: str = "parvis", *, database: str = DATABASE) -> str:
        """The address of the trial's database for Django, as `role`."""
        return f"postgis://{role}@/{self.folder}/{database}"

    def copy(self, name: str) -> None:
        """Copy the trial's database to another; whoever is connected to it is sent away."""
        for statement in (
            f"DROP DATABASE IF EXISTS {name}",
            f"ALTER DATABASE {DATABASE} ALLOW_CONNECTIONS false",
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{DATABASE}'",  # noqa: S608 -- our own name
            f"CREATE DATABASE {name} TEMPLATE {DATABASE} OWNER parvis",
            f"ALTER DATABASE {DATABASE} ALLOW_CONNECTIONS true",
        ):
            self.sql(statement, database="postgres")

    def make(self) -> None:
        """Create the cluster and an empty database with its extensions, started."""
        self._as_owner(
            "initdb",
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--locale-provider=icu",
            "--icu-locale=fr",
            f"--pgdata={self._data}",
        )
        self.start()
        self.sql(_TEMPLATE, database="template1")
        self.sql(f"CREATE DATABASE {DATABASE} OWNER parvis", database="postgres")

    def start(self) -> None:
        """Start the server and wait until it answers, crash recovery included."""
        options = {**_SETTINGS, "unix_socket_directories": str(self.folder), **self.more}
        options["synchronous_commit"] = "on" if self.durable else "off"
        if not self.durable:
            options["wal_buffers"] = "64MB"
        self._as_owner(
            "pg_ctl",
            "start",
            "--wait",
            "--timeout=120",
            f"--pgdata={self._data}",
            f"--log={self._data / 'server.log'}",
            "--options=" + " ".join(f"-c {name}={value}" for name, value in options.items()),
        )

    def kill(self) -> None:
        """SIGKILL to the server and all its children at once: no goodbye, no flush."""
        server = self._pid()
        everyone = [server, *map(int, _children(server))]
        for pid in everyone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while not all(map(_is_dead, everyone)):
            if time.monotonic() > deadline:
                raise TimeoutError("PostgreSQL did not die")
            time.sleep(0.02)
        self.forget_locks()

    def forget_locks(self) -> None:
        """They name a process that nobody may have buried yet: a start would take it for alive."""
        for lock in (self._data / "postmaster.pid", self.folder / ".s.PGSQL.5432.lock"):
            lock.unlink(missing_ok=True)

    def freeze_writer(self) -> None:
        """Keep the background process from writing what commits did not wait for.

        It writes so soon that a slow vote would seldom lose anything: the control would prove
        nothing.
        """
        pid = self.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'")
        os.kill(int(pid), signal.SIGSTOP)

    def stop(self) -> None:
        """Stop the server as an administrator does, if it runs."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._as_owner("pg_ctl", "stop", "--mode=fast", f"--pgdata={self._data}")

    @contextlib.contextmanager
    def hurried(self) -> Iterator[None]:
        """Without flushing, for making tables; then everything is flushed, and durable again."""
        self.more = {"fsync": "off", "full_page_writes": "off"}
        self.restart()
        yield
        self._as_owner("sync")
        self.more = {}
        self.restart()

    @contextlib.contextmanager
    def on_small_disk(self, *, room: int) -> Iterator["SmallDisk"]:
        """Move what it holds to a disk of its own with `room` bytes left, and back as it was before.

        What is written meanwhile is lost at the end. Raises `CannotMountError` without the right
        to mount.
        """
        self.stop()
        aside = self._data.with_name("data.aside")
        self._data.rename(aside)
        try:
            self._data.mkdir()
            with _mounted(self._data, like=aside, room=room):
                subprocess.run(["cp", "--archive", f"{aside}/.", str(self._data)], check=True)  # noqa: S603, S607 -- our own folders
                self.start()
                try:
                    yield SmallDisk(self._data / "ballast")
                finally:
                    self.stop()
        finally:
            self._data.rmdir()
            aside.rename(self._data)
            self.start()

    def revive(self) -> None:
        """Start the server if it died, as its supervisor does."""
        if not self.answers():
            self.stop()
            self.forget_locks()
            self.start()

    def answers(self) -> bool:
        """Whether it takes a query."""
        with contextlib.suppress(subprocess.CalledProcessError):
            return self.sql("SELECT 1") == "1"
        return False

    def restart(self) -> None:
        """Stop and start: with the settings as they are now."""
        self.stop()
        self.start()

    def sql(self, statement: str, *, database: str | None = None, role: str = "postgres") -> str:
        """Run SQL on the trial's database, as a superuser unless told otherwise; what it printed."""
        return subprocess.run(  # noqa: S603 -- PostgreSQL's own program on our own socket
            [
                str(self._programs / "psql"),
                "--no-psqlrc",
                "--quiet",
                "--tuples-only",
                "--no-align",
                "--set=ON_ERROR_STOP=1",
                f"--host={self.folder}",
                f"--username={role}",
                f"--dbname={database or DATABASE}",
            ],
            input=statement,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def pgbench(self, arguments: Sequence[str]) -> str:
        """Run pgbench on the trial's database; its report."""
        return subprocess.run(  # noqa: S603 -- PostgreSQL's own program on our own socket
            [
                str(self._programs / "pgbench"),
                f"--host={self.folder}",
                "--username=parvis",
                *arguments,
                DATABASE,
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def cpu_seconds(self) -> float:
        """Processor time that the server and its living processes have used."""
        server = self._pid()
        ticks = 0
        for pid in (server, *_children(server)):
            with contextlib.suppress(OSError):  # one that has just ended
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _pid(self) -> int:
        return int((self._data / "postmaster.pid").read_text().splitlines()[0])

    def _as_owner(self, program: str, *arguments: str) -> None:
        """PostgreSQL refuses to run as root, so root lends it to PostgreSQL's own user."""
        inside = self._programs / program
        command = [str(inside) if inside.exists() else program, *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        # To files and not to pipes: the server inherits them and would hold the pipes open.
        with tempfile.TemporaryFile() as output:
            try:
                subprocess.run(  # noqa: S603 -- PostgreSQL's own programs
                    command,
                    check=True,
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                )
            except subprocess.CalledProcessError as error:
                output.seek(0)
                error.add_note(output.read().decode(errors="replace")[-2000:])
                raise


class CannotMountError(RuntimeError):
    """This account may not mount a disk."""


class SmallDisk:
    """A disk that one file can fill."""

    def __init__(self, ballast: Path) -> None:
        self._ballast = ballast

    def fill(self, *, seconds: float) -> None:
        """Take all that is free, and what becomes free, for a while."""
        until = time.monotonic() + seconds
        with self._ballast.open("ab", buffering=0) as file:
            while time.monotonic() < until:
                try:
                    file.write(bytes(64 * 1024))
                except OSError:
                    time.sleep(0.05)

    def empty(self) -> None:
        """Space returns."""
        self._ballast.unlink(missing_ok=True)


@contextlib.contextmanager
def _mounted(where: Path, *, like: Path, room: int) -> Iterator[None]:
    """A file system in memory, as large as what `like` holds and `room` more, with its owner."""
    taken = sum(file.stat().st_blocks * 512 for file in like.rglob("*") if file.is_file())
    owner = like.stat()
    options = f"size={taken + room},uid={owner.st_uid},gid={owner.st_gid},mode=0700"
    made = subprocess.run(  # noqa: S603 -- our own folder
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(where)],  # noqa: S607 -- found as the shell finds it
        capture_output=True,
    )
    if made.returncode:
        raise CannotMountError(made.stderr.decode(errors="replace").strip())
    try:
        yield
    finally:
        subprocess.run(["umount", str(where)], check=True)  # noqa: S603, S607 -- our own folder


def programs() -> Path | None:
    """Where PostgreSQL's server programs are, newest version first; None without a server."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    return found[-1].parent if found else None


@contextlib.contextmanager
def private_cluster(*, durable: bool = True) -> Iterator[Cluster]:
    """A cluster made for the occasion and thrown away.

    Raises `RuntimeError` on a machine without a PostgreSQL server.
    """
    where = programs()
    if where is None:
        raise RuntimeError("This machine has no PostgreSQL server of its own to be killed.")
    folder = Path(tempfile.mkdtemp(prefix="parvis-epreuve-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    folder.chmod(0o755)
    cluster = Cluster(folder, where, durable=durable)
    try:
        cluster.make()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _is_dead(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")")[-1].split()[0] == "Z"
    except OSError:
        return True
