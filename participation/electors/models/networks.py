"""Crowds that came from one network by ways that prove little: seen without keeping an address.

What is kept of a network is a digest under a random key of one electorate. Key and digests go when
the last box of the electorate is opened: what an officer decided stays, and leads to nobody.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.electors.models.elector import Elector
from participation.electors.models.electorate import Electorate

MARK_LENGTH = 16


class NetworkWatch(models.Model):
    """The key of an electorate's marks; None once it is destroyed, and it is never made again."""

    electorate = models.OneToOneField(
        Electorate, primary_key=True, on_delete=models.PROTECT, related_name="network_watch"
    )
    key = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(_("key destroyed"), null=True, blank=True)

    class Meta:
        verbose_name = _("watch of networks")
        verbose_name_plural = _("watches of networks")

    def __str__(self) -> str:
        return str(self.electorate_id)


class NetworkMark(models.Model):
    """The network from which an elector first came by a weak way, as a keyed digest. No time."""

    elector = models.OneToOneField(
        Elector, primary_key=True, on_delete=models.CASCADE, related_name="network_mark"
    )
    electorate = models.ForeignKey(
        Electorate, on_delete=models.PROTECT, related_name="network_marks"
    )
    mark = models.CharField(max_length=MARK_LENGTH)

    class Meta:
        verbose_name = _("network of an elector")
        verbose_name_plural = _("networks of electors")
        indexes = [models.Index(fields=["electorate", "mark"], name="network_mark_by_mark")]

    def __str__(self) -> str:
        return self.mark


class NetworkHour(models.Model):
    """How many people first came from a network within an hour: a count, and nobody's hour."""

    electorate = models.ForeignKey(
        Electorate, on_delete=models.PROTECT, related_name="network_hours"
    )
    mark = models.CharField(max_length=MARK_LENGTH)
    hour = models.DateTimeField(_("hour"))
    arrivals = models.PositiveIntegerField(_("arrivals"), default=0)

    class Meta:
        verbose_name = _("hour of a network")
        verbose_name_plural = _("hours of networks")
        ordering = ["electorate", "mark", "hour"]
        constraints = [
            models.UniqueConstraint(
                fields=["electorate", "mark", "hour"], name="network_hour_counted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mark} {self.hour:%Y-%m-%d %H} h: {self.arrivals}"


class NetworkDecision(models.Model):
    """An officer holds the ballots of a crowd, or lets them be counted, and says why.

    The last decision on a mark holds. `people` is how many came by a weak way when it was taken.
    """

    electorate = models.ForeignKey(
        Electorate, on_delete=models.PROTECT, related_name="network_decisions"
    )
    mark = models.CharField(max_length=MARK_LENGTH)
    is_held = models.BooleanField(_("held"))
    reason = models.TextField(_("reason"))
    people = models.PositiveIntegerField(_("people"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("decision on a network")
        verbose_name_plural = _("decisions on networks")
        ordering = ["electorate", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason__length__gt=0),
                name="network_decision_has_a_reason",
                violation_error_message=_("Say why: the log keeps it."),
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="network_decision_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.mark}: {self.is_held}"
