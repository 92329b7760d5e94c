"""Answers to forms that waited on somebody's device for the network: for its script, not for eyes.

Such a form has the header `X-Parvis-Queue` and, in `person`, the mark of who wrote it. It is judged
like any other; its `submission_key` makes it one contribution however often it comes.
"""

from collections.abc import Iterable

from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.utils.translation import pgettext

from participation.accounts.marks import person_mark

HEADER = "X-Parvis-Queue"


def is_queued(request: HttpRequest) -> bool:
    """Whether the form waited on a device."""
    return HEADER in request.headers


def is_same_person(request: HttpRequest) -> bool:
    """Whether who is signed in now wrote the form: nobody at all counts as one."""
    return constant_time_compare(request.POST.get("person", ""), person_mark(request.user))


def other_person() -> JsonResponse:
    """Nothing was taken: somebody else is signed in, or nobody any more."""
    return JsonResponse({"sent": False, "other_person": True}, status=409)


def refusal(reasons: Iterable[str], *, status: int, later: bool = False) -> JsonResponse:
    """Nothing was taken, and why; `later`: the same form may pass at another moment."""
    # A form in error is shown again with 200: for a script that would say it was taken.
    status = status if status >= 400 else 422
    return JsonResponse({"sent": False, "later": later, "reasons": list(reasons)}, status=status)


def as_queued(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What the view answered, as a device understands it: a redirection says that it was taken."""
    if not is_queued(request) or not 300 <= response.status_code < 400:
        return response
    return JsonResponse({"sent": True, "url": response["Location"]})


def errors_of(form: Form | None) -> list[str]:
    """Each error of a form after the name of its field."""
    if form is None or not form.is_bound:
        return []
    return [_named(str(field.label), str(error)) for field in form for error in field.errors]


def _named(label: str, error: str) -> str:
    colon = "" if label.endswith("?") else pgettext("before a value", ":")
    return f"{label}{colon} {error}"
