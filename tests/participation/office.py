"""Which addresses of the back office somebody opens."""

from collections.abc import Iterable
from typing import Any

from django.test import Client
from django.urls import reverse


def opened(client: Client, user: Any, screens: Iterable[tuple[str, str, Any]]) -> list[str]:
    """What this person (`None`: nobody signed in) opens among (method, address, whose) rows:
    neither refused nor sent elsewhere to sign in. Each as "method address", in their order."""
    if user is not None:
        client.force_login(user)
    found = []
    for method, address, _whose in screens:
        answer = getattr(client, method)(address)
        assert answer.status_code in (200, 302, 400, 403, 422), (address, answer.status_code)
        refused = answer.status_code == 403 or (
            answer.status_code == 302
            and (answer.url.startswith("/compte/") or answer.url == reverse("wagtailadmin_home"))
        )
        if not refused:
            found.append(f"{method} {address}")
    return found
