"""News."""

import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from cms import queries
from cms.models.base import BasePage, BodyMixin

PER_PAGE = 9


def _today() -> datetime.date:
    return timezone.localdate()


class NewsIndexPage(BasePage):
    """The list of news, latest first, by neighbourhood if one wishes."""

    template = "cms/news_index_page.html"
    max_count_per_parent = 1
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.NewsPage"]
    content_panels = [*Page.content_panels, FieldPanel("summary")]

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        territories = queries.news_territories(parent=self)
        chosen = request.GET.get("quartier", "")
        territory = next((t for t in territories if str(t.pk) == chosen), None)
        news = queries.news_of(parent=self, territory=territory)
        news_page = Paginator(news, PER_PAGE).get_page(request.GET.get("page"))
        news_page.object_list = list(news_page.object_list)
        queries.with_pictures(news_page.object_list)
        context.update(
            territories=territories,
            territory=territory,
            news_page=news_page,
            feed_query=f"?quartier={territory.pk}" if territory else "",
        )
        return context


class NewsPage(BodyMixin, BasePage):  # type: ignore[django-manager-missing]  # Wagtail types no manager
    """One piece of news: dated, placed, illustrated."""

    date = models.DateField(_("date"), default=_today)
    territories = ParentalManyToManyField(
        "maps.Territory",
        verbose_name=_("places concerned"),
        blank=True,
        related_name="+",
        help_text=_("Leave empty when the whole territory is concerned."),
    )
    process = models.ForeignKey(
        "core.Process",
        verbose_name=_("process concerned"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The news is then also shown on the page of this process."),
    )
    image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt = models.CharField(
        _("description of the picture"),
        max_length=250,
        blank=True,
        help_text=_("For people who don't see it. Empty when the picture is only decorative."),
    )

    template = "cms/news_page.html"
    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("body"),
        index.FilterField("date"),
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("date"),
        MultiFieldPanel(
            [
                FieldPanel("image"),
                FieldPanel(
                    "image_alt",
                    help_text=_(
                        "For people who don't see it. When empty, the description that the picture"
                        " has in the library is used."
                    ),
                ),
            ],
            heading=_("Picture"),
        ),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("process")], heading=_("What it is about")),
        # Folded: by keyboard, the dozens of places of a town stand before the button to publish.
        FieldPanel("territories", widget=forms.CheckboxSelectMultiple, classname="collapsed"),
    ]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")

    @property
    def picture_description(self) -> str:
        """What is told of the picture to those who don't see it: here, or else in the library."""
        return self.image_alt or (self.image.description if self.image else "")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["news_territories"] = list(self.territories.order_by("name"))
        context["process_page"] = (
            queries.front_door(process_id=self.process_id, locale_id=self.locale_id)
            if self.process_id
            else None
        )
        other_news = queries.latest_news(locale_id=self.locale_id, limit=3, except_id=self.pk)
        queries.with_pictures(other_news)
        context["other_news"] = other_news
        return context
