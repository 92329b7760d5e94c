"""Pages that tell, and the pages that the law asks for."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from cms.legal.words import page_context
from cms.models.base import BasePage, BodyMixin


class ContentPage(BodyMixin, BasePage):  # type: ignore[django-manager-missing]  # Wagtail types no manager
    """A page of text, pictures and documents, on any subject."""

    template = "cms/content_page.html"
    parent_page_types = ["cms.HomePage", "cms.ContentPage"]
    subpage_types = ["cms.ContentPage"]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["children"] = list(self.get_children().live().public()) if self.numchild else []
        return context


class LegalKind(models.TextChoices):
    """The pages that every site of a public authority must have."""

    NOTICE = "notice", _("Legal notice")
    PRIVACY = "privacy", _("Personal data")
    ACCESSIBILITY = "accessibility", _("Accessibility")
    TERMS = "terms", _("Terms of use")
    MODERATION = "moderation", _("Rules of moderation")


class LegalPage(BodyMixin, BasePage):  # type: ignore[django-manager-missing]  # Wagtail types no manager
    """A page that the law asks for. Words in double square brackets, such as `[[authority]]`,
    are replaced by the site's settings, so that they are written in one place."""

    kind = models.CharField(_("kind"), max_length=15, choices=LegalKind.choices, editable=False)

    template = "cms/legal_page.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    # Made by `setup_site`, one of each kind: an editor changes them but adds none.
    is_creatable = False
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel(
            "body",
            help_text=_(
                "Words such as [[authority]] or [[publication_director]] are replaced by what"
                " Settings → Site says: change them there. Write the rest here."
            ),
        ),
    ]

    class Meta:
        verbose_name = _("legal page")
        verbose_name_plural = _("legal pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(page_context(page=self, request=request))
        return context
