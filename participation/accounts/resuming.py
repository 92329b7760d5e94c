"""What somebody typed in the back office and sent after their session had ended.

Each screen there has its own form, so none is asked to fill itself again: the words wait in the
session while their author signs in, then one page shows them and sends them as they were.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme

MAX_KEPT = 100_000
"""Characters of a form, as a browser encodes it, that a session keeps."""
KEPT_FOR = timedelta(hours=1)
"""The device may be shared: what nobody came back for is not shown to the next person."""

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
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    secret = any(part in name for name, _value in sent for part in _NEVER_KEPT)
    kept = request.POST.copy()
    kept.pop("csrfmiddlewaretoken", None)
    encoded = kept.urlencode()
    if secret or len(encoded) > MAX_KEPT or not any(_is_written(*pair) for pair in sent):
        return False
    request.session[_NAME] = {
        "to": request.get_full_path(),
        "back": page_of(request),
        "fields": encoded,
        "at": at.isoformat(),
    }
    return True


def waiting(request: HttpRequest, *, at: datetime) -> Typed | None:
    """The form that waits for its author, unless they came back too late."""
    kept = request.session.get(_NAME)
    if kept is None:
        return None
    since = parse_datetime(kept["at"])
    if since is None or at - since > KEPT_FOR:
        return None
    fields = QueryDict(kept["fields"])
    pairs = [(name, value) for name, values in fields.lists() for value in values]
    return Typed(to=kept["to"], back=kept["back"], fields=pairs)


def forget(request: HttpRequest) -> None:
    """Once sent to where it goes, nothing waits any more."""
    kept = request.session.get(_NAME)
    if kept is not None and kept["to"] == request.get_full_path():
        del request.session[_NAME]


def _is_written(name: str, value: str) -> bool:
    """Whether a value is words: two or more, which no choice of a list or box gives."""
    return name not in _OF_THE_PAGE and len(value.split()) > 1
