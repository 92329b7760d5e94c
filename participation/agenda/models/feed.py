"""Private feeds: the agenda of what one person follows, by a secret address."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedKey(models.Model):
    """A secret address of somebody's calendar feed: only its SHA-256 is kept; it can be revoked."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_keys"
    )
    digest = models.BinaryField(_("fingerprint"), max_length=32, unique=True)
    created_at = models.DateTimeField(_("created"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("private feed")
        verbose_name_plural = _("private feeds")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(revoked_at__isnull=True),
                name="agenda_one_live_feed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.created_at:%Y-%m-%d}"
