"""Menus, languages, and what a shared cache may keep."""

from typing import Any

import pytest
from wagtail.models import Locale, Site

from cms.models import ContentPage, HomePage, Navigation, NewsIndexPage
from tests.cms.making import french, make_content, make_news, publish, soup, texts
from tests.factories.accounts import make_user


def main_menu(response: Any) -> list[tuple[str, str]]:
    return [
        (link.get_text(strip=True), link["href"])
        for link in soup(response).select(".site-nav-desktop a")
    ]


def test_menus_follow_the_language(site: Site, client: Any) -> None:
    assert main_menu(client.get("/")) == [
        ("Démarches", "/demarches/"),
        ("Agenda", "/agenda/"),
        ("Actualités", "/actualites/"),
        ("Comment participer", "/comment-participer/"),
    ]
    assert main_menu(client.get("/en/")) == [
        ("Processes", "/en/processes/"),
        ("Agenda", "/en/agenda/"),
        ("News", "/en/news/"),
        ("How to take part", "/en/how-to-take-part/"),
    ]


def test_menus_have_their_own_words_and_leave_out_what_is_not_public(
    site: Site, client: Any
) -> None:
    draft = make_content(slug="brouillon")
    draft.unpublish()
    only_french = make_content(title="Chez nous", slug="chez-nous")
    menus = Navigation.for_site(site)
    menus.main = [
        ("link", {"page": french(NewsIndexPage), "label": "Du neuf", "label_en": "What’s new"}),
        ("link", {"page": draft}),
        ("link", {"page": only_french}),
        ("link", {"url": "https://open.example", "label": "Données", "label_en": "Data"}),
        ("link", {"url": "javascript:alert(1)", "label": "Piège"}),
    ]
    menus.save()
    assert main_menu(client.get("/")) == [
        ("Du neuf", "/actualites/"),
        ("Chez nous", "/chez-nous/"),
        ("Données", "https://open.example"),
    ]
    assert main_menu(client.get("/en/")) == [
        ("What’s new", "/en/news/"),
        ("Chez nous", "/chez-nous/"),
        ("Data", "https://open.example"),
    ]


def test_the_current_entry_is_marked(site: Site, client: Any) -> None:
    make_news(1)
    page = soup(client.get("/actualites/nouvelle-1/"))
    current = page.select(".site-nav-desktop [aria-current]")
    assert [link["href"] for link in current] == ["/actualites/"]


def language_link(response: Any) -> str:
    [link] = soup(response).select("header a[hreflang]")
    return link["href"]


def test_the_language_switch_leads_to_the_translation_else_to_the_home_page(
    site: Site, client: Any
) -> None:
    make_content()
    assert language_link(client.get("/")) == "/en/"
    assert language_link(client.get("/accessibilite/")) == "/en/accessibility/"
    assert language_link(client.get("/en/accessibility/")) == "/accessibilite/"
    assert language_link(client.get("/qui-sommes-nous/")) == "/en/"
    assert language_link(client.get("/recherche/?q=velo")) == "/en/recherche/?q=velo"
    alternates = soup(client.get("/accessibilite/")).select("link[hreflang]")
    assert [(link["hreflang"], link["href"]) for link in alternates] == [
        ("fr", "http://testserver/accessibilite/"),
        ("en", "http://testserver/en/accessibility/"),
    ]


def test_a_translated_page_is_in_its_language(site: Site, client: Any) -> None:
    page = make_content()
    english = Locale.objects.get(language_code="en")
    home = HomePage.objects.get(locale=english)
    publish(
        home,
        ContentPage(
            title="Who we are",
            slug="who-we-are",
            locale=english,
            translation_key=page.translation_key,
        ),
    )
    assert language_link(client.get("/qui-sommes-nous/")) == "/en/who-we-are/"
    response = client.get("/en/who-we-are/")
    assert soup(response).html["lang"] == "en"
    assert texts(response, ".breadcrumbs li") == ["Home", "Who we are"]


@pytest.mark.parametrize(
    "path",
    ["/", "/en/", "/demarches/", "/actualites/", "/accessibilite/", "/recherche/?q=velo"],
)
def test_a_shared_cache_may_keep_what_is_nobody_s(site: Site, client: Any, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert b"csrfmiddlewaretoken" not in response.content
    assert response["Cache-Control"] == (
        "public, max-age=0, s-maxage=60, stale-while-revalidate=60"
    )
    assert "Cookie" in response["Vary"]


def test_a_shared_cache_keeps_nothing_of_a_member(site: Site, client: Any) -> None:
    client.force_login(make_user(public_name="Ada Exemple"))
    response = client.get("/")
    assert "Ada Exemple" in response.content.decode()
    assert response["Cache-Control"] == "private, no-cache"


def test_public_pages_have_nothing_inline(site: Site, client: Any) -> None:
    for path in ("/", "/demarches/", "/accessibilite/", "/comment-participer/"):
        response = client.get(path)
        page = soup(response)
        assert not [s for s in page.select("script") if not s.get("src")], path
        assert page.select("style, [style], [onclick], [onload]") == [], path
        assert "unsafe" not in response["Content-Security-Policy"]
