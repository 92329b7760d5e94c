"""How amounts and periods of a budget are written on a page."""

from typing import Any

from django import template

from participation.budgets import presentation

register = template.Library()


@register.filter
def euros(cents: int | None) -> str:
    """`{{ project.cost_cents|euros }}` → `12 500 €`; empty when there is no amount."""
    return presentation.euros(cents)


@register.filter
def short_euros(cents: int | None) -> str:
    """`{{ envelope.amount_cents|short_euros }}` → `8 M€`, `250 000 €`."""
    return presentation.short_euros(cents)


@register.filter
def day(value: Any) -> str:
    """A date in full, with the French first of the month: `1er juillet 2026`."""
    return presentation.day(value)


@register.filter
def state_tone(state: str) -> str:
    """The tone of a state's badge: neutral, info, success, warning or danger."""
    return presentation.TONES.get(state, "neutral")
