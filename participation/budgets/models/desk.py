"""Polling desks: where people vote in person, and the codes of the shared device next to them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.budgets.models.budget import Budget
from participation.electors.models import Elector


class PollingDesk(models.Model):
    """A table with an urn. Its agents see the roll through it, and nothing else of the vote."""

    budget = models.ForeignKey(
        Budget,
        verbose_name=_("participatory budget"),
        on_delete=models.PROTECT,
        related_name="desks",
    )
    name = models.CharField(_("name of the desk"), max_length=80)
    place = models.CharField(_("place"), max_length=200, blank=True)
    agents = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("agents"), related_name="polling_desks", blank=True
    )

    class Meta:
        verbose_name = _("polling desk")
        verbose_name_plural = _("polling desks")
        ordering = ["budget", "name"]
        permissions = [
            ("hold_desk", _("Can hold a polling desk: search the roll, mark who votes on paper")),
            ("key_paper", _("Can key paper ballots after the close")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "name"],
                name="polling_desk_once",
                violation_error_message=_("This budget already has a desk of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KioskCode(models.Model):
    """A code that an agent hands to an identified elector, to be typed on the shared device.

    Only its keyed digest is kept; it serves once, on the device of its desk, for five minutes.
    """

    desk = models.ForeignKey(PollingDesk, on_delete=models.PROTECT, related_name="kiosk_codes")
    elector = models.ForeignKey(Elector, on_delete=models.PROTECT, related_name="kiosk_codes")
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("code of a shared device")
        verbose_name_plural = _("codes of shared devices")
        ordering = ["desk", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["desk", "digest"], name="kiosk_code_once"),
            # A new code of the same person replaces the one before.
            models.UniqueConstraint(fields=["desk", "elector"], name="kiosk_code_one_per_elector"),
        ]

    def __str__(self) -> str:
        return f"{self.desk_id}/{self.elector_id}"
