"""How the categories of a map look on it: never by colour alone."""

from collections.abc import Iterable

from maps.legend import Category
from participation.mapping.choices import Pattern
from participation.mapping.models import MapCategory

# The floor draws dashes where the settings speak of a grid.
_PATTERNS = {Pattern.GRID: "dashes"}


def legend_of(categories: Iterable[MapCategory]) -> list[Category]:
    """The map's categories as its legend and its tiles know them."""
    return [
        Category(
            key=str(each.pk),
            label=each.name,
            tone=each.tone,
            icon=each.icon,
            pattern=_PATTERNS.get(Pattern(each.pattern), each.pattern),
        )
        for each in categories
    ]
