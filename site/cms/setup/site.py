"""Locales, home pages, indexes, legal pages, menus and settings: made when missing."""

import re
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Collection, Locale, Page, Site

from cms.legal.words import default_text
from cms.models import (
    ContentPage,
    HomePage,
    LegalPage,
    Navigation,
    NewsIndexPage,
    ProcessIndexPage,
    SiteSettings,
)
from cms.setup import content
from cms.setup.roles import grant_editorial_rights

LANGUAGES = ("fr", "en")
_ROOT_NAME = "Site"  # as cms.0005 calls it
_LEGAL_LINK = re.compile(r'<a href="page:([a-z]+)">')


@transaction.atomic
def set_up_site() -> Site:
    """Make what a site needs and does not have yet; what exists is left as it is.

    A page that an editor renamed, moved or unpublished is found by its translation and not made
    again; one that was deleted is.
    """
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
    homes = _homes(locales)
    site = _site(homes["fr"])
    _welcome_page_leaves(homes["fr"])
    indexes: dict[type, dict[str, Any]] = {}
    for model, words in ((ProcessIndexPage, content.PROCESSES), (NewsIndexPage, content.NEWS)):
        indexes[model] = _pages(model, words, homes, locales)
        for page in indexes[model].values():
            if page.is_new:
                _publish(page)
    guides = _guides(homes, locales)
    _legal_pages(homes, locales)
    SiteSettings.for_site(site)
    _menus(site, indexes, guides)
    _first_links(homes, indexes[ProcessIndexPage])
    grant_editorial_rights()
    return site


def _publish(page: Any) -> Any:
    page.save_revision().publish()
    return page


def _root(locale: Locale) -> Page:
    """The top of the tree. Wagtail's migrations make it; an emptied database has lost it."""
    if Collection.get_first_root_node() is None:
        Collection.add_root(name=_ROOT_NAME)
    return Page.get_first_root_node() or Page.add_root(
        instance=Page(title=_ROOT_NAME, slug="root", locale=locale)
    )


def _homes(locales: dict[str, Locale]) -> dict[str, HomePage]:
    root = _root(locales["fr"])
    homes: dict[str, HomePage] = {}
    for code in LANGUAGES:
        home = HomePage.objects.filter(locale=locales[code]).order_by("path").first()
        if home is None:
            words = content.HOME[code]
            title, text, _button = content.HERO[code]
            home = HomePage(
                title=words.title,
                slug=_free_slug(root, words.slug),
                summary=words.summary,
                hero_title=title,
                hero_text=text,
                locale=locales[code],
            )
            if "fr" in homes:
                home.translation_key = homes["fr"].translation_key
            root.add_child(instance=home)
            _publish(home)
        homes[code] = home
    return homes


def _free_slug(parent: Page, wanted: str) -> str:
    taken = set(parent.get_children().values_list("slug", flat=True))
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def _site(home: HomePage) -> Site:
    """The default site, at the address that the deployment's settings give."""
    parts = urlsplit(settings.SITE_URL)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.hostname = parts.hostname or "localhost"
    site.port = parts.port or (443 if parts.scheme == "https" else 80)
    site.site_name = site.site_name or settings.WAGTAIL_SITE_NAME
    if site.root_page_id is None or not isinstance(site.root_page.specific, HomePage):
        site.root_page = home
    site.save()
    return site


def _welcome_page_leaves(home: HomePage) -> None:
    """Remove the page that Wagtail's own migrations put there."""
    for page in Page.objects.filter(depth=2, slug="home").exclude(pk=home.pk):
        if type(page.specific) is Page and page.is_leaf():
            page.delete()


def _pages(
    model: Any,
    words: dict[str, content.Words],
    homes: dict[str, HomePage],
    locales: dict[str, Locale],
    **fields: Any,
) -> dict[str, Any]:
    """One page of `model` per language under each home, found again by its French sister.

    A page just made has `is_new` and no revision yet: who asked for it publishes it.
    """
    found: dict[str, Any] = {}
    matching = {name: value for name, value in fields.items() if name == "kind"}
    for code in LANGUAGES:
        home = homes[code]
        pages = model.objects.descendant_of(home).filter(**matching)
        if model is ContentPage:
            # Many pages are of this kind: the guide is the one with this address, or its sister.
            sister = found.get("fr")
            pages = pages.filter(
                **(
                    {"translation_key": sister.translation_key}
                    if sister
                    else {"slug": words[code].slug}
                )
            )
        page = pages.order_by("path").first()
        if page is not None:
            page.is_new = False
        else:
            page = model(
                title=words[code].title,
                slug=_free_slug(home, words[code].slug),
                summary=words[code].summary,
                locale=locales[code],
                **fields,
            )
            if "fr" in found:
                page.translation_key = found["fr"].translation_key
            home.add_child(instance=page)
            page.is_new = True
        found[code] = page
    return found


def _guides(homes: dict[str, HomePage], locales: dict[str, Locale]) -> dict[str, ContentPage]:
    guides = _pages(ContentPage, content.GUIDE, homes, locales)
    for code, guide in guides.items():
        if guide.is_new:
            guide.body = content.guide_body(code)
            _publish(guide)
    return guides


def _legal_pages(homes: dict[str, HomePage], locales: dict[str, Locale]) -> None:
    made = {
        kind: _pages(LegalPage, words, homes, locales, kind=kind)
        for kind, words in content.LEGAL.items()
    }
    for kind, pages in made.items():
        for code, page in pages.items():
            if not page.is_new:
                continue
            text = default_text(kind=kind, language=code)
            page_ids = {name: translations[code].pk for name, translations in made.items()}
            linked = _LEGAL_LINK.sub(partial(_page_link, page_ids), text)
            page.body = [("text", linked)] if linked else []
            _publish(page)


def _menus(site: Site, indexes: dict[type, dict[str, Any]], guides: dict[str, ContentPage]) -> None:
    menus = Navigation.for_site(site)
    if len(menus.main):
        return
    pages = [indexes[ProcessIndexPage]["fr"], indexes[NewsIndexPage]["fr"], guides["fr"]]
    agenda = ("link", {"url": "/agenda/", "label": "Agenda", "label_en": "Agenda"})
    links = [("link", {"page": page}) for page in pages]
    menus.main = [links[0], agenda, *links[1:]]
    if not len(menus.footer):
        menus.footer = [("link", {"page": page}) for page in pages]
    menus.save()


def _first_links(homes: dict[str, HomePage], indexes: dict[str, Any]) -> None:
    """The welcome's button, on homes just made."""
    for code, home in homes.items():
        if not len(home.hero_links) and home.revisions.count() == 1:
            label = content.HERO[code][2]
            home.hero_links = [("link", {"label": label, "page": indexes[code], "url": ""})]
            _publish(home)


def _page_link(page_ids: dict[Any, int], found: re.Match[str]) -> str:
    """Wagtail's own form of a link to the legal page that the text names."""
    return f'<a linktype="page" id="{page_ids[found[1]]}">'
