"""Columns of the lists of the back office."""

from collections.abc import Callable, Iterable
from typing import Any

from wagtail.admin.ui.tables import TitleColumn


class FactsColumn(TitleColumn):
    """A title, and under it what helps to recognise the row.

    `facts` gives the row's facts in their order, those that are empty left out: each would
    otherwise be a narrow column of its own, three or four words high.
    """

    cell_template_name = "core/admin/facts_cell.html"

    def __init__(self, name: str, *, facts: Callable[[Any], Iterable[Any]], **options: Any) -> None:
        super().__init__(name, **options)
        self._facts = facts

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        context["facts"] = [str(fact) for fact in self._facts(instance) if fact]
        return context
