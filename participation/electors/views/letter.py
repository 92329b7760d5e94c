"""Come with the code of a letter."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from participation.core.throttle import within_limit
from participation.core.verdict import Refused
from participation.electors.forms.entrance import CodeForm
from participation.electors.services import electorate_of, redeem
from participation.electors.views.shared import go_on, open_entrance, show_refusals, too_fast


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """Type the code. What was typed stays in the page, never in an address."""
    entrance = open_entrance(request, slug)
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if not within_limit(request, action="voting-code", limit=40, seconds=600):
            return too_fast(request, entrance)
        if form.is_valid():
            account = request.user if request.user.is_authenticated else None
            try:
                elector = redeem(
                    electorate=electorate_of(activity=entrance.activity),
                    text=form.cleaned_data["code"],
                    account=account,
                    at=entrance.at,
                )
                return go_on(request, entrance, elector)
            except Refused as refused:
                show_refusals(form, refused)
        status = 422
    return render(request, "electors/code.html", entrance.context(form=form), status=status)
