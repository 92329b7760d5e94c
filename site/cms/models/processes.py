"""Front doors of processes and of their activities."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page
from wagtail.search import index

from cms import queries
from cms.models.base import BasePage, BodyMixin
from participation.core.dates import date_format

HEADER = "fill-960x640|format-webp"
"""The picture at the top of a process; its template names it too."""

# What the front doors are mixed into; at run time the page itself is that class.
if TYPE_CHECKING:
    _Mixin = BasePage
else:
    _Mixin = object


class ProcessIndexPage(BasePage):
    """Every process, filtered by state, level of engagement and territory."""

    template = "cms/process_index_page.html"
    max_count_per_parent = 1
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.ProcessPage"]
    content_panels = [*Page.content_panels, FieldPanel("summary")]

    class Meta:
        verbose_name = _("list of processes")
        verbose_name_plural = _("lists of processes")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(
            queries.process_list(query=request.GET, at=context["now"], locale_id=self.locale_id)
        )
        return context


class _FrontDoor(_Mixin):
    """One page per language for one row of the spine, public when its process is.

    It is a foreign key and not a one-to-one: the English page tells the same process.
    """

    subject_field = ""

    def clean(self) -> None:
        super().clean()
        subject_id = getattr(self, f"{self.subject_field}_id")
        if not subject_id or not self.locale_id:
            return
        others = (
            type(self)
            .objects.filter(**{self.subject_field: subject_id, "locale_id": self.locale_id})
            .exclude(pk=self.pk)
        )
        if others.exists():
            raise ValidationError(
                {self.subject_field: _("Another page already tells it in this language.")}
            )

    def is_public(self) -> bool:
        """Whether the process behind the page is published."""
        raise NotImplementedError

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_public():
            raise Http404
        return super().serve(request, *args, **kwargs)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        return super().get_sitemap_urls(request) if self.is_public() else []


class ProcessPage(_FrontDoor, BodyMixin, BasePage):  # type: ignore[django-manager-missing]  # Wagtail types no manager
    """The front door of a process: its story, its file, its dates, its rules, its contact."""

    process = models.ForeignKey(
        "core.Process", verbose_name=_("process"), on_delete=models.PROTECT, related_name="+"
    )
    image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown at the top and on cards. It is decorative: no text in it."),
    )

    subject_field = "process"
    template = "cms/process_page.html"
    parent_page_types = ["cms.ProcessIndexPage"]
    subpage_types = ["cms.ActivityPage"]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [
        *Page.content_panels,
        FieldPanel("process"),
        FieldPanel("summary"),
        FieldPanel("image"),
        FieldPanel("body"),
        InlinePanel(
            "documents",
            heading=_("The file"),
            label=_("Document"),
            help_text=_("The useful information that the law asks you to give the public."),
        ),
    ]

    class Meta:
        verbose_name = _("process page")
        verbose_name_plural = _("process pages")

    def is_public(self) -> bool:
        return self._spine[0].published_at is not None

    @cached_property
    def _spine(self) -> tuple[Any, list[Any]]:
        """The process and its activities, read once for a visit."""
        process, activities = queries.process_with_activities(process_id=self.process_id)
        self.process = process
        return process, activities

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        news = queries.latest_news(locale_id=self.locale_id, limit=3, process_id=self.process_id)
        # With the pictures of the page's own, before anything asks for them one by one.
        sizes = (queries.CARD, queries.SOCIAL, HEADER) if self.image_id else (queries.CARD,)
        queries.with_pictures(news, [self], sizes=sizes)
        context = super().get_context(request, *args, **kwargs)
        _process, known = self._spine
        activities = queries.activity_items(
            activities=known, at=context["now"], locale_id=self.locale_id
        )
        context.update(
            published_maps=queries.PublishedMaps(_with_map(known)),
            process=self.process,
            state=queries.state_of(process=self.process, activities=activities),
            activities=activities,
            documents=list(self.documents.select_related("document").order_by("sort_order", "pk")),
            facts=_facts(self.process),
            news=news,
            **_follow_parts(subject=self.process, request=request, page=self),
        )
        return context


def _with_map(activities: list[Any]) -> list[Any]:
    return [activity for activity in activities if hasattr(activity, "map")]


def _follow_parts(*, subject: Any, request: HttpRequest, page: Page) -> dict[str, Any]:
    # The spine's forms need every model loaded; this module is one of those being loaded.
    from participation.core.presentation import follow_parts

    user = getattr(request, "user", None) or AnonymousUser()
    return follow_parts(subject=subject, user=user, back=page.get_url(request) or "/")


def _facts(process: Any) -> list[dict[str, Any]]:
    """Who runs the process, how, and whom to write to."""
    age = (
        gettext("From %(age)s years old") % {"age": process.minimum_age}
        if process.minimum_age
        else ""
    )
    who = gettext("Residents of the territory") if process.residents_only else gettext("Everybody")
    return [
        {"term": gettext("Run by"), "value": process.owner.name, "icon": "building-community"},
        {"term": gettext("Open to"), "value": ", ".join(filter(None, (who, age))), "icon": "users"},
        {
            "term": gettext("Legal frame"),
            "value": process.get_legal_type_display(),
            "icon": "scale",
        },
        {
            "term": gettext("Moderation"),
            "value": process.get_moderation_display(),
            "icon": "shield-check",
        },
        {
            "term": gettext("Contact"),
            "value": process.contact_name or process.contact_email,
            "url": f"mailto:{process.contact_email}" if process.contact_email else "",
            "icon": "mail",
        },
        {
            "term": gettext("Results due on"),
            "value": date_format(process.restitution_due_on, "j F Y")
            if process.restitution_due_on
            else "",
            "icon": "calendar-event",
        },
    ]


class ProcessDocument(Orderable):
    """A document of the process's file."""

    page = ParentalKey(ProcessPage, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("document"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    panels = [FieldPanel("document")]

    class Meta(Orderable.Meta):
        verbose_name = _("document of the file")
        verbose_name_plural = _("documents of the file")


class ActivityPage(_FrontDoor, BodyMixin, BasePage):  # type: ignore[django-manager-missing]  # Wagtail types no manager
    """The story of one activity, and the way to take part in it."""

    activity = models.ForeignKey(
        "core.Activity", verbose_name=_("activity"), on_delete=models.PROTECT, related_name="+"
    )

    subject_field = "activity"
    template = "cms/activity_page.html"
    parent_page_types = ["cms.ProcessPage"]
    subpage_types: list[str] = []
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("activity"), FieldPanel("summary")], heading=_("Activity")),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("activity page")
        verbose_name_plural = _("activity pages")

    def is_public(self) -> bool:
        self.activity = queries.activity_of(activity_id=self.activity_id)
        return self.activity.process.published_at is not None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        item = queries.activity_item(activity=self.activity, at=context["now"])
        context.update(
            activity=item.activity,
            process=item.activity.process,
            item=item,
            process_page=queries.front_door(
                process_id=item.activity.process_id, locale_id=self.locale_id
            ),
            **_follow_parts(subject=item.activity, request=request, page=self),
        )
        return context
