"""News, legal pages and what search may show."""

from functools import cache
from typing import Any

from django.db.models import BigIntegerField
from django.utils.translation import get_language
from wagtail.models import Page

from cms.queries.spine import cms_model, visible
from maps.models import Territory
from participation.core.written import Given, Written


@cache
def _news() -> Any:
    pages = visible(cms_model("NewsPage").objects.all())
    return pages.defer_streamfields().order_by("-date", "-pk")


_LATEST: Written[Any] = Written(
    lambda: _news().filter(locale=Given("locale", BigIntegerField())), cut=True
)


def latest_news(
    *,
    locale_id: int,
    limit: int,
    process_id: int | None = None,
    except_id: int | None = None,
) -> list[Any]:
    """The latest public news in a language, at most `limit`; see `with_pictures`."""
    if process_id is None and except_id is None:
        return _LATEST.read(locale=locale_id, limit=limit, offset=0)
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
    news = visible(cms_model("NewsPage").objects.child_of(parent)).order_by()
    return list(
        Territory.objects.filter(pk__in=news.values("territories"))
        .only("pk", "name")
        .order_by("name", "pk")
    )


def public_pages(*, locale_ids: list[int]) -> Any:
    """Pages that anybody may read in some languages: live, unrestricted, their process public.

    The keys of hidden pages are read first: the search index refuses a subquery.
    """
    hidden = cms_model("ProcessPage").objects.filter(process__published_at__isnull=True)
    hidden_activities = cms_model("ActivityPage").objects.filter(
        activity__process__published_at__isnull=True
    )
    return (
        Page.objects.live()
        .public()
        .filter(locale_id__in=locale_ids, depth__gt=1)
        .exclude(pk__in=[*_keys(hidden), *_keys(hidden_activities)])
    )


def _keys(pages: Any) -> list[int]:
    return list(pages.order_by("pk").values_list("pk", flat=True))


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


def list_addresses(*, home: Any) -> dict[str, Any]:
    """The live lists of news and of processes under a home page, by model name; one query."""
    children = (
        home.get_children()
        .live()
        .filter(
            content_type__app_label="cms",
            content_type__model__in=("processindexpage", "newsindexpage"),
        )
        .select_related("content_type")
    )
    return {page.content_type.model: page for page in children}
