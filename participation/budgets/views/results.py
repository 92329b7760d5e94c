"""Results: who won and why, envelope by envelope, and the files to count again."""

import csv
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext, npgettext, pgettext
from django.views.decorators.http import require_safe

from participation.budgets import queries
from participation.budgets.models import Envelope, Project
from participation.budgets.presentation import (
    channel_names,
    first_winners,
    grouped,
    money_chart,
    order_of_selection,
    reason_sentence,
    round_stories,
    rules_of_counting,
    share,
    short_euros,
    tie_stories,
    turnout_rows,
)
from participation.budgets.services.pabulib import export_election
from participation.budgets.services.vote.publication import published_rolls
from participation.budgets.views.budget_page import BudgetPage, open_budget
from participation.core.choices import Step

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """The results once published; before that, only those who run the vote, under a banner."""
    page = open_budget(request, slug)
    if not page.sees_results:
        context = page.context("results", vote_is_open=page.is_open(Step.DECIDE))
        return render(request, "budgets/results_not_yet.html", context)
    counted = queries.results(budget=page.budget)
    rolls = published_rolls([result.poll for result in counted])
    found = [_told(result, rolls[result.poll.pk]) for result in counted]
    context = page.context(
        "results",
        results=found,
        several=len(found) > 1,
        before_publication=not page.results_are_public,
        totals=_totals(found),
        figures=_figures(page, found),
        wants_map=any(row["has_points"] for row in found),
        features_url=reverse("budgets:projects_geojson", args=[page.slug]) + "?statut=winner",
    )
    response = render(request, "budgets/results.html", context)
    if not page.results_are_public:
        response["Cache-Control"] = "private, no-store"
    return response


def _told(result: Any, roll: Mapping[str, Any]) -> dict[str, Any]:
    """One envelope's result in words and figures for its section."""
    tally = result.tally
    projects = [*result.winners, *result.others]
    titles = {project.reference: project.title for project in projects}
    outcomes = {outcome["candidate"]: outcome for outcome in tally.result["outcomes"]}
    amount = result.envelope.amount_cents
    first, following = first_winners(result.winners)
    return {
        "envelope": result.envelope,
        "tally": tally,
        "winners": result.winners,
        "first_winners": first,
        "next_winners": following,
        "order": order_of_selection(tally.result, result.poll.options),
        "others": [
            {
                "project": project,
                "why": [
                    reason_sentence(reason, titles, options=result.poll.options)
                    for reason in outcomes.get(project.reference, {}).get("reasons", ())
                ],
            }
            for project in result.others
        ],
        "money": money_chart(result.winners, amount),
        "channels": turnout_rows(roll["by_channel"], channel_names()),
        "turnout": turnout_rows(roll["by_district"], {}),
        "rounds": round_stories(tally.result, titles, result.poll.options),
        "by_points": result.poll.options.get("measure") == "points",
        "set_aside": result.set_aside,
        "revision": result.revision,
        "left_cents": amount - tally.spent_cents,
        "share": share(tally.spent_cents, amount),
        "districts": result.districts,
        "ties": tie_stories(tally.result, titles),
        "rules": rules_of_counting(result.poll.options),
        "poll": result.poll,
        "has_points": any(project.point is not None for project in projects),
    }


def _figures(page: BudgetPage, found: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The results in numbers: value and label."""
    totals = _totals(found)
    winners, ballots = totals["winners"], totals["ballots"]
    figures = [
        (grouped(winners), npgettext("key figure", "winning project", "winning projects", winners)),
        (grouped(ballots), npgettext("key figure", "ballot", "ballots", ballots)),
        (short_euros(totals["spent_cents"]), pgettext("key figure", "used")),
    ]
    perimeter = page.budget.activity.process.perimeter
    if len(found) == 1 and perimeter is not None and perimeter.population:
        percent = number_format(totals["voters"] * 100 / perimeter.population, decimal_pos=1)
        words = pgettext("key figure", "of the residents voted")
        figures.insert(2, (gettext("%(percent)s%%") % {"percent": percent}, words))
    return [{"value": value, "label": label} for value, label in figures]


def _totals(found: list[dict[str, Any]]) -> dict[str, int]:
    return {
        "winners": sum(len(row["winners"]) for row in found),
        "projects": sum(len(row["winners"]) + len(row["others"]) for row in found),
        "ballots": sum(row["tally"].ballots for row in found),
        "voters": sum(row["tally"].voters for row in found),
        "spent_cents": sum(row["tally"].spent_cents for row in found),
        "amount_cents": sum(row["envelope"].amount_cents for row in found),
    }


@require_safe
def results_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every project with its votes and its result, one line each, in UTF-8 with `;`."""
    page = _counted(request, slug)
    writer = csv.writer(_Echo(), delimiter=";")
    response = StreamingHttpResponse(
        (writer.writerow([_safe(cell) for cell in row]) for row in _lines(page)),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{page.slug}-resultats.csv"'
    return response


@require_safe
def results_pb(request: HttpRequest, slug: str, envelope_slug: str) -> HttpResponseBase:
    """The anonymous ballots and the projects of one envelope in the Pabulib format.

    Of a vote held and published here, that is the file that was signed.
    """
    page = _counted(request, slug)
    envelope = (
        Envelope.objects.filter(budget=page.budget, slug=envelope_slug, poll__tally__isnull=False)
        .select_related("budget__activity__process__perimeter", "poll__tally")
        .first()
    )
    if envelope is None:
        raise Http404(gettext("This vote is not counted."))
    if page.results_are_public and envelope.poll.board_id is not None:
        return redirect("budgets:publication_file", slug, envelope_slug, "scrutin.pb")
    response = StreamingHttpResponse(
        (line.encode() for line in export_election(envelope=envelope)),
        content_type="text/plain; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{page.slug}-{envelope.slug}.pb"'
    return response


def _counted(request: HttpRequest, slug: str) -> BudgetPage:
    page = open_budget(request, slug)
    if not page.sees_results:
        raise Http404(gettext("The results are not published."))
    return page


class _Echo:
    """A file that gives back each line instead of keeping it."""

    def write(self, value: str) -> str:
        return value


def _safe(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula is made a text again."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_SIGNS):
        return "'" + cell
    return cell


def _lines(page: BudgetPage) -> Iterator[list[Any]]:
    columns = [
        pgettext("column", "envelope"),
        pgettext("column", "number"),
        pgettext("column", "title"),
        pgettext("column", "category"),
        pgettext("column", "neighbourhood"),
        pgettext("column", "cost in euros"),
        pgettext("column", "votes"),
        pgettext("column", "rank"),
        pgettext("column", "selected"),
        pgettext("column", "longitude"),
        pgettext("column", "latitude"),
    ]
    yield columns
    for result in queries.results(budget=page.budget):
        for project in [*result.winners, *result.others]:
            yield _line(result.envelope, project)


def _line(envelope: Envelope, project: Project) -> list[Any]:
    point = project.point
    return [
        envelope.name,
        project.reference,
        project.title,
        project.category.name if project.category else "",
        project.territory.name if project.territory else project.district,
        f"{project.cost_cents // 100}.{project.cost_cents % 100:02d}",
        project.votes,
        project.rank,
        gettext("yes") if project.state == "winner" else gettext("no"),
        f"{point.x:.6f}" if point else "",
        f"{point.y:.6f}" if point else "",
    ]
