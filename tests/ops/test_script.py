"""`parvis` says what is wrong in one sentence, before doing anything."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534


def parvis(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["./parvis", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


def test_help_names_every_command():
    for arguments in ((), ("help",), ("--help",)):
        result = parvis(*arguments)
        assert result.returncode == 0
        for command in ("demo", "test", "manage", "bench", "doctor", "help"):
            assert f"./parvis {command}" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("dmeo",), "commande inconnue : dmeo"),
        (("demo", "--prot", "8000"), "option inconnue : --prot"),
        (("demo", "--port", "http"), "« http » n'est pas un numéro de port"),
        (("demo", "--port", "99999"), "« 99999 » n'est pas un numéro de port"),
        (("demo", "--port"), "« » n'est pas un numéro de port"),
        (("demo", "--size", "huge"), "la taille est standard ou large"),
    ],
)
def test_a_wrong_word_gets_one_sentence(arguments, sentence):
    result = parvis(*arguments)

    assert result.returncode == 1
    assert f"Erreur : {sentence}" in result.stderr.replace("«  »", "« »")


def test_a_taken_port_gets_the_suggestion_of_a_free_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = parvis("demo", "--port", str(port))

    assert result.returncode == 1
    assert f"le port {port} est déjà pris" in result.stderr
    assert "./parvis demo --port " in result.stderr


@pytest.fixture
def poor_machine() -> Iterator[tuple[Path, dict[str, str]]]:
    """A copy of the script, and a PATH where neither msgfmt nor the right to install is found."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copy(ROOT / "parvis", home / "parvis")
        (home / "bin").mkdir()
        for place in ("/usr/sbin", "/usr/bin"):
            for program in Path(place).iterdir():
                shortcut = home / "bin" / program.name
                if program.name not in {"msgfmt", "sudo"} and not shortcut.is_symlink():
                    shortcut.symlink_to(program)
        if os.geteuid() == 0:
            home.chmod(0o755)
            for path in (home, home / "parvis"):
                os.chown(path, NOBODY, NOBODY)
        yield home, {"PATH": str(home / "bin"), "DATABASE_URL": "postgis://nobody@nowhere/nothing"}


def test_without_the_right_to_install_the_one_line_to_run_is_printed(poor_machine):
    home, environment = poor_machine
    other_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    result = subprocess.run(
        ["./parvis", "demo", "--port", "8159"],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        **other_user,
    )

    assert result.returncode == 1
    [line] = [line for line in result.stdout.splitlines() if "apt-get install" in line]
    assert line.split("--no-install-recommends ")[1].split()[-1] == "gettext"
    assert not (home / ".venv").exists()
