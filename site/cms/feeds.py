"""Feeds and site map."""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import index as sitemap_index
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext
from wagtail.models import Locale

from cms import queries
from cms.models import NewsPage, SiteSettings
from participation.core import queries as core_queries
from participation.core import registry

ITEMS = 30


class NewsFeed(Feed):
    """The latest news of the visitor's language, as Atom; `?quartier=` keeps one place."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> dict[str, Any]:
        news = NewsPage.objects.live().public().filter(locale=Locale.get_active())
        place = request.GET.get("quartier", "")
        if place.isascii() and place.isdigit() and len(place) < 10:
            news = news.filter(territories=int(place))
        return {
            "request": request,
            "facts": SiteSettings.read(request),
            "news": news.defer_streamfields().order_by("-date", "-pk")[:ITEMS],
        }

    def title(self, source: dict[str, Any]) -> str:
        return gettext("News of %(site)s") % {"site": source["facts"].site_name}

    def subtitle(self, source: dict[str, Any]) -> str:
        return source["facts"].authority_name

    def link(self, source: dict[str, Any]) -> str:
        return source["request"].build_absolute_uri("/" if get_language() == "fr" else "/en/")

    def items(self, source: dict[str, Any]) -> Any:
        request = source["request"]
        # Addresses are worked out here, with the request: it knows the sites' roots already.
        return [(page, page.get_full_url(request)) for page in source["news"]]

    def item_title(self, item: tuple[Any, str]) -> str:
        return item[0].title

    def item_description(self, item: tuple[Any, str]) -> str:
        return item[0].summary

    def item_link(self, item: tuple[Any, str]) -> str:
        return item[1]

    def item_pubdate(self, item: tuple[Any, str]) -> Any:
        return item[0].first_published_at

    def item_updateddate(self, item: tuple[Any, str]) -> Any:
        return item[0].last_published_at


class PageSitemap(Sitemap):
    """Every public page, in both languages."""

    limit = 5000

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def items(self) -> Any:
        locale_ids = list(Locale.objects.order_by("pk").values_list("pk", flat=True))
        return queries.public_pages(locale_ids=locale_ids).order_by("path")

    def location(self, page: Any) -> str:
        parts = page.get_url_parts(self.request)
        return parts[2] if parts else "/"

    def lastmod(self, page: Any) -> Any:
        return page.last_published_at


class ContributionSitemap(Sitemap):
    """Every published contribution."""

    limit = 5000

    def items(self) -> Any:
        return (
            core_queries.listed_contributions()
            .select_related("activity")
            .only("pk", "published_at", "activity__kind", "activity__slug")
            .order_by("pk")
        )

    def location(self, contribution: Any) -> str:
        return registry.contribution_path(contribution) or "/"

    def lastmod(self, contribution: Any) -> Any:
        return contribution.published_at


def _maps(request: HttpRequest) -> dict[str, type[Sitemap] | Sitemap]:
    return {"pages": PageSitemap(request), "contributions": ContributionSitemap()}


def sitemaps(request: HttpRequest) -> HttpResponse:
    """The index: one file for pages, one or several for contributions."""
    return sitemap_index(request, sitemaps=_maps(request), sitemap_url_name="cms:sitemap_section")


def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """One file of the site map, at most 5,000 addresses; the next by `?p=`."""
    return sitemap_view(request, sitemaps=_maps(request), section=section)
