"""What officers announce: items, the dates they had before, the versions kept."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.fields import DateRangeField
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.agenda.choices import PRIVATE, Certainty, ItemKind, Precision
from participation.agenda.models.mandate import CitizenAgenda, Theme
from participation.agenda.querysets import AgendaItemQuerySet
from participation.core.models import Directorate, Process


class AgendaItem(models.Model):
    """Something announced for a season, a month or days: the half-open `window` of dates.

    It is announced only with the visa of an elected official, and dropped only with a reason.
    `sequence` rises with each change that a calendar program must see (RFC 5545 § 3.8.7.4).
    """

    agenda = models.ForeignKey(
        CitizenAgenda, verbose_name=_("mandate"), on_delete=models.PROTECT, related_name="items"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=15, choices=ItemKind.choices)
    title = models.CharField(_("title"), max_length=150)
    summary = models.TextField(_("summary"), max_length=1000, blank=True)
    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), on_delete=models.PROTECT, related_name="items"
    )
    territory = models.ForeignKey(
        Territory,
        verbose_name=_("territory"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agenda_items",
    )
    process = models.ForeignKey(
        Process,
        verbose_name=_("process"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agenda_items",
    )
    directorate = models.ForeignKey(
        Directorate,
        verbose_name=_("directorate"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agenda_items",
    )
    window = DateRangeField(_("period"))
    precision = models.CharField(
        _("precision"), max_length=8, choices=Precision.choices, default=Precision.MONTH
    )
    certainty = models.CharField(
        _("certainty"), max_length=12, choices=Certainty.choices, default=Certainty.IDEA
    )
    drop_reason = models.TextField(_("why it was dropped"), max_length=1000, blank=True)
    endorsed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("visa of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    endorsed_at = models.DateTimeField(_("visa given"), null=True, blank=True)
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["window", "pk"]
        indexes = [
            models.Index(fields=["certainty", "window"], name="agenda_item_window"),
            models.Index(fields=["-updated_at"], name="agenda_item_updated"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    window__isempty=False, window__lower_inf=False, window__upper_inf=False
                ),
                name="agenda_item_window_bounded",
                violation_error_message=_("An end comes after its start."),
            ),
            models.CheckConstraint(
                condition=models.Q(certainty__in=Certainty.values),
                name="agenda_item_certainty_known",
            ),
            models.CheckConstraint(
                condition=models.Q(precision__in=Precision.values),
                name="agenda_item_precision_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(certainty=Certainty.DROPPED)
                | models.Q(drop_reason__length__gt=0),
                name="agenda_item_dropped_with_reason",
                violation_error_message=_("What is dropped needs its reason, which is public."),
            ),
            models.CheckConstraint(
                condition=models.Q(certainty__in=(*PRIVATE, Certainty.DROPPED))
                | models.Q(endorsed_at__isnull=False, announced_at__isnull=False),
                name="agenda_item_announced_with_visa",
                violation_error_message=_("It is announced with the visa of an elected official."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ItemMove(models.Model):
    """A date that an announced item had before, and why it changed. Never rewritten."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="moves")
    former_window = DateRangeField(_("former period"))
    former_precision = models.CharField(max_length=8, choices=Precision.choices)
    reason = models.TextField(_("reason"), max_length=1000)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    moved_at = models.DateTimeField(_("moved"))

    class Meta:
        verbose_name = _("former date of an item")
        verbose_name_plural = _("former dates of items")
        ordering = ["item", "-moved_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason__length__gt=0),
                name="agenda_item_moved_with_reason",
                violation_error_message=_("A moved date needs its reason, which is public."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="agenda_item_move_kept", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.item} – {self.former_window}"


class ItemVersion(models.Model):
    """What an item said after one change: `content` is field name → value. Never rewritten."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("version of an item")
        verbose_name_plural = _("versions of items")
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="agenda_item_version_once"),
        ]
        triggers = [pgtrigger.Protect(name="agenda_item_version_kept", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.item} v{self.number}"
