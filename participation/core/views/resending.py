"""Forms sent with an expired security token are shown again, filled in, instead of refused.

A token expires when somebody signs in again in another tab, or when cookies are cleared. The
views below check it themselves, so that they can answer with what was typed; until a fresh
form is sent, nothing is written.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def _checked(request: HttpRequest) -> HttpResponse:
    """Stands for the view while Django's own middleware looks at the token."""
    return HttpResponse()


def shows_again_when_expired(view: View) -> View:
    """Set `request.form_expired` instead of refusing a form whose token no longer holds.

    The view must not write when it is True.
    """

    @csrf_exempt
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refused = CsrfViewMiddleware(_checked).process_view(request, _checked, (), {})
        request.form_expired = refused is not None  # type: ignore[attr-defined]  # read by the view
        return view(request, *args, **kwargs)

    return checked
