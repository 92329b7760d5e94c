"""A published rule, sentence by sentence, from the options that are counted."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from participation.budgets.presentation.counting.groups import group_words
from participation.budgets.presentation.counting.ties import criteria_in_words


def rules_of_counting(options: Mapping[str, Any]) -> list[str]:
    """The published rule, sentence by sentence, from the options that are counted.

    `options` are those of the count: the sealed poll's own, or the budget's before the sealing.
    """
    rule = str(options.get("rule", "greedy"))
    if rule.startswith(("equal_shares", "equalshares")):
        sentences = _equal_shares(options)
    elif rule == "phragmen":
        sentences = _phragmen(options)
    else:
        sentences = _greedy(options)
    chain = list(options.get("tie_chain") or ("lower_cost", "lot"))
    sentences.append(
        gettext("Between projects with the same result, these decide, in this order: %(criteria)s.")
        % {"criteria": criteria_in_words(chain)}
    )
    return [capfirst(sentence) for sentence in sentences]


def _equal_shares(options: Mapping[str, Any]) -> list[str]:
    words = group_words(options)
    sentences = [
        gettext("The money is shared equally between those who voted.")
        if not options.get("group_budgets")
        else gettext(
            "%(each)s has its own money and its own count: the money is shared equally between "
            "those who chose at least one of its projects."
        )
        % words,
        gettext(
            "A project is bought together by those who chose it, each with their own share. They "
            "all pay the same, except who has less left and gives all of it."
        ),
        gettext(
            "At each turn, the project selected is the one of which each supporter pays the "
            "smallest part; so a project with many supporters for its cost comes first."
        )
        if options.get("satisfaction") == "cost"
        else gettext(
            "At each turn, the project selected is the one of which each supporter pays the least."
        ),
        *minimums(options),
        gettext("When no group of supporters can pay a project any more, the purchases stop."),
    ]
    completion = options.get("completion")
    if completion in ("add1", "add1u"):
        sentences.append(
            gettext(
                "The count is then done again with slightly larger shares, until no other project "
                "fits in the money or the whole would exceed it."
            )
            if options.get("add1_stop") == "exhaustive"
            else gettext(
                "The count is then done again with slightly larger shares, as long as the whole "
                "stays within the money."
            )
        )
    if completion in ("add1u", "greedy"):
        sentences.append(
            gettext(
                "What is left goes to the projects not selected, from the most voted, each being "
                "selected if it fits."
            )
        )
    if completion == "none" and not options.get("group_budgets"):
        sentences.append(gettext("What is left is not spent."))
    return [*sentences, *_left_by_envelopes(options)]


def _phragmen(options: Mapping[str, Any]) -> list[str]:
    words = group_words(options)
    own_money = [
        gettext("%(each)s has its own money and its own count, among its projects.") % words
    ]
    return [
        *(own_money if options.get("group_budgets") else ()),
        gettext("All voters save money at the same pace, from nothing."),
        gettext(
            "As soon as those who chose a project have together what it costs, it is selected, and "
            "their savings go back to nothing."
        ),
        *minimums(options),
        gettext("The selection stops at the first project that the money left does not cover."),
        *_left_by_envelopes(options),
    ]


def _left_by_envelopes(options: Mapping[str, Any]) -> list[str]:
    """What becomes of the money of the groups when each had a count of its own."""
    if not options.get("group_budgets"):
        return []
    if options.get("remainder") == "pooled":
        return [
            gettext(
                "What %(many)s have not used is put in common for one more count, of the projects "
                "that were not selected: all those who voted begin it with the same money, "
                "whatever they paid before."
            )
            % group_words(options)
        ]
    return [_not_put_in_common(options)]


def _not_put_in_common(options: Mapping[str, Any]) -> str:
    words = group_words(options)
    if options.get("remainder") == "next_edition":
        return gettext("What %(many)s have not used goes to the next edition.") % words
    return gettext("What %(many)s have not used is not spent.") % words


def _greedy(options: Mapping[str, Any]) -> list[str]:
    sentences = [
        gettext("Projects are ranked by number of votes.")
        if options.get("measure", "votes") == "votes"
        else gettext("Projects are ranked by number of points.")
    ]
    if scale := options.get("rank_points") or options.get("rank_scores"):
        sentences.append(
            gettext("From the first rank of a ballot to the last, the points are: %(points)s.")
            % {"points": ", ".join(str(points) for points in scale)}
        )
    if options.get("on_misfit", "skip") == "stop":
        sentences.append(
            gettext(
                "They are selected from the first, as long as the money lasts; the selection "
                "stops at the first project that costs more than what is left."
            )
        )
    else:
        sentences.append(
            gettext(
                "They are selected from the first, as long as the money lasts; a project that "
                "costs more than what is left is skipped, and the next ones are examined."
            )
        )
    sentences.extend(_shares_of_groups(options))
    sentences.extend(_guarantees(options))
    sentences.extend(minimums(options))
    sentences.extend(_exclusions(options.get("exclusive") or ()))
    return sentences


def _shares_of_groups(options: Mapping[str, Any]) -> list[str]:
    if not options.get("group_budgets"):
        return []
    sentences = [
        gettext("Money is first set aside for %(each)s and spent on its own projects.")
        % group_words(options)
    ]
    if options.get("remainder") == "pooled":
        sentences.append(
            gettext(
                "What %(many)s have not used is put in common for the projects that were not "
                "selected, wherever they come from."
            )
            % group_words(options)
        )
    else:
        sentences.append(_not_put_in_common(options))
    return sentences


def _guarantees(options: Mapping[str, Any]) -> list[str]:
    minimum_winners, words = options.get("minimum_winners") or {}, group_words(options)
    numbers = {number for number in minimum_winners.values() if number}
    if not numbers:
        return []
    if len(numbers) == 1:
        (number,) = numbers
        return [
            ngettext(
                "The best placed project of %(each)s is selected first, as long as the money "
                "lasts.",
                "The %(number)s best placed projects of %(each)s are selected first, as long as "
                "the money lasts.",
                number,
            )
            % {"number": number, **words}
        ]
    numbers_in_words = ", ".join(f"{group}: {number}" for group, number in minimum_winners.items())
    return [
        gettext(
            "The best placed projects of %(each)s are selected first, as long as the money lasts "
            "(%(numbers)s)."
        )
        % {"numbers": numbers_in_words, **words}
    ]


def minimums(options: Mapping[str, Any]) -> list[str]:
    """What a project needs before money is even looked at."""
    sentences = []
    minimum = int(options.get("minimum_votes") or 0)
    if minimum > 0:
        sentences.append(
            ngettext(
                "A project needs at least %(minimum)s vote to be selected.",
                "A project needs at least %(minimum)s votes to be selected.",
                minimum,
            )
            % {"minimum": minimum}
        )
    points = int(options.get("minimum_points") or 0)
    if points > 0:
        sentences.append(
            ngettext(
                "A project needs at least %(minimum)s point to be selected.",
                "A project needs at least %(minimum)s points to be selected.",
                points,
            )
            % {"minimum": points}
        )
    if share := _fraction(options.get("minimum_share")):
        sentences.append(
            gettext("A project needs the votes of at least %(share)s of the ballots.")
            % {"share": _percent(share)}
        )
    if ratio := _fraction(options.get("minimum_cost_share")):
        sentences.append(
            gettext(
                "A dear project needs more votes: one that costs 10%% of the money needs the votes "
                "of at least %(share)s of the ballots, and so on in proportion."
            )
            % {"share": _percent(ratio / 10)}
        )
    return sentences


def _exclusions(exclusive: Sequence[Sequence[str]]) -> list[str]:
    if not exclusive:
        return []
    each = "; ".join(", ".join(rivals) for rivals in exclusive)
    return [
        gettext("Of these projects, only one can be selected, the best placed: %(each)s.")
        % {"each": each}
    ]


def _fraction(pair: Any) -> Fraction:
    return Fraction(*pair) if pair else Fraction(0)


def _percent(share: Fraction) -> str:
    """An exact percentage, or the fraction itself when a percentage would not be exact."""
    thousandths = share * 100_000
    if thousandths.denominator != 1:
        return f"{share.numerator}/{share.denominator}"
    whole, rest = divmod(int(thousandths), 1000)
    decimals = f"{rest:03d}".rstrip("0")
    number = number_format(f"{whole}.{decimals}" if decimals else whole, decimal_pos=len(decimals))
    return gettext("%(percent)s%%") % {"percent": number}
