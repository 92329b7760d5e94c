"""Counting and reading: our CPU time against that of pabutools, another program, in the same run.

Each measure is a process of its own, so that its peak memory is its own too. A short one is made
again, on both sides, and the best time kept: other work on the machine would weigh on it most.
"""

import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from config.bench.tables import table

WIELICZKA = "Poland_Wieliczka_2023_Green_Budget"
TOULOUSE = "France_Toulouse_2024"
LODZ = "Poland_Lodz_2022"

# File, rule, at least how many times faster than pabutools.
MEASURES = (
    (WIELICZKA, "add1", 40),
    (TOULOUSE, "add1", 50),
    (LODZ, "add1", 200),
    (WIELICZKA, "equal_shares", 40),
    (TOULOUSE, "equal_shares", 40),
    (LODZ, "equal_shares", 40),
    (WIELICZKA, "phragmen", 8),
    (TOULOUSE, "phragmen", 8),
    (LODZ, "phragmen", 8),
    (WIELICZKA, "read", 5),
    (TOULOUSE, "read", 5),
    (LODZ, "read", 5),
)
MEGABYTES = 120
_MOST_TIMES = 50
_NAMES = {
    "add1": "parts égales, Add1",
    "equal_shares": "parts égales",
    "phragmen": "Phragmén",
    "read": "lecture du fichier",
}


def run() -> Iterator[str]:
    """Time every measure on both sides; says what is missing instead of failing."""
    folder = Path(
        os.environ.get("PABULIB_DIR", settings.ROOT.parent / "shared" / "data" / "pabulib")
    )
    missing = sorted({name for name, _, _ in MEASURES if not (folder / f"{name}.pb").exists()})
    if missing:
        yield (
            f"\nDépouillement : {', '.join(missing)} absent de {folder} (variable PABULIB_DIR) ; "
            "mesure non faite."
        )
        return
    has_witness = importlib.util.find_spec("pabutools") is not None
    if not has_witness:
        yield (
            "\nDépouillement : pabutools n’est pas installé (./parvis test l’installe) ; "
            "les rapports manquent."
        )
    rows = []
    for name, rule, goal in MEASURES:
        file = str(folder / f"{name}.pb")
        ours = _measured("ours", file, rule)
        witness = _measured("pabutools", file, rule) if has_witness else None
        rows.append((name, _NAMES[rule], *_cells(ours, witness, goal)))
    yield table(
        f"Dépouillement, temps de processeur ({MEGABYTES} Mo au plus)",
        ("fichier", "mesure", "s", "pabutools s", "rapport", "au moins", "Mo", "lauréats"),
        rows,
    )


def _cells(ours: Mapping[str, Any], witness: Mapping[str, Any] | None, goal: int) -> list[str]:
    seconds = ours["seconds"]
    cells = [f"{seconds:.3f}"]
    if witness is None:
        cells += ["–", "–"]
    else:
        cells += [f"{witness['seconds']:.2f}", f"{witness['seconds'] / seconds:.0f}"]
    cells += [str(goal), f"{ours['megabytes']:.0f}"]
    if witness is None or ours["winners"] is None:
        return [*cells, "–"]
    return [*cells, "les mêmes" if ours["winners"] == witness["winners"] else "DIFFÉRENTS"]


def _measured(side: str, file: str, rule: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "config.bench.tally", side, file, rule]
    environment = {**os.environ, "PYTHONPATH": f"{settings.SITE_DIR}:{settings.ROOT}"}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 -- our own command
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _ours(file: str, rule: str) -> tuple[float, list[str] | None]:
    from participation.methods.pabulib import read
    from participation.methods.tally import (
        EqualSharesOptions,
        PhragmenOptions,
        candidates_of,
        draw_order,
        equal_shares,
        profile_of,
        sequential_phragmen,
    )

    start = time.process_time()
    with Path(file).open("rb") as stream:
        election = read(stream)
    seconds = time.process_time() - start
    if rule == "read":
        return seconds, None
    candidates, profile = candidates_of(election), profile_of(election)
    budget = election.budget_cents
    lot = draw_order("bench", [item.id for item in candidates])

    def count() -> list[str]:
        if rule == "phragmen":
            result = sequential_phragmen(candidates, profile, budget, PhragmenOptions(lot=lot))
        else:
            options = EqualSharesOptions(lot=lot, completion="add1" if rule == "add1" else "none")
            result = equal_shares(candidates, profile, budget, options)
        return sorted(result.winners)

    return _best(count)


def _pabutools(file: str, rule: str) -> tuple[float, list[str] | None]:
    from pabutools.election import Cost_Sat, parse_pabulib
    from pabutools.rules import method_of_equal_shares, sequential_phragmen
    from pabutools.tiebreaking import TieBreakingRule

    from participation.methods.tally import draw_order

    start = time.process_time()
    instance, ballots = parse_pabulib(file)
    seconds = time.process_time() - start
    if rule == "read":
        return seconds, None
    profile = ballots.as_multiprofile()
    votes = {project: ballots.approval_score(project) for project in instance}
    lot = draw_order("bench", [project.name for project in instance])
    ties = TieBreakingRule(lambda _i, _p, item: (item.cost, -votes[item], lot[item.name]))

    def count() -> list[str]:
        if rule == "phragmen":
            won = sequential_phragmen(instance, profile, tie_breaking=ties)
        else:
            increment = 1 if rule == "add1" else None
            won = method_of_equal_shares(
                instance, profile, Cost_Sat, tie_breaking=ties, voter_budget_increment=increment
            )
        return sorted(project.name for project in won)

    return _best(count)


def _best(count: Callable[[], list[str]]) -> tuple[float, list[str]]:
    """The least time of the counts that fit in a second, the same second on both sides."""
    times: list[float] = []
    winners: list[str] = []
    while not times or (len(times) < _MOST_TIMES and sum(times) < 1):
        start = time.process_time()
        winners = count()
        times.append(time.process_time() - start)
    return min(times), winners


def main(side: str, file: str, rule: str) -> None:
    """One measure, as JSON on the standard output."""
    seconds, winners = (_ours if side == "ours" else _pabutools)(file, rule)
    measured = {"seconds": seconds, "winners": winners, "megabytes": _peak_kilobytes() / 1024}
    sys.stdout.write(json.dumps(measured))


def _peak_kilobytes() -> int:
    """Our own peak memory: that of `getrusage` begins with the peak of the process we come from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (peak,) = re.findall(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(peak)


if __name__ == "__main__":
    main(*sys.argv[1:])
