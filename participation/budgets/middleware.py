"""What holds on the shared device of a desk, on every page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from participation.budgets.views.kiosk import IDLE, desk_of_device

_SEEN = "kiosk_seen"


class SharedDevice:
    """Erase a voter who is still for two minutes, keep no page, sign nobody in.

    The browser comes back to the welcome screen by itself (`Refresh`, which needs no script); the
    server counts the two minutes too, whatever the browser does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.is_shared_device = desk_of_device(request) is not None  # type: ignore[attr-defined]  # read by templates
        if not request.is_shared_device:  # type: ignore[attr-defined]  # set just above
            return self.get_response(request)
        if request.path.startswith((reverse("wagtailadmin_home"), reverse("account_login"))):
            return HttpResponseRedirect(reverse("budgets:kiosk"))
        now = timezone.now().timestamp()
        seen = request.session.get(_SEEN)
        if seen is not None and now - seen > IDLE.total_seconds():
            request.session.flush()
            return HttpResponseRedirect(reverse("budgets:kiosk"))
        response = self.get_response(request)
        if not request.session.is_empty():
            request.session[_SEEN] = now
        if response.get("Content-Type", "").startswith("text/html"):
            response["Cache-Control"] = "no-store, private"
            if request.path != reverse("budgets:kiosk"):
                response["Refresh"] = (
                    f"{int(IDLE.total_seconds())}; url={reverse('budgets:kiosk_end')}"
                )
        return response
