"""What the fields about places share: a territory to choose, an address in the author's words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maps.choices import TerritoryKind
from maps.models import Territory

ADDRESS_MAX_LENGTH = 250
NEIGHBOURHOOD = gettext_lazy("Neighbourhood")


class PartsWidget(forms.Widget):
    """Several plain inputs, `<name>_<part>`, that make one answer."""

    parts: tuple[str, ...] = ()
    use_fieldset = True  # several inputs under one legend

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        """What was typed, untouched: an error must show it again."""
        return {part: str(data.get(f"{name}_{part}", "") or "") for part in self.parts}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(f"{name}_{part}" not in data for part in self.parts)

    def id_for_label(self, id_: str) -> str:
        """The first thing that anybody can fill in: a label and an error summary lead there."""
        return f"{id_}_address" if id_ else id_


class PlaceField(forms.Field):
    """A field whose widget knows it, and whose list of territories follows its perimeter."""

    def __init__(
        self,
        *,
        perimeter: Any = None,
        kinds: Sequence[str] = (TerritoryKind.NEIGHBOURHOOD,),
        territory_label: Any = NEIGHBOURHOOD,
        with_map: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.kinds = tuple(kinds)
        self.territory_label = territory_label
        self.with_map = with_map
        self._set_perimeter(perimeter)
        self._join(self.widget)

    def __deepcopy__(self, memo: dict[int, Any]) -> "PlaceField":
        """Each form has its own field; the copied widget must know the copy, not the original."""
        result = super().__deepcopy__(memo)
        result._set_perimeter(self._perimeter)
        result._join(result.widget)
        return result

    def _join(self, widget: Any) -> None:
        if hasattr(widget, "field"):
            widget.field = self

    @property
    def perimeter(self) -> Any:
        """Where answers must be; `None` for anywhere. Set it in the form's `__init__`."""
        return self._perimeter

    @perimeter.setter
    def perimeter(self, perimeter: Any) -> None:
        self._set_perimeter(perimeter)

    def _set_perimeter(self, perimeter: Any) -> None:
        self._perimeter = perimeter
        self.__dict__.pop("territories", None)

    @cached_property
    def territories(self) -> list[Territory]:
        """What the list offers: the perimeter's parts of these kinds, by code. One query."""
        return list(self._offered())

    def _offered(self) -> Iterable[Territory]:
        raise NotImplementedError

    def _address(self, text: str) -> str:
        if len(text) > ADDRESS_MAX_LENGTH:
            raise ValidationError(
                _("This address is too long: %(length)s characters, %(limit)s at most."),
                code="address_too_long",
                params={"length": len(text), "limit": ADDRESS_MAX_LENGTH},
            )
        if any(ord(character) < 32 or ord(character) == 127 for character in text):
            raise ValidationError(
                _("This address holds characters that can't be shown."), code="control_characters"
            )
        return text

    def _territory(self, text: str) -> Territory | None:
        if not text:
            return None
        for each in self.territories:
            if str(each.pk) == text:
                return each
        raise ValidationError(
            _("Choose a place of the list: “%(value)s” is not one of them."),
            code="unknown_territory",
            params={"value": text[:40]},
        )
