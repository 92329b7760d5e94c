"""Inputs of the counting tests: small invented files, and the public corpus when it is there."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from participation.methods.pabulib import Election, read

# A slow machine is not a failure: no example has a deadline.
settings.register_profile("methods", deadline=None)
settings.load_profile("methods")

FIXTURES = Path(__file__).parent / "fixtures"
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def village() -> bytes:
    """An approval election of five projects and eight voters; blank cells, quotes, own columns."""
    return (FIXTURES / "village.pb").read_bytes()


@pytest.fixture
def points_file() -> bytes:
    """An election of three projects and four voters with ten points each."""
    return (FIXTURES / "points.pb").read_bytes()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of public Pabulib elections, which the repository does not carry."""
    folder = Path(os.environ.get("PABULIB_DIR", REPOSITORY / "../shared/data/pabulib")).resolve()
    if not any(folder.glob("*.pb")):
        pytest.skip(f"no Pabulib corpus in {folder}; set PABULIB_DIR to a folder of .pb files")
    return folder


@pytest.fixture(scope="session")
def election_of(corpus: Path) -> Callable[[str], Election]:
    """Read one election of the corpus by its file name without the suffix."""

    def load(name: str) -> Election:
        with (corpus / f"{name}.pb").open("rb") as stream:
            return read(stream)

    return load
