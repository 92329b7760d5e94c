"""Codes sent by text message."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.electors.models.electorate import Electorate


class TextCode(models.Model):
    """One code sent to one number, both as keyed digests: the number is kept nowhere.

    The database counts the attempts: whatever comes at once, no more than allowed are judged.
    """

    electorate = models.ForeignKey(Electorate, on_delete=models.CASCADE, related_name="text_codes")
    phone_digest = models.CharField(max_length=64)
    code_digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("valid until"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    was_used = models.BooleanField(_("used"), default=False)

    class Meta:
        verbose_name = _("code sent by text message")
        verbose_name_plural = _("codes sent by text message")
        ordering = ["electorate", "pk"]
        indexes = [
            models.Index(fields=["phone_digest", "sent_at"], name="text_code_by_phone"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
