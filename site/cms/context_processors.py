"""What every page's layout needs. Each part has one function, so that its source can change."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context of templates/layout/: navigation, languages, the authority's own words."""
    return {
        "site_nav": site_nav(request),
        "footer_nav": footer_nav(request),
        "account_nav": account_nav(request),
        "languages": languages(request),
        "site_settings": site_settings(request),
        "demo_mode": settings.DEMO_MODE,
    }


def site_nav(request: HttpRequest) -> list[dict[str, Any]]:
    return []


def footer_nav(request: HttpRequest) -> list[dict[str, Any]]:
    return []


def account_nav(request: HttpRequest) -> list[dict[str, Any]]:
    """Links of a signed-in person; places that are not installed are left out."""
    wanted = (
        ("accounts:dashboard", _("My space"), "home"),
        ("space:contributions", _("My contributions"), "bulb"),
        ("space:follows", _("My follow-ups"), "bookmark"),
        ("space:notifications", _("My notifications"), "bell"),
        ("accounts:profile", _("My profile"), "user"),
        ("accounts:security", _("Sign-in and security"), "lock"),
        ("accounts:data", _("My data"), "shield-check"),
    )
    items = []
    for name, label, icon in wanted:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        items.append(
            {"url": url, "label": label, "icon": icon, "current": request.path.startswith(url)}
        )
    if request.user.is_authenticated and request.user.is_staff:
        items.append(
            {
                "url": reverse("wagtailadmin_home"),
                "label": _("Back office"),
                "icon": "settings",
                "current": False,
            }
        )
    return items


def languages(request: HttpRequest) -> list[dict[str, Any]]:
    current = get_language()
    return [
        {
            "code": code,
            "name": name,
            "url": translate_url(request.get_full_path(), code),
            "current": code == current,
        }
        for code, name in settings.LANGUAGES
    ]


def site_settings(request: HttpRequest) -> dict[str, Any]:
    return {
        "authority": settings.WAGTAIL_SITE_NAME,
        "baseline": _("Citizen participation"),
        "description": "",
        "home_url": "/",
        "search_url": "/recherche/",
        "theme_url": "/_/theme.css",
        "logo_url": "",
        "footer_text": "",
        "contact_email": "",
        "contact_phone": "",
        "social_links": [],
    }
