"""What every page of the personal space asks."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from participation.accounts.models import User

PER_PAGE = 20

View = Callable[..., HttpResponse]


def member_page(view: View) -> View:
    """Signed in, and never kept by a cache."""
    return never_cache(login_required(view))


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def member(request: HttpRequest) -> User:
    """Whose space it is; only on a `member_page`."""
    assert isinstance(request.user, User)  # noqa: S101 -- login_required has let them through
    return request.user
