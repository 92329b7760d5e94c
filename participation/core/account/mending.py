"""A refusal that a person can mend leads to where they mend it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Mend:
    """What to do about a refusal: a link's label and its address."""

    label: Any
    url: str


# code of the refusal: (label, URL name, anchor, whether to come back afterwards)
_MENDS: dict[str, tuple[Any, str, str, bool]] = {
    "anonymous": (_("Sign in or create an account"), "account_login", "", True),
    "email_unverified": (_("Confirm my e-mail address"), "account_email", "", False),
    "birth_date_missing": (_("Give my date of birth"), "space:profile", "date-de-naissance", True),
    "residence_missing": (_("Say where I live"), "space:profile", "mon-quartier", True),
    "not_resident": (_("Check where I live"), "space:profile", "mon-quartier", True),
}


def mend(code: str, *, back: str = "") -> Mend | None:
    """How to mend the refusal `code`, or `None` when nothing can be done about it.

    `back` is the page to return to once it is mended.
    """
    found = _MENDS.get(code)
    if found is None:
        return None
    label, name, anchor, returns = found
    query = f"?{urlencode({'next': back})}" if back and returns else ""
    return Mend(label, f"{reverse(name)}{query}{'#' + anchor if anchor else ''}")
