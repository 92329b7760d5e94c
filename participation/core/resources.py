"""Lists that people export (django-import-export), at the price of what they hold."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import cached_property
from import_export import resources


class ListResource(resources.ModelResource):
    """Export only. How each column is written is looked up once, not for each of its cells."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._labels: dict[tuple[type, str, Any], str] = {}

    @cached_property
    def _writers(self) -> list[Callable[[Any], Any]]:
        return [
            getattr(self, f"dehydrate_{self.get_field_name(field)}", field.export)
            for field in self.get_export_fields()
        ]

    def export_resource(
        self, instance: Any, selected_fields: list[str] | None = None, **kwargs: Any
    ) -> list[Any]:
        """The cells of a row."""
        if selected_fields:
            row: list[Any] = super().export_resource(instance, selected_fields, **kwargs)
            return row
        return [write(instance) for write in self._writers]

    def label(self, row: Any, name: str) -> str:
        """What `get_…_display` says: Django translates all the choices again for each answer."""
        key = (type(row), name, getattr(row, name))
        if key not in self._labels:
            self._labels[key] = str(getattr(row, f"get_{name}_display")())
        return self._labels[key]
