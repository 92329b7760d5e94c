"""The count of a file told in a terminal: the rule, the winners, the others and why."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext, ngettext

from participation.budgets.presentation.counting import (
    reason_sentence,
    rules_of_counting,
    tie_stories,
)
from participation.budgets.presentation.counting.reasons import Money
from participation.budgets.presentation.figures import euros, grouped
from participation.methods.pabulib import Election, format_amount
from participation.methods.tally import (
    Compared,
    OptionsError,
    Plan,
    Result,
    SettingError,
    UnsupportedRuleError,
)

_WIDEST_TITLE = 60


def tally_report(election: Election, plan: Plan, result: Result) -> str:
    """One count, from its rule to the reason of each project that was not selected."""
    money = _money_of(election)
    titles = {project.id: project.name or project.id for project in election.projects}
    plain = result.as_dict()
    rules = rules_of_counting({"rule": result.rule, **result.options, **plan.reading()})
    lines = [
        f"{election.meta['description']} ({election.meta['unit']} {election.meta['instance']})",
        gettext("Rule: %(rule)s") % {"rule": result.rule},
        *(f"  - {sentence}" for sentence in rules),
        *_lot_line(plan),
        gettext("%(voters)s ballots, %(blank)s of them blank; %(money)s to share out.")
        % {
            "voters": grouped(result.voters),
            "blank": grouped(result.blank),
            "money": money(result.budget),
        },
        "",
        *_winners(result, election, titles, money),
        *_others(plan.reading(), result, titles, money),
        *_ties(plain, titles),
        "",
        f"input_sha256 {result.input_sha256}",
        f"method_version {result.method_version}",
    ]
    return "\n".join(lines)


def comparison_report(election: Election, compared: Sequence[Compared]) -> str:
    """A line of figures per rule, then a line per project that wins by one of them at least."""
    money = _money_of(election)
    head = [
        "",
        gettext("Rule"),
        gettext("Winners"),
        gettext("Voters with no winner"),
        gettext("Districts with no winner"),
        gettext("Money used"),
    ]
    rows = [
        [
            str(number),
            row.label,
            str(len(row.result.winners)),
            _part(row.without, row.ballots),
            f"{row.empty_districts}/{row.districts}" if row.districts else "-",
            f"{money(row.result.spent)} ({_part(row.result.spent, row.result.budget)})",
        ]
        for number, row in enumerate(compared, start=1)
    ]
    won = [set(row.result.winners) for row in compared]
    projects = sorted(
        (project for project in election.projects if any(project.id in one for one in won)),
        key=lambda project: (-sum(project.id in one for one in won), project.id),
    )
    marks = [
        [
            project.id,
            _short(project.name),
            money(project.cost_cents),
            *("x" if project.id in one else "" for one in won),
        ]
        for project in projects
    ]
    numbers = [str(number) for number in range(1, len(compared) + 1)]
    second = [gettext("Project"), "", gettext("Cost"), *numbers]
    return "\n".join([*_table(head, rows), "", *_table(second, marks)])


def oddity_sentence(code: str, number: int) -> str:
    """What a file says of itself and its ballots do not bear out, in words."""
    match code:
        case "ballots_over_budget":
            return ngettext(
                "%(number)s ballot goes beyond the max_sum_cost of the file.",
                "%(number)s ballots go beyond the max_sum_cost of the file.",
                number,
            ) % {"number": number}
        case _:
            return ngettext(
                "%(number)s project has another score in the file than by the points of each rank.",
                "%(number)s projects have another score in the file than by the points of each "
                "rank.",
                number,
            ) % {"number": number}


def setting_sentence(error: SettingError) -> str:
    """An option that cannot be read, in words."""
    words = {
        "not_key_value": gettext("An option is written KEY=VALUE, not “%(text)s”."),
        "unknown_option": gettext(
            "The rule %(rule)s has no option “%(key)s”. It has: %(known)s; a file also takes "
            "group_by, group_budget and rank_points."
        ),
        "option_twice": gettext("The option %(key)s is given twice."),
        "settled_by_name": gettext(
            "%(rule)s means %(key)s=%(value)s: choose another rule to change it."
        ),
        "bad_choice": gettext("%(key)s must be one of %(expected)s, not “%(value)s”."),
        "bad_whole": gettext("%(key)s must be a whole number, not “%(value)s”."),
        "bad_amount": gettext(
            "%(key)s must be an amount such as 400000 or 12.50, not “%(value)s”."
        ),
        "bad_ratio": gettext("%(key)s must be a share such as 5%%, 0.05 or 1/20, not “%(value)s”."),
        "bad_yes_no": gettext("%(key)s must be yes or no, not “%(value)s”."),
        "bad_list": gettext("%(key)s must be a list separated by commas, not “%(value)s”."),
        "bad_pairs": gettext(
            "%(key)s must be one number for every group, or pairs such as "
            "North:400000,South:300000, not “%(value)s”."
        ),
        "bad_lot": gettext("%(key)s must name each project of the file once."),
        "not_ranked": gettext("%(key)s is for rankings; the ballots of the file are %(value)s."),
        "empty_column": gettext("No project of the file has a %(value)s to group by."),
        "no_groups": gettext("%(key)s needs groups: add group_by=district, for instance."),
        "unknown_group": gettext(
            "%(key)s names “%(value)s”, which is no group. There are: %(known)s."
        ),
    }
    return words[error.code] % error.params


def options_sentence(error: OptionsError) -> str:
    """Options that contradict each other or the file, in words."""
    words = {
        "bad_tie_chain": gettext("tie_chain must end with lot and name each criterion once."),
        "bad_exclusive": gettext("A set of exclusive projects names at least two of them."),
        "exclusive_stranger": gettext("exclusive names projects that the file lacks: %(names)s."),
        "groups_over_budget": gettext("The money of the groups is more than the whole budget."),
        "bad_minimum_share": gettext("minimum_share must be between 0 and 1."),
        "guarantee_not_pooled": gettext(
            "minimum_winners is paid by the money put in common: add remainder=pooled."
        ),
    }
    return words[error.code] % error.params


def unsupported_sentence(error: UnsupportedRuleError) -> str:
    """A rule that cannot be counted, by its name and with the reason, in words."""
    words = {
        "rule_unknown": gettext("the file does not say by which rule it was counted"),
        "rule_of_its_own": gettext("the file describes a rule of its own, in its comments only"),
        "exclusions_missing": gettext(
            "the file does not say which projects exclude each other; give them with "
            "--option exclusive=A,B"
        ),
        "threshold_missing": gettext(
            "the file does not give its minimum; give it with --option minimum_votes=N"
        ),
        "bad_threshold": gettext("its minimum, “%(value)s”, is not a whole number"),
        "no_such_rule": gettext("there is no such rule; there are %(known)s"),
    }
    why = words[error.code] % error.params
    return gettext("The rule “%(rule)s” is not supported: %(why)s.") % {
        "rule": error.rule,
        "why": why,
    }


def _lot_line(plan: Plan) -> list[str]:
    if plan.seed is None:
        return []
    return [gettext("Lot drawn from the seed “%(seed)s”.") % {"seed": plan.seed}]


def _winners(
    result: Result, election: Election, titles: Mapping[str, str], money: Money
) -> list[str]:
    costs = {project.id: project.cost_cents for project in election.projects}
    number = len(result.winners)
    said = ngettext("%(number)s winner", "%(number)s winners", number) % {"number": number}
    spent = gettext("%(spent)s used, %(left)s left.") % {
        "spent": money(result.spent),
        "left": money(result.remaining),
    }
    rows = [
        [str(rank), winner, _short(titles[winner]), _support(result, winner), money(costs[winner])]
        for rank, winner in enumerate(result.winners, start=1)
    ]
    return [f"{said}, {spent}", *_table([], rows)]


def _others(
    reading: Mapping[str, object], result: Result, titles: Mapping[str, str], money: Money
) -> list[str]:
    others = [outcome for outcome in result.outcomes if not outcome.selected]
    others.sort(key=lambda outcome: (-outcome.score, outcome.candidate))
    lines = ["", gettext("Not selected: %(number)s") % {"number": len(others)}]
    for outcome in others:
        why = " ".join(
            reason_sentence(reason.as_dict(), titles, money, reading) for reason in outcome.reasons
        )
        support = _support(result, outcome.candidate)
        lines.append(
            f"  {outcome.candidate} {_short(titles[outcome.candidate])} ({support}): {why}"
        )
    return lines if others else []


def _support(result: Result, candidate: str) -> str:
    votes = result.votes[candidate]
    said = ngettext("%(votes)s vote", "%(votes)s votes", votes) % {"votes": grouped(votes)}
    if result.options.get("measure") != "points":
        return said
    points = result.outcome(candidate).score
    return ngettext("%(points)s point", "%(points)s points", points) % {"points": grouped(points)}


def _ties(plain: Mapping[str, object], titles: Mapping[str, str]) -> list[str]:
    decisive = [story for story in tie_stories(plain, titles) if story.decisive]
    if not decisive:
        return []
    lines = ["", gettext("Ties that decided a winner:")]
    lines.extend(
        f"  {' = '.join(_short(title) for title in story.titles)}. {story.sentence}"
        for story in decisive
    )
    return lines


def _money_of(election: Election) -> Money:
    """Amounts in the currency of the file; without one, in euros."""
    currency = election.meta.get("currency", "EUR")
    if currency == "EUR":
        return euros

    def written(cents: int) -> str:
        whole, point, decimals = format_amount(cents).partition(".")
        return f"{grouped(int(whole))}{',' if point else ''}{decimals} {currency}"

    return written


def _part(number: int, whole: int) -> str:
    """A percentage with one decimal, rounded down."""
    tenths = number * 1000 // whole if whole else 0
    return gettext("%(percent)s%%") % {"percent": f"{tenths // 10},{tenths % 10}"}


def _short(title: str) -> str:
    return title if len(title) <= _WIDEST_TITLE else title[: _WIDEST_TITLE - 1] + "…"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows in aligned columns, under a head when there is one."""
    every = [*([head] if head else []), *rows]
    if not every:
        return []
    widths = [max(len(row[column]) for row in every) for column in range(len(every[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in every
    ]
