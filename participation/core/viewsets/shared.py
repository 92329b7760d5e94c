"""What the back office's views share: who may enter, and how refusals are shown."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.timezone import localtime
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column

from participation.core.dates import date_format
from participation.core.verdict import Refused, Verdict

Policy = Callable[..., Verdict]


def moment(name: str, *, label: Any) -> Column:
    """A column with a date and its time in full, sortable."""

    def accessor(row: Any) -> str:
        value = getattr(row, name)
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT") if value else ""

    return Column(name, label=label, accessor=accessor)


class Guarded:
    """A view that asks a policy before anything else: 403 for everybody else.

    `here`, when a subclass has one, is the address of its page: who comes to an address that only
    takes a form (a reload, a way back after signing in) is led there.
    """

    policy: Policy

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not type(self).policy(user=request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a view follows

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        page: str = getattr(self, "here", "")
        if page and request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(page)
        return super().http_method_not_allowed(request, *args, **kwargs)  # type: ignore[misc]  # a view follows


def menu_item(policy: Policy) -> type[MenuItem]:
    """A menu entry shown only to those whom the policy lets in."""

    def is_shown(_self: MenuItem, request: HttpRequest) -> bool:
        return bool(policy(user=request.user))

    return type("GuardedMenuItem", (MenuItem,), {"is_shown": is_shown})


def add_refusals(form: Any, refused: Refused) -> None:
    """Put every reason of a refusal at the top of a form."""
    for refusal in refused.verdict.refusals:
        form.add_error(None, str(refusal))
