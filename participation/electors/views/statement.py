"""Say who one is, on one's honour."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from participation.core.throttle import within_limit
from participation.core.verdict import Refused
from participation.core.views.shared import say_no
from participation.electors import visits
from participation.electors.choices import Way
from participation.electors.forms.entrance import StatementForm
from participation.electors.models import ElectorIdentity
from participation.electors.services import (
    Proof,
    Statement,
    admit_proof,
    electorate_of,
    state_identity,
)
from participation.electors.views.shared import (
    Entrance,
    go_on,
    open_entrance,
    show_refusals,
    too_fast,
)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: HttpRequest, slug: str) -> HttpResponse:
    """For whoever proved to hold a telephone, an account or FranceConnect."""
    entrance = open_entrance(request, slug)
    who = _who(request, entrance)
    if who is None:
        return HttpResponseRedirect(entrance.to("entry"))
    way, proofs, account = who
    form = StatementForm(
        request.POST if request.method == "POST" else None,
        electorate=entrance.electorate,
        asks_email=account is None,
    )
    status = 200
    if request.method == "POST":
        if not within_limit(request, action="elector-statement", limit=10, seconds=3600):
            return too_fast(request, entrance)
        if form.is_valid():
            try:
                elector = state_identity(
                    electorate=electorate_of(activity=entrance.activity),
                    way=way,
                    statement=_stated(form.cleaned_data),
                    proofs=proofs,
                    account=account,
                    email=form.cleaned_data.get("email", ""),
                    at=entrance.at,
                )
            except Refused as refused:
                show_refusals(form, refused)
            else:
                if elector is None:
                    return HttpResponseRedirect(entrance.to("waiting"))
                return go_on(request, entrance, elector)
        status = 422
    context = entrance.context(form=form, is_account=account is not None)
    return render(request, "electors/statement.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def arrival(request: HttpRequest, slug: str) -> HttpResponse:
    """FranceConnect has vouched for one person: enter them by a button, or ask who they are."""
    entrance = open_entrance(request, slug)
    held = visits.held_proof(request, entrance.activity)
    if held is None:
        return HttpResponseRedirect(entrance.to("entry"))
    if request.method != "POST":
        return render(request, "electors/arrival.html", entrance.context())
    way, proof = held
    try:
        elector = admit_proof(
            electorate=electorate_of(activity=entrance.activity),
            way=Way(way),
            proof=proof,
            account=request.user if request.user.is_authenticated else None,
        )
    except Refused as refused:
        say_no(request, refused)
        return HttpResponseRedirect(entrance.to("entry"))
    if elector is None:
        return HttpResponseRedirect(entrance.to("statement"))
    return go_on(request, entrance, elector)


@never_cache
@require_safe
def waiting(request: HttpRequest, slug: str) -> HttpResponse:
    """An agent will look. The same page whatever the roll holds, or does not."""
    entrance = open_entrance(request, slug)
    return render(request, "electors/waiting.html", entrance.context())


def _who(request: HttpRequest, entrance: Entrance) -> tuple[Way, list[Proof], Any] | None:
    """The way, the proofs and the account of whoever is here."""
    held = visits.held_proof(request, entrance.activity)
    account = request.user if request.user.is_authenticated else None
    if held is not None:
        way, proof = held
        return Way(way), [proof], account
    if account is not None:
        return Way.ATTESTATION, [], account
    elector = visits.current_elector(request, entrance.activity)
    if elector is None or not elector.ways:
        return None
    known = ElectorIdentity.objects.filter(elector=elector).order_by("pk")
    return Way(elector.ways[0]), [Proof(row.kind, row.digest) for row in known], None


def _stated(data: dict[str, Any]) -> Statement:
    return Statement(
        family_name=data["family_name"],
        given_names=data["given_names"],
        birth_date=data["birth_date"],
        link=data.get("link", ""),
        territory=data.get("territory"),
    )
