"""From the first share of each voter to the one that decides: Add1."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import repeat
from typing import Literal, Protocol

from participation.methods.tally.equal_shares.electorate import Electorate
from participation.methods.tally.equal_shares.exact import Course, ExactCounts
from participation.methods.tally.equal_shares.options import EqualSharesOptions
from participation.methods.tally.inputs import Candidate, Profile

try:
    from participation.methods.tally.equal_shares.filtered import FilteredCounts
except ModuleNotFoundError:
    HAS_NUMPY = False
else:
    HAS_NUMPY = True

Ending = Literal["no_increment", "exhaustive", "over_budget", "all_selected"]

_FIRST_SHARES = 16
_FIRST_STAGE = 64


class Counts(Protocol):
    """Whatever counts several shares; it prefers `at_once` of them at a time."""

    @property
    def at_once(self) -> int: ...

    def run(self, shares: Sequence[Fraction], limit: int | None = None) -> list[Course]: ...


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


@dataclass(frozen=True, slots=True)
class Election:
    """What is counted: eligible candidates in the order of ties, and how many support each."""

    candidates: Sequence[Candidate]
    profile: Profile
    supporters: Mapping[str, int]
    budget: int
    voters: int

    def electorate(self, share: Fraction, options: EqualSharesOptions) -> Electorate:
        """Its groups of voters, for counts with that share or less."""
        return Electorate(
            self.candidates, self.profile, options.satisfaction, self.supporters, share
        )


def final_count(election: Election, options: EqualSharesOptions) -> Final:
    """Count with the first share, then with larger ones as long as the options say so."""
    share = first_share(election.budget, election.voters, options)
    if options.completion in ("add1", "add1u"):
        return _raised(election, _counted(election, share, options), options)
    electorate = election.electorate(share, options)
    course = counts_of(electorate).run([share])[0]
    return Final(share, 0, "no_increment", electorate, course)


def counts_of(electorate: Electorate) -> Counts:
    """The fast way to count when numpy is installed, the plain one otherwise; same results."""
    return FilteredCounts(electorate) if HAS_NUMPY else ExactCounts(electorate)


def _counted(
    election: Election, share: Fraction, options: EqualSharesOptions
) -> Iterator[tuple[Fraction, Electorate, Course]]:
    """Every count in turn, up to one that exceeds the budget.

    They are made by larger and larger lots; the electorate is that of the largest share of a
    stage, which holds several lots.
    """
    number, size, stage = 0, _FIRST_SHARES, _FIRST_STAGE
    while True:
        largest = share + (stage - 1) * options.increment
        electorate = election.electorate(largest, options)
        counts = counts_of(electorate)
        while number < stage:
            size = min(size, counts.at_once, stage - number)
            shares = [share + (number + more) * options.increment for more in range(size)]
            courses = counts.run(shares, election.budget)
            yield from zip(shares, repeat(electorate), courses, strict=False)
            number, size = number + size, 4 * size
        stage *= 4


def _raised(
    election: Election,
    counted: Iterator[tuple[Fraction, Electorate, Course]],
    options: EqualSharesOptions,
) -> Final:
    costs = [candidate.cost for candidate in election.candidates]
    before: Final | None = None
    for number, (share, electorate, course) in enumerate(counted):
        spent = sum([costs[winner] for winner in course.bought])
        if spent > election.budget and before is not None:
            return before
        ending: Ending = "over_budget"
        if len(course.bought) == len(costs):
            ending = "all_selected"
        elif options.add1_stop == "exhaustive":
            won = set(course.bought)
            cheapest = min([cost for other, cost in enumerate(costs) if other not in won])
            ending = "exhaustive" if spent + cheapest > election.budget else ending
        before = Final(share, number, ending, electorate, course)
        if ending != "over_budget":
            return before
    raise AssertionError("there is always one more increment")
