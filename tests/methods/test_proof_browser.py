"""The page's own count, in JavaScript, is that of the stand-alone script, option by option."""

import json
import random
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from participation.methods.pabulib import Election
from participation.methods.tally import draw_order
from tests.methods.scripts import RECOMPTE
from tests.methods.shared_cases import make_shared_case

DRIVER = Path(__file__).with_name("browser_count.mjs")
GROUPS = ("nord", "sud", "est")
CASES = 3_000


def make_case(drawn: random.Random) -> dict[str, Any]:
    """A small vote full of ties, with any option of the greedy rule."""
    names = drawn.sample(["p1", "p10", "p2", "é", "\U0001f333", "\uff5e", "Z"], drawn.randint(1, 6))
    group = {name: drawn.choice(GROUPS) for name in names}
    kind = drawn.choice(("approval", "cumulative", "ordinal"))
    votes = []
    for _ in range(drawn.randint(1, 9)):
        chosen = drawn.sample(names, drawn.randint(0, min(4, len(names))))
        points = [str(drawn.randint(1, 12)) for _ in chosen] if kind == "cumulative" else []
        votes.append({"vote": ",".join(chosen), "points": ",".join(points)})
    budget = drawn.randint(1, 16) * 100
    present = sorted(set(group.values()))
    quotas = [[name, budget // 3] for name in present] if drawn.random() < 0.5 else None
    remainder = drawn.choice(("lost", "pooled", "next_edition"))
    guarantees = not quotas or remainder == "pooled"
    options = {
        "rule": "greedy",
        "ballot_kind": kind,
        "rank_scores": [5, 3, 2, 1],
        "budget_cents": budget,
        "projects": [
            {"reference": name, "cost_cents": drawn.randint(1, 6) * 100, "group": group[name]}
            for name in names
        ],
        "lot": draw_order("graine", names),
        "measure": "votes" if kind == "approval" else drawn.choice(("votes", "points")),
        "on_misfit": drawn.choice(("skip", "stop")),
        "group_budgets": quotas,
        "remainder": remainder,
        "remainder_on_misfit": drawn.choice((None, "skip", "stop")),
        "minimum_winners": {name: drawn.randint(0, 2) for name in present}
        if guarantees and drawn.random() < 0.5
        else None,
        "minimum_votes": drawn.randint(0, 2),
        "minimum_points": drawn.randint(0, 2),
        "minimum_share": drawn.choice(([0, 1], [20, 100], [1, 3])),
        "minimum_cost_share": drawn.choice(([0, 1], [1, 3], [1, 1])),
        "exclusive": [drawn.sample(names, 2)] if len(names) > 1 and drawn.random() < 0.4 else [],
        "tie_chain": drawn.choice(
            (["lot"], ["lower_cost", "lot"], ["higher_votes", "lower_cost", "lot"])
        ),
    }
    return {"options": options, "votes": votes}


@pytest.mark.parametrize("make", [make_case, make_shared_case])
def test_the_page_counts_as_the_script_does(
    make: Callable[[random.Random], dict[str, Any]],
) -> None:
    drawn = random.Random(17)
    cases = [make(drawn) for _ in range(CASES)]
    seen: set[int] = set()
    for case, said in zip(cases, counted_by_the_page(cases), strict=True):
        count = RECOMPTE.Count(case["options"], case["votes"])
        assert said["winners"] == count.winners(), case
        assert said["digest"] == count.digest(), case
        assert said["votes"] == count.votes, case
        seen.add(len(said["winners"]))
    assert len(seen) > 3


def test_the_page_finds_the_winners_that_a_city_proclaimed(
    election_of: Callable[[str], Election],
) -> None:
    election = election_of("Poland_Wieliczka_2023_Green_Budget")
    options = {
        "rule": "equal_shares",
        "ballot_kind": "approval",
        "budget_cents": election.budget_cents,
        "projects": [
            {"reference": item.id, "cost_cents": item.cost_cents, "group": None}
            for item in election.projects
        ],
        "lot": draw_order("graine", [item.id for item in election.projects]),
        "tie_chain": ["lower_cost", "higher_votes", "lot"],
        "satisfaction": "cost",
        "completion": "add1",
        "add1_stop": "over_budget",
        "comparison": "greedy",
    }
    votes = [{"vote": ",".join(vote.choices), "points": ""} for vote in election.votes]
    (said,) = counted_by_the_page([{"options": options, "votes": votes}])
    assert set(said["winners"]) == {item.id for item in election.projects if item.selected}
    assert len(said["winners"]) == 30


def counted_by_the_page(cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Winners, digest and votes of each case, by the code of the proof page."""
    node = shutil.which("node")
    assert node, "Node.js is missing: ./parvis doctor says how to install it."
    done = subprocess.run(
        [node, str(DRIVER)], input=json.dumps(cases).encode(), capture_output=True, check=True
    )
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said
