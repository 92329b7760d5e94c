"""Amounts as people write them."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from participation.budgets.presentation import euros

_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_THREE_BY_THREE = re.compile(r"\d{1,3}(?:\.\d{3})+")
_PLAIN = re.compile(r"(\d{1,13})(?:[.,](\d{1,2}))?")


def parse_euros(text: str) -> int:
    """Cents of an amount written by hand: `12 500,50`, `12500.5`, `12.500,50`, `12 500 €`.

    Raises `ValueError` when the text is not one clear positive amount: `12,500` is refused, since
    it is twelve euros and a half for some and twelve thousand five hundred for others.
    """
    cleaned = _SPACES.sub("", text).replace("€", "").lower().removesuffix("euros")
    cleaned = cleaned.removesuffix("euro").removesuffix("eur")
    whole, comma, decimals = cleaned.partition(",")
    if comma and _THREE_BY_THREE.fullmatch(whole):
        cleaned = whole.replace(".", "") + "," + decimals
    match = _PLAIN.fullmatch(cleaned)
    if not match:
        raise ValueError(f"not an amount: {text!r}")
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def write_euros(cents: int) -> str:
    """The amount as one would type it back: `12500` or `12500,50`."""
    euros, rest = divmod(cents, 100)
    return f"{euros},{rest:02d}" if rest else str(euros)


class EuroField(forms.CharField):
    """An amount in euros; cleaned value in integer cents, or None when left empty."""

    default_error_messages = {
        "invalid": _(
            "We do not understand this amount. Write it in euros, for example 12 500 or 12 500,50."
        ),
        "zero": _("The amount must be above zero."),
        "too_much": _("The amount cannot be above %(limit)s."),
    }

    def __init__(self, *, max_cents: int | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)
        self.max_cents = max_cents
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        return write_euros(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            cents = parse_euros(text)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if cents == 0:
            raise ValidationError(self.error_messages["zero"], code="zero")
        if self.max_cents is not None and cents > self.max_cents:
            raise ValidationError(
                self.error_messages["too_much"],
                code="too_much",
                params={"limit": euros(self.max_cents)},
            )
        return cents
