"""Forms that wait in a session while the person who filled them in signs in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_datetime

MAX_KEPT = 100_000
"""Characters of a form, as a browser encodes it, that a session keeps."""
KEPT_FOR = timedelta(hours=1)
"""The device may be shared: what nobody came back for is not shown to the next person."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as it was sent `to` an address (path and query) from the page `back`, or ""."""

    fields: QueryDict
    to: str
    back: str


def keep_form(
    request: HttpRequest,
    name: str,
    fields: QueryDict,
    *,
    at: datetime,
    to: str = "",
    back: str = "",
) -> bool:
    """Keep `fields` in the session under `name`, in the place of what was there.

    False, and nothing kept, when they are too long. The token of the form's page is left out.
    """
    kept = fields.copy()
    kept.pop("csrfmiddlewaretoken", None)
    encoded = kept.urlencode()
    if len(encoded) > MAX_KEPT:
        return False
    request.session[name] = {"fields": encoded, "to": to, "back": back, "at": at.isoformat()}
    return True


def kept_form(request: HttpRequest, name: str, *, at: datetime) -> KeptForm | None:
    """The form kept under `name`, or None; one that waited too long leaves the session.

    So does a value that this version did not write: a session outlives an update of the site.
    """
    match request.session.get(name):
        case {"fields": str(encoded), "to": str(to), "back": str(back), "at": str(written)}:
            since = parse_datetime(written)
            if since is not None and at - since <= KEPT_FOR:
                return KeptForm(QueryDict(encoded), to, back)
    forget_form(request, name)
    return None


def forget_form(request: HttpRequest, *names: str) -> None:
    """They were sent: nothing waits any more under these names."""
    for name in names:
        request.session.pop(name, None)
