"""One typed line per ballot: what an agent reads on the paper, in as few keys as possible.

`12 45 7`   projects by their numbers; in order of preference on a ranked ballot
`12=3 45=2` points given to projects
`b`         nothing is chosen
`n3`        void, for the third reason of the list on the screen
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import BallotKind, VoidReason
from participation.budgets.services.vote.rule import ballot_verdict
from participation.core.verdict import Refused, Verdict, refuse

VOID_REASONS = (
    VoidReason.EMPTY,
    VoidReason.TOO_FEW,
    VoidReason.TOO_MANY,
    VoidReason.OVER_BUDGET,
    VoidReason.WRONG_POINTS,
    VoidReason.REPEATED_PROJECT,
    VoidReason.UNCLEAR,
    VoidReason.MARKED,
    VoidReason.FOREIGN,
)
"""Why a paper ballot may be void, in the order of their numbers: `n1`, `n2`…"""

_ONLY_ON = {
    VoidReason.OVER_BUDGET: BallotKind.KNAPSACK,
    VoidReason.WRONG_POINTS: BallotKind.CUMULATIVE,
}

_BY_CODE = {
    "too_few": VoidReason.TOO_FEW,
    "too_many": VoidReason.TOO_MANY,
    "over_budget": VoidReason.OVER_BUDGET,
    "repeated_project": VoidReason.REPEATED_PROJECT,
}
_SEPARATORS = re.compile(r"[\s,;+/]+")
_GIVEN = re.compile(r"(?P<number>[^=:*]+)[=:*](?P<points>\d{1,4})")
_BLANK = {"b", "blanc"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one ballot says: project keys (and their points), or why it is void."""

    choices: tuple[int, ...] = ()
    points: tuple[int, ...] | None = None
    void_reason: str = ""


def read_line(*, options: dict[str, Any], line: str) -> Reading:
    """The reading that a line stands for, valid under the frozen `options` of the poll.

    Raises `Refused`: `line_empty`, `line_unreadable`, `unknown_number`, `points_expected`, and the
    codes of `ballot_verdict` for a ballot that the rule would refuse, which is void on paper.
    """
    text = line.strip().casefold()
    if not text:
        raise Refused(refuse("line_empty", _("Type what this ballot says.")))
    if text in _BLANK:
        return _blank(options)
    if re.fullmatch(r"n\d{1,2}", text):
        return _void(int(text[1:]))
    choices, points = _projects(options, _SEPARATORS.split(text))
    if options["ballot_kind"] != BallotKind.ORDINAL:
        order = sorted(range(len(choices)), key=choices.__getitem__)
        choices = [choices[place] for place in order]
        points = None if points is None else [points[place] for place in order]
    verdict = ballot_verdict(options=options, choices=choices, points=points)
    if not verdict:
        hint = refuse(
            "void_then",
            _("If this is what the paper says, the ballot is void: type n%(number)s."),
            number=VOID_REASONS.index(_void_by(verdict)) + 1,
        )
        raise Refused(verdict & hint)
    return Reading(tuple(choices), None if points is None else tuple(points))


def _blank(options: dict[str, Any]) -> Reading:
    """Nothing chosen counts as a blank ballot where the rule takes one; it is void elsewhere."""
    if ballot_verdict(options=options, choices=[]):
        return Reading()
    return Reading(void_reason=VoidReason.EMPTY)


def _void_by(verdict: Verdict) -> VoidReason:
    """The reason under which the published list of void ballots names a refusal of the rule."""
    return _BY_CODE.get(verdict.codes[0], VoidReason.WRONG_POINTS)


def _void(number: int) -> Reading:
    if not 1 <= number <= len(VOID_REASONS):
        raise Refused(
            refuse(
                "line_unreadable",
                _("There is no reason n%(number)s: see the list."),
                number=number,
            )
        )
    return Reading(void_reason=VOID_REASONS[number - 1])


def _projects(options: dict[str, Any], words: Sequence[str]) -> tuple[list[int], list[int] | None]:
    printed, short = _numbers(options)
    gives_points = options["ballot_kind"] == BallotKind.CUMULATIVE
    choices: list[int] = []
    points: list[int] = []
    faults = Verdict()
    for word in filter(None, words):
        given = _GIVEN.fullmatch(word)
        if bool(given) != gives_points:
            raise Refused(_wrong_form(gives_points))
        number = given["number"] if given else word
        key = printed.get(number) or short.get(number.lstrip("0"))
        if key is None:
            faults &= refuse(
                f"unknown_number_{len(faults.refusals)}",
                _("There is no project “%(number)s” on this ballot."),
                number=number,
            )
            continue
        choices.append(key)
        points.append(int(given["points"]) if given else 0)
    faults.or_refuse()
    return choices, points if gives_points else None


def _wrong_form(gives_points: bool) -> Verdict:
    if gives_points:
        return refuse("points_expected", _("Type the points of each project, such as “12=3 45=2”."))
    return refuse("line_unreadable", _("Type the numbers of the projects only, such as “12 45”."))


def _numbers(options: dict[str, Any]) -> tuple[dict[str, int], dict[str, int]]:
    """Project keys by the number as printed, and by the number without its zeros in front where
    one project only is then meant."""
    printed = {project["reference"].casefold(): project["id"] for project in options["projects"]}
    meant = Counter(reference.lstrip("0") for reference in printed)
    short = {
        reference.lstrip("0"): key
        for reference, key in printed.items()
        if meant[reference.lstrip("0")] == 1
    }
    return printed, short


def void_keys(options: dict[str, Any]) -> list[tuple[str, str]]:
    """What to type for a void ballot of this poll, with the reason that it stands for."""
    return [
        (f"n{number}", str(reason.label))
        for number, reason in enumerate(VOID_REASONS, start=1)
        if _ONLY_ON.get(reason, options["ballot_kind"]) == options["ballot_kind"]
    ]


def write_reading(*, options: dict[str, Any], reading: Any) -> str:
    """The line that gives this reading again; `reading` has choices, points and void_reason."""
    if reading.void_reason:
        return f"n{VOID_REASONS.index(VoidReason(reading.void_reason)) + 1}"
    if not reading.choices:
        return "b"
    references = {project["id"]: project["reference"] for project in options["projects"]}
    names = [references[choice] for choice in reading.choices]
    if reading.points is None:
        return " ".join(names)
    return " ".join(f"{name}={points}" for name, points in zip(names, reading.points, strict=True))
