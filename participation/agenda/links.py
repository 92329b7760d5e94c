"""Secret links of mails: signed by the site, so that none needs to be kept."""

from typing import Any

from django.core import signing
from django.urls import reverse

REGISTRATION = "agenda.registration"
SATISFACTION = "agenda.satisfaction"


def signed(key: int, purpose: str) -> str:
    """The token of a link for the row of that key."""
    return signing.dumps(key, salt=purpose)


def opened(token: str, purpose: str) -> int | None:
    """The key that a token carries; `None` when the site did not sign it for this purpose."""
    try:
        key = signing.loads(token, salt=purpose)
    except signing.BadSignature:
        return None
    return key if isinstance(key, int) else None


def ticket_path(registration: Any) -> str:
    """The secret address of a registration, whose event is read too."""
    token = signed(registration.pk, REGISTRATION)
    return reverse("agenda:registration", args=[registration.event.slug, token])
