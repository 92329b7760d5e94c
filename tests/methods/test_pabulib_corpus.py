"""Every public election at hand reads, agrees with itself and survives being written."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from participation.methods.pabulib import Election, inspect, read, write

REPOSITORY = Path(__file__).parents[2]

# Ballots of an experiment that add up to 98 or 99 points where the file asks for 100.
KNOWN_WARNINGS = {"Worldwide_Mechanical_Turk_Utilities_7": {"sum_of_points_out_of_bounds"}}


def test_every_file_reads_without_error_and_comes_back_unchanged(corpus: Path) -> None:
    files = sorted(corpus.glob("*.pb"))
    for path in files:
        with path.open("rb") as stream:
            report = inspect(stream)
        assert report.errors == (), path.name
        assert report.election is not None
        assert read(write(report.election).encode()) == report.election, path.name
        codes = {warning.code for warning in report.warnings}
        if path.stem in KNOWN_WARNINGS:
            assert codes == KNOWN_WARNINGS[path.stem]
        else:
            assert codes <= {"cost_over_budget"}, path.name
    print(f"{len(files)} elections read and written back")  # noqa: T201 - a figure for the reader


def test_toulouse_2024_is_what_the_city_held(election_of: Callable[[str], Election]) -> None:
    election = election_of("France_Toulouse_2024")

    assert (len(election.projects), len(election.votes)) == (183, 7260)
    assert election.budget_cents == 800_000_000
    assert len({project.district for project in election.projects}) == 20
    assert election.projects[0].cost_cents == 10_000_000
    assert election.votes[0].choices == ("279", "260", "375")


def test_the_largest_file_is_read_quickly_in_little_memory(corpus: Path) -> None:
    path = corpus / "Poland_Lodz_2022.pb"
    if not path.exists():
        pytest.skip(f"{path.name} is not in {corpus}")
    start = time.perf_counter()
    with path.open("rb") as stream:
        election = read(stream)
    elapsed = time.perf_counter() - start
    print(f"{len(election.votes)} ballots read in {elapsed:.2f} s")  # noqa: T201 - a figure for the reader
    assert len(election.votes) == 90_494

    script = (
        "import sys; from participation.methods.pabulib import read; "
        "kept = read(open(sys.argv[1], 'rb')); "
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, check=True, cwd=REPOSITORY, capture_output=True, text=True)
    kilobytes = int(done.stdout.split()[1])
    print(f"{kilobytes // 1024} MB at most, interpreter included")  # noqa: T201 - a figure for the reader
    assert kilobytes < 200_000
