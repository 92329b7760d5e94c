"""Area alerts by mail: ask, confirm, stop."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from participation.core.verdict import Refused
from participation.mapping import services


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: a page that asks, a button that confirms (a mail scanner opens links)."""
    alert = services.find_alert(token)
    if request.method != "POST":
        return _show(request, "confirm" if alert else "unknown", alert=alert)
    try:
        alert = services.confirm_alert(token=token, at=timezone.now())
    except Refused as refused:
        return _show(request, "refused", verdict=refused.verdict, status=410)
    return _show(request, "confirmed", alert=alert, token=token)


# A mail program posts here by itself (RFC 8058), without a cookie or a CSRF token; the signed
# link is the proof.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The unsubscribe link of every mail: one button, or one click in the mail program."""
    alert = services.find_alert(token)
    if request.method != "POST":
        return _show(request, "stop" if alert else "unknown", alert=alert)
    try:
        services.stop_alert_by_link(token=token)
    except Refused as refused:
        return _show(request, "refused", verdict=refused.verdict, status=410)
    return _show(request, "stopped")


def _show(
    request: HttpRequest, moment: str, *, status: int = 200, **context: object
) -> HttpResponse:
    values = {"moment": moment, "alert": None, "verdict": None, "token": "", **context}
    if moment == "unknown":
        status = 410
    return render(request, "mapping/alert_link.html", values, status=status)
