"""Choose projects."""

import base64
import unicodedata
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from participation.budgets.models import Project
from participation.budgets.presentation import ballot_texts
from participation.budgets.views.vote.booth import Booth, Line, enter, marks_of, not_now
from participation.budgets.views.vote.receipt import Sheet
from participation.core.views.resending import shows_again_when_expired


@never_cache
@sensitive_post_parameters()
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, slug: str, envelope_slug: str) -> HttpResponse:
    """Choose projects. Without JavaScript, filtering and recalculating send the form here."""
    booth = enter(request, slug, envelope_slug)
    verdict = booth.verdict
    if not verdict:
        return not_now(request, booth, verdict)
    return show_ballot(request, booth)


def show_ballot(request: HttpRequest, booth: Booth, *, refused: bool = False) -> HttpResponse:
    """The ballot with what is marked on it; with its problems when it was `refused`."""
    projects = booth.projects()
    basket = booth.basket(projects, marks_of(request, booth))
    marked = {line.project.pk: line for line in basket.lines}
    asked = {name: request.POST.get(name, "") for name in ("q", "categorie", "quartier")}
    if request.POST.get("action") == "clear":
        asked = dict.fromkeys(asked, "")
    shown = [project for project in projects if _matches(project, asked)]
    visible = {project.pk for project in shown}
    context = booth.context(
        lines=[marked.get(project.pk) or Line(project, 0) for project in shown],
        total=len(projects),
        hidden=[line for line in basket.lines if line.project.pk not in visible],
        basket=basket,
        texts=ballot_texts(booth.limits),
        terms=_terms(booth),
        memory_key=booth.memory_key,
        asked=asked,
        is_filtered=any(asked.values()),
        categories=_distinct(project.category for project in projects),
        territories=_distinct(project.territory for project in projects),
        problems=list(basket.verdict.refusals) if refused else [],
        others=booth.others(),
        sheet=Sheet(),
        may_vote_again=True,
        form_expired=request.form_expired,  # type: ignore[attr-defined]  # set by its decorator
    )
    return render(request, "budgets/ballot.html", context)


def _terms(booth: Booth) -> dict[str, Any]:
    """What the browser needs to check a ballot and to seal it."""
    poll, limits = booth.poll, booth.limits
    return {
        "kind": limits.kind,
        "min": limits.minimum,
        "max": limits.maximum,
        "money": limits.money_cents,
        "points": limits.points,
        "pointsEach": limits.points_each,
        "publicKey": base64.urlsafe_b64encode(bytes(poll.public_key)).decode().rstrip("="),
        "pollId": poll.pk,
        "paddedLength": poll.options["padded_length"],
        "deposit": reverse("budgets:ballot_deposit", args=[booth.page.slug, poll.envelope.slug]),
        "memory": booth.memory_key,
    }


def _matches(project: Project, asked: dict[str, str]) -> bool:
    text = plain(asked["q"].strip())
    return (
        (not text or text in plain(f"{project.title} {project.description}"))
        and asked["categorie"] in ("", str(project.category_id))
        and asked["quartier"] in ("", str(project.territory_id))
    )


def plain(text: str) -> str:
    """Lower case without accents: "école" is found by "ecole"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _distinct(rows: Any) -> list[Any]:
    """The categories or territories of the ballot, once each, by name."""
    found = {row.pk: row for row in rows if row is not None}
    return sorted(found.values(), key=lambda row: row.name)
