"""Why a project was selected or not, in plain words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext, ngettext

from participation.budgets.presentation.counting.groups import group_words
from participation.budgets.presentation.figures import euros

Money = Callable[[int], str]
"""How an amount in cents is written."""


def reason_sentence(
    reason: Mapping[str, Any],
    titles: Mapping[str, str],
    money: Money = euros,
    options: Mapping[str, Any] | None = None,
) -> str:
    """Why a project was selected or not in one phase of the count, from the tally's own code.

    `titles` gives the title of a candidate by its identifier in the tally, `options` say what its
    groups are.
    """
    words = group_words(options or {})
    if reason["code"] == "no_envelope":
        sentence = gettext("no money was set aside for %(its)s.") % words
    else:
        sentence = _reason(str(reason["code"]), dict(reason.get("params") or {}), titles, money)
    match reason.get("phase"):
        case "group":
            return gettext("In the share of %(its)s: %(reason)s") % {"reason": sentence, **words}
        case "guaranteed":
            return gettext("Among the winners guaranteed to %(each)s: %(reason)s") % {
                "reason": sentence,
                **words,
            }
        case "completion" if reason.get("group") is not None:
            return gettext("In what equal shares leave of the share of %(its)s: %(reason)s") % {
                "reason": sentence,
                **words,
            }
        case "completion":
            return gettext("In the money that equal shares leave: %(reason)s") % {
                "reason": sentence
            }
        case "comparison":
            return gettext(
                "In the count by votes, which more voters prefer to equal shares: %(reason)s"
            ) % {"reason": sentence}
        case "pooled":
            return gettext("In the money left, put in common: %(reason)s") % {"reason": sentence}
    return sentence


def _reason(code: str, params: dict[str, Any], titles: Mapping[str, str], money: Money) -> str:
    if code.startswith("below_minimum"):
        return _below_minimum(code, params)
    match code:
        case "selected":
            return gettext("selected; %(money)s were left after it.") % {
                "money": money(params["remaining_after"])
            }
        case "costs_more_than_envelope":
            return gettext("it costs %(cost)s, more than the whole envelope of %(envelope)s.") % {
                "cost": money(params["cost"]),
                "envelope": money(params["envelope"]),
            }
        case "does_not_fit":
            return gettext(
                "when its turn came, %(remaining)s were left: %(missing)s short of its cost."
            ) % {"remaining": money(params["remaining"]), "missing": money(params["missing"])}
        case "stopped_the_count":
            return gettext(
                "when its turn came, %(remaining)s were left: %(missing)s short of its cost, "
                "and the rule stops the selection at the first project that does not fit."
            ) % {"remaining": money(params["remaining"]), "missing": money(params["missing"])}
        case "after_the_stop":
            return gettext("the selection had stopped at “%(title)s”, better placed.") % {
                "title": _title(params["stopped_by"], titles)
            }
        case "excluded_by":
            return gettext("it cannot be carried out together with “%(title)s”, selected.") % {
                "title": _title(params["winner"], titles)
            }
        case "no_support":
            return gettext("nobody chose it.")
        case "supporters_cannot_pay":
            return gettext(
                "those who chose it had %(held)s left together: %(missing)s short of its cost."
            ) % {"held": money(params["held"]), "missing": money(params["missing"])}
        case "supporters_never_could_pay":
            return gettext(
                "those who chose it had %(held)s together with their whole shares: %(missing)s "
                "short of its cost."
            ) % {"held": money(params["held"]), "missing": money(params["missing"])}
        case "maximum_load":
            return gettext(
                "its turn came first, and the %(remaining)s left did not cover its cost: "
                "%(missing)s were missing."
            ) % {"remaining": money(params["remaining"]), "missing": money(params["missing"])}
        case _:
            # A rule of a later version may know other codes: show it rather than hide it.
            return code


def _below_minimum(code: str, params: dict[str, Any]) -> str:
    match code:
        case "below_minimum_points":
            sentence = ngettext(
                "it got %(points)s point, below the minimum of %(minimum)s.",
                "it got %(points)s points, below the minimum of %(minimum)s.",
                params["points"],
            )
        case "below_minimum_share":
            sentence = ngettext(
                "it got %(votes)s vote, below the minimum of %(minimum)s set as a share of the "
                "ballots.",
                "it got %(votes)s votes, below the minimum of %(minimum)s set as a share of the "
                "ballots.",
                params["votes"],
            )
        case "below_minimum_cost_share" | "below_minimum_support":
            sentence = ngettext(
                "it got %(votes)s vote, below the minimum of %(minimum)s for a project of its "
                "cost.",
                "it got %(votes)s votes, below the minimum of %(minimum)s for a project of its "
                "cost.",
                params["votes"],
            )
        case _:
            sentence = ngettext(
                "it got %(votes)s vote, below the minimum of %(minimum)s.",
                "it got %(votes)s votes, below the minimum of %(minimum)s.",
                params["votes"],
            )
    return sentence % params


def _title(key: object, titles: Mapping[str, str]) -> str:
    return titles.get(str(key), str(key))
