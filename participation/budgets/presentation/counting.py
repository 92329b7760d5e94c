"""The counting rule and its outcome in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from participation.budgets.choices import BallotKind
from participation.budgets.models import Budget
from participation.budgets.presentation.figures import euros


@dataclass(frozen=True, slots=True)
class TieStory:
    """Projects that had the same score, and what put one before the other."""

    titles: tuple[str, ...]
    score: int
    sentence: str
    decisive: bool


def limits_sentence(budget: Budget) -> str:
    """What one ballot may hold."""
    low, high = budget.min_choices, budget.max_choices
    if budget.ballot_kind == BallotKind.KNAPSACK:
        if high is None:
            return gettext("Choose as many projects as the money of the envelope allows.")
        return ngettext(
            "Choose %(high)s project at most, within the money of the envelope.",
            "Choose up to %(high)s projects, within the money of the envelope.",
            high,
        ) % {"high": high}
    if high is None:
        return ngettext(
            "Choose at least %(low)s project.", "Choose at least %(low)s projects.", low
        ) % {"low": low}
    if low == high:
        return ngettext(
            "Choose exactly %(high)s project.", "Choose exactly %(high)s projects.", high
        ) % {"high": high}
    return gettext("Choose from %(low)s to %(high)s projects.") % {"low": low, "high": high}


def reason_sentence(reason: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Why a project was selected or not in one phase of the count, from the tally's own code.

    `titles` gives the title of a candidate by its identifier in the tally.
    """
    sentence = _reason(str(reason["code"]), dict(reason.get("params") or {}), titles)
    if reason.get("phase") == "group":
        return gettext("In its neighbourhood's share: %(reason)s") % {"reason": sentence}
    if reason.get("phase") == "pooled":
        return gettext("In the money left, put in common: %(reason)s") % {"reason": sentence}
    return sentence


def _reason(code: str, params: dict[str, Any], titles: Mapping[str, str]) -> str:
    match code:
        case "selected":
            return gettext("selected; %(money)s were left after it.") % {
                "money": euros(params["remaining_after"])
            }
        case "below_minimum_votes":
            return (
                ngettext(
                    "it got %(votes)s vote, below the minimum of %(minimum)s.",
                    "it got %(votes)s votes, below the minimum of %(minimum)s.",
                    params["votes"],
                )
                % params
            )
        case "below_minimum_points":
            return (
                ngettext(
                    "it got %(points)s point, below the minimum of %(minimum)s.",
                    "it got %(points)s points, below the minimum of %(minimum)s.",
                    params["points"],
                )
                % params
            )
        case "costs_more_than_envelope":
            return gettext("it costs %(cost)s, more than the whole envelope of %(envelope)s.") % {
                "cost": euros(params["cost"]),
                "envelope": euros(params["envelope"]),
            }
        case "does_not_fit":
            return gettext(
                "when its turn came, %(remaining)s were left: %(missing)s short of its cost."
            ) % {"remaining": euros(params["remaining"]), "missing": euros(params["missing"])}
        case "stopped_the_count":
            return gettext(
                "when its turn came, %(remaining)s were left: %(missing)s short of its cost, "
                "and the rule stops the selection at the first project that does not fit."
            ) % {"remaining": euros(params["remaining"]), "missing": euros(params["missing"])}
        case "after_the_stop":
            title = titles.get(str(params["stopped_by"]), str(params["stopped_by"]))
            return gettext("the selection had stopped at “%(title)s”, better placed.") % {
                "title": title
            }
        case "no_envelope":
            return gettext("no money was set aside for its neighbourhood.")
        case _:
            # A rule of a later version may know other codes: show it rather than hide it.
            return code


def tie_stories(result: Mapping[str, Any], titles: Mapping[str, str]) -> list[TieStory]:
    """The ties of a tally that changed who won first, then the others."""
    stories = [
        TieStory(
            titles=tuple(titles.get(str(key), str(key)) for key in tie["candidates"]),
            score=int(tie["score"]),
            sentence=_decided_by(tie["decided_by"]),
            decisive=bool(tie["decisive"]),
        )
        for tie in result.get("ties", ())
    ]
    return sorted(stories, key=lambda story: not story.decisive)


def _decided_by(criteria: list[str]) -> str:
    told = [_criterion(criterion) for criterion in dict.fromkeys(criteria)]
    return gettext("Settled by %(criteria)s.") % {"criteria": ", ".join(told)}


def rules_of_counting(options: Mapping[str, Any]) -> list[str]:
    """The published rule, sentence by sentence, from the options that are counted.

    `options` are those of the count: the sealed poll's own, or the budget's before the sealing.
    """
    sentences = [
        gettext("Projects are ranked by number of votes.")
        if options.get("measure", "votes") == "votes"
        else gettext("Projects are ranked by number of points.")
    ]
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
    sentences.extend(_shares_of_neighbourhoods(options))
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
    chain = list(options.get("tie_chain") or ("lower_cost", "lot"))
    sentences.append(
        gettext("Between projects with the same result, these decide, in this order: %(criteria)s.")
        % {"criteria": ", ".join(_criterion(criterion) for criterion in chain)}
    )
    return sentences


def _criterion(criterion: str) -> str:
    words = {
        "higher_votes": gettext("the most votes"),
        "higher_points": gettext("the most points"),
        "lower_cost": gettext("the lowest cost"),
        "higher_cost": gettext("the highest cost"),
        "lot": gettext("a lot drawn before the opening of the vote"),
    }
    return words.get(criterion, criterion)


def _shares_of_neighbourhoods(options: Mapping[str, Any]) -> list[str]:
    if not options.get("group_budgets"):
        return []
    sentences = [
        gettext("Money is first set aside for each neighbourhood and spent on its own projects.")
    ]
    match options.get("remainder"):
        case "pooled":
            sentences.append(
                gettext(
                    "What neighbourhoods have not used is put in common for the projects that "
                    "were not selected, whatever their neighbourhood."
                )
            )
        case "next_edition":
            sentences.append(gettext("What neighbourhoods have not used goes to the next edition."))
        case _:
            sentences.append(gettext("What neighbourhoods have not used is not spent."))
    return sentences
