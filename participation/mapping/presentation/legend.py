"""How the categories of a map look on it: never by colour alone."""

from collections.abc import Iterable

from maps.legend import Category
from participation.mapping.models import MapCategory


def legend_of(categories: Iterable[MapCategory]) -> list[Category]:
    """The map's categories as its legend and its tiles know them."""
    return [
        Category(
            key=str(each.pk),
            label=each.name,
            tone=each.tone,
            icon=each.icon,
            pattern=each.pattern,
        )
        for each in categories
    ]
