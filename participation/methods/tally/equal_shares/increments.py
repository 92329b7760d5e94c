"""From the first share of each voter to the one that decides: Add1."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Literal, Protocol

from participation.methods.tally.equal_shares.electorate import (
    Ballots,
    BallotsInOrder,
    BallotsWithPoints,
    Electorate,
)
from participation.methods.tally.equal_shares.exact import Course, ExactCounts
from participation.methods.tally.equal_shares.options import EqualSharesOptions
from participation.methods.tally.equal_shares.stretches import LinearCount
from participation.methods.tally.inputs import Candidate, Profile

try:
    from participation.methods.tally.equal_shares.filtered import FilteredCounts
    from participation.methods.tally.equal_shares.merging import NumberedBallots
except ModuleNotFoundError:
    HAS_NUMPY = False
else:
    HAS_NUMPY = True

Ending = Literal["no_increment", "exhaustive", "over_budget", "all_selected"]

Arithmetic = Literal["filtered", "whole", "linear"]

# Merging fewer one after the other takes less time than making arrays.
_FEW_BALLOTS = 1000

_FEWEST_SHARES = 16

# Increments of a first share, for each voter, from which on following the share takes less time
# than counting again and again: measured with elections of 2 to 200 voters.
_LARGE_SHARE = 100


class Counts(Protocol):
    """Whatever counts several shares, given in increasing order.

    A count that has spent more than `limit` may end there, and those after it be left out.
    """

    def run(self, shares: Sequence[Fraction], limit: int | None = None) -> Iterable[Course]: ...


@dataclass(frozen=True, slots=True)
class Final:
    """The count that decides: its share, the number of increments, and why there are no more."""

    share: Fraction
    increments: int
    ending: Ending
    electorate: Electorate
    course: Course


def first_share(budget: int, voters: int, options: EqualSharesOptions) -> Fraction:
    """What each voter holds at first, in cents."""
    share = Fraction(budget, voters)
    if options.start == "floor":
        return Fraction(share // options.increment * options.increment)
    return share


def fastest(profile: Profile, budget: int, options: EqualSharesOptions) -> Arithmetic:
    """How these ballots are counted soonest here."""
    if budget >= _LARGE_SHARE * options.increment * profile.voters**2:
        return "linear"
    return "filtered" if HAS_NUMPY else "whole"


def ballots_of(profile: Profile, options: EqualSharesOptions, arithmetic: Arithmetic) -> Ballots:
    """The ballots of a profile, ready to be merged for any share."""
    if options.satisfaction == "points":
        return BallotsWithPoints(profile)
    if arithmetic == "filtered" and len(profile.ballots) > _FEW_BALLOTS:
        return NumberedBallots(profile)
    return BallotsInOrder(profile)


def most_at_once(profile: Profile) -> int:
    """How many counts side by side fit in some twenty megabytes, 128 at most."""
    return max(1, min(128, 1_200_000 // max(len(profile.ballots), 1)))


@dataclass(frozen=True, slots=True)
class Election:
    """What is counted: eligible candidates in the order of ties, and how many support each.

    `at_once` counts may be made side by side. `arithmetic` is how: in floating point that knows
    when it is not sure, which needs numpy; in whole numbers from end to end; or in functions of
    the share, which tell where the next count that differs is. The results are the same.
    """

    candidates: Sequence[Candidate]
    ballots: Ballots
    supporters: Mapping[str, int]
    budget: int
    voters: int
    at_once: int
    arithmetic: Arithmetic

    def electorate(self, share: Fraction, options: EqualSharesOptions) -> Electorate:
        """Its groups of voters, for counts with that share or less."""
        return Electorate(
            self.candidates, self.ballots, options.satisfaction, self.supporters, share
        )

    def counts(self, electorate: Electorate) -> Counts:
        """The counts of an electorate, for any shares."""
        if self.arithmetic == "filtered":
            return FilteredCounts(electorate)
        return ExactCounts(electorate)


def final_count(election: Election, options: EqualSharesOptions) -> Final:
    """Count with the first share, then with larger ones as long as the options say so."""
    share = first_share(election.budget, election.voters, options)
    if options.completion in ("add1", "add1u"):
        first = first_in_doubt(election, share, options.increment)
        counted = _by_stretches if election.arithmetic == "linear" else _one_by_one
        final = _raised(election, counted(election, share, first, options), options)
        return _with_its_electorate(election, final, options)
    electorate = election.electorate(share, options)
    (course,) = election.counts(electorate).run([share])
    return Final(share, 0, "no_increment", electorate, course)


def first_in_doubt(election: Election, share: Fraction, increment: int) -> int:
    """The increment from which counts are made: all those before would be followed by another.

    A candidate can be bought only when its supporters have its cost if none has paid anything.
    With a share such that all those candidates, and the cheapest of the others besides, cost no
    more than the budget, the count does not exceed it, whatever it buys, and another candidate
    fits in what is left. With a smaller share there are fewer of them, and the cheapest of the
    others is no dearer: what holds for a share holds for those before.
    """
    needed = sorted(
        (Fraction(item.cost, election.supporters[item.id]), item.cost)
        for item in election.candidates
    )
    cheapest_from = [cost for _, cost in needed]
    for place in range(len(needed) - 2, -1, -1):
        cheapest_from[place] = min(cheapest_from[place], cheapest_from[place + 1])
    total = 0
    for place, (_, cost) in enumerate(needed):
        if total + cheapest_from[place] > election.budget:
            break
        total += cost
    # Beyond doubt until the last candidate counted in `total` can be bought.
    doubtful = needed[place - 1][0] if place else Fraction(0)
    return max(ceil((doubtful - share) / increment) - 1, 0)


@dataclass(frozen=True, slots=True)
class _Counted:
    number: int
    share: Fraction
    electorate: Electorate
    course: Course
    spent: int


def _with_its_electorate(election: Election, final: Final, options: EqualSharesOptions) -> Final:
    """What is told of the count that decides, the same whatever was counted along with it."""
    amount, of = final.share.as_integer_ratio()
    supporters, electorate = election.supporters, final.electorate
    if all(
        not crowd.groups or supporters[item.id] * amount >= item.cost * of
        for item, crowd in zip(election.candidates, electorate.supporters, strict=True)
    ):
        return final
    return replace(final, electorate=election.electorate(final.share, options))


def _by_stretches(
    election: Election, share: Fraction, first: int, options: EqualSharesOptions
) -> Iterator[_Counted]:
    """The first and the last of each stretch of counts alike, from increment number `first`."""
    number = first
    while True:
        raised = share + number * options.increment
        electorate = election.electorate(raised, options)
        course, rise = LinearCount(electorate, raised).stretch()
        spent = sum([election.candidates[winner].cost for winner in course.bought])
        yield _Counted(number, raised, electorate, course, spent)
        # Those whose supporters could not pay with their whole shares are not in the count.
        ends = [
            Fraction(item.cost, election.supporters[item.id]) - raised
            for item, crowd in zip(election.candidates, electorate.supporters, strict=True)
            if not crowd.groups
        ]
        ends += [rise] if rise is not None else []
        last = number + max(ceil(min(ends) / options.increment) - 1, 0)
        if last > number:
            raised = share + last * options.increment
            yield _Counted(last, raised, electorate, course, spent)
        number = last + 1


def _one_by_one(
    election: Election, share: Fraction, first: int, options: EqualSharesOptions
) -> Iterator[_Counted]:
    """Every count in turn from increment number `first`, up to one that exceeds the budget.

    They are made by lots, as large as the money left and what the last lot spent more foretell.
    """
    costs = [candidate.cost for candidate in election.candidates]
    number, size = first, min(_FEWEST_SHARES, election.at_once)
    while True:
        shares = [share + (number + more) * options.increment for more in range(size)]
        electorate = election.electorate(shares[-1], options)
        spent = []
        courses = election.counts(electorate).run(shares, election.budget)
        for more, (raised, course) in enumerate(zip(shares, courses, strict=False)):
            spent.append(sum([costs[winner] for winner in course.bought]))
            yield _Counted(number + more, raised, electorate, course, spent[-1])
        number += size
        gained = spent[-1] - spent[0]
        foretold = (election.budget - spent[-1]) * size // gained if gained > 0 else 4 * size
        size = min(max(foretold, _FEWEST_SHARES), 4 * size, election.at_once)


def _raised(election: Election, counted: Iterator[_Counted], options: EqualSharesOptions) -> Final:
    costs = [candidate.cost for candidate in election.candidates]
    before: Final | None = None
    for one in counted:
        if one.spent > election.budget and before is not None:
            return before
        ending: Ending = "over_budget"
        if len(one.course.bought) == len(costs):
            ending = "all_selected"
        elif options.add1_stop == "exhaustive":
            won = set(one.course.bought)
            cheapest = min([cost for other, cost in enumerate(costs) if other not in won])
            ending = "exhaustive" if one.spent + cheapest > election.budget else ending
        before = Final(one.share, one.number, ending, one.electorate, one.course)
        if ending != "over_budget":
            return before
    raise AssertionError("there is always one more increment")
