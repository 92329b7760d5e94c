"""`{% load space %}`: the personal space seen from other pages."""

from typing import Any

from django import template

from participation.core.account import navigation
from participation.core.account.mending import Mend
from participation.core.account.mending import mend as find_mend
from participation.core.verdict import Refusal

register = template.Library()


@register.simple_tag(takes_context=True)
def mend(context: dict[str, Any], refusal: Refusal) -> Mend | None:
    """`{% mend refusal as way %}`: the link that mends a refusal (`way.label`, `way.url`), or
    nothing; it comes back to the present page."""
    request = context.get("request")
    back = ""
    if request is not None and request.method in ("GET", "HEAD"):
        back = request.get_full_path()
    return find_mend(refusal.code, back=back)


@register.simple_tag(takes_context=True)
def space_nav(context: dict[str, Any]) -> list[dict[str, Any]]:
    """`{% space_nav as entries %}`: the side menu of the personal space."""
    return navigation.account_nav(context["request"].path)
