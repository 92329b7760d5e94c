"""An election for each envelope, for the rules that know one envelope only.

The candidates of a group, the ballots that name one of them at least, reduced to those, and the
money set aside for it: that is the election of an envelope, counted as any other. When the
remainder is pooled, one more election follows, of all the candidates not selected and all the
ballots, blank ones included, for all the money not spent; it takes nothing from those before.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, get_args

from participation.methods.tally.inputs import (
    Candidate,
    Choices,
    Points,
    Profile,
    WeightedBallot,
    input_digest,
)
from participation.methods.tally.options import OptionsError, Remainder
from participation.methods.tally.result import Outcome, Phase, Reason, Result, Round, Tie


class EnvelopeOptions(Protocol):
    """Options of a rule with the envelopes in which it may be counted, if any."""

    @property
    def group_budgets(self) -> Mapping[str, int] | None: ...

    @property
    def remainder(self) -> Remainder: ...

    def as_dict(self) -> dict[str, object]: ...


Count = Callable[[Sequence[Candidate], Profile, int], Result]
"""A rule with its options: candidates, their ballots, money in cents."""

Ballot = tuple[Choices, Points | None, int]


def require_envelopes(options: EnvelopeOptions) -> None:
    """Raise `ValueError` for a remainder that does not exist or money below zero."""
    if options.remainder not in get_args(Remainder):
        raise ValueError(f"remainder must be one of {', '.join(get_args(Remainder))}")
    if any(amount < 0 for amount in (options.group_budgets or {}).values()):
        raise ValueError("the budget of a group cannot be negative")


def require_within(options: EnvelopeOptions, budget: int) -> None:
    """Raise `OptionsError` when the envelopes hold more than the budget."""
    if sum((options.group_budgets or {}).values()) > budget:
        raise OptionsError("groups_over_budget")


def envelopes_of_dict(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The values of options as written by `as_dict`, with the envelopes in their order."""
    values = dict(plain)
    if values.get("group_budgets") is not None:
        values["group_budgets"] = dict(values["group_budgets"])
    return values


def envelopes_as_dict(options: EnvelopeOptions) -> dict[str, object]:
    """The envelopes as pairs, since their order counts; nothing when there is one for all."""
    if options.group_budgets is None:
        return {}
    pairs = [list(pair) for pair in options.group_budgets.items()]
    return {"group_budgets": pairs, "remainder": options.remainder}


def by_envelope(
    count: Count,
    candidates: Sequence[Candidate],
    profile: Profile,
    budget: int,
    options: EnvelopeOptions,
    scores: Mapping[str, int],
) -> Result:
    """Count once for each envelope that `options` name, then what they left as they say.

    `scores` are those of the outcomes, votes or points, of every candidate.
    """
    groups = options.group_budgets or {}
    held = _Held(count)
    ballots = _by_group(candidates, profile)
    for group, money in groups.items():
        members = [item for item in candidates if item.group == group]
        held.add("group", group, members, Profile.from_weighted(ballots[group]), money)
    if options.remainder == "pooled":
        members = [item for item in candidates if item.id not in held.places]
        held.add("pooled", None, members, _reduced(profile, members), budget - held.spent)
    else:
        held.leave_out(item for item in candidates if item.group not in groups)
    votes = profile.votes()
    in_order = sorted(item.id for item in candidates)
    remaining = budget - held.spent
    return Result(
        rule=held.rule,
        options=options.as_dict(),
        budget=budget,
        winners=tuple(held.places),
        spent=held.spent,
        remaining=remaining,
        carried_over=remaining if options.remainder == "next_edition" else 0,
        rounds=tuple(held.rounds),
        ties=tuple(held.ties),
        outcomes=tuple(
            Outcome(
                candidate=identifier,
                selected=identifier in held.places,
                rank=held.places.get(identifier),
                votes=votes.get(identifier, 0),
                score=scores.get(identifier, 0),
                reasons=tuple(held.reasons[identifier]),
            )
            for identifier in in_order
        ),
        votes={identifier: votes.get(identifier, 0) for identifier in in_order},
        voters=profile.voters,
        blank=profile.blank,
        input_sha256=input_digest(candidates, profile, budget),
        details={"envelopes": held.envelopes},
    )


class _Held:
    """The elections held so far, written down as one."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self.rule = ""
        self.places: dict[str, int] = {}
        self.spent = 0
        self.rounds: list[Round] = []
        self.ties: list[Tie] = []
        self.reasons: dict[str, list[Reason]] = defaultdict(list)
        self.envelopes: list[dict[str, object]] = []

    def add(
        self,
        phase: Phase,
        group: str | None,
        members: Sequence[Candidate],
        profile: Profile,
        money: int,
    ) -> None:
        """Hold the election of an envelope; without money there is none, and the reason is said."""
        told: dict[str, object] = {
            "group": group,
            "budget": money,
            "voters": profile.voters,
            "spent": 0,
        }
        if money <= 0 or not members:
            for item in members:
                params = {"cost": item.cost, "envelope": money}
                reason = Reason("costs_more_than_envelope", phase, group, params)
                self.reasons[item.id].append(reason)
            self.envelopes.append({**told, "spent": 0})
            return
        result = self._count(members, profile, money)

        def here(of: Phase) -> Phase:
            return phase if of == "whole" else of

        for winner in result.winners:
            self.places[winner] = len(self.places) + 1
        self.rule = result.rule
        self.spent += result.spent
        self.rounds += [one._replace(phase=here(one.phase), group=group) for one in result.rounds]
        self.ties += [one._replace(phase=here(one.phase), group=group) for one in result.ties]
        for outcome in result.outcomes:
            self.reasons[outcome.candidate] += [
                one._replace(phase=here(one.phase), group=group) for one in outcome.reasons
            ]
        self.envelopes.append({**told, "spent": result.spent, **result.details})

    def leave_out(self, candidates: Iterable[Candidate]) -> None:
        """Say that there is no money for these."""
        for item in candidates:
            self.reasons[item.id].append(Reason("no_envelope", "group", item.group, {}))


def _by_group(candidates: Iterable[Candidate], profile: Profile) -> dict[str | None, list[Ballot]]:
    """What each ballot says of each group of which it says something."""
    group_of = {item.id: item.group for item in candidates}
    found: dict[str | None, list[Ballot]] = defaultdict(list)
    for ballot in profile.ballots:
        for group in {group_of[choice] for choice in ballot.choices}:
            kept = [place for place, name in enumerate(ballot.choices) if group_of[name] == group]
            found[group].append(_kept(ballot, kept))
    return found


def _reduced(profile: Profile, members: Iterable[Candidate]) -> Profile:
    """All the ballots, blank ones included, with what they say of these candidates only."""
    names = {item.id for item in members}
    return Profile.from_weighted(
        _kept(ballot, [place for place, name in enumerate(ballot.choices) if name in names])
        for ballot in profile.ballots
    )


def _kept(ballot: WeightedBallot, places: Sequence[int]) -> Ballot:
    choices = [ballot.choices[place] for place in places]
    points = None if ballot.points is None else [ballot.points[place] for place in places]
    return choices, points, ballot.weight
