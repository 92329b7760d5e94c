"""What a tile is made of: rows with a geometry, and cells counted beforehand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Expression, F, Func, QuerySet, TextField

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")

Value = str | Expression | F
"""A column's name, or an expression on the rows."""


@dataclass(frozen=True, slots=True)
class FeatureSource:
    """Rows to show.

    - `rows`: a queryset, already filtered to what its reader may see; its key is an integer;
    - `geometry`: its column in EPSG:3857, with a GiST index;
    - `properties`: the only things that a tile says of a row, by name (text, numbers, booleans);
    - `anchor`: a column of points in EPSG:3857, one on each row's geometry; it is worked out when
      not given.

    Raises `ValueError` for a property whose name can't be one.
    """

    rows: QuerySet[Any]
    geometry: str = "tile_geometry"
    properties: Mapping[str, Value] = field(default_factory=dict)
    anchor: str = ""

    def __post_init__(self) -> None:
        check_names(self.properties)


@dataclass(frozen=True, slots=True)
class CellSource:
    """Counts kept up to date beside the rows, so that a wide tile need not read them all.

    - `rows`: one per cell, filtered as the features are; `x` and `y`: their weighted centre in
      metres of EPSG:3857; `count`: how many features (rows of zero are left out);
    - `max_zoom`: the deepest zoom whose pictures these cells are fine enough for;
    - `feature`: the column that holds a feature's key, when a cell of one knows it.
    """

    rows: QuerySet[Any]
    x: str = "x"
    y: str = "y"
    count: str = "count"
    max_zoom: int = 13
    feature: str = ""


def check_names(properties: Mapping[str, Value]) -> None:
    """They become SQL names and the keys of a public document."""
    for name in properties:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} can't name a property of a tile.")


class Raw(Func):
    """A column as PostGIS holds it: GeoDjango would send its bytes."""

    template = "%(expressions)s"
    output_field = TextField()


def as_expression(value: Value) -> Any:
    """A column's name, or the expression itself."""
    return F(value) if isinstance(value, str) else value
