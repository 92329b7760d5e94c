"""Legal texts, and the settings' values that fill their words in double square brackets."""

import re
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from wagtail.models import Site

_TEXTS = Path(__file__).resolve().parent
_WORD = re.compile(r"\[\[([a-z_]+)\]\]")
_MAILS = ("contact_email", "dpo_email")
_PLAIN = (
    "site_name",
    "publisher_address",
    "siren",
    "publication_director",
    "publication_director_title",
    "host_name",
    "host_address",
    "host_phone",
    "contact_name",
    "contact_phone",
    "contact_address",
    "dpo_name",
    "retention_years",
)


def default_text(*, kind: str, language: str) -> str:
    """The text that `setup_site` writes into a legal page; empty when the page writes itself."""
    path = _TEXTS / language / f"{kind}.html"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def words(*, site_settings: Any, site_url: str) -> dict[str, SafeString]:
    """What each word in brackets becomes; a value that is still empty says so."""
    missing = format_html("<em>({})</em>", gettext("to be completed"))
    values = {"authority": conditional_escape(site_settings.authority_name)}
    values["site_url"] = format_html('<a href="{0}">{0}</a>', site_url)
    for name in _PLAIN:
        value = getattr(site_settings, name)
        # An address typed on several lines reads on one.
        text = ", ".join(line.strip() for line in str(value).splitlines() if line.strip())
        values[name] = conditional_escape(text) if text else missing
    for name in _MAILS:
        value = getattr(site_settings, name)
        values[name] = format_html('<a href="mailto:{0}">{0}</a>', value) if value else missing
    return values


def fill(html: str, values: dict[str, SafeString]) -> SafeString:
    """`html`, already safe, with its known words replaced; unknown ones are left as they are."""
    return mark_safe(  # noqa: S308 -- the stream is sanitised and each value is escaped
        _WORD.sub(lambda match: values.get(match[1], match[0]), html)
    )


def lines(text: str) -> list[str]:
    """The lines of a "one per line" setting."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def page_context(*, page: Any, request: HttpRequest) -> dict[str, Any]:
    """What a legal page's template needs."""
    from cms.models import SiteSettings  # the page's own module is imported by that package

    site = Site.find_for_request(request)
    site_settings = SiteSettings.read(request)
    root = site.root_url if site else ""
    values = words(site_settings=site_settings, site_url=root)
    body = "".join(str(child.render({"page": page, "request": request})) for child in page.body)
    context = {"filled_body": fill(body, values), "facts": site_settings, "site_root": root}
    if page.kind == "accessibility":
        language = "en" if page.locale.language_code == "en" else "fr"
        context["statement"] = f"cms/legal/accessibility_{language}.html"
        context["lists"] = {
            name: lines(getattr(site_settings, f"accessibility_{name}"))
            for name in (
                "failures",
                "exemptions",
                "out_of_scope",
                "technologies",
                "environments",
                "tools",
                "pages",
            )
        }
    return context
