"""Promises about the tree itself, that no tool keeps for us."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_site_is_a_source_root_and_never_a_package():
    """`site` is a module that Python imports at start-up: a package of that name would hide it."""
    assert (ROOT / "site" / "manage.py").is_file()
    assert not (ROOT / "site" / "__init__.py").exists()


def test_site_is_never_ignored_by_git():
    lines = {line.strip() for line in (ROOT / ".gitignore").read_text().splitlines()}

    assert ".parvis/" in lines
    assert lines.isdisjoint({"site", "site/", "/site", "/site/"})


def test_continuous_integration_runs_the_newcomers_command():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()

    assert lines[-1] == "exec ./parvis test"
