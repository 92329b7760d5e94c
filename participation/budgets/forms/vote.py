"""What a ballot form sends."""

import uuid
from collections.abc import Iterable

from django.http import QueryDict

CHOICE, CAST_KEY = "choix", "cle"
_MOST = 2_000


def chosen_keys(data: QueryDict) -> list[int]:
    """The keys of the projects ticked, each once, in the order sent; what is no key is left out.

    Whether they stand on the ballot is the rule's question, not the form's.
    """
    keys: dict[int, None] = {}
    for value in data.getlist(CHOICE)[:_MOST]:
        if value.isascii() and value.isdecimal() and len(value) < 19:
            keys[int(value)] = None
    return list(keys)


def cast_key(data: QueryDict) -> uuid.UUID | None:
    """The form's own key, or None when it was tampered with."""
    try:
        return uuid.UUID(data.get(CAST_KEY, ""))
    except ValueError:
        return None


def known_only(keys: Iterable[int], standing: Iterable[int]) -> list[int]:
    """The keys that are on the ballot."""
    known = set(standing)
    return [key for key in keys if key in known]
