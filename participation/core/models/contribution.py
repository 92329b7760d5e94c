"""Contributions: the part that every instrument's submissions share."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.core.choices import AnswerStatus, AttachmentKind, Source, Visibility
from participation.core.models.process import Activity, Directorate
from participation.core.querysets import ContributionQuerySet


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """A random stored name: the sender's file name never reaches the disk."""
    suffix = filename.rsplit(".", 1)[-1].lower() if "." in filename else "bin"
    return f"contributions/{uuid.uuid4().hex}.{suffix[:8]}"


class Contribution(models.Model):
    """What somebody submitted to an activity. An instrument's own row shares its key.

    `submission_key` comes from the form: a double click or a resent form finds the first row.
    `supports_count` and `comments_count` are recomputed after commit, never incremented.
    """

    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="contributions"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contributions",
    )
    author_label = models.CharField(_("author, when not a member"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("description"), max_length=8000)
    territory = models.ForeignKey(
        Territory,
        verbose_name=_("neighbourhood"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contributions",
    )
    point = models.PointField(_("place on the map"), srid=4326, null=True, blank=True)
    address = models.CharField(_("address or place"), max_length=250, blank=True)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.DRAFT
    )
    source = models.CharField(
        _("source"), max_length=10, choices=Source.choices, default=Source.ONLINE
    )
    submission_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source_system = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(_("created"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    supports_count = models.PositiveIntegerField(_("supports"), default=0, editable=False)
    comments_count = models.PositiveIntegerField(_("comments"), default=0, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="parvis_fr")
        + SearchVector("body", weight="B", config="parvis_fr"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["-submitted_at", "-pk"]
        permissions = [
            ("moderate_contribution", _("Can moderate contributions and comments")),
            ("answer_contribution", _("Can answer contributions officially")),
        ]
        indexes = [
            GinIndex(fields=["search"], name="contribution_search"),
            # Which places an activity has, however many contributions others have there.
            models.Index(fields=["activity", "territory"], name="contribution_places"),
            GinIndex(fields=["title"], name="contribution_title_trgm", opclasses=["gin_trgm_ops"]),
            models.Index(
                fields=["activity", "visibility", "-submitted_at", "-id"], name="contribution_list"
            ),
            models.Index(
                fields=["activity", "visibility", "-supports_count", "-id"],
                name="contribution_popular",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visibility__in=Visibility.values),
                name="contribution_visibility_known",
            ),
            models.CheckConstraint(
                condition=models.Q(visibility=Visibility.DRAFT)
                | models.Q(submitted_at__isnull=False),
                name="contribution_submitted_has_date",
            ),
            models.UniqueConstraint(
                fields=["source_system", "source_id"],
                condition=~models.Q(source_id=""),
                name="contribution_imported_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def receipt_number(self) -> str:
        """The number that the author is given, e.g. `2026-000421`."""
        return f"{self.created_at:%Y}-{self.pk:06d}"

    @property
    def author_name(self) -> str:
        return self.author.public_name if self.author else self.author_label


class Attachment(models.Model):
    """A picture or a document joined to a contribution. Pictures are re-encoded on receipt."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="attachments"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AttachmentKind.choices)
    file = models.FileField(_("file"), upload_to=attachment_path)
    title = models.CharField(_("title"), max_length=150)
    alt = models.CharField(_("description for people who don't see it"), max_length=250, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"))
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["contribution", "position", "pk"]

    def __str__(self) -> str:
        return self.title


class OfficialAnswer(models.Model):
    """The authority's published answer to a contribution. Answers add up; none is rewritten."""

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="answers")
    status = models.CharField(_("status"), max_length=20, choices=AnswerStatus.choices)
    body = models.TextField(_("answer"))
    directorate = models.ForeignKey(
        Directorate, verbose_name=_("directorate"), null=True, blank=True, on_delete=models.PROTECT
    )
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    answered_at = models.DateTimeField(_("answered"))

    class Meta:
        verbose_name = _("official answer")
        verbose_name_plural = _("official answers")
        ordering = ["contribution", "-answered_at", "-pk"]
        triggers = [pgtrigger.Protect(name="answer_append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.contribution} – {self.get_status_display()}"


class AnswerTemplate(models.Model):
    """A text that agents start an official answer from."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    status = models.CharField(_("status"), max_length=20, choices=AnswerStatus.choices)
    body = models.TextField(_("answer"))

    class Meta:
        verbose_name = _("answer template")
        verbose_name_plural = _("answer templates")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
