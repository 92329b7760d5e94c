"""Small votes, full of ties, by the rules that share the money between voters."""

import random
from typing import Any

from participation.methods.tally import draw_order


def make_shared_case(drawn: random.Random) -> dict[str, Any]:
    """`options` and `votes`, with any option of these rules, in envelopes or not."""
    names = drawn.sample(["p1", "p10", "p2", "é", "\U0001f333", "\uff5e", "Z"], drawn.randint(1, 6))
    group = {name: drawn.choice(("nord", "sud")) for name in names}
    kind = drawn.choice(("approval", "cumulative"))
    votes = []
    for _ in range(drawn.randint(1, 9)):
        chosen = drawn.sample(names, drawn.randint(0, min(4, len(names))))
        points = [str(drawn.randint(1, 4)) for _ in chosen] if kind == "cumulative" else []
        votes.append({"vote": ",".join(chosen), "points": ",".join(points)})
    budget = drawn.randint(1, 16) * 100
    options: dict[str, Any] = {
        "rule": drawn.choice(("phragmen", "equal_shares")),
        "ballot_kind": kind,
        "budget_cents": budget,
        "projects": [
            {"reference": name, "cost_cents": drawn.randint(1, 6) * 100, "group": group[name]}
            for name in names
        ],
        "lot": draw_order("graine", names),
        "tie_chain": drawn.choice(
            (["lot"], ["lower_cost", "lot"], ["higher_votes", "lower_cost", "lot"])
        ),
    }
    if options["rule"] == "phragmen":
        options["on_misfit"] = drawn.choice(("stop", "skip"))
    else:
        measures = ("cost", "cardinality", "points") if kind == "cumulative" else ("cost",)
        options |= {
            "satisfaction": drawn.choice((*measures, "cardinality")),
            "completion": drawn.choice(("none", "add1", "add1u", "greedy")),
            "add1_stop": drawn.choice(("exhaustive", "over_budget")),
            "increment": drawn.choice((7, 50, 100)),
            "start": drawn.choice(("exact", "floor")),
            "comparison": drawn.choice(("none", "greedy")),
            "minimum_support": drawn.choice((None, "1/3", "1")),
            "over_budget": drawn.choice(("competes", "excluded")),
        }
        if options["satisfaction"] == "points":
            options["measure"] = "points"
    if drawn.random() < 0.4:
        options["group_budgets"] = [["nord", budget // 2], ["sud", budget // 3]]
        options["remainder"] = drawn.choice(("lost", "pooled", "next_edition"))
    return {"options": options, "votes": votes}
