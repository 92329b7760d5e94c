"""docs/counting.md promises a recount that anyone can run: run it, as it is printed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from participation.methods.tally import (
    RULES,
    EqualSharesOptions,
    GreedyOptions,
    PhragmenOptions,
)

REPOSITORY = Path(__file__).parents[2]
DOCUMENT = REPOSITORY / "docs" / "counting.md"


def test_the_recount_of_the_document_runs(corpus: Path, tmp_path: Path) -> None:
    election = corpus / "France_Toulouse_2024.pb"
    if not election.exists():
        pytest.skip(f"{election.name} is not in {corpus}")
    (script,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)
    recount = tmp_path / "recount.py"
    recount.write_text(script, encoding="utf-8")

    # -S leaves third-party packages out: the counting package alone must be enough.
    done = subprocess.run(
        [sys.executable, "-S", str(recount), str(election)],
        env={"PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "114 lauréats, 7999910 euros"


def test_the_document_names_every_option_and_every_reason() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    reasons = (
        "selected",
        "does_not_fit",
        "costs_more_than_envelope",
        "stopped_the_count",
        "after_the_stop",
        "below_minimum_votes",
        "below_minimum_points",
        "below_minimum_share",
        "below_minimum_cost_share",
        "excluded_by",
        "no_envelope",
        "supporters_cannot_pay",
        "supporters_never_could_pay",
        "no_support",
        "below_minimum_support",
    )
    options = (GreedyOptions, EqualSharesOptions, PhragmenOptions)
    fields = [name for one in options for name in one.__dataclass_fields__]
    for name in (*fields, *reasons, *RULES):
        assert f"`{name}`" in document, name
