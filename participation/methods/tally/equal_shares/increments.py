"""From the first share of each voter to the one that decides: Add1."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Literal, Protocol

from participation.methods.tally.equal_shares.electorate import Electorate
from participation.methods.tally.equal_shares.exact import Course, ExactCounts
from participation.methods.tally.equal_shares.options import EqualSharesOptions

try:
    from participation.methods.tally.equal_shares.filtered import FilteredCounts
except ModuleNotFoundError:  # numpy is not installed
    FilteredCounts = None  # type: ignore[assignment, misc]  # there is nothing to name

Ending = Literal["no_increment", "exhaustive", "over_budget", "all_selected"]

_FIRST_SHARES = 8


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
    course: Course


def first_share(budget: int, voters: int, options: EqualSharesOptions) -> Fraction:
    """What each voter holds at first, in cents."""
    share = Fraction(budget, voters)
    if options.start == "floor":
        return Fraction(share // options.increment * options.increment)
    return share


def final_count(
    electorate: Electorate, budget: int, voters: int, options: EqualSharesOptions
) -> Final:
    """Count with the first share, then with larger ones as long as the options say so."""
    counts = counts_of(electorate)
    share = first_share(budget, voters, options)
    if options.completion not in ("add1", "add1u"):
        return Final(share, 0, "no_increment", counts.run([share])[0])
    return _raised(electorate, _courses(counts, share, options.increment, budget), budget, options)


def counts_of(electorate: Electorate) -> Counts:
    """The fast way to count when numpy is installed, the plain one otherwise; same results."""
    return ExactCounts(electorate) if FilteredCounts is None else FilteredCounts(electorate)


def _courses(
    counts: Counts, share: Fraction, increment: int, budget: int
) -> Iterator[tuple[Fraction, Course]]:
    """Every count in turn, made by larger and larger lots, up to one that exceeds the budget."""
    size = min(_FIRST_SHARES, counts.at_once)
    while True:
        shares = [share + number * increment for number in range(size)]
        yield from zip(shares, counts.run(shares, budget), strict=False)
        share = shares[-1] + increment
        size = min(4 * size, counts.at_once)


def _raised(
    electorate: Electorate,
    courses: Iterator[tuple[Fraction, Course]],
    budget: int,
    options: EqualSharesOptions,
) -> Final:
    costs = [candidate.cost for candidate in electorate.candidates]
    supported = electorate.supported
    before: Final | None = None
    for number, (share, course) in zip(count(), courses, strict=False):
        spent = sum(costs[winner] for winner in course.bought)
        if spent > budget and before is not None:
            return Final(before.share, before.increments, "over_budget", before.course)
        ending: Ending | None = None
        if len(course.bought) == len(supported):
            ending = "all_selected"
        elif options.add1_stop == "exhaustive":
            won = set(course.bought)
            cheapest = min(costs[other] for other in supported if other not in won)
            ending = "exhaustive" if spent + cheapest > budget else None
        if ending is not None:
            return Final(share, number, ending, course)
        before = Final(share, number, "over_budget", course)
    raise AssertionError("there is always one more increment")
