"""Public answers that are not pages: search, feed, and the files that machines read."""

import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Locale

from cms import contrast
from cms.caching import allow_shared_caching
from cms.models import SiteSettings
from cms.search import SEARCH_IN, search_contributions, search_pages

PER_PAGE = 10
PREVIEW = 5
MONTHS_OF_SECURITY_TXT = 6


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Pages and published contributions that match `q`; `dans` keeps one of the two."""
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    where = request.GET.get("dans", "")
    where = where if where in SEARCH_IN else ""
    context: dict[str, Any] = {"text": text, "where": where, "searched": bool(text), "sections": []}
    if text:
        locale_id = Locale.get_active().pk
        sources = {
            "pages": lambda: search_pages(text=text, locale_id=locale_id),
            "contributions": lambda: search_contributions(text=text),
        }
        for name, label in SEARCH_IN.items():
            if where and where != name:
                continue
            found = sources[name]()
            paginator = Paginator(found, PER_PAGE if where else PREVIEW)
            page = paginator.get_page(request.GET.get("page") if where else 1)
            context["sections"].append({"name": name, "label": label, "page": page})
    context["total"] = sum(section["page"].paginator.count for section in context["sections"])
    response = render(request, "cms/search.html", context)
    return allow_shared_caching(request, response)


@require_safe
def theme_css(request: HttpRequest) -> HttpResponse:
    """The authority's colours as design tokens; inline styles are forbidden by our policy."""
    facts = SiteSettings.read(request)
    colours = {"brand": facts.primary_color, "accent": facts.accent_color}
    tokens = [f"--{name}: {c};" for name, c in colours.items() if contrast.is_hex_colour(c)]
    # The dark scheme derives its tints from these two tokens.
    sheet = f":root {{ {' '.join(tokens)} }}\n" if tokens else ""
    response = HttpResponse(sheet, content_type="text/css; charset=utf-8")
    fresh = request.GET.get("v") == facts.theme_version
    patch_cache_control(response, public=True, max_age=31_536_000 if fresh else 300)
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may read. A demonstration asks not to be indexed at all."""
    if settings.DEMO_MODE:
        lines = ["User-agent: *", "Disallow: /"]
    else:
        private = ("/gestion/", "/compte/", "/participer/", "/langue/", "/recherche/")
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in private)]
        lines.append(f"Sitemap: {request.build_absolute_uri(reverse('cms:sitemap'))}")
    return _plain("\n".join(lines) + "\n")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116; absent while no address is known."""
    facts = SiteSettings.read(request)
    contact = facts.security_contact or facts.contact_email
    if not contact:
        raise Http404
    expires = timezone.now() + datetime.timedelta(days=30 * MONTHS_OF_SECURITY_TXT)
    # Whole days: the file does not change from one request to the next.
    expires = expires.astimezone(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    canonical = request.build_absolute_uri("/.well-known/security.txt")
    return _plain(
        f"Contact: mailto:{contact}\n"
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}\n"
        "Preferred-Languages: fr, en\n"
        f"Canonical: {canonical}\n"
    )


def _plain(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, max_age=3600)
    return response
