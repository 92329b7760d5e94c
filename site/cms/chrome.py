"""What surrounds every page: names, menus, legal links, languages.

Addresses and words change rarely and are the same for everybody, so they are kept in memory for
`LAYOUT_CACHE_SECONDS`, by host and language: a page then pays nothing for its surroundings.
"""

from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from cms import queries
from cms.blocks.text import is_safe_address
from cms.models import HomePage, LegalKind, Navigation, SiteSettings
from cms.models.settings import Network
from participation.accounts.marks import person_mark

CACHE_SECONDS = 60
HOME_DEPTH = 2


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """The layout's variables; nothing is asked of the database until a template reads them."""
    shared = SimpleLazyObject(lambda: _shared(request))
    return {
        "site_settings": SimpleLazyObject(lambda: shared["site"]),
        "site_nav": SimpleLazyObject(lambda: _marked(shared["main"], request.path)),
        "footer_nav": SimpleLazyObject(lambda: shared["legal"]),
        "footer_links": SimpleLazyObject(lambda: shared["footer"]),
        "languages": SimpleLazyObject(lambda: _languages(request)),
        "account_nav": SimpleLazyObject(lambda: _account_links(request)),
        "demo_mode": settings.DEMO_MODE,
        "person_mark": SimpleLazyObject(lambda: person_mark(getattr(request, "user", None))),
    }


def _seconds() -> int:
    return getattr(settings, "LAYOUT_CACHE_SECONDS", CACHE_SECONDS)


def _shared(request: HttpRequest) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    user = getattr(request, "user", None)
    if not _seconds() or (user is not None and user.is_staff):
        # Whoever edits the menus sees at once what they did.
        return _compute(request, language)
    key = f"cms:layout:{request.get_host()}:{language}"
    memory = caches["memory"]
    kept = memory.get(key)
    if kept is None:
        kept = _compute(request, language)
        memory.set(key, kept, _seconds())
    return kept


def _compute(request: HttpRequest, language: str) -> dict[str, Any]:
    site = Site.find_for_request(request)
    if site is None:
        names = {**_names(SiteSettings(), language, ""), "processes_url": "", "news_url": ""}
        return {"site": names, "main": [], "footer": [], "legal": []}
    facts = SiteSettings.read(request)
    menus = Navigation.read(request)
    main, footer = list(menus.main.raw_data), list(menus.footer.raw_data)
    pages = _pages_of(main + footer, language)
    legal = queries.legal_links(language=language)
    home = HomePage.objects.live().filter(locale__language_code=language).order_by("path").first()
    lists = queries.list_addresses(home=home) if home else {}
    return {
        "site": {
            **_names(facts, language, _address_of(legal.get(LegalKind.ACCESSIBILITY), request)),
            "processes_url": _address_of(lists.get("processindexpage"), request),
            "news_url": _address_of(lists.get("newsindexpage"), request),
        },
        "main": _links(main, pages, language, request),
        "footer": _links(footer, pages, language, request),
        "legal": [
            {"label": _legal_label(page, facts), "url": page.get_url(request)}
            for page in legal.values()
        ],
    }


def _names(facts: SiteSettings, language: str, accessibility_url: str) -> dict[str, Any]:
    tagline = facts.tagline_en if language == "en" else facts.tagline
    return {
        "authority": facts.authority_name,
        "site_name": facts.site_name,
        "baseline": tagline or facts.site_name,
        "description": tagline,
        "footer_text": tagline,
        "contact_name": facts.contact_name,
        "contact_email": facts.contact_email,
        "contact_phone": facts.contact_phone,
        "contact_address": facts.contact_address,
        "social_links": [
            {
                "url": link.value["url"],
                "label": Network(link.value["network"]).label,
            }
            for link in facts.social_links
        ],
        "home_url": "/" if language == settings.LANGUAGE_CODE else f"/{language}/",
        "logo_url": _rendition(facts.logo, "max-320x120"),
        "social_image_url": _rendition(facts.social_image, "fill-1200x630"),
        "search_url": reverse("cms:search"),
        "feed_url": reverse("cms:feed"),
        "theme_url": f"{reverse('cms_theme')}?v={facts.theme_version}",
        "accessibility_url": accessibility_url,
        "accessibility_label": str(facts.get_accessibility_status_display()),
    }


def _rendition(image: Any, spec: str) -> str:
    return image.get_rendition(spec).url if image else ""


def _address_of(page: Any, request: HttpRequest) -> str:
    return (page.get_url(request) or "") if page else ""


def _pages_of(links: list[Any], language: str) -> dict[int, Any]:
    """The live page to show for each chosen page: its translation when there is one.

    One query: the chosen pages and their sisters in the language, by translation key.
    """
    chosen = [link["value"]["page"] for link in links if link["value"].get("page")]
    if not chosen:
        return {}
    keys = Page.objects.filter(pk__in=chosen).values("translation_key")
    sisters = (
        Page.objects.filter(translation_key__in=keys, live=True)
        .select_related("locale")
        .order_by("path")
    )
    key_of = {page.pk: page.translation_key for page in sisters}
    in_language = {
        page.translation_key: page for page in sisters if page.locale.language_code == language
    }
    by_pk = {page.pk: page for page in sisters}
    return {pk: in_language.get(key_of[pk], by_pk[pk]) for pk in chosen if pk in by_pk}


def _links(
    links: list[Any], pages: dict[int, Any], language: str, request: HttpRequest
) -> list[dict[str, Any]]:
    shown = []
    for link in links:
        value = link["value"]
        words = value.get("label_en") if language == "en" else value.get("label")
        if value.get("page"):
            page = pages.get(value["page"])
            url = page.get_url(request) if page else None
            words = words or (page.title if page else "")
        else:
            url = value.get("url") or ""
            url = _in_language(url, language) if is_safe_address(url) else None
            words = words or value.get("label")
        if url and words:
            shown.append({"label": words, "url": url})
    return shown


def _in_language(url: str, language: str) -> str:
    """An address of this site, written for French pages, in that language if it has it."""
    if not url.startswith("/"):
        return url
    with override(settings.LANGUAGE_CODE):
        return translate_url(url, language)


def _legal_label(page: Any, facts: SiteSettings) -> str:
    if page.kind != LegalKind.ACCESSIBILITY:
        return page.title
    # The decree wants the state of conformity written on the home page (loi 2005-102, art. 47).
    return gettext("Accessibility: %(status)s") % {
        "status": facts.get_accessibility_status_display()
    }


def _marked(links: list[dict[str, Any]], path: str) -> list[dict[str, Any]]:
    return [
        {
            **link,
            "current": path == link["url"]
            or (len(link["url"]) > 1 and path.startswith(link["url"])),
        }
        for link in links
    ]


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    """The same page in each language; where there is no translation, that language's home."""
    active = get_language() or settings.LANGUAGE_CODE
    page = getattr(request, "shown_page", None)
    addresses: dict[str, str] = {}
    if page is not None and page.depth > HOME_DEPTH:
        known = page.translations
        for sister in queries.translations_of(page=page) if known is None else known:
            url = sister.get_url(request)
            if url:
                addresses[sister.locale.language_code] = url
    shown = []
    for code in dict(settings.LANGUAGES):
        home = "/" if code == settings.LANGUAGE_CODE else f"/{code}/"
        url = addresses.get(code)
        if url is None:
            url = home if page is not None else _same_view(request, code, home)
        with override(code):
            name = gettext("English") if code == "en" else gettext("French")
        shown.append({"code": code, "name": name, "url": url, "current": code == active})
    return shown


def _same_view(request: HttpRequest, code: str, home: str) -> str:
    path = request.get_full_path()
    url = translate_url(path, code)
    if url == path and code != get_language():
        return home
    return url


# Name of the address, words, icon of the design system.
_SPACE = (
    ("space:dashboard", _("My space"), "home"),
    ("space:contributions", _("My contributions"), "bulb"),
    ("space:comments", _("My comments"), "message"),
    ("space:votes", _("My votes"), "checklist"),
    ("space:follows", _("What I follow"), "bookmark"),
    ("core:notifications", _("My notifications"), "bell"),
    ("space:profile", _("My profile"), "user"),
    ("mfa_index", _("Sign-in and security"), "lock"),
    ("space:data", _("My data"), "shield-check"),
)


def _account_links(request: HttpRequest) -> list[dict[str, Any]]:
    """The personal space; the back office too for those who may enter it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    links = [
        {"url": reverse(name), "label": str(label), "icon": icon} for name, label, icon in _SPACE
    ]
    if _enters_office(user):
        office = reverse("wagtailadmin_home")
        links.append({"url": office, "label": gettext("Back office"), "icon": "settings"})
    return [{**link, "current": request.path == link["url"]} for link in links]


def _enters_office(user: Any) -> bool:
    """Whether to show the way to the back office, which asks for the right itself.

    Kept in memory like the rest of the layout, so that each page of a member is spared two
    queries; whoever works for the authority sees at once what changed.
    """
    if user.is_staff:
        return bool(user.has_perm("wagtailadmin.access_admin"))
    return bool(
        caches["memory"].get_or_set(
            f"cms:office:{user.pk}",
            lambda: user.has_perm("wagtailadmin.access_admin"),
            CACHE_SECONDS,
        )
    )
