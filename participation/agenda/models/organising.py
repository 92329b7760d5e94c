"""What an event is made of: who speaks, in which order, where a visit stops, what must be ready."""

import uuid

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import DocumentKind
from participation.agenda.models.event import Event
from participation.core.models import Contribution


def document_path(document: "EventDocument", filename: str) -> str:
    """A random stored name: the sender's file name never reaches the disk."""
    suffix = filename.rsplit(".", 1)[-1].lower() if "." in filename else "bin"
    return f"agenda/{uuid.uuid4().hex}.{suffix[:8]}"


class Speaker(models.Model):
    """Somebody who speaks at an event, as announced."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=150, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["event", "position", "pk"]

    def __str__(self) -> str:
        return self.name


class ProgrammeEntry(models.Model):
    """A moment of the programme, at a local time of the event's day."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="programme")
    starts_at = models.TimeField(_("time"))
    title = models.CharField(_("title"), max_length=150)
    text = models.CharField(_("details"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("moment of the programme")
        verbose_name_plural = _("programme")
        ordering = ["event", "starts_at", "pk"]

    def __str__(self) -> str:
        return self.title


class Stop(models.Model):
    """A stop of a walking or bike visit, in its order; perhaps what a resident showed there."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="stops")
    position = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("title"), max_length=120)
    text = models.CharField(_("what is seen there"), max_length=500, blank=True)
    point = models.PointField(_("place on the map"), srid=4326)
    contribution = models.ForeignKey(
        Contribution,
        verbose_name=_("contribution"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="visit_stops",
    )

    class Meta:
        verbose_name = _("stop of a visit")
        verbose_name_plural = _("stops of a visit")
        ordering = ["event", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "position"],
                name="agenda_stop_in_order",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["event", "contribution"],
                name="agenda_stop_contribution_once",
                violation_error_message=_("This contribution is already a stop of that visit."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EventDocument(models.Model):
    """A file of an event. A photo is public only with the `consent` of those it shows."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind.choices)
    title = models.CharField(_("title"), max_length=150)
    file = models.FileField(_("file"), upload_to=document_path)
    alt = models.CharField(_("description for people who don't see it"), max_length=250, blank=True)
    consent = models.BooleanField(_("the people shown agreed"), default=False)
    size = models.PositiveIntegerField(_("size in bytes"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("document of an event")
        verbose_name_plural = _("documents of an event")
        ordering = ["event", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind=DocumentKind.PHOTO) | models.Q(alt__length__gt=0),
                name="agenda_photo_described",
                violation_error_message=_("Describe the photo for people who don't see it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LogisticsTask(models.Model):
    """Something to make ready for an event: who does it, by when. Known to staff alone."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="logistics")
    label = models.CharField(_("what"), max_length=150)
    owner = models.CharField(_("who"), max_length=120, blank=True)
    due_on = models.DateField(_("by"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("thing to make ready")
        verbose_name_plural = _("things to make ready")
        ordering = ["event", "due_on", "pk"]

    def __str__(self) -> str:
        return self.label


class BudgetLine(models.Model):
    """What an event costs, in integer cents: planned, then spent. Known to staff alone."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="budget_lines")
    label = models.CharField(_("what"), max_length=150)
    planned = models.PositiveBigIntegerField(_("planned (cents)"), default=0)
    spent = models.PositiveBigIntegerField(_("spent (cents)"), null=True, blank=True)

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["event", "pk"]

    def __str__(self) -> str:
        return self.label
