"""The greedy rule worked by hand, option by option."""

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from participation.methods.pabulib import read
from participation.methods.tally import (
    Candidate,
    GreedyOptions,
    Profile,
    Reason,
    Result,
    Tie,
    UnsupportedRuleError,
    candidates_of,
    draw_order,
    greedy,
    options_of,
    points_of_ranking,
    profile_of,
)

FIXTURES = Path(__file__).parent / "fixtures"

# Budget 100. By votes: A (4 votes, costs 50), B (3; 40), C (2; 30), D (1; 10), E (nobody; 5).
CANDIDATES = (
    Candidate("A", 50, "north"),
    Candidate("B", 40, "north"),
    Candidate("C", 30, "south"),
    Candidate("D", 10, "south"),
    Candidate("E", 5, "south"),
)
BALLOTS = (("A", "B", "C", "D"), ("A", "B", "C"), ("B", "A"), ("A",), ())
LOT = {"A": 1, "B": 2, "C": 3, "D": 4, "E": 5}


def count(
    budget: int = 100,
    candidates: Sequence[Candidate] = CANDIDATES,
    ballots: Sequence[Sequence[str]] = BALLOTS,
    **options: Any,
) -> Result:
    profile = Profile.from_ballots((ballot, None) for ballot in ballots)
    return greedy(candidates, profile, budget, GreedyOptions(**{"lot": LOT, **options}))


def reasons(result: Result, candidate: str) -> list[tuple[str, str]]:
    return [(reason.phase, reason.code) for reason in result.outcome(candidate).reasons]


def test_skipping_what_does_not_fit() -> None:
    result = count()

    assert result.winners == ("A", "B", "D")
    assert (result.spent, result.remaining, result.carried_over) == (100, 0, 0)
    assert (result.voters, result.blank) == (5, 1)
    assert result.votes == {"A": 4, "B": 3, "C": 2, "D": 1, "E": 0}
    assert [
        (item.candidate, item.decision, item.votes, item.remaining_before, item.remaining_after)
        for item in result.rounds
    ] == [
        ("A", "selected", 4, 100, 50),
        ("B", "selected", 3, 50, 10),
        ("C", "misfit", 2, 10, 10),
        ("D", "selected", 1, 10, 0),
        ("E", "below_threshold", 0, 0, 0),
    ]
    assert result.outcome("B").rank == 2
    assert result.outcome("B").reasons == (
        Reason(
            "selected",
            "whole",
            None,
            {
                "cost": 40,
                "votes": 3,
                "score": 3,
                "remaining_before": 50,
                "remaining_after": 10,
            },
        ),
    )
    assert result.outcome("C").reasons == (
        Reason("does_not_fit", "whole", None, {"cost": 30, "remaining": 10, "missing": 20}),
    )
    assert result.outcome("E").reasons == (
        Reason("below_minimum_votes", "whole", None, {"votes": 0, "minimum": 1}),
    )
    assert result.ties == ()
    with pytest.raises(KeyError):
        result.outcome("F")


def test_stopping_at_the_first_that_does_not_fit() -> None:
    result = count(on_misfit="stop")

    assert result.winners == ("A", "B")
    assert reasons(result, "C") == [("whole", "stopped_the_count")]
    assert result.outcome("D").reasons == (
        Reason("after_the_stop", "whole", None, {"stopped_by": "C"}),
    )
    assert [item.candidate for item in result.rounds] == ["A", "B", "C", "E"]


def test_a_project_that_costs_more_than_everything_is_named() -> None:
    result = count(budget=45)

    assert result.winners == ("B",)
    assert result.outcome("A").reasons == (
        Reason("costs_more_than_envelope", "whole", None, {"cost": 50, "envelope": 45}),
    )


def test_a_threshold_does_not_stop_the_count() -> None:
    result = count(minimum_votes=2, on_misfit="stop", budget=130)

    assert result.winners == ("A", "B", "C")
    assert result.outcome("D").reasons == (
        Reason("below_minimum_votes", "whole", None, {"votes": 1, "minimum": 2}),
    )


def test_a_project_without_a_vote_wins_only_if_the_rule_says_so() -> None:
    assert "E" not in count(budget=1000).winners
    assert count(budget=1000, minimum_votes=0).winners == ("A", "B", "C", "D", "E")


@pytest.mark.parametrize(
    ("remainder", "winners", "carried_over"),
    [
        ("lost", ("A", "C", "D"), 0),
        ("next_edition", ("A", "C", "D"), 60),
        ("pooled", ("A", "C", "D", "B"), 0),
    ],
)
def test_what_the_groups_leave(remainder: str, winners: tuple[str, ...], carried_over: int) -> None:
    # North has 60: A (50) fits, B (40) does not. South has 40: C and D take it all.
    # The city keeps 50 of its 150 out of the groups: 50 + 10 + 0 are left.
    result = count(budget=150, group_budgets={"north": 60, "south": 40}, remainder=remainder)

    assert result.winners == winners
    assert result.carried_over == carried_over
    assert result.remaining == 150 - result.spent


def test_a_project_out_in_its_group_may_win_on_the_remainder() -> None:
    result = count(budget=150, group_budgets={"north": 60, "south": 40}, remainder="pooled")

    assert reasons(result, "B") == [("group", "does_not_fit"), ("pooled", "selected")]
    assert result.outcome("B").reasons[1].params["remaining_before"] == 60
    assert [(item.phase, item.group) for item in result.rounds if item.candidate == "B"] == [
        ("group", "north"),
        ("pooled", None),
    ]
    assert reasons(result, "E") == [("group", "below_minimum_votes")]


def test_the_remainder_may_stop_where_the_groups_skip() -> None:
    options: dict[str, Any] = {"group_budgets": {"south": 0}, "remainder": "pooled", "budget": 85}

    # All compete for 85: A takes 50, B (40) does not fit in 35, C does.
    assert count(**options).winners == ("A", "C")
    assert count(**options, remainder_on_misfit="stop").winners == ("A",)


def test_a_group_without_money_only_competes_for_a_shared_remainder() -> None:
    alone = count(group_budgets={"south": 100})
    shared = count(group_budgets={"south": 40}, remainder="pooled")

    assert alone.winners == ("C", "D")
    assert alone.outcome("A").reasons == (Reason("no_envelope", "group", "north", {}),)
    assert shared.winners == ("C", "D", "A")
    assert reasons(shared, "A") == [("pooled", "selected")]


def test_groups_are_served_in_the_order_of_the_options() -> None:
    groups = {"south": 40, "north": 60}

    result = count(group_budgets=groups)

    assert result.winners == ("C", "D", "A")
    assert result.options["group_budgets"] == [["south", 40], ["north", 60]]


# Three projects with two votes each; P and Q cost the same.
TIED = (Candidate("P", 40), Candidate("Q", 40), Candidate("R", 60))
TIED_BALLOTS = (("P", "Q", "R"), ("P", "Q", "R"))
TIED_LOT = {"R": 1, "Q": 2, "P": 3}


@pytest.mark.parametrize(
    ("chain", "winners", "decided_by"),
    [
        (("lower_cost", "lot"), ("Q", "P"), ("lot", "lower_cost")),
        (("higher_cost", "lot"), ("R", "Q"), ("higher_cost", "lot")),
        (("lot",), ("R", "Q"), ("lot", "lot")),
        (("higher_votes", "lower_cost", "lot"), ("Q", "P"), ("lot", "lower_cost")),
    ],
)
def test_ties_fall_by_the_declared_chain(
    chain: tuple[str, ...], winners: tuple[str, ...], decided_by: tuple[str, ...]
) -> None:
    result = count(100, TIED, TIED_BALLOTS, tie_chain=chain, lot=TIED_LOT)

    assert result.winners == winners
    (tie,) = result.ties
    assert tie.decided_by == decided_by
    assert (tie.score, tie.phase, tie.decisive) == (2, "whole", True)


@pytest.mark.parametrize(
    ("budget", "on_misfit", "decisive"),
    [
        (140, "skip", False),  # all three win
        (30, "skip", False),  # none fits, whatever the order
        (80, "skip", True),  # P and Q, or R alone
        (50, "skip", True),  # P or Q
        (30, "stop", False),
        (59, "stop", True),
        (140, "stop", False),
    ],
)
def test_a_tie_is_decisive_when_another_order_gives_other_winners(
    budget: int, on_misfit: str, decisive: bool
) -> None:
    result = count(budget, TIED, TIED_BALLOTS, lot=TIED_LOT, on_misfit=on_misfit)

    assert [tie.decisive for tie in result.ties] == [decisive]


def test_a_tie_after_the_stop_decides_nothing() -> None:
    candidates = (Candidate("X", 90), *TIED)
    ballots = (("X", "P", "Q", "R"), ("X", "P", "Q", "R"), ("X",))

    result = count(80, candidates, ballots, lot={"X": 9, **TIED_LOT}, on_misfit="stop")

    assert result.winners == ()
    assert result.ties == (
        Tie("whole", None, 2, ("Q", "P", "R"), ("lot", "lower_cost"), decisive=False),
    )


def test_points_rank_before_votes() -> None:
    profile = Profile.from_ballots(
        [(("A", "B"), (1, 5)), (("A",), (1,)), (("B", "A"), (2, 1)), ((), None)]
    )
    by_points = GreedyOptions(lot=LOT, measure="points", minimum_points=4)
    result = greedy(CANDIDATES[:2], profile, 60, by_points)

    assert result.winners == ("B",)
    assert [(item.candidate, item.votes, item.score) for item in result.outcomes] == [
        ("A", 3, 3),
        ("B", 2, 7),
    ]
    assert result.outcome("A").reasons == (
        Reason("below_minimum_points", "whole", None, {"points": 3, "minimum": 4}),
    )
    assert greedy(CANDIDATES[:2], profile, 60, GreedyOptions(lot=LOT)).winners == ("A",)


def test_equal_points_go_to_the_most_votes_if_the_chain_says_so() -> None:
    profile = Profile.from_ballots([(("A", "B"), (2, 1)), (("B",), (1,))])

    def first(*chain: str) -> str:
        options: dict[str, Any] = {"measure": "points", "tie_chain": chain}
        return greedy(CANDIDATES[:2], profile, 90, GreedyOptions(lot=LOT, **options)).winners[0]

    assert first("higher_votes", "lot") == "B"
    assert first("lot") == "A"


def test_rankings_become_points() -> None:
    assert points_of_ranking(("A", "B", "C"), (5, 2, 1)) == (5, 2, 1)
    assert points_of_ranking(("A",), (5, 2, 1)) == (5,)
    assert points_of_ranking(("A", "B"), (5,)) == (5, 0)
    assert points_of_ranking((), (5, 2, 1)) == ()


def test_the_village_is_counted_from_its_file(village: bytes) -> None:
    election = read(village)
    lot = draw_order("graine", [project.id for project in election.projects])

    result = greedy(
        candidates_of(election, group_by="district"),
        profile_of(election),
        election.budget_cents,
        options_of(election, lot=lot),
    )

    # Banc 300 (5 votes), then 4 votes each: the swing at 400 before the well at 500.25.
    assert result.winners == ("bench", "swing", "hedge")
    assert result.spent == 90_000
    assert result.votes == {project.id: project.votes for project in election.projects}
    assert [tie.candidates for tie in result.ties] == [("swing", "well")]
    assert reasons(result, "arch") == [("whole", "costs_more_than_envelope")]


def test_the_points_election_is_counted_from_its_file(points_file: bytes) -> None:
    election = read(points_file)
    lot = draw_order("graine", [project.id for project in election.projects])

    result = greedy(
        candidates_of(election),
        profile_of(election),
        election.budget_cents,
        options_of(election, lot=lot),
    )

    # Pond 15 points; lamp and path 10 each and 2 votes each: the cheaper lamp first.
    assert result.winners == ("pond", "lamp")
    assert {item.candidate: item.score for item in result.outcomes} == {
        "pond": 15,
        "lamp": 10,
        "path": 10,
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rule;greedy\n", "rule;greedy-custom\n"),
        ("rule;greedy\n", "rule;unknown\n"),
        ("rule;greedy\n", "rule;greedy-threshold\nmin_project_score_threshold;5%\n"),
    ],
)
def test_a_rule_that_the_file_does_not_settle_is_refused_by_name(
    village: bytes, old: str, new: str
) -> None:
    election = read(village.decode().replace(old, new).encode())
    with pytest.raises(UnsupportedRuleError, match=election.rule):
        options_of(election, lot={})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"measure": "stars"}, "measure must be"),
        ({"on_misfit": "cry"}, "on_misfit must be"),
        ({"remainder": "eaten"}, "remainder must be"),
        ({"remainder_on_misfit": "cry"}, "remainder_on_misfit must be"),
        ({"tie_chain": ("lower_cost",)}, "must end with the lot"),
        ({"tie_chain": ()}, "must end with the lot"),
        ({"tie_chain": ("lot", "lower_cost", "lot")}, "each criterion once"),
        ({"tie_chain": ("beauty", "lot")}, "tie_chain must be"),
        ({"lot": {"A": 1, "B": 1}}, "same rank"),
        ({"group_budgets": {"north": -1}}, "negative"),
        ({"minimum_votes": -1}, "negative"),
        ({"lot": {"A": 1}}, "no rank in the lot for: B, C, D, E"),
        ({"group_budgets": {"north": 101}}, "exceed the whole budget"),
    ],
)
def test_options_that_cannot_count_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        count(**options)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"budget": 0}, "budget must be positive"),
        ({"candidates": (*CANDIDATES, Candidate("A", 3))}, "same identifier"),
        ({"candidates": (Candidate("A", 0),), "ballots": ()}, "cost of A must be positive"),
        ({"ballots": (("A", "Z"), ("Y",))}, "unknown candidates: Y, Z"),
        ({"ballots": (("A", "A"),)}, "names a project twice"),
    ],
)
def test_inputs_that_cannot_be_counted_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        count(**arguments)


def test_a_ballot_whose_points_do_not_match_is_refused() -> None:
    with pytest.raises(ValueError, match="2 choices and 1 points"):
        Profile.from_ballots([(("A", "B"), (1,))])
    with pytest.raises(ValueError, match="must be positive"):
        Profile.from_weighted([(("A",), None, 0)])


def test_the_json_of_a_count_never_changes() -> None:
    """A published result is a promise: when this fails, METHOD_VERSION must change."""
    result = count(budget=150, group_budgets={"north": 60, "south": 40}, remainder="pooled")
    published = (FIXTURES / "count.json").read_text(encoding="utf-8").rstrip("\n")

    assert result.to_json() == published
    content = json.loads(published)
    assert list(content) == sorted(content)
    assert {"rule", "options", "budget", "winners", "spent", "rounds", "ties"} <= content.keys()
    assert {"input_sha256", "method_version"} <= content.keys()


def test_a_share_of_the_voters_is_exact() -> None:
    # 5 ballots, one of them blank: C has 2 votes, two fifths exactly.
    assert "C" in count(budget=200, minimum_share=Fraction(2, 5)).winners
    result = count(budget=200, minimum_share=Fraction(41, 100))

    assert result.winners == ("A", "B")
    assert result.outcome("C").reasons == (
        Reason("below_minimum_share", "whole", None, {"votes": 2, "minimum": 3}),
    )


def test_a_dear_project_needs_more_votes() -> None:
    # One third of the share of the money, as in Świecie: with 100, A (50) needs 5/6 of a vote.
    assert count(minimum_cost_share=Fraction(1, 3)).winners == count().winners
    # Twice the share of the money: A needs 5 votes of 5, B 4, C 3, D 1.
    result = count(minimum_cost_share=Fraction(2))

    assert result.winners == ("D",)
    assert result.outcome("A").reasons == (
        Reason("below_minimum_cost_share", "whole", None, {"votes": 4, "minimum": 5}),
    )


def test_only_one_of_exclusive_projects_wins() -> None:
    result = count(budget=200, exclusive=(("A", "B"), ("B", "C")))

    assert result.winners == ("A", "C", "D")
    assert reasons(result, "B") == [("whole", "excluded_by")]
    assert result.outcome("B").reasons[0].params == {"winner": "A"}
    assert [(item.candidate, item.decision) for item in result.rounds][1] == ("B", "excluded")


def test_an_excluded_project_does_not_stop_the_count() -> None:
    # B (40) would not fit in what A leaves, and would stop the count, were it not excluded by A.
    result = count(budget=80, on_misfit="stop", exclusive=(("A", "B"),))

    assert result.winners == ("A", "C")
    assert count(budget=80, on_misfit="stop").winners == ("A",)


def test_a_project_that_lost_excludes_nobody() -> None:
    # A does not fit; its rival B may win.
    assert count(budget=45, exclusive=(("A", "B"),)).winners == ("B",)


def test_exclusive_projects_that_tie_are_decided_by_the_chain() -> None:
    ballots = (("C", "D"), ("C", "D"))
    result = count(ballots=ballots, exclusive=(("C", "D"),))

    assert result.winners == ("D",)
    assert [(tie.candidates, tie.decisive) for tie in result.ties] == [(("D", "C"), True)]


def test_each_group_is_guaranteed_winners() -> None:
    # By votes alone north takes all: A and B leave 10, which only D can use.
    result = count(budget=90, minimum_winners={"south": 1})

    assert count(budget=90).winners == ("A", "B")
    # C, the best placed of the south, first; then A; B no longer fits; D does.
    assert result.winners == ("C", "A", "D")
    assert [(item.candidate, item.phase) for item in result.rounds[:2]] == [
        ("C", "guaranteed"),
        ("A", "whole"),
    ]


def test_a_guaranteed_winner_too_dear_gives_way_to_the_next() -> None:
    result = count(budget=20, minimum_winners={"south": 1, "north": 1})

    assert result.winners == ("D",)
    assert reasons(result, "C") == [
        ("guaranteed", "costs_more_than_envelope"),
        ("whole", "costs_more_than_envelope"),
    ]


def test_guaranteed_winners_come_out_of_the_pooled_remainder() -> None:
    options = {"group_budgets": {"north": 90, "south": 5}, "remainder": "pooled"}
    result = count(budget=130, **options, minimum_winners={"south": 2})

    # North spends its 90; the south, whose envelope buys nothing, gets C then D of the 40 left.
    assert result.winners == ("A", "B", "C", "D")
    assert {item.candidate for item in result.rounds if item.phase == "guaranteed"} >= {"C", "D"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"minimum_share": Fraction(3, 2)},
        {"minimum_cost_share": Fraction(-1)},
        {"exclusive": (("A",),)},
        {"exclusive": (("A", "A"),)},
        {"exclusive": (("A", "nobody"),)},
        {"minimum_winners": {"south": -1}},
        {"minimum_winners": {"west": 1}},
        {"minimum_winners": {"south": 1}, "group_budgets": {"south": 10}},
    ],
)
def test_options_that_cannot_be_counted_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"minimum|exclusive"):
        count(**wrong)
