"""Equal shares and Phragmén on elections small enough to be worked by hand."""

from fractions import Fraction

import pytest

from participation.methods.tally import (
    Candidate,
    EqualSharesOptions,
    PhragmenOptions,
    Profile,
    Result,
    equal_shares,
    sequential_phragmen,
)

# Six voters, 600 euros, 100 euros each. The bench and the well are chosen by the same four; the
# hedge by the two others.
CANDIDATES = (Candidate("bench", 320_00), Candidate("well", 240_00), Candidate("hedge", 200_00))
BALLOTS = [(("bench", "well"), None, 4), (("hedge",), None, 2)]
LOT = {"bench": 1, "well": 2, "hedge": 3}


def count(
    ballots: list[tuple[tuple[str, ...], tuple[int, ...] | None, int]],
    candidates: tuple[Candidate, ...] = CANDIDATES,
    budget: int = 600_00,
    **options: object,
) -> Result:
    given = {"lot": {item.id: place for place, item in enumerate(candidates)}, **options}
    return equal_shares(
        candidates, Profile.from_weighted(ballots), budget, EqualSharesOptions.from_dict(given)
    )


def test_the_minority_gets_its_share() -> None:
    result = count(BALLOTS, completion="none")

    # The well and the bench both have four effective votes: the cheaper is bought first, 60 each.
    # The bench costs 80 each and they have 40 left; the hedge takes all that the others have.
    assert result.winners == ("well", "hedge")
    well, hedge = result.rounds
    assert dict(well.details) == {
        "price": "1/4",
        "payment": "6000",
        "effective_votes": "4",
        "payers": 4,
        "full_payers": 4,
        "held_before": "40000",
        "held_after": "16000",
    }
    assert hedge.details["effective_votes"] == "2"
    assert hedge.details["held_after"] == "0"
    (tie,) = result.ties
    assert (tie.candidates, tie.decided_by, tie.decisive) == (
        ("well", "bench"),
        ("lower_cost",),
        True,
    )
    (reason,) = result.outcome("bench").reasons
    assert reason.code == "supporters_cannot_pay"
    assert reason.params == {"cost": 320_00, "held": 160_00, "missing": 160_00}
    assert result.details == {"share": "10000", "increments": 0, "ending": "no_increment"}


def test_a_voter_with_less_left_gives_all_and_the_others_share_the_rest() -> None:
    candidates = (Candidate("path", 30_00), Candidate("square", 90_00))
    ballots = [(("path", "square"), None, 1), (("square",), None, 2)]
    result = count(ballots, candidates, 120_00, completion="none", satisfaction="cardinality")

    # 40 each. Alone, the path costs its one supporter 30; the square costs 30 each and is tied.
    assert result.winners == ("path", "square")
    square = result.rounds[1]
    # 10 from the first voter, 40 from each of the two others, who have nothing left.
    assert square.details["payment"] == "4000"
    assert (square.details["payers"], square.details["full_payers"]) == (3, 2)
    assert square.details["held_after"] == "0"


def test_points_weigh_the_payments() -> None:
    candidates = (Candidate("pond", 60_00), Candidate("swing", 60_00))
    ballots = [(("pond", "swing"), (3, 1), 1), (("pond",), (1,), 1), (("swing",), (1,), 1)]
    result = count(ballots, candidates, 150_00, completion="none", satisfaction="points")

    # 50 each. The pond: 15 a point, that is 45 and 15. The swing would cost 30 a point; the first
    # voter has 5 left and gives it, but the other would have to give 55 of her 50.
    assert result.winners == ("pond",)
    assert result.rounds[0].details["payment"] == "1500"
    assert result.outcome("pond").score == 4
    assert result.outcome("swing").reasons[0].params["held"] == 55_00


def test_add1_stops_at_the_first_exhaustive_outcome_or_goes_on() -> None:
    # Ten voters, 10 each. At 10: the park alone, 8 each of its five supporters (40). The school
    # needs 12 each of the five others; the gate needs 15 of one voter.
    candidates = (Candidate("park", 40_00), Candidate("school", 60_00), Candidate("gate", 15_00))
    ballots = [
        (("park",), None, 5),
        (("school",), None, 4),
        (("gate", "school"), None, 1),
    ]
    stopped = count(ballots, candidates, 100_00, completion="add1")
    assert stopped.winners == ("park", "school")
    assert stopped.details == {"share": "1200", "increments": 2, "ending": "exhaustive"}

    # Going on, the gate would be bought with 27 each: 115 is too much, so 26 each is kept.
    going_on = count(ballots, candidates, 100_00, completion="add1", add1_stop="over_budget")
    assert going_on.winners == ("park", "school")
    assert going_on.details == {"share": "2600", "increments": 16, "ending": "over_budget"}

    half = count(ballots, candidates, 100_00, completion="add1", increment=150)
    assert (half.details["share"], half.details["increments"]) == ("1300", 2)


def test_the_first_share_may_be_rounded_down() -> None:
    candidates = (Candidate("oak", 10_00),)
    ballots = [(("oak",), None, 1), ((), None, 2)]
    exact = count(ballots, candidates, 31_00, completion="none")
    rounded = count(ballots, candidates, 31_00, completion="none", start="floor")

    assert exact.details["share"] == "3100/3"
    assert rounded.details["share"] == "1000"
    assert exact.winners == rounded.winners == ("oak",)
    assert (exact.voters, exact.blank) == (3, 2)


def test_money_left_may_go_to_projects_by_votes() -> None:
    candidates = (*CANDIDATES, Candidate("fountain", 100_00), Candidate("lamp", 20_00))
    ballots = [
        (("bench", "well"), None, 4),
        (("hedge",), None, 1),
        (("fountain", "hedge"), None, 1),
        (("lamp",), None, 1),
    ]
    result = count(ballots, candidates, 700_00, completion="greedy")

    assert result.winners == ("well", "hedge", "lamp", "fountain")
    bench, fountain = result.rounds[-2:]
    assert (bench.candidate, bench.decision, bench.phase) == ("bench", "misfit", "completion")
    assert (fountain.candidate, fountain.decision) == ("fountain", "selected")
    assert result.outcome("bench").reasons[0].code == "does_not_fit"
    assert result.spent == 560_00
    # Add1 reaches the fountain with its own increments.
    raised = count(ballots, candidates, 700_00, completion="add1u")
    assert raised.spent <= 700_00


def test_the_count_by_votes_is_kept_when_more_voters_prefer_it() -> None:
    candidates = (Candidate("hall", 100_00), Candidate("kiosk", 40_00))
    ballots = [(("hall",), None, 3), (("kiosk",), None, 2)]
    # 20 each: the hall would need 33 each of its three supporters.
    alone = count(ballots, candidates, 100_00, completion="none")
    compared = count(ballots, candidates, 100_00, completion="none", comparison="greedy")

    assert alone.winners == ("kiosk",)
    assert compared.winners == ("hall",)
    assert compared.details["comparison"] == {
        "preferred": "greedy",
        "voters_for_equal_shares": 2,
        "voters_for_greedy": 3,
        "equal_shares": ["kiosk"],
        "greedy": ["hall"],
    }
    assert compared.rounds[0].phase == "comparison"
    assert compared.outcome("kiosk").reasons[0].code == "does_not_fit"
    # As many on both sides: equal shares are kept.
    even = [(("hall",), None, 2), (("kiosk",), None, 2)]
    kept = count(even, candidates, 100_00, completion="none", comparison="greedy")
    assert kept.winners == ("kiosk",)


def test_a_minimum_of_support_follows_the_cost() -> None:
    # A project that costs half of the budget needs a third of a half of the voters: 1 of 6.
    candidates = (Candidate("dear", 300_00), Candidate("cheap", 60_00), Candidate("mid", 301_00))
    ballots = [(("dear",), None, 1), (("cheap",), None, 1), (("mid",), None, 1), ((), None, 3)]
    result = count(ballots, candidates, 600_00, minimum_support="1/3", completion="greedy")

    assert result.outcome("mid").reasons[0].code == "below_minimum_support"
    assert result.outcome("mid").reasons[0].params == {"votes": 1, "voters": 6, "minimum": 2}
    assert result.winners == ("cheap", "dear")
    assert result.options["minimum_support"] == "1/3"


@pytest.mark.parametrize("over_budget", ["competes", "excluded"])
def test_a_project_above_the_budget_is_named(over_budget: str) -> None:
    candidates = (Candidate("palace", 700_00), Candidate("shed", 50_00), Candidate("nobody", 1_00))
    ballots = [(("palace",), None, 5), (("shed",), None, 1)]
    result = count(ballots, candidates, over_budget=over_budget)

    assert result.winners == ("shed",)
    assert result.outcome("palace").reasons[0].code == "costs_more_than_envelope"
    assert result.outcome("palace").reasons[0].params == {"cost": 700_00, "envelope": 600_00}
    assert result.outcome("nobody").reasons[0].code == "no_support"


def test_nothing_to_count_is_a_result() -> None:
    for ballots in ([], [((), None, 3)]):
        result = count(ballots)
        assert (result.winners, result.spent, result.rounds) == ((), 0, ())
        assert {item.reasons[0].code for item in result.outcomes} == {"no_support"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"completion": "add2"},
        {"increment": 0},
        {"minimum_support": "-1/3"},
        {"tie_chain": ["lower_cost"]},
        {"lot": {"bench": 1, "well": 1, "hedge": 2}},
        {"lot": {"bench": 1}},
    ],
)
def test_options_that_are_not_one_rule_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        count(BALLOTS, **wrong)


def test_options_survive_their_publication() -> None:
    options = EqualSharesOptions(
        lot=LOT, minimum_support=Fraction(1, 3), add1_stop="over_budget", comparison="greedy"
    )
    assert EqualSharesOptions.from_dict(options.as_dict()) == options
    phragmen = PhragmenOptions(lot=LOT, on_misfit="skip")
    assert PhragmenOptions.from_dict(phragmen.as_dict()) == phragmen


def test_phragmen_shares_the_load() -> None:
    profile = Profile.from_weighted(BALLOTS)
    result = sequential_phragmen(CANDIDATES, profile, 600_00, PhragmenOptions(lot=LOT))

    # 60 each for the well, 80 for the bench, 100 for the hedge; then the bench would bring its
    # supporters to 140 each, and costs more than is left.
    assert result.winners == ("well", "hedge")
    assert [item.details.get("load") for item in result.rounds] == ["6000", "10000", None]
    assert result.outcome("bench").reasons[0].code == "stopped_the_count"


def test_phragmen_may_skip_what_does_not_fit() -> None:
    candidates = (Candidate("dear", 90_00), Candidate("fair", 60_00), Candidate("small", 30_00))
    lot = {"dear": 1, "fair": 2, "small": 3}
    ballots = [(("dear",), None, 3), (("fair",), None, 1), (("small",), None, 1)]
    profile = Profile.from_weighted(ballots)
    stop = sequential_phragmen(candidates, profile, 100_00, PhragmenOptions(lot=lot))
    skip = sequential_phragmen(
        candidates, profile, 100_00, PhragmenOptions(lot=lot, on_misfit="skip")
    )

    # The small one and the dear one are tied at 30: both must fit in what is left, or it stops.
    assert stop.winners == ("small",)
    assert stop.outcome("fair").reasons[0].params == {"stopped_by": "dear"}
    assert skip.winners == ("small", "fair")
    assert skip.outcome("dear").reasons[0].code == "does_not_fit"


def test_points_that_floating_point_cannot_tell_apart_are_told_apart() -> None:
    many = 2**53
    candidates = (Candidate("first", 100_00), Candidate("second", 100_00))
    result = count(
        [(("first", "second"), (many, many), 1), (("second",), (1,), 1)],
        candidates,
        300_00,
        satisfaction="points",
        completion="none",
    )

    # The lot prefers the first, but the second costs a little less for each point.
    assert result.winners[0] == "second"
    assert result.ties == ()
