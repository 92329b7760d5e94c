"""The design system's components, as template tags with declared inputs.

Each tag has its states in the gallery (/_/components/) and its template in templates/components/;
the smallest ones, of which a list shows hundreds, are written here: a template inside a template
costs ten times their markup. An unknown or missing input is an error of the page that calls it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cms.states import STATES

register = template.Library()

_NOTICE_ICONS = {
    "info": "info-circle",
    "success": "circle-check",
    "warning": "alert-triangle",
    "danger": "alert-circle",
}


@register.simple_tag(name="icon")
@lru_cache(maxsize=512)
def draw_icon(*, name: str, label: str = "") -> SafeString:
    """An icon of the sprite; decorative unless it has a `label`.

    Remembered: a list shows a hundred of them, and the sprite's address never changes meanwhile.
    """
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label,
            static("icons.svg"),
            name,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons.svg"),
        name,
    )


@register.inclusion_tag("components/link_button.html")
def link_button(
    *, label: Any, url: str, kind: str = "primary", icon: str = "", download: bool = False
) -> dict[str, Any]:
    """A link that looks like a button; `kind` is primary, secondary, quiet or danger."""
    return {"label": label, "url": url, "kind": kind, "icon": icon, "download": download}


@register.inclusion_tag("components/button.html")
def button(
    *,
    label: Any,
    kind: str = "primary",
    icon: str = "",
    name: str = "",
    value: str = "",
    type: str = "submit",
    small: bool = False,
) -> dict[str, Any]:
    """A button of a form."""
    return {
        "label": label,
        "kind": kind,
        "icon": icon,
        "name": name,
        "value": value,
        "type": type,
        "small": small,
    }


@register.simple_tag
def badge(*, label: Any, tone: str = "neutral", icon: str = "") -> SafeString:
    """A short label; `tone` is neutral, info, success, warning, danger, brand or accent."""
    return format_html(
        '<span class="badge badge-{}">{}{}</span>',
        tone,
        draw_icon(name=icon) if icon else "",
        label,
    )


@register.simple_tag
def status(*, state: str, label: Any) -> SafeString:
    """The badge of a state (idea, project, delivery, visibility, phase), icon and words."""
    tone, name = STATES.get(state, ("neutral", "tag"))
    return badge(label=label, tone=tone, icon=name)


@register.inclusion_tag("components/notice.html")
def notice(*, text: Any, kind: str = "info", title: Any = "", live: bool = False) -> dict[str, Any]:
    """A message; `kind` is info, success, warning or danger (Django's levels are understood)."""
    kind = {"error": "danger", "debug": "info", "": "info"}.get(
        kind.split(" ")[-1], kind.split(" ")[-1]
    )
    return {
        "text": text,
        "kind": kind,
        "title": title,
        "live": live,
        "icon_name": _NOTICE_ICONS.get(kind, "info-circle"),
    }


@register.simple_block_tag(end_name="endcallout")
def callout(content: SafeString, *, kind: str = "info", title: Any = "") -> SafeString:
    """A framed passage: `{% callout kind="info" title="…" %}…{% endcallout %}`."""
    return format_html(
        '<div class="callout callout-{}">{}<div class="stack stack-sm">{}</div></div>',
        kind,
        format_html(
            '<p class="callout-title">{}{}</p>',
            draw_icon(name=_NOTICE_ICONS.get(kind, "info-circle")),
            title,
        )
        if title
        else "",
        content,
    )


@register.inclusion_tag("components/page_header.html")
def page_header(*, title: Any, lead: Any = "", eyebrow: Any = "") -> dict[str, Any]:
    """The top of a page: the only h1."""
    return {"title": title, "lead": lead, "eyebrow": eyebrow}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*, items: Sequence[tuple[Any, str]], current: Any) -> dict[str, Any]:
    """`items` are (label, url) from the home page down; `current` is this page's title."""
    return {"items": items, "current": current}


@register.inclusion_tag("components/card.html")
def card(
    *,
    title: Any,
    url: str,
    text: Any = "",
    eyebrow: Any = "",
    icon: str = "",
    state: str = "",
    state_label: Any = "",
    meta: Iterable[Mapping[str, Any]] = (),
    image_url: str = "",
    image_alt: str = "",
    level: int = 3,
    layout: str = "card",
    feature_id: Any = "",
) -> dict[str, Any]:
    """A card whose title is the link. `meta` items are {"icon", "text", "label"?}.

    `layout` is card, row (compact list) or tall; `feature_id` ties it to its point on the map.
    """
    return {
        "title": title,
        "url": url,
        "text": text,
        "eyebrow": eyebrow,
        "icon": icon,
        "state": state,
        "state_label": state_label,
        "meta": list(meta),
        "image_url": image_url,
        "image_alt": image_alt,
        "heading": f"h{level}",
        "layout": layout,
        "feature_id": feature_id,
    }


@register.inclusion_tag("components/pagination.html")
def pagination(*, page: Page, query: QueryDict, label: Any = "") -> dict[str, Any]:
    """Links to the pages of a list, keeping the filters of `query` (`request.GET`)."""
    kept = query.copy()
    kept.pop("page", None)
    prefix = f"?{kept.urlencode()}&" if kept else "?"
    return {
        "page": page,
        "prefix": prefix,
        "label": label or _("Pages"),
        "numbers": list(
            page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ),
        "ellipsis": page.paginator.ELLIPSIS,
    }


@register.inclusion_tag("components/chips.html")
def filter_chips(*, chips: Sequence[Mapping[str, Any]], clear_url: str) -> dict[str, Any]:
    """Active filters: {"label", "remove_url"} each, and a link that clears all."""
    return {"chips": chips, "clear_url": clear_url}


@register.inclusion_tag("components/tabs.html")
def tabs(*, items: Sequence[Mapping[str, Any]], label: Any) -> dict[str, Any]:
    """Links that look like tabs: {"label", "url", "current", "icon"?} each."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/phase_timeline.html")
def phase_timeline(*, phases: Iterable[Any], label: Any = "") -> dict[str, Any]:
    """`phases` are (phase, state) pairs as `core.queries.phases` gives them."""
    return {
        "phases": [{"phase": phase, "state": state} for phase, state in phases],
        "label": label or _("Calendar"),
    }


@register.inclusion_tag("components/key_figures.html")
def key_figures(*, items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """{"value", "label", "icon"?} each; values come formatted."""
    return {"items": list(items)}


@register.inclusion_tag("components/meter.html")
def meter(*, value: int, maximum: int, label: Any, text: Any = "") -> dict[str, Any]:
    """A share as a bar, always with its words."""
    return {"value": value, "maximum": maximum, "label": label, "text": text}


@register.inclusion_tag("components/bar_chart.html")
def bar_chart(
    *, rows: Sequence[Mapping[str, Any]], caption: Any, label_head: Any, value_head: Any
) -> dict[str, Any]:
    """A table whose rows carry a bar: {"label", "value", "text", "url"?} each."""
    return {
        "rows": rows,
        "caption": caption,
        "label_head": label_head,
        "value_head": value_head,
        "maximum": max((row["value"] for row in rows), default=1) or 1,
    }


@register.filter
def says_optional(bound: BoundField) -> bool:
    """Whether the label tells that the field may stay empty; not one needed with another."""
    return not bound.field.required and not getattr(bound.field, "goes_with_another", False)


@register.simple_tag
def field(*, bound: BoundField) -> SafeString:
    """A field of a form with its label, help and errors."""
    return bound.as_field_group()


@register.inclusion_tag("components/error_summary.html")
def error_summary(*, form: BaseForm) -> dict[str, Any]:
    """All the errors of a form, each a link to its field."""
    return {
        "form": form,
        "field_errors": [
            {"label": bound.label, "id": bound.id_for_label, "errors": bound.errors}
            for bound in form
            if bound.errors
        ],
    }


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    *, title: Any, text: Any = "", action_label: Any = "", action_url: str = ""
) -> dict[str, Any]:
    """What to show when there is nothing."""
    return {"title": title, "text": text, "action_label": action_label, "action_url": action_url}


@register.inclusion_tag("components/steps.html")
def steps(*, items: Sequence[Any], current: int) -> dict[str, Any]:
    """Where one is in a short path; `current` counts from 1."""
    return {
        "items": [
            {
                "label": label,
                "number": number,
                "state": "current"
                if number == current
                else "past"
                if number < current
                else "future",
            }
            for number, label in enumerate(items, start=1)
        ],
        "current": current,
        "total": len(items),
    }


@register.inclusion_tag("components/event_timeline.html")
def event_timeline(*, items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Dated events, newest first: {"date", "title", "text"?, "image_url"?, "image_alt"?} each."""
    return {"items": list(items)}


@register.inclusion_tag("components/definition_list.html")
def definition_list(*, items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """{"term", "value", "icon"?, "url"?} each; items without value are left out."""
    return {"items": [item for item in items if item["value"] not in (None, "")]}


@register.inclusion_tag("components/receipt.html")
def receipt(*, title: Any, number: str, label: Any, text: Any = "") -> dict[str, Any]:
    """A receipt to keep: its number in large."""
    return {"title": title, "number": number, "label": label, "text": text}


@register.inclusion_tag("components/download_link.html")
def download_link(*, label: Any, url: str, format: str, size: int | None = None) -> dict[str, Any]:
    """A file: its format and its size in bytes are told."""
    return {"label": label, "url": url, "format": format, "size": size}


@register.inclusion_tag("components/copy_link.html")
def copy_link(*, url: str, label: Any = "") -> dict[str, Any]:
    """The address of the page, to copy or to share."""
    return {"url": url, "label": label or _("Copy the link")}


@register.simple_tag
def avatar(*, name: str) -> SafeString:
    """The initial of a person, in one of six quiet colours."""
    return format_html(
        '<span class="avatar avatar-{}" aria-hidden="true">{}</span>',
        sum(name.encode()) % 6,
        (name or "?")[:1].upper(),
    )


@register.inclusion_tag("components/quote.html")
def quote(*, text: Any, author: Any = "", role: Any = "") -> dict[str, Any]:
    return {"text": text, "author": author, "role": role}


@register.inclusion_tag("components/person_card.html")
def person_card(
    *, name: Any, role: Any = "", email: str = "", image_url: str = ""
) -> dict[str, Any]:
    return {"name": name, "role": role, "email": email, "image_url": image_url}
