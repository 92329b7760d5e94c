"""What every page of the site has."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from cms import queries
from cms.blocks import BodyBlock
from cms.caching import allow_shared_caching
from cms.video import EMBED_ORIGINS


class BasePage(Page):
    """A page with a summary and a picture for social networks, translated as a whole."""

    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences, shown on cards, in search and on social networks."),
    )
    social_image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture for cards and social networks"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("At least 1200 × 630 pixels. It illustrates: it carries no text."),
    )

    above: list[Page] | None = None
    """The pages above this one, from the root down, when its address gave them."""
    translations: list[Page] | None = None
    """The live pages that tell it in each language, when its address gave them."""

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary", boost=2),
    ]
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("show_in_menus"),
            ],
            heading=_("Address and search engines"),
        ),
        FieldPanel("social_image"),
    ]
    # Who may see a page and when it is published stay in Wagtail's side panels.

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(
            now=timezone.now(),
            published_maps=queries.PublishedMaps(),
            trail=self._trail(request),
            canonical_url=self.get_full_url(request) or "",
            site_root=(self.get_url_parts(request) or (0, "", ""))[1],
            social_image_url=self._social_image_url(request),
        )
        return context

    def _trail(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The pages above this one, from the home page down, for the breadcrumbs."""
        if self.depth is None or self.depth <= 2:
            return []
        above = self.above if self.above is not None else self.get_ancestors()
        return [
            (page.title, page.get_url(request) or "/")
            for page in above
            if page.depth > 1 and page.live
        ]

    def get_view_restrictions(self) -> Any:
        """Wagtail's own, without asking again for the pages above."""
        if self.above is None or any(page.alias_of_id for page in (self, *self.above)):
            return super().get_view_restrictions()
        keys = [page.pk for page in (self, *self.above)]
        return PageViewRestriction.objects.filter(page__in=keys).order_by("pk")

    def _social_image_url(self, request: HttpRequest) -> str:
        image = self.social_image or getattr(self, "image", None)
        if image is None:
            return ""
        return request.build_absolute_uri(image.get_rendition(queries.SOCIAL).url)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Read by cms.chrome for the languages.
        request.shown_page = self  # type: ignore[attr-defined]  # an attribute of ours
        response = super().serve(request, *args, **kwargs)
        if self.has_video():
            # Frames of these hosts appear only after the visitor agreed; elsewhere none may.
            response._csp_update = {"frame-src": list(EMBED_ORIGINS)}
        return allow_shared_caching(request, response)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        response = super().serve_preview(request, mode_name)
        response.shows_public_page = True  # read by cms.csp
        return response

    def has_video(self) -> bool:
        """Whether one of the page's streams shows a video."""
        return any(
            block.block_type == "video"
            for field in self._meta.get_fields()
            if isinstance(field, StreamField)
            for block in getattr(self, field.name)
        )

    @property
    def description(self) -> str:
        """What search engines and social networks are told."""
        return self.search_description or self.summary


class BodyMixin(models.Model):
    """A page with a body made of blocks."""

    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    class Meta:
        abstract = True
