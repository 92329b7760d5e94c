"""The sentences of a ballot: one wording for the page and for the script that updates it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from participation.budgets.choices import BallotKind
from participation.budgets.presentation.figures import euros


@dataclass(frozen=True, slots=True)
class BallotLimits:
    """What one ballot may hold, as its poll froze it. Amounts in cents; None sets no limit."""

    kind: str
    minimum: int
    maximum: int | None
    money_cents: int
    points: int | None
    points_each: int | None

    @classmethod
    def of(cls, options: dict[str, Any]) -> "BallotLimits":
        kind, maximum = options["ballot_kind"], options["max_choices"]
        if kind == BallotKind.CHOOSE_ONE:
            maximum = 1
        if kind == BallotKind.ORDINAL:
            scored = len(options.get("rank_scores") or ()) or None
            maximum = min(maximum or scored or 1, scored or maximum or 1)
            maximum = min(maximum, len(options["projects"]))
        total = options.get("max_points")
        return cls(
            kind=kind,
            minimum=options["min_choices"],
            maximum=maximum,
            money_cents=options["budget_cents"],
            points=total,
            points_each=options.get("max_points_per_project") or total,
        )

    @property
    def is_knapsack(self) -> bool:
        return self.kind == BallotKind.KNAPSACK

    @property
    def gives_points(self) -> bool:
        return self.kind == BallotKind.CUMULATIVE

    @property
    def is_ranked(self) -> bool:
        return self.kind == BallotKind.ORDINAL

    @property
    def is_single(self) -> bool:
        return self.kind == BallotKind.CHOOSE_ONE

    @property
    def places(self) -> list[tuple[int, str]]:
        """The ranks of a ranked ballot with their names."""
        if not self.is_ranked or self.maximum is None:
            return []
        return [(rank, rank_name(rank)) for rank in range(1, self.maximum + 1)]


def rank_name(rank: int) -> str:
    """ "1st choice", "2nd choice"… in the reader's language."""
    names: dict[int, Callable[[], str]] = {
        1: lambda: gettext("1st choice"),
        2: lambda: gettext("2nd choice"),
        3: lambda: gettext("3rd choice"),
    }
    if rank in names:
        return names[rank]()
    return gettext("%(rank)sth choice") % {"rank": rank}


def marking_sentence(limits: BallotLimits, *, otherwise: str) -> str:
    """What a voter does on this ballot; `otherwise` says it of ballots where one ticks projects."""
    if limits.is_single:
        return gettext("Choose one project.")
    if limits.is_ranked:
        return ngettext(
            "Give the first rank to the project that you prefer.",
            "Rank up to %(count)s projects, the one that you prefer first.",
            limits.maximum or 1,
        ) % {"count": limits.maximum}
    if limits.gives_points:
        if limits.points_each == limits.points:
            return gettext("Share %(points)s points between projects as you wish.") % {
                "points": limits.points
            }
        return gettext(
            "Share %(points)s points between projects, at most %(each)s for each of them."
        ) % {"points": limits.points, "each": limits.points_each}
    return otherwise


def so_far(limits: BallotLimits, *, count: int, spent_cents: int, points: int) -> str:
    """What is chosen and what is left, in one line."""
    texts = ballot_texts(limits)
    left = limits.money_cents - spent_cents
    if limits.gives_points and limits.points is not None:
        name = "points_over" if points > limits.points else "points_of"
        more = abs(limits.points - points)
        return texts[name].format(given=points, max=limits.points, left=more, over=more)
    if limits.maximum is not None:
        words = texts["chosen_of"].format(count=count, max=limits.maximum)
    else:
        words = texts["chosen_many" if count > 1 else "chosen_one"].format(count=count)
    if limits.is_knapsack:
        money = euros(abs(left))
        words += " · " + texts["too_much" if left < 0 else "left"].format(money=money)
    return words


def ballot_texts(limits: BallotLimits) -> dict[str, str]:
    """Sentences by name; `{…}` are filled in by the script, amounts written by the browser."""
    return {
        "chosen_of": gettext("{count} ranked out of {max}")
        if limits.is_ranked
        else gettext("{count} chosen out of {max}"),
        "chosen_one": ngettext("{count} chosen", "{count} chosen", 1),
        "chosen_many": ngettext("{count} chosen", "{count} chosen", 2),
        "left": gettext("{money} left"),
        "too_much": gettext("{money} too much"),
        "points_of": gettext("{given} points given out of {max} · {left} left"),
        "points_over": gettext("{given} points given out of {max} · {over} too many"),
        "too_many": gettext("You have already chosen {max}: remove one to choose this one."),
        "too_costly": gettext("It costs {money} more than what is left."),
        "no_points_left": gettext("You have given all your points: take some back elsewhere."),
        "points_left_only": gettext("Only {left} points were left: they are given here."),
        "points_each": gettext("One project takes {max} points at most."),
        "less": gettext("One point less: {title}"),
        "more": gettext("One point more: {title}"),
        "rank_taken": gettext("“{title}” was there: the two have changed places."),
        "rank_lost": gettext("“{title}” was there: it has no rank any more."),
        "ranks": "|".join(name for _rank, name in limits.places),
        "move_up": gettext("Move up: {title}"),
        "move_down": gettext("Move down: {title}"),
        "unrank": gettext("Remove: {title}"),
        "moved": gettext("{title}: {rank}"),
        "too_few_chosen": gettext("Choose at least {min} projects: you have chosen {count}."),
        "too_few_one": gettext("Choose a project."),
        "too_many_chosen": gettext("Choose at most {max} projects: you have chosen {count}."),
        "over_budget": gettext("Your choice goes beyond the envelope by {money}."),
        "too_many_points": gettext("Give at most {max} points: you have given {given}."),
        "review_points": gettext("{points} pt"),
        "projects_one": ngettext("{count} project", "{count} projects", 1),
        "projects_many": ngettext("{count} project", "{count} projects", 2),
        "shown_one": ngettext(
            "{count} project out of {all} shown", "{count} projects out of {all} shown", 1
        ),
        "shown_many": ngettext(
            "{count} project out of {all} shown", "{count} projects out of {all} shown", 2
        ),
        "sealing": gettext("Sealing your ballot…"),
        "sending": gettext("Depositing your ballot…"),
        "waiting": gettext("No answer yet: trying again in {seconds} s. Keep this page open."),
        "offline": gettext(
            "You are offline. Your sealed ballot waits on this page and leaves as soon as the "
            "connection is back."
        ),
        "lost": gettext(
            "The site does not answer. Your ballot may or may not have arrived: try again, it can "
            "be counted only once."
        ),
        "replaces": gettext("It replaces your earlier ballot: only this one counts."),
        "deposited_on": gettext("Deposited on {day}."),
    }
