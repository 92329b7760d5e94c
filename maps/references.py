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


class AmbiguousCode(LookupError):
    """Several kinds of territory have this code."""


def find_by_code(code: str, kind: str = "") -> Territory:
    """The territory of a bare code (`31555`) or of a full name (`municipality:31555`).

    Raises `UnknownTerritory`, or `AmbiguousCode` when only the kind could tell.
    """
    if ":" in code:
        return find(code)
    if kind:
        return find(f"{kind}:{code}")
    kinds = set()
    if "\x00" not in code:
        rows = Territory.objects.filter(code=code[:20]).order_by("kind")
        kinds = set(rows.values_list("kind", flat=True))
    if len(kinds) > 1:
        raise AmbiguousCode(code)
    return find(f"{kinds.pop() if kinds else ''}:{code}")
