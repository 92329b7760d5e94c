"""Menus of the site."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from cms.blocks.text import is_safe_address
from cms.models.reading import read_setting


class MenuLinkBlock(blocks.StructBlock):
    """One entry of a menu. The chosen page is shown in the visitor's language when translated."""

    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    url = blocks.CharBlock(
        label=_("Or address"),
        max_length=500,
        required=False,
        help_text=_("An address that starts with https:// or, on this site, with /."),
    )
    label = blocks.CharBlock(
        label=_("Words, in French"),
        max_length=60,
        required=False,
        help_text=_("The page's title when empty."),
    )
    label_en = blocks.CharBlock(label=_("Words, in English"), max_length=60, required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        url = (cleaned.get("url") or "").strip()
        errors = {}
        if bool(cleaned.get("page")) == bool(url):
            errors["page"] = ValidationError(
                _("Choose a page, or write an address: one of the two.")
            )
        elif url and not is_safe_address(url):
            errors["url"] = ValidationError(
                _("The address starts with https://, http:// or a single /.")
            )
        elif url and not cleaned.get("label"):
            errors["label"] = ValidationError(_("An address needs its words."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        icon = "link"
        label = _("Link")


@register_setting(icon="list-ul", order=110)
class Navigation(BaseSiteSetting):
    """The main menu and the footer's."""

    main = StreamField(
        blocks.StreamBlock([("link", MenuLinkBlock())], max_num=7),
        verbose_name=_("main menu"),
        blank=True,
        help_text=_("Five entries at most read well on a phone."),
    )
    footer = StreamField(
        blocks.StreamBlock([("link", MenuLinkBlock())], max_num=12),
        verbose_name=_("footer menu"),
        blank=True,
        help_text=_("The legal pages are always added: no need to repeat them here."),
    )

    panels = [FieldPanel("main"), FieldPanel("footer")]

    class Meta:
        verbose_name = _("menus")
        verbose_name_plural = _("menus")

    @classmethod
    def read(cls, request: HttpRequest) -> "Navigation":
        """The menus of the request's site, without making them."""
        return read_setting(cls, request)
