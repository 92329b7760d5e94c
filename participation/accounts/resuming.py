"""What somebody typed in the back office and sent after their session had ended.

Each screen there has its own form, so none is asked to fill itself again: the words wait in the
session while their author signs in, then one page shows them and sends them as they were.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from participation.accounts.kept_forms import forget_form, keep_form, kept_form

_NAME = "office-typed"
_NEVER_KEPT = ("secret", "password")
"""Fields of which a part of the name says that they belong in no session."""
_OF_THE_PAGE = ("csrfmiddlewaretoken", "next")


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that waits: `fields` as (name, value) pairs, `to` where it goes, `back` its page."""

    to: str
    back: str
    fields: list[tuple[str, str]]

    @property
    def words(self) -> list[str]:
        """What a person wrote, without the choices they made; but no drawing or rich text."""
        return [
            value
            for name, value in self.fields
            if _is_written(name, value) and not value.startswith(("{", "["))
        ]


def page_of(request: HttpRequest) -> str:
    """The page of the back office whose form this is, or the office's first page."""
    office = reverse("wagtailadmin_home")
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return office
    address = urlsplit(came_from)
    if not address.path.startswith(office):
        return office
    return f"{address.path}?{address.query}" if address.query else address.path


def keep(request: HttpRequest, *, at: datetime) -> bool:
    """Keep what this form says; False when no words are in it, too many, or a secret."""
    sent = _pairs(request.POST)
    secret = any(part in name for name, _value in sent for part in _NEVER_KEPT)
    if secret or not any(_is_written(*pair) for pair in sent):
        return False
    to, back = request.get_full_path(), page_of(request)
    return keep_form(request, _NAME, request.POST, at=at, to=to, back=back)


def waiting(request: HttpRequest, *, at: datetime) -> Typed | None:
    """The form that waits for its author, unless they came back too late."""
    kept = kept_form(request, _NAME, at=at)
    return Typed(kept.to, kept.back, _pairs(kept.fields)) if kept else None


def forget(request: HttpRequest, *, at: datetime) -> None:
    """Once sent to where it goes, nothing waits any more."""
    kept = kept_form(request, _NAME, at=at)
    if kept is not None and kept.to == request.get_full_path():
        forget_form(request, _NAME)


def _pairs(fields: QueryDict) -> list[tuple[str, str]]:
    return [(name, value) for name, values in fields.lists() for value in values]


def _is_written(name: str, value: str) -> bool:
    """Whether a value is words: two or more, which no choice of a list or box gives."""
    return name not in _OF_THE_PAGE and len(value.split()) > 1
