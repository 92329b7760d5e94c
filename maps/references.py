"""How an address or a template names a territory: `municipality:31555`."""

from maps.choices import TerritoryKind
from maps.models import Territory


class UnknownTerritory(LookupError):
    """No territory of that kind and code."""


def reference(territory: Territory) -> str:
    """The stable public name of a territory: its kind and its code."""
    return f"{territory.kind}:{territory.code}"


def find(name: str) -> Territory:
    """The territory of that name (without its boundary), the latest when several had the code.

    Raises `UnknownTerritory`.
    """
    kind, _, code = name.partition(":")
    # A NUL would reach PostgreSQL as an error, not as an unknown code.
    if kind not in TerritoryKind.values or not code or "\x00" in code:
        raise UnknownTerritory(name)
    found: Territory | None = (
        Territory.objects.light()
        .filter(kind=kind, code=code[:20])
        .order_by("-valid_from", "-pk")
        .first()
    )
    if found is None:
        raise UnknownTerritory(name)
    return found
