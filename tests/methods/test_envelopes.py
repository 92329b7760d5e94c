"""Equal shares and Phragmén counted envelope by envelope, on elections worked by hand."""

from dataclasses import replace

import pytest

from participation.methods.tally import (
    Candidate,
    EqualSharesOptions,
    OptionsError,
    PhragmenOptions,
    Profile,
    Result,
    count,
    equal_shares,
    sequential_phragmen,
)
from tests.methods.small_elections import Small, small_elections

# 1,000 euros: 400 for the north, 300 for the south, 300 set aside for none.
NORTH_AND_SOUTH = {"north": 400_00, "south": 300_00}
CANDIDATES = (
    Candidate("well", 240_00, "north"),
    Candidate("bench", 200_00, "north"),
    Candidate("hedge", 120_00, "south"),
    Candidate("pond", 200_00, "south"),
    Candidate("clock", 350_00, None),
)
LOT = {item.id: place for place, item in enumerate(CANDIDATES)}
# Four voters of the north, three of the south, one of whom also chooses the well; one blank.
BALLOTS = [
    (("bench", "well"), None, 2),
    (("well", "clock"), None, 1),
    (("hedge", "well"), None, 1),
    (("hedge", "clock"), None, 1),
    (("pond",), None, 1),
    ((), None, 1),
]
PROFILE = Profile.from_weighted(BALLOTS)


def shares(remainder: str, **options: object) -> Result:
    given = {
        "lot": LOT,
        "completion": "none",
        "group_budgets": list(NORTH_AND_SOUTH.items()),
        "remainder": remainder,
        **options,
    }
    return count(
        rule="equal_shares",
        candidates=CANDIDATES,
        profile=PROFILE,
        budget=1000_00,
        options=given,
    )


def reasons(result: Result, candidate: str) -> list[tuple[str, str, str | None]]:
    return [(one.code, one.phase, one.group) for one in result.outcome(candidate).reasons]


def test_each_envelope_is_an_election_between_those_who_chose_one_of_its_projects() -> None:
    result = shares("lost")

    # North: four voters chose one of its projects, 100 each. All four want the well: 60 each.
    # The two of the bench have 40 each left, 80 of the 200 that it costs.
    # South: three voters, 100 each. Two want the hedge: 60 each. One wants the pond, with 100.
    assert result.winners == ("well", "hedge")
    well, hedge = result.rounds
    assert (well.phase, well.group, well.details["payment"]) == ("group", "north", "6000")
    assert (well.remaining_before, well.remaining_after) == (400_00, 160_00)
    assert (hedge.phase, hedge.group, hedge.details["payment"]) == ("group", "south", "6000")
    assert reasons(result, "bench") == [("supporters_cannot_pay", "group", "north")]
    assert result.outcome("bench").reasons[0].params["held"] == 80_00
    assert reasons(result, "pond") == [("supporters_never_could_pay", "group", "south")]
    assert reasons(result, "clock") == [("no_envelope", "group", None)]
    assert (result.spent, result.remaining, result.carried_over) == (360_00, 640_00, 0)
    assert (result.voters, result.blank) == (7, 1)
    assert result.details["envelopes"] == [
        {
            "group": "north",
            "budget": 400_00,
            "voters": 4,
            "spent": 240_00,
            "share": "10000",
            "increments": 0,
            "ending": "no_increment",
        },
        {
            "group": "south",
            "budget": 300_00,
            "voters": 3,
            "spent": 120_00,
            "share": "10000",
            "increments": 0,
            "ending": "no_increment",
        },
    ]


def test_what_they_left_may_be_for_the_next_edition() -> None:
    kept = shares("next_edition")
    assert kept.winners == shares("lost").winners
    assert kept.carried_over == kept.remaining == 640_00


def test_what_they_left_may_be_one_more_election_of_all_the_voters() -> None:
    result = shares("pooled")

    # 640 euros between the seven voters, the blank one included: 91.43 each. The two of the bench
    # hold 182.86 of its 200, the two of the clock as much of its 350, the one of the pond 91.43.
    assert result.winners == ("well", "hedge")
    assert reasons(result, "clock") == [("supporters_never_could_pay", "pooled", None)]
    assert result.outcome("clock").reasons[0].params["held"] == 182_85
    assert reasons(result, "pond")[1] == ("supporters_never_could_pay", "pooled", None)

    # With Add1, nothing changes in the envelopes: neither the bench in the 160 left in the north
    # nor the pond in the 180 left in the south would fit. Of the 640, shares of 100 buy the bench,
    # shares of 175 the clock: 550, and the pond does not fit in the 90 left.
    raised = shares("pooled", completion="add1")
    assert raised.winners == ("well", "hedge", "bench", "clock")
    assert [one.phase for one in raised.rounds] == ["group", "group", "pooled", "pooled"]
    assert raised.spent == 910_00
    pooled = raised.details["envelopes"][-1]  # type: ignore[index]  # details hold any object
    assert (pooled["group"], pooled["budget"], pooled["voters"]) == (None, 640_00, 7)


def test_phragmen_begins_again_in_each_envelope() -> None:
    options = PhragmenOptions(
        lot=LOT, group_budgets=NORTH_AND_SOUTH, remainder="pooled", on_misfit="skip"
    )
    result = sequential_phragmen(CANDIDATES, PROFILE, 1000_00, options)

    # North: the well at 60 a voter, then the bench would bring its two to 160: 160 are left, too
    # few. South: the hedge at 60, the pond at 200, 180 are left. Then 640 for all: the bench at 100
    # from nothing, the clock at 175, and the pond at 200, when 90 are left.
    assert result.winners == ("well", "hedge", "bench", "clock")
    assert [one.details["load"] for one in result.rounds if one.decision == "selected"] == [
        "6000",
        "6000",
        "10000",
        "17500",
    ]
    assert reasons(result, "pond") == [
        ("does_not_fit", "group", "south"),
        ("does_not_fit", "pooled", None),
    ]


def test_an_envelope_without_money_buys_nothing() -> None:
    result = shares("lost", group_budgets=[["north", 0], ["south", 300_00]])
    assert result.winners == ("hedge",)
    assert reasons(result, "well") == [("costs_more_than_envelope", "group", "north")]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"group_budgets": [["north", 1000_01]]}, OptionsError),
        ({"group_budgets": [["north", -1]]}, ValueError),
        ({"remainder": "given away"}, ValueError),
    ],
)
def test_envelopes_that_cannot_be_are_refused(
    wrong: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        shares(**{"remainder": "lost", **wrong})  # type: ignore[arg-type]  # wrong on purpose


def grouped(election: Small) -> Small:
    """The same election, its candidates dealt between two groups and none."""
    groups = ("north", "south", None)
    return replace(
        election,
        candidates=tuple(
            replace(item, group=groups[place % 3]) for place, item in enumerate(election.candidates)
        ),
    )


def test_an_envelope_gives_what_an_election_of_its_own_gives() -> None:
    for plain in small_elections(700, 200):
        election = grouped(plain)
        budgets = {"north": election.budget // 2, "south": election.budget // 3}
        options = EqualSharesOptions(
            lot=election.lot, increment=50, group_budgets=budgets, remainder="lost"
        )
        whole = equal_shares(election.candidates, election.profile(), election.budget, options)
        alone: list[str] = []
        for group, money in budgets.items():
            members = [item for item in election.candidates if item.group == group]
            names = {item.id for item in members}
            ballots = [
                (tuple(name for name in choices if name in names), None)
                for choices, _ in election.ballots
            ]
            profile = Profile.from_ballots(ballot for ballot in ballots if ballot[0])
            without = replace(options, group_budgets=None)
            if money:
                alone += equal_shares(members, profile, money, without).winners
        assert list(whole.winners) == alone, election.number
        assert whole.spent <= election.budget
        assert EqualSharesOptions.from_dict(whole.options) == options
