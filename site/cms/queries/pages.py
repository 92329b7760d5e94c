"""News, legal pages and what search may show."""

from typing import Any

from django.utils.translation import get_language
from wagtail.models import Page

from cms.queries.spine import cms_model
from maps.models import Territory


def _news() -> Any:
    return (
        cms_model("NewsPage")
        .objects.live()
        .public()
        .select_related("image", "social_image")
        .defer_streamfields()
        .order_by("-date", "-pk")
    )


def latest_news(
    *,
    locale_id: int,
    limit: int,
    process_id: int | None = None,
    except_id: int | None = None,
) -> list[Any]:
    """The latest public news in a language, at most `limit`."""
    news = _news().filter(locale_id=locale_id)
    if process_id is not None:
        news = news.filter(process_id=process_id)
    if except_id is not None:
        news = news.exclude(pk=except_id)
    return list(news[:limit])


def news_of(*, parent: Any, territory: Territory | None) -> Any:
    """The public news under a list, latest first, of one territory if given."""
    news = _news().child_of(parent)
    return news.filter(territories=territory) if territory else news


def news_territories(*, parent: Any) -> list[Territory]:
    """Territories that some public news of the list is about."""
    news = cms_model("NewsPage").objects.live().public().child_of(parent).order_by()
    return list(
        Territory.objects.filter(pk__in=news.values("territories"))
        .only("pk", "name")
        .order_by("name", "pk")
    )


def public_pages(*, language: str) -> Any:
    """Pages that anybody may read in a language: live, unrestricted, their process published."""
    hidden = cms_model("ProcessPage").objects.filter(process__published_at__isnull=True)
    hidden_activities = cms_model("ActivityPage").objects.filter(
        activity__process__published_at__isnull=True
    )
    return (
        Page.objects.live()
        .public()
        .filter(locale__language_code=language, depth__gt=1)
        .exclude(pk__in=hidden.values("pk"))
        .exclude(pk__in=hidden_activities.values("pk"))
    )


def legal_links(*, language: str | None = None) -> dict[str, Any]:
    """Live legal pages of a language by kind."""
    pages = (
        cms_model("LegalPage")
        .objects.live()
        .filter(locale__language_code=language or get_language() or "fr")
        .defer_streamfields()
        .order_by("path")
    )
    return {page.kind: page for page in pages}


def home_lists(*, home: Any) -> dict[str, Any]:
    """The live lists of news and of processes under a home page; one query."""
    found = {"process_index_url": None, "news_index_url": None}
    names = {"processindexpage": "process_index_url", "newsindexpage": "news_index_url"}
    children = (
        home.get_children()
        .live()
        .filter(content_type__app_label="cms", content_type__model__in=names)
        .select_related("content_type")
    )
    for page in children:
        found[names[page.content_type.model]] = page
    return found
