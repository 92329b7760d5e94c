"""Come with a mobile telephone: a number, then the code that it received."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from participation.core.throttle import within_limit
from participation.core.verdict import Refused
from participation.electors import visits
from participation.electors.choices import Way
from participation.electors.forms.entrance import PhoneForm, TextCodeForm
from participation.electors.services import check_text_code, electorate_of, send_text_code
from participation.electors.views.shared import go_on, open_entrance, show_refusals, too_fast

_SENT = "elector_text"


@never_cache
@sensitive_post_parameters("number")
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a number. The answer is the same for every number."""
    entrance = open_entrance(request, slug)
    form = PhoneForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if not within_limit(request, action="text-code", limit=8, seconds=3600):
            return too_fast(request, entrance)
        if form.is_valid():
            try:
                sent = send_text_code(
                    electorate=electorate_of(activity=entrance.activity),
                    number=form.cleaned_data["number"],
                    at=entrance.at,
                )
            except Refused as refused:
                show_refusals(form, refused)
            else:
                request.session[_SENT] = sent.pk
                return HttpResponseRedirect(entrance.to("phone_code"))
        status = 422
    return render(request, "electors/phone.html", entrance.context(form=form), status=status)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def phone_code(request: HttpRequest, slug: str) -> HttpResponse:
    """Type the code received."""
    entrance = open_entrance(request, slug)
    sent = request.session.get(_SENT)
    if sent is None:
        return HttpResponseRedirect(entrance.to("phone"))
    form = TextCodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if not within_limit(request, action="text-code-try", limit=30, seconds=3600):
            return too_fast(request, entrance)
        if form.is_valid():
            account = request.user if request.user.is_authenticated else None
            try:
                proof, elector = check_text_code(
                    sent_id=sent,
                    electorate=entrance.electorate,
                    text=form.cleaned_data["code"],
                    account=account,
                    at=entrance.at,
                )
            except Refused as refused:
                show_refusals(form, refused)
            else:
                request.session.pop(_SENT, None)
                if elector is not None:
                    return go_on(request, entrance, elector)
                visits.hold_proof(request, electorate=entrance.electorate, way=Way.SMS, proof=proof)
                return HttpResponseRedirect(entrance.to("statement"))
        status = 422
    context = entrance.context(form=form, again_url=entrance.to("phone"))
    return render(request, "electors/phone_code.html", context, status=status)
