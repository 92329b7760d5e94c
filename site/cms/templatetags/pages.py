"""What the templates of pages need beyond the design system's components."""

from typing import Any

from django import template
from django.db.models import Model
from django.utils.translation import get_language, gettext, ngettext
from wagtail.models import Page

from cms import queries
from cms.blocks.text import is_safe_address
from cms.queries.spine import CARD, STATE_LABELS
from participation.core import registry
from participation.core.dates import full_day, last_day

register = template.Library()

# States of a process, told with the tones that the design system gives to phases.
_TONE_OF_STATE = {
    "open": "current",
    "coming": "future",
    "finished": "past",
    "cancelled": "abandoned",
}


@register.simple_tag(takes_context=True)
def link_address(context: dict[str, Any], link: Any) -> str:
    """Where a link block leads, in the page's language; empty when its page is not public."""
    target = link.get("page")
    if not target:
        url = (link.get("url") or "").strip()
        return url if is_safe_address(url) else ""
    shown = context.get("page")
    if isinstance(shown, Page) and target.locale_id != shown.locale_id:
        sister = (
            Page.objects.live()
            .filter(translation_key=target.translation_key, locale_id=shown.locale_id)
            .first()
        )
        target = sister or target
    return (target.get_url(context.get("request")) or "") if target.live else ""


@register.simple_tag(takes_context=True)
def page_address(context: dict[str, Any], page: Page) -> str:
    """The address of a page; the request already knows the roots of the sites."""
    return page.get_url(context.get("request")) or ""


@register.simple_tag
def pages_citing(row: Model) -> list[Page]:
    """The public pages that cite a row, such as a meeting; for `page_address`."""
    return queries.pages_citing(row=row, language=get_language() or "fr")


@register.simple_tag
def picture_url(image: Any, spec: str = CARD) -> str:
    """The address of a rendition; empty without a picture."""
    return image.get_rendition(spec).url if image else ""


@register.filter
def tone(state: str) -> str:
    """The design system's state for the state of a process."""
    return _TONE_OF_STATE.get(state, "past")


@register.filter
def state_label(state: str) -> str:
    return str(STATE_LABELS.get(state, ""))


@register.filter
def closing(phase: Any) -> str:
    """“until 14 April 2026”, or nothing when the phase has no end."""
    day = last_day(phase.closes_at) if phase else None
    return gettext("until %(day)s") % {"day": full_day(day)} if day else ""


@register.filter
def opening(phase: Any) -> str:
    return gettext("from %(day)s") % {"day": full_day(phase.opens_at)}


@register.simple_tag
def days_left(item: Any) -> str:
    """How long one can still act, in words, in the last month only."""
    days = item.days_left
    if days is None or days > 31:
        return ""
    if days == 0:
        return gettext("last hours")
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


@register.simple_tag
def process_meta(card: Any) -> list[dict[str, Any]]:
    """The facts under the title of a process's card."""
    facts = []
    if card.phase:
        text = card.phase.title
        if ends := closing(card.phase):
            text = f"{text}, {ends}"
        facts.append({"icon": "calendar", "label": gettext("Now:"), "text": text})
    elif card.next_phase:
        facts.append(
            {
                "icon": "calendar",
                "label": gettext("Next:"),
                "text": f"{card.next_phase.title}, {opening(card.next_phase)}",
            }
        )
    if card.process.perimeter:
        facts.append(
            {"icon": "map-pin", "label": gettext("Territory:"), "text": card.process.perimeter.name}
        )
    return facts


@register.simple_tag
def news_meta(page: Any) -> list[dict[str, Any]]:
    return [{"icon": "calendar", "label": gettext("Date:"), "text": full_day(page.date)}]


@register.filter
def contribution_address(contribution: Any) -> str:
    """The public page of a contribution."""
    return registry.contribution_path(contribution) or "/"
