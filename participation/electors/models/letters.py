"""Letters that bring a code to each person of a roll."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.electors.models.elector import Elector
from participation.electors.models.electorate import Electorate


class LetterBatch(models.Model):
    """At most a few hundred letters, printed in one PDF that is never kept.

    Codes are drawn when the batch is printed and exist nowhere but on the paper: printing it again
    draws new ones and cancels those before.
    """

    electorate = models.ForeignKey(
        Electorate, on_delete=models.PROTECT, related_name="letter_batches"
    )
    rank = models.PositiveIntegerField(_("number"))
    is_anonymous = models.BooleanField(_("codes without a name"), default=False)
    size = models.PositiveIntegerField(_("letters"))
    expires_at = models.DateTimeField(_("codes valid until"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"))
    printed_at = models.DateTimeField(_("last printed"), null=True, blank=True)
    printings = models.PositiveSmallIntegerField(_("printings"), default=0)

    class Meta:
        verbose_name = _("batch of letters")
        verbose_name_plural = _("batches of letters")
        ordering = ["electorate", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["electorate", "rank"], name="letter_batch_rank_once"),
        ]

    def __str__(self) -> str:
        return str(self.rank)


class LetterRecipient(models.Model):
    """One letter of a batch."""

    batch = models.ForeignKey(LetterBatch, on_delete=models.CASCADE, related_name="recipients")
    elector = models.ForeignKey(Elector, on_delete=models.PROTECT, related_name="letters")

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["batch", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "elector"], name="letter_once_in_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.elector_id}"


class VotingCode(models.Model):
    """A code that leads to one elector, as a keyed digest. One living code per elector.

    It may be typed again until the close, by the person to whom it leads, to change their ballot; a
    code made anew cancels the former at once.
    """

    electorate = models.ForeignKey(Electorate, on_delete=models.PROTECT, related_name="codes")
    elector = models.ForeignKey(Elector, on_delete=models.PROTECT, related_name="codes")
    batch = models.ForeignKey(
        LetterBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="codes"
    )
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField(_("valid until"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    was_used = models.BooleanField(_("used"), default=False)

    class Meta:
        verbose_name = _("voting code")
        verbose_name_plural = _("voting codes")
        ordering = ["electorate", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["electorate", "digest"], name="voting_code_once"),
            models.UniqueConstraint(
                fields=["elector"],
                condition=models.Q(cancelled_at__isnull=True),
                name="voting_code_one_alive",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
