"""The home page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from cms import queries
from cms.blocks import FigureBlock, LinkBlock
from cms.models.base import BasePage, BodyMixin


class HomePage(BodyMixin, BasePage):  # type: ignore[django-manager-missing]  # Wagtail types no manager
    """The front of the site. What is open, the figures, the dates and the processes come by
    themselves; the editor writes the welcome and what follows."""

    hero_title = models.CharField(
        _("welcome"),
        max_length=120,
        blank=True,
        help_text=_("The first thing read, in a few words. The page's title when empty."),
    )
    hero_text = models.TextField(_("introduction"), max_length=500, blank=True)
    hero_image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture of the welcome"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("A landscape picture of your place. It is decorative: no text in it."),
    )
    hero_links = StreamField(
        StreamBlock([("link", LinkBlock())], max_num=2),
        verbose_name=_("buttons"),
        blank=True,
    )
    show_figures = models.BooleanField(_("show the figures of participation"), default=True)
    figures = StreamField(
        StreamBlock([("figure", FigureBlock())], max_num=3),
        verbose_name=_("other figures"),
        blank=True,
        help_text=_("Up to three figures of your own, shown after the counted ones."),
    )
    show_dates = models.BooleanField(_("show the next dates"), default=True)
    show_board = models.BooleanField(_("show the board of the agenda"), default=True)
    show_news = models.BooleanField(_("show the latest news"), default=True)
    show_processes = models.BooleanField(_("show the processes"), default=True)

    template = "cms/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms.ContentPage",
        "cms.NewsIndexPage",
        "cms.ProcessIndexPage",
        "cms.LegalPage",
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("hero_text"),
        index.SearchField("body"),
    ]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("hero_title"),
                FieldPanel("hero_text"),
                FieldPanel("hero_image"),
                FieldPanel("hero_links"),
            ],
            heading=_("Welcome"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("show_figures"),
                FieldPanel("figures"),
                FieldPanel("show_dates"),
                FieldPanel("show_board"),
                FieldPanel("show_news"),
                FieldPanel("show_processes"),
            ],
            heading=_("What comes by itself"),
            help_text=_("What is open now is always shown first."),
        ),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def clean(self) -> None:
        super().clean()
        if not self.show_figures and len(self.figures):
            raise ValidationError(
                {"show_figures": _("Your own figures are shown only with the figures.")}
            )

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The page of an address, those above it and its translations in two queries; Wagtail's
        own way takes two for each level."""
        if not path_components:
            return super().route(request, path_components)
        found = queries.page_of_address(home=self, parts=path_components)
        if found is None:
            raise Http404
        page = found.page.specific
        page.above, page.translations = found.above, found.translations
        return RouteResult(page)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        now = context["now"]
        phases = queries.calendar(at=now)
        news = queries.latest_news(locale_id=self.locale_id, limit=3) if self.show_news else []
        cards = (
            queries.process_cards(phases=phases, at=now, locale_id=self.locale_id, limit=2)
            if self.show_processes
            else []
        )
        queries.with_pictures(news, [card.page for card in cards])
        context.update(
            open_now=queries.open_now(phases=phases, at=now, limit=3),
            shown_figures=self._figures(),
            dates=queries.next_dates(phases=phases, at=now, limit=4) if self.show_dates else [],
            columns=queries.agenda_board(at=now) if self.show_board else [],
            news=news,
            cards=cards,
        )
        return context

    def _figures(self) -> list[dict[str, Any]]:
        """Counted figures, then the editor's own."""
        if not self.show_figures:
            return []
        counted = [
            {"value": number_format(figure.value, force_grouping=True), "label": figure.label}
            for figure in queries.participation_figures()
        ]
        own = [
            {"value": figure.value["value"], "label": figure.value["label"]}
            for figure in self.figures
        ]
        return counted + own
