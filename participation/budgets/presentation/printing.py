"""Paper: printable ballots and the poster of projects, as PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import BallotKind, ProjectOrder
from participation.budgets.models import PaperAudit, Poll, Project
from participation.budgets.presentation.figures import euros
from participation.budgets.presentation.reading import reading_words
from participation.budgets.queries.paper import DrawnBallot
from participation.methods.tally.lot import draw_order

SERIES = 4
"""How many orders a ballot in random order is printed in: few, so that none tells who voted."""


class Paper(TextChoices):
    """Sizes of ballots. Nothing is under 18 points in large print."""

    A4 = "a4", _("A4")
    A5 = "a5", _("A5")
    LARGE = "large", _("Large print (A4)")


@dataclass(frozen=True, slots=True)
class _Style:
    """Measures of a page, for the style sheet."""

    size: str
    margin: str
    text: str
    small: str
    title: str
    box: str
    columns: int


_STYLES = {
    Paper.A4: _Style("A4", "14mm 14mm 18mm", "10.5pt", "9pt", "17pt", "5.5mm", 2),
    Paper.A5: _Style("A5", "10mm 10mm 15mm", "9.5pt", "8.5pt", "13pt", "5mm", 1),
    Paper.LARGE: _Style("A4", "14mm 14mm 20mm", "18pt", "18pt", "24pt", "9mm", 1),
}
_POSTER = _Style("A3", "16mm 16mm 20mm", "14pt", "12pt", "34pt", "0", 2)


def ballot_pdf(*, poll: Poll, paper: Paper = Paper.A4, series: int = 1) -> bytes:
    """The ballot of a poll, to be printed as many times as needed: all copies are the same.

    With a random order the ballot exists in `SERIES` orders, each drawn from the poll's published
    lot; nothing printed tells one from another but the order itself.
    """
    projects = _in_order(poll, series)
    return _pdf(
        "budgets_admin/paper_ballot.html",
        _STYLES[paper],
        poll=poll,
        projects=projects,
        answer=_answer(poll.options),
        instructions=ballot_instructions(poll.options),
    )


def poster_pdf(*, poll: Poll) -> bytes:
    """The projects of a poll with their numbers, for the wall of a polling desk (A3)."""
    return _pdf(
        "budgets_admin/paper_poster.html", _POSTER, poll=poll, projects=_in_order(poll, series=1)
    )


def audit_pdf(*, audit: PaperAudit, drawn: Sequence[DrawnBallot]) -> bytes:
    """The list of drawn ballots, to be filled in beside the open lots (A4)."""
    return _pdf(
        "budgets_admin/paper_audit_list.html",
        _STYLES[Paper.A4],
        poll=audit.poll,
        audit=audit,
        rows=[
            {"code": each.ballot.code, "words": reading_words(audit.poll.options, each.ballot)}
            for each in drawn
        ],
    )


def has_series(poll: Poll) -> bool:
    """Whether the regulation asks for an order that changes from ballot to ballot."""
    return poll.envelope.budget.project_order == ProjectOrder.RANDOM


def _in_order(poll: Poll, series: int) -> list[Project]:
    """The projects that stand, as frozen, in the order that the regulation says."""
    keys = [project["id"] for project in poll.options["projects"]]
    projects = Project.objects.select_related("territory", "category").in_bulk(keys)
    if not has_series(poll):
        return [projects[key] for key in keys]
    lot = draw_order(f"{poll.tie_seed}|paper|{series}", [str(key) for key in keys])
    return [projects[key] for key in sorted(keys, key=lambda key: lot[str(key)])]


def _answer(options: dict[str, Any]) -> str:
    """What is written beside a project: a cross, points or a rank."""
    kind = options["ballot_kind"]
    return {BallotKind.CUMULATIVE: "points", BallotKind.ORDINAL: "rank"}.get(kind, "cross")


def ballot_instructions(options: dict[str, Any]) -> list[str]:
    """How to fill the ballot in, in plain sentences: what to write, the limits, what voids it."""
    return [
        *_how_to_choose(options),
        gettext("Write nothing else: no name, no signature, no drawing. Your vote is secret."),
        gettext("If you make a mistake, ask for another ballot."),
    ]


def _how_to_choose(options: dict[str, Any]) -> list[str]:
    least, most = options["min_choices"], options["max_choices"]
    match options["ballot_kind"]:
        case BallotKind.CHOOSE_ONE:
            return [gettext("Tick one project, and one only.")]
        case BallotKind.KNAPSACK:
            return [
                gettext("Tick the projects that you choose."),
                gettext("Together they must not cost more than %(amount)s.")
                % {"amount": euros(options["budget_cents"])},
                *_how_many(least, most),
            ]
        case BallotKind.CUMULATIVE:
            return _how_many_points(options) + _how_many(least, most)
        case BallotKind.ORDINAL:
            return [
                gettext(
                    "Write 1 beside the project that you prefer, 2 beside the next one, and so on."
                ),
                gettext("Give each number once."),
                *_how_many(least, most),
            ]
        case _:
            return [gettext("Tick the projects that you choose."), *_how_many(least, most)]


def _how_many(least: int, most: int | None) -> list[str]:
    if most is not None and least == most:
        return [
            ngettext("Choose %(count)s project.", "Choose %(count)s projects.", most)
            % {"count": most}
        ]
    sentences = []
    if least > 1:
        sentences.append(
            ngettext(
                "Choose at least %(count)s project.", "Choose at least %(count)s projects.", least
            )
            % {"count": least}
        )
    if most is not None:
        sentences.append(
            ngettext(
                "Choose %(count)s project at most: beyond that, the ballot is void.",
                "Choose %(count)s projects at most: beyond that, the ballot is void.",
                most,
            )
            % {"count": most}
        )
    return sentences


def _how_many_points(options: dict[str, Any]) -> list[str]:
    total, each = options.get("max_points"), options.get("max_points_per_project")
    sentences = [gettext("Write beside each project that you choose how many points you give it.")]
    if total is not None:
        sentences.append(
            gettext("You have %(total)s points in all: beyond that, the ballot is void.")
            % {"total": total}
        )
    if each is not None:
        sentences.append(gettext("Give one project %(most)s points at most.") % {"most": each})
    return sentences


def _pdf(template: str, style: _Style, **context: Any) -> bytes:
    """The page as a tagged PDF, in the language of the site. No date and no author in it."""
    import weasyprint

    with override(settings.LANGUAGE_CODE):
        html = render_to_string(template, {"style": style, "language": get_language(), **context})
        sheet = render_to_string("budgets_admin/paper_print.css", {"style": style})
    page = weasyprint.HTML(string=html, url_fetcher=_nothing_fetched)
    return page.write_pdf(stylesheets=[weasyprint.CSS(string=sheet)], pdf_variant="pdf/ua-1")


def _nothing_fetched(url: str, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
    """A printed page is made of its own text: whatever a title holds, nothing is loaded."""
    raise ValueError(f"a printed page loads nothing: {url}")
