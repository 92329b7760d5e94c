"""What the views of the spine share: finding subjects, going back, saying no."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from participation.core import policies, registry
from participation.core.models import Activity, Comment, Contribution, Process
from participation.core.verdict import Refused


def readable_contribution(request: HttpRequest, pk: int) -> Contribution:
    """The contribution, or 404 for those who may not read it: they learn nothing."""
    contribution = get_object_or_404(
        Contribution.objects.select_related("activity__process__perimeter", "author"), pk=pk
    )
    if not policies.may_read(contribution=contribution, user=request.user):
        raise Http404
    return contribution


def followable(kind: str, pk: int, user: Any) -> Process | Activity | Contribution:
    """What `kind` and `pk` name, or 404 when this person may not read it."""
    subject: Process | Activity | Contribution
    match kind:
        case "process":
            subject = get_object_or_404(Process.objects.public(), pk=pk)
        case "activity":
            subject = get_object_or_404(Activity.objects.public().select_related("process"), pk=pk)
        case "contribution":
            subject = get_object_or_404(
                Contribution.objects.select_related("activity__process"), pk=pk
            )
            if not policies.may_read(contribution=subject, user=user):
                raise Http404
        case _:
            raise Http404
    return subject


def reportable(kind: str, pk: int) -> Contribution | Comment:
    """The public contribution or comment named by `kind` and `pk`, or 404."""
    subject: Contribution | Comment
    match kind:
        case "contribution":
            subject = get_object_or_404(
                Contribution.objects.select_related("activity__process", "author"), pk=pk
            )
        case "comment":
            subject = get_object_or_404(
                Comment.objects.select_related("contribution__activity__process", "author"), pk=pk
            )
        case _:
            raise Http404
    if not policies.may_report(subject=subject):
        raise Http404
    return subject


def path_of(subject: Any) -> str:
    """Where the public reads a subject; the home page when nowhere in particular."""
    match subject:
        case Comment():
            return f"{path_of(subject.contribution)}#commentaire-{subject.pk}"
        case Contribution():
            return registry.contribution_path(subject) or "/"
        case Activity():
            instrument = registry.find(subject.kind)
            return instrument.landing(subject) if instrument else "/"
    return "/"


def way_back(request: HttpRequest, subject: Any) -> str:
    """The page where the form was, when it is one of ours, or the subject's own page."""
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    ):
        return wanted
    return path_of(subject)


def sign_in_first(request: HttpRequest, subject: Any) -> HttpResponse:
    return leave_to_sign_in(request, way_back(request, subject))


def leave_to_sign_in(request: HttpRequest, path: str) -> HttpResponse:
    """The page where one signs in, then `path`: whole, even when htmx asked for a piece."""
    answer = redirect_to_login(path)
    return HttpResponseClientRedirect(answer.url) if wants_fragment(request) else answer


def say_no(request: HttpRequest, refused: Refused) -> None:
    """Show every reason of a refusal on the next page."""
    for refusal in refused.verdict.refusals:
        messages.error(request, str(refusal))


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a piece of the page."""
    htmx = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    return bool(htmx) and not htmx.boosted


def too_fast(request: HttpRequest, subject: Any) -> HttpResponse:
    """Too many acts in a row: the same sentence for everyone, and the way back."""
    return render(request, "core/too_fast.html", {"back": way_back(request, subject)}, status=429)
