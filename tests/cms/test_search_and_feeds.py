"""Search, the feed and the site map."""

from typing import Any
from xml.etree import ElementTree

import pytest
from wagtail.models import Site

from participation.core.choices import Visibility
from tests.cms.making import make_content, make_news, soup, texts
from tests.factories.accounts import make_territory
from tests.factories.budgets import make_budget, make_idea
from tests.factories.core import make_contribution

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def parsed(response: Any) -> Any:
    return ElementTree.fromstring(response.content)  # noqa: S314 -- our own answer, not a guest's


def test_search_finds_pages_and_published_contributions(site: Site, client: Any) -> None:
    make_content(title="Les jardins partagés", slug="jardins", summary="Cultiver ensemble")
    make_content(title="Rien à voir", slug="rien")
    budget = make_budget()
    idea = make_idea(budget=budget, title="Un jardin sur le toit")
    make_contribution(activity=budget.activity, title="Jardin caché", visibility=Visibility.HIDDEN)
    response = client.get("/recherche/?q=jardin")
    assert texts(response, ".found-list h3") == ["Les jardins partagés", "Un jardin sur le toit"]
    link = soup(response).select("#found-contributions ~ ol a")[0]
    assert link["href"] == f"/budget/{budget.activity.slug}/idees/{idea.pk}/"
    assert texts(client.get("/recherche/?q=jardin&dans=pages"), ".found-list h3") == [
        "Les jardins partagés"
    ]
    assert texts(client.get("/recherche/?q=introuvable"), ".empty-title") == ["Aucun résultat"]
    assert texts(client.get("/recherche/"), ".found-list h3") == []


def test_search_reads_one_language(site: Site, client: Any) -> None:
    assert texts(client.get("/recherche/?q=mentions+légales"), ".found-list h3")[:1] == [
        "Mentions légales"
    ]
    assert texts(client.get("/recherche/?q=mentions+legales"), ".found-list h3")[:1] == [
        "Mentions légales"
    ]
    assert "Legal notice" in texts(client.get("/en/recherche/?q=legal+notice"), ".found-list h3")


@pytest.mark.parametrize(
    "text",
    ['"><script>alert(1)</script>', "'; DROP TABLE x; --", "%00", "& | ! ( : *", "\\", "a" * 5000],
)
def test_search_takes_anything(site: Site, client: Any, text: str) -> None:
    response = client.get("/recherche/", {"q": text, "dans": text, "page": text})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_search_query_count_is_constant(
    site: Site, client: Any, django_assert_num_queries: Any
) -> None:
    budget = make_budget()
    for number in range(1, 4):
        make_idea(budget=budget, title=f"Jardin {number}")
        make_content(title=f"Jardins {number}", slug=f"jardins-{number}")
        client.get("/recherche/?q=jardin")  # whatever is kept in memory is kept
        if number in (1, 3):
            with django_assert_num_queries(11):
                response = client.get("/recherche/?q=jardin")
            assert len(texts(response, ".found-list h3")) == 2 * number


def test_the_feed_is_atom_and_holds_the_public_news(site: Site, client: Any) -> None:
    river = make_territory("Berges")
    make_news(1, territories=[river])
    make_news(2, title="Titre <b>& suite</b>")
    make_news(3).unpublish()
    response = client.get("/actualites/flux.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = parsed(response)
    assert feed.findtext(f"{ATOM}title") == "Actualités de Parvis"
    entries = [
        (entry.findtext(f"{ATOM}title"), entry.find(f"{ATOM}link").get("href"))
        for entry in feed.findall(f"{ATOM}entry")
    ]
    assert entries == [
        ("Titre <b>& suite</b>", "http://testserver/actualites/nouvelle-2/"),
        ("Nouvelle 1", "http://testserver/actualites/nouvelle-1/"),
    ]
    chosen = parsed(client.get(f"/actualites/flux.atom?quartier={river.pk}"))
    assert [e.findtext(f"{ATOM}title") for e in chosen.findall(f"{ATOM}entry")] == ["Nouvelle 1"]
    assert client.get("/actualites/flux.atom?quartier=x'").status_code == 200
    english = parsed(client.get("/en/actualites/flux.atom"))
    assert english.findall(f"{ATOM}entry") == []


def addresses(client: Any, path: str) -> list[str]:
    tree = parsed(client.get(path))
    return [node.text or "" for node in tree.iter(f"{MAP}loc")]


def test_the_site_map_lists_what_is_public(site: Site, client: Any) -> None:
    make_news(1)
    make_news(2).unpublish()
    idea = make_idea(budget=make_budget(activity__slug="b-2026"))
    make_idea(budget=make_budget(process__published=False))
    assert addresses(client, "/sitemap.xml") == [
        "http://testserver/sitemap-pages.xml",
        "http://testserver/sitemap-contributions.xml",
    ]
    pages = addresses(client, "/sitemap-pages.xml")
    assert len(pages) == len(set(pages)) == 19
    assert {"http://testserver/", "http://testserver/en/news/"} <= set(pages)
    assert "http://testserver/actualites/nouvelle-1/" in pages
    assert addresses(client, "/sitemap-contributions.xml") == [
        f"http://testserver/budget/b-2026/idees/{idea.pk}/"
    ]
