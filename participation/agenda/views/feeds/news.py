"""The agenda as Atom: what was announced, moved, dropped or dated last."""

from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext

from participation.agenda.choices import Certainty
from participation.agenda.models import Theme
from participation.agenda.presentation.dates import entry_words
from participation.agenda.presentation.ical import Addresses, kind_label
from participation.agenda.queries import feeds
from participation.agenda.queries.feeds import Selection
from participation.agenda.views.feeds.sending import PUBLIC, name_of, unchanged
from participation.core.mails import absolute

ITEMS = 50


class AgendaNews(Feed):
    """The fifty lines that changed last."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        selection = self.selection(**kwargs)
        headers, response = unchanged(request, feeds.print_of(selection))
        if response is None:
            response = super().__call__(request, selection=selection)
        for header, value in {**headers, "Cache-Control": PUBLIC}.items():
            response[header] = value
        return response

    @staticmethod
    def selection(slug: str = "") -> Selection:
        if slug:
            return feeds.of_theme(get_object_or_404(Theme, slug=slug))
        return feeds.whole()

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Selection:
        selection: Selection = kwargs["selection"]
        return selection

    def title(self, selection: Selection) -> str:
        return name_of(selection)

    def link(self) -> str:
        return absolute(reverse("agenda:home"))

    def items(self, selection: Selection) -> list[tuple[Any, str]]:
        addresses = Addresses(feeds.public_activities())
        return [(row, addresses.of(row)) for row in feeds.latest_of(selection, ITEMS)]

    def item_title(self, item: Any) -> str:
        return item[0].title

    def item_description(self, item: Any) -> str:
        row = item[0]
        when = entry_words(
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            precision=row.precision,
            timezone=row.timezone,
        )
        parts = [kind_label(row.source, row.kind), Certainty(row.certainty).label, when, row.place]
        return " · ".join(str(part) for part in parts if part) + (
            f"\n{row.summary}" if row.summary else ""
        )

    def item_link(self, item: Any) -> str:
        return item[1]

    def item_guid(self, item: Any) -> str:
        """It changes with each revision, so that readers show a moved date as news."""
        row = item[0]
        return f"urn:parvis:agenda:{row.key}:{row.sequence}"

    def item_pubdate(self, item: Any) -> Any:
        return item[0].updated_at

    def item_updateddate(self, item: Any) -> Any:
        return item[0].updated_at

    def item_categories(self, item: Any) -> list[str]:
        return [item[0].theme__name] if item[0].theme__name else []

    def subtitle(self, selection: Selection) -> str:
        return gettext("What is announced, moved or dropped, the latest change first.")
