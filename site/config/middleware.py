"""Middlewares that belong to the whole site."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

_WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "MERGE")
# Sign-in state, the cache, resized pictures, and what Wagtail keeps about an editor's screen.
_MAY_BE_WRITTEN = (
    "django_session",
    "django_cache",
    "wagtailimages_rendition",
    "wagtailadmin_",
    "wagtailcore_pagesubscription",
    "wagtailusers_userprofile",
)


class WriteOnSafeMethod(AssertionError):
    """A GET, HEAD or OPTIONS request tried to change data."""


class SafeMethodsCannotWrite:
    """Fail loudly when a request with a safe method writes to the database (tests only)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        with connection.execute_wrapper(self._refuse_writes):
            return self.get_response(request)

    @staticmethod
    def _refuse_writes(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        statement = sql if isinstance(sql, str) else ""
        if statement.lstrip().upper().startswith(_WRITES) and not any(
            table in statement for table in _MAY_BE_WRITTEN
        ):
            raise WriteOnSafeMethod(statement[:200])
        return execute(sql, params, many, context)


class PermissionsPolicy:
    """Give up browser powers that the site never uses; keep geolocation for "my position"."""

    HEADER = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", self.HEADER)
        return response
