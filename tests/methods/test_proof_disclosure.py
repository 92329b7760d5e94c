"""Small cells: none is published, none can be computed back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.methods.proof import SMALLEST_CELL, Cell, merged

TABLES = st.dictionaries(st.text("abcd", max_size=2), st.integers(0, 45), max_size=8)


@given(TABLES)
def test_no_small_cell_and_the_total_is_kept(counts: dict[str, int]) -> None:
    cells = merged(counts)
    assert all(cell.count == 0 or cell.count >= SMALLEST_CELL for cell in cells)
    if cells:
        assert sum(cell.count for cell in cells) == sum(counts.values())
        assert sorted(name for cell in cells for name in cell.names) == sorted(counts)
    else:
        assert sum(counts.values()) < SMALLEST_CELL


@given(TABLES)
def test_no_small_cell_is_computed_back_from_the_total(counts: dict[str, int]) -> None:
    """What is hidden is hidden together: a line that stands for one name is never small, and the
    small ones share one line with another, so that total minus the rest gives only their sum."""
    cells = merged(counts)
    for name, count in counts.items():
        if 0 < count < SMALLEST_CELL:
            holding = [cell for cell in cells if name in cell.names]
            assert all(len(cell.names) > 1 for cell in holding)
            assert len(holding) == bool(cells)


@given(TABLES)
def test_large_cells_are_merged_only_when_it_is_needed(counts: dict[str, int]) -> None:
    small = [count for count in counts.values() if 0 < count < SMALLEST_CELL]
    if not small or sum(small) >= SMALLEST_CELL:
        for cell in merged(counts):
            if cell.count and len(cell.names) == 1:
                assert counts[cell.names[0]] == cell.count
            elif len(cell.names) > 1:
                assert all(0 < counts[name] < SMALLEST_CELL for name in cell.names)


def test_one_small_cell_takes_the_smallest_of_the_others_with_it() -> None:
    assert merged({"web": 400, "paper": 3, "desk": 40, "nobody": 0}) == (
        Cell(("web",), 400),
        Cell(("nobody",), 0),
        Cell(("paper", "desk"), 43),
    )
    assert merged({"web": 400, "paper": 3}) == (Cell(("web", "paper"), 403),)
    assert merged({"web": 9, "paper": 3}) == ()
    assert merged({}) == ()
    with pytest.raises(ValueError, match="negative"):
        merged({"web": -1})
