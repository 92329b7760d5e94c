"""News, legal pages and what search may show."""

from functools import cache
from itertools import accumulate
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Exists, Model, OuterRef, Q
from django.utils.translation import get_language
from wagtail.models import Page, ReferenceIndex

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
_LATEST_OF_PROCESS: Written[Any] = Written(
    lambda: _news().filter(
        locale=Given("locale", BigIntegerField()), process=Given("process", BigIntegerField())
    ),
    cut=True,
)


def latest_news(
    *,
    locale_id: int,
    limit: int,
    process_id: int | None = None,
    except_id: int | None = None,
) -> list[Any]:
    """The latest public news in a language, at most `limit`; see `with_pictures`."""
    found = {"locale": locale_id, "limit": limit + (except_id is not None), "offset": 0}
    if process_id is None:
        news = _LATEST.read(**found)
    else:
        news = _LATEST_OF_PROCESS.read(process=process_id, **found)
    return [page for page in news if page.pk != except_id][:limit]


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
    hidden = [key for pages in _of_hidden_processes() for key in _keys(pages)]
    return (
        Page.objects.live()
        .public()
        .filter(locale_id__in=locale_ids, depth__gt=1)
        .exclude(pk__in=hidden)
    )


def pages_citing(*, row: Model, language: str) -> list[Page]:
    """Public pages whose published text cites a row, by title; of a page in several languages,
    the one in `language` if there is one. One query, and a second when some page cites it."""
    references = ReferenceIndex.get_references_to(row).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    keys = {int(key) for key in references.order_by().values_list("object_id", flat=True)}
    if not keys:
        return []
    pages = visible(Page.objects.filter(pk__in=keys)).select_related("locale")
    for hidden in _of_hidden_processes():
        pages = pages.filter(~Exists(hidden.order_by().filter(pk=OuterRef("pk"))))
    chosen: dict[Any, Page] = {}
    for page in pages.order_by("title", "pk"):
        known = chosen.get(page.translation_key)
        if known is None or page.locale.language_code == language:
            chosen[page.translation_key] = page
    return list(chosen.values())


def _of_hidden_processes() -> tuple[Any, Any]:
    """Pages of processes that are not published, and of their activities."""
    return (
        cms_model("ProcessPage").objects.filter(process__published_at__isnull=True),
        cms_model("ActivityPage").objects.filter(activity__process__published_at__isnull=True),
    )


def _keys(pages: Any) -> list[int]:
    return list(pages.order_by("pk").values_list("pk", flat=True))


class Address(NamedTuple):
    """Where a page was found: those `above` it, from the root down, and the live pages that tell
    it in each language (itself among them), each with its locale."""

    page: Page
    above: list[Page]
    translations: list[Page]


def page_of_address(*, home: Any, parts: list[str]) -> Address | None:
    """The live page of an address under a home page; `None` when there is none. One query."""
    *_, address = addresses = [*accumulate((f"{part}/" for part in parts), initial=home.url_path)]
    same = Page.objects.filter(url_path=address).order_by().values("translation_key")
    pages = list(
        Page.objects.filter(Q(url_path__in=["/", *addresses]) | Q(translation_key__in=same))
        .select_related("locale")
        .order_by("path")
    )
    page = next((page for page in pages if page.url_path == address and page.live), None)
    if page is None:
        return None
    return Address(
        page=page,
        above=[each for each in pages if page.path.startswith(each.path) and each != page],
        translations=[
            each for each in pages if each.live and each.translation_key == page.translation_key
        ],
    )


def translations_of(*, page: Page) -> list[Page]:
    """The live pages that tell a page in each language, with their locale; one query."""
    same = Page.objects.live().filter(translation_key=page.translation_key)
    return list(same.select_related("locale").order_by("path"))


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
