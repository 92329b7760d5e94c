"""How amounts and periods of a budget are written on a page."""

from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from participation.budgets import presentation

register = template.Library()


@register.filter
def euros(cents: int | None) -> str:
    """`{{ project.cost_cents|euros }}` → `12 500 €`; empty when there is no amount."""
    return presentation.euros(cents)


@register.filter
def breakable(name: str) -> SafeString:
    """A name that may go to the line after a slash: `Tabar/Bordelongue` has no space for it."""
    return format_html_join(SafeString("/<wbr>"), "{}", ((part,) for part in name.split("/")))


@register.filter
def short_euros(cents: int | None) -> str:
    """`{{ envelope.amount_cents|short_euros }}` → `8 M€`, `250 000 €`."""
    return presentation.short_euros(cents)


@register.filter
def state_tone(state: str) -> str:
    """The tone of a state's badge: neutral, info, success, warning or danger."""
    return presentation.TONES.get(state, "neutral")


@register.filter
def tone_class(category: Any) -> str:
    """`tone-1` to `tone-8` after the category's place; `tone-0` without category."""
    return f"tone-{presentation.tone_of(category.position)}" if category else "tone-0"


@register.filter
def category_icon(category: Any) -> str:
    """The icon of a category, a light bulb without category."""
    return category.icon if category else "bulb"


@register.filter
def supports(number: int) -> str:
    """`12 soutiens`."""
    return ngettext("%(total)s support", "%(total)s supports", number) % {
        "total": presentation.grouped(number)
    }


@register.filter
def comments(number: int) -> str:
    """`3 commentaires`."""
    return ngettext("%(total)s comment", "%(total)s comments", number) % {
        "total": presentation.grouped(number)
    }


@register.filter
def grouped(number: int) -> str:
    """A whole number as one reads it: `1 341`."""
    return presentation.grouped(number)


@register.filter
def unlocalized(key: int) -> str:
    """A key for an address: digits only, whatever the language."""
    return str(key)


@register.filter
def step_number(step: str) -> int:
    """How far a delivery is, from 0 to 5; 0 when given up."""
    return presentation.step_number(step)


@register.filter
def by_four(code: str | None) -> str:
    """A code as one copies it out: `ABCD EFGH IJKL`; empty when there is none."""
    return " ".join((code or "")[start : start + 4] for start in range(0, len(code or ""), 4))
