"""What an authority says of itself, once, for every page."""

import hashlib
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from cms import contrast
from cms.models.reading import read_setting


class AccessibilityStatus(models.TextChoices):
    """State of conformity with RGAA (décret 2019-768): 100 %; at least 50 %; below or no audit."""

    NONE = "none", _("not compliant")
    PARTIAL = "partial", _("partially compliant")
    FULL = "full", _("fully compliant")


class Network(models.TextChoices):
    MASTODON = "mastodon", "Mastodon"
    BLUESKY = "bluesky", "Bluesky"
    FACEBOOK = "facebook", "Facebook"
    INSTAGRAM = "instagram", "Instagram"
    LINKEDIN = "linkedin", "LinkedIn"
    YOUTUBE = "youtube", "YouTube"
    X = "x", "X"


def _https_only(url: str) -> str:
    if not url.startswith("https://"):
        raise ValidationError(_("The address starts with https://."))
    return url


class SocialLinkBlock(blocks.StructBlock):
    network = blocks.ChoiceBlock(label=_("Network"), choices=Network.choices)
    url = blocks.URLBlock(label=_("Address"), validators=[_https_only])

    class Meta:
        icon = "link"
        label = _("Account")


def _colour_errors(colour: str) -> str | None:
    if not contrast.is_hex_colour(colour):
        return str(_("Write the colour as # and six digits or letters, such as #0b5c50."))
    ratio = contrast.ratio(colour, contrast.WHITE)
    if ratio < contrast.MINIMUM_RATIO:
        return str(
            _(
                "This colour reads badly on white: its contrast is %(ratio)s to 1, and 4.5 to 1 is"
                " the least that accessibility allows. The nearest that reads is %(nearest)s."
            )
        ) % {
            # Cut, not rounded: 4.496 must not read as 4.50.
            "ratio": number_format(Decimal(int(ratio * 100)) / 100, decimal_pos=2),
            "nearest": contrast.readable_on(colour, contrast.WHITE),
        }
    return None


_IDENTITY = [
    MultiFieldPanel(
        [
            FieldPanel("authority_name"),
            FieldPanel("site_name"),
            FieldPanel("tagline"),
            FieldPanel("tagline_en"),
        ],
        heading=_("Names"),
    ),
    MultiFieldPanel(
        [FieldPanel("logo"), FieldPanel("social_image")],
        heading=_("Pictures"),
    ),
    MultiFieldPanel(
        [
            FieldPanel("primary_color"),
            FieldPanel("accent_color"),
            HelpPanel(content=_("Both must read on white: a contrast of 4.5 to 1 at least.")),
        ],
        heading=_("Colours"),
    ),
]
_CONTACT = [
    MultiFieldPanel(
        [
            FieldPanel("contact_name"),
            FieldPanel("contact_email"),
            FieldPanel("contact_phone"),
            FieldPanel("contact_address"),
        ],
        heading=_("How to reach you"),
    ),
    FieldPanel("social_links"),
    FieldPanel("security_contact"),
]
_LEGAL = [
    MultiFieldPanel(
        [
            FieldPanel("publisher_address"),
            FieldPanel("siren"),
            FieldRowPanel(
                [FieldPanel("publication_director"), FieldPanel("publication_director_title")]
            ),
        ],
        heading=_("Publisher"),
    ),
    MultiFieldPanel(
        [FieldPanel("host_name"), FieldPanel("host_address"), FieldPanel("host_phone")],
        heading=_("Host"),
    ),
    MultiFieldPanel(
        [FieldPanel("dpo_name"), FieldPanel("dpo_email"), FieldPanel("retention_years")],
        heading=_("Personal data"),
    ),
]
_ACCESSIBILITY = [
    HelpPanel(
        content=_(
            "The statement is written from these answers, in the form that the decree imposes."
            " Renew it at each redesign and at least every three years."
        )
    ),
    MultiFieldPanel(
        [
            FieldPanel("accessibility_status"),
            FieldPanel("accessibility_auditor"),
            FieldPanel("accessibility_rate"),
            FieldRowPanel(
                [FieldPanel("accessibility_declared_on"), FieldPanel("accessibility_updated_on")]
            ),
        ],
        heading=_("Audit"),
    ),
    MultiFieldPanel(
        [
            FieldPanel("accessibility_scheme_url"),
            FieldPanel("accessibility_plan_url"),
            FieldPanel("accessibility_email"),
        ],
        heading=_("Scheme, plan and contact"),
    ),
    MultiFieldPanel(
        [
            FieldPanel("accessibility_failures"),
            FieldPanel("accessibility_exemptions"),
            FieldPanel("accessibility_out_of_scope"),
        ],
        heading=_("Contents that are not accessible"),
    ),
    MultiFieldPanel(
        [
            FieldPanel("accessibility_technologies"),
            FieldPanel("accessibility_environments"),
            FieldPanel("accessibility_tools"),
            FieldPanel("accessibility_pages"),
        ],
        heading=_("How it was checked"),
    ),
]


@register_setting(icon="cog", order=100)
class SiteSettings(BaseSiteSetting):
    """Name, colours, contacts, legal facts and accessibility status of one site."""

    authority_name = models.CharField(
        _("name of the authority"), max_length=120, default="Votre collectivité"
    )
    site_name = models.CharField(_("name of the site"), max_length=80, default="Parvis")
    tagline = models.CharField(_("tagline, in French"), max_length=160, blank=True)
    tagline_en = models.CharField(_("tagline, in English"), max_length=160, blank=True)
    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown beside the name, which says it to those who don't see it."),
    )
    social_image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture for social networks"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Used by pages that have none. At least 1200 × 630 pixels."),
    )
    primary_color = models.CharField(_("main colour"), max_length=7, blank=True)
    accent_color = models.CharField(_("accent colour"), max_length=7, blank=True)

    contact_name = models.CharField(_("service in charge"), max_length=160, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    contact_address = models.TextField(_("postal address"), max_length=400, blank=True)
    social_links = StreamField(
        [("account", SocialLinkBlock())], verbose_name=_("social networks"), blank=True
    )
    security_contact = models.EmailField(
        _("address for security reports"),
        blank=True,
        help_text=_("Published in /.well-known/security.txt (RFC 9116)."),
    )

    publisher_address = models.TextField(_("registered address"), max_length=400, blank=True)
    siren = models.CharField(_("SIREN or SIRET number"), max_length=20, blank=True)
    publication_director = models.CharField(_("publication director"), max_length=160, blank=True)
    publication_director_title = models.CharField(
        _("capacity"), max_length=160, blank=True, help_text=_("For instance: mayor")
    )
    host_name = models.CharField(_("name of the host"), max_length=160, blank=True)
    host_address = models.TextField(_("address of the host"), max_length=400, blank=True)
    host_phone = models.CharField(_("telephone of the host"), max_length=30, blank=True)
    dpo_name = models.CharField(_("data protection officer"), max_length=160, blank=True)
    dpo_email = models.EmailField(_("their e-mail address"), blank=True)
    retention_years = models.PositiveSmallIntegerField(
        _("years for which authors' names are kept after a process"), default=5
    )

    accessibility_status = models.CharField(
        _("state of conformity with RGAA"),
        max_length=10,
        choices=AccessibilityStatus.choices,
        default=AccessibilityStatus.NONE,
    )
    accessibility_auditor = models.CharField(_("audit carried out by"), max_length=200, blank=True)
    accessibility_rate = models.DecimalField(
        _("criteria met (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    accessibility_declared_on = models.DateField(_("statement made on"), null=True, blank=True)
    accessibility_updated_on = models.DateField(_("updated on"), null=True, blank=True)
    accessibility_scheme_url = models.URLField(_("multi-year scheme (address)"), blank=True)
    accessibility_plan_url = models.URLField(_("action plan of the year (address)"), blank=True)
    accessibility_email = models.EmailField(
        _("address for accessibility complaints"),
        blank=True,
        help_text=_("An answer is due within a week. The general address when empty."),
    )
    accessibility_failures = models.TextField(
        _("non-conformities"), blank=True, help_text=_("One per line.")
    )
    accessibility_exemptions = models.TextField(
        _("disproportionate burden"), blank=True, help_text=_("One per line, with its reason.")
    )
    accessibility_out_of_scope = models.TextField(
        _("contents out of scope"), blank=True, help_text=_("One per line.")
    )
    accessibility_technologies = models.TextField(
        _("technologies"), default="HTML5\nCSS\nSVG\nJavaScript", help_text=_("One per line.")
    )
    accessibility_environments = models.TextField(
        _("test environments"), blank=True, help_text=_("One per line.")
    )
    accessibility_tools = models.TextField(_("tools"), blank=True, help_text=_("One per line."))
    accessibility_pages = models.TextField(
        _("pages checked"), blank=True, help_text=_("One per line.")
    )

    select_related = ["logo", "social_image"]
    edit_handler = TabbedInterface(
        [
            ObjectList(_IDENTITY, heading=_("Identity")),
            ObjectList(_CONTACT, heading=_("Contacts")),
            ObjectList(_LEGAL, heading=_("Legal facts")),
            ObjectList(_ACCESSIBILITY, heading=_("Accessibility")),
        ]
    )

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")

    def clean(self) -> None:
        super().clean()
        errors = {}
        for field in ("primary_color", "accent_color"):
            colour = getattr(self, field).strip().lower()
            setattr(self, field, colour)
            if colour and (error := _colour_errors(colour)):
                errors[field] = error
        status, rate = self.accessibility_status, self.accessibility_rate
        if status != AccessibilityStatus.NONE and rate is None:
            errors["accessibility_rate"] = str(
                _("Without a valid audit and its rate, the site is “not compliant”.")
            )
        elif status == AccessibilityStatus.FULL and rate != 100:
            errors["accessibility_status"] = str(_("“Fully compliant” means 100 % of criteria."))
        elif status == AccessibilityStatus.PARTIAL and rate is not None and rate < 50:
            errors["accessibility_status"] = str(
                _("“Partially compliant” means at least 50 % of criteria.")
            )
        if errors:
            raise ValidationError(errors)

    @classmethod
    def read(cls, request: HttpRequest) -> "SiteSettings":
        """The settings of the request's site. Unlike `for_request`, reading writes nothing: a
        site that has none yet gets the defaults."""
        return read_setting(cls, request)

    @property
    def theme_version(self) -> str:
        """Changes with the colours, so that the style sheet's address does."""
        colours = f"{self.primary_color}|{self.accent_color}"
        return hashlib.sha256(colours.encode()).hexdigest()[:10]

    @property
    def missing_legal_facts(self) -> list[str]:
        """Labels of the facts that the law wants published and that are still empty."""
        wanted = (
            "contact_email",
            "publisher_address",
            "publication_director",
            "host_name",
            "host_address",
            "dpo_email",
            "accessibility_declared_on",
        )
        return [
            str(self._meta.get_field(name).verbose_name)
            for name in wanted
            if not getattr(self, name)
        ]
