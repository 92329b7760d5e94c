"""The counting rules by name, those of the Pabulib corpus included.

A name stands for a rule and for the options that it settles: `greedy-no-skip` is the greedy rule
that stops at the first project too dear. `count` runs any of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, Self

from participation.methods.tally.equal_shares import EqualSharesOptions, equal_shares
from participation.methods.tally.greedy import greedy
from participation.methods.tally.inputs import Candidate, Profile
from participation.methods.tally.options import GreedyOptions
from participation.methods.tally.phragmen import PhragmenOptions, sequential_phragmen
from participation.methods.tally.result import Result


class Options(Protocol):
    """What the options of every rule can do."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """The options that `as_dict` wrote."""

    def as_dict(self) -> dict[str, object]:
        """The options as plain values."""


Count = Callable[[Iterable[Candidate], Profile, int, Any], Result]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule under one name.

    `settles` holds the options that the name fixes, as values of the options class; `amounts`
    names the options that are money, in cents.
    """

    name: str
    description: str
    options_class: type[Options]
    function: Count
    settles: Mapping[str, object] = field(default_factory=dict)
    amounts: frozenset[str] = frozenset()

    def options(self, **values: Any) -> Options:
        """Options of this rule; those that its name settles need not be given.

        Raises `ValueError` when a value contradicts the name, `TypeError` for an option that does
        not exist.
        """
        options = self.options_class(**{**self.settles, **values})
        self.check(options)
        return options

    def from_dict(self, plain: Mapping[str, Any]) -> Options:
        """Options as published in a result, with the same checks as `options`."""
        options = self.options_class.from_dict(plain)
        self.check(options)
        return options

    def check(self, options: Options) -> None:
        """Raise `ValueError` unless these options are those of this name."""
        if not isinstance(options, self.options_class):
            raise ValueError(f"{self.name} does not take {type(options).__name__}")
        for name, value in self.settles.items():
            if getattr(options, name) != value:
                raise ValueError(f"{self.name} means {name}={value}")


_ALL = (
    Rule(
        "greedy",
        "from the most voted to the least, as long as money lasts",
        GreedyOptions,
        greedy,
        amounts=frozenset({"group_budgets"}),
    ),
    Rule(
        "greedy-no-skip",
        "greedy, stopping at the first project that does not fit",
        GreedyOptions,
        greedy,
        settles={"on_misfit": "stop"},
        amounts=frozenset({"group_budgets"}),
    ),
    Rule(
        "greedy-threshold",
        "greedy, among the projects that reach a minimum",
        GreedyOptions,
        greedy,
        settles={"on_misfit": "skip"},
        amounts=frozenset({"group_budgets"}),
    ),
    Rule(
        "greedy-exclusive",
        "greedy, with projects that exclude each other",
        GreedyOptions,
        greedy,
        settles={"on_misfit": "skip"},
        amounts=frozenset({"group_budgets"}),
    ),
    Rule(
        "equal_shares",
        "each voter has the same share of the money and pays for projects that they chose",
        EqualSharesOptions,
        equal_shares,
        amounts=frozenset({"increment", "group_budgets"}),
    ),
    Rule(
        "equalshares/add1",
        "equal shares, increased until no other project fits",
        EqualSharesOptions,
        equal_shares,
        settles={"completion": "add1", "add1_stop": "exhaustive", "comparison": "none"},
        amounts=frozenset({"increment", "group_budgets"}),
    ),
    Rule(
        "equalshares/add1-comparison",
        "equal shares, increased as long as money lasts, compared with the most voted first",
        EqualSharesOptions,
        equal_shares,
        settles={"completion": "add1", "add1_stop": "over_budget", "comparison": "greedy"},
        amounts=frozenset({"increment", "group_budgets"}),
    ),
    Rule(
        "phragmen",
        "sequential Phragmén: supporters save at the same pace and buy as soon as they can",
        PhragmenOptions,
        sequential_phragmen,
        amounts=frozenset({"group_budgets"}),
    ),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _ALL})
"""Every rule that can be counted, by name."""


class UnknownRuleError(ValueError):
    """No rule has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no rule is called {name!r}; there are: {', '.join(RULES)}")
        self.name = name


def rule_named(name: str) -> Rule:
    """The rule of that name; raises `UnknownRuleError`."""
    if name not in RULES:
        raise UnknownRuleError(name)
    return RULES[name]


def count(
    *,
    rule: str,
    candidates: Iterable[Candidate],
    profile: Profile,
    budget: int,
    options: Options | Mapping[str, Any],
) -> Result:
    """Count by the rule of that name; `options` may be as published in a result.

    The result carries the name under which it was counted. Raises `UnknownRuleError`,
    `ValueError` for options that contradict the name, each other or the inputs.
    """
    named = rule_named(rule)
    if isinstance(options, Mapping):
        options = named.from_dict(options)
    named.check(options)
    return replace(named.function(candidates, profile, budget, options), rule=rule)
