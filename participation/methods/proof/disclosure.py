"""Merge the small cells of a table of counts before it is published."""

from collections.abc import Mapping
from dataclasses import dataclass

SMALLEST_CELL = 20
"""No number of people from 1 to this one, left out, is published."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of a published table: the names that it stands for, and how many people."""

    names: tuple[str, ...]
    count: int

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"names": self.names, "count": self.count}


def merged(counts: Mapping[str, int], *, smallest: int = SMALLEST_CELL) -> tuple[Cell, ...]:
    """The cells that may be published beside their total: none is above 0 and below `smallest`.

    All the small cells go into one; while that one is itself small, the smallest of the others
    joins it (by name among equals). There is then never exactly one cell that is hidden, so that
    subtracting the published ones from the total gives back nothing that was merged. Cells of
    nobody stay as they are. When everybody together is fewer than `smallest`, nothing is
    published: the table is empty. The order is that of `counts`, the merged cell last.

    Raises `ValueError` for a negative count.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("a number of people cannot be negative")
    hidden = {name: count for name, count in counts.items() if 0 < count < smallest}
    large = sorted(
        ((name, count) for name, count in counts.items() if count >= smallest),
        key=lambda item: (item[1], item[0]),
    )
    while hidden and sum(hidden.values()) < smallest:
        if not large:
            return ()
        name, count = large.pop(0)
        hidden[name] = count
    cells = [Cell((name,), count) for name, count in counts.items() if name not in hidden]
    if hidden:
        names = tuple(name for name in counts if name in hidden)
        cells.append(Cell(names, sum(hidden.values())))
    return tuple(cells)
