"""Moderation: reports by anyone, decisions with their statement of reasons (DSA 16 and 17)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.core.choices import ModerationGround, ReportState, Visibility
from participation.core.models.contribution import Contribution
from participation.core.models.exchange import Comment

_ONE_SUBJECT = models.Q(contribution__isnull=False, comment__isnull=True) | models.Q(
    contribution__isnull=True, comment__isnull=False
)


class Report(models.Model):
    """A notice that something breaks the rules or the law (DSA article 16)."""

    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reports",
    )
    reporter_name = models.CharField(_("name"), max_length=120, blank=True)
    reporter_email = models.EmailField(_("e-mail address"), blank=True)
    ground = models.CharField(_("ground"), max_length=20, choices=ModerationGround.choices)
    explanation = models.TextField(_("explanation"), max_length=2000)
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState.choices, default=ReportState.OPEN
    )
    created_at = models.DateTimeField(_("received"))
    assessed_at = models.DateTimeField(_("assessed"), null=True, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-created_at", "-pk"]
        constraints = [models.CheckConstraint(condition=_ONE_SUBJECT, name="report_one_subject")]

    def __str__(self) -> str:
        return self.get_ground_display()


class ModerationDecision(models.Model):
    """A decision on one contribution or comment: who, when, from what to what, and why.

    A restriction without statement of reasons is impossible: the database refuses it.
    """

    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    visibility_before = models.CharField(max_length=10, choices=Visibility.choices)
    visibility_after = models.CharField(max_length=10, choices=Visibility.choices)
    ground = models.CharField(
        _("ground"), max_length=20, choices=ModerationGround.choices, blank=True
    )
    statement = models.TextField(_("statement of reasons"), blank=True)
    automated = models.BooleanField(_("automated"), default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), on_delete=models.PROTECT
    )
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("moderation decision")
        verbose_name_plural = _("moderation decisions")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=_ONE_SUBJECT, name="decision_one_subject"),
            models.CheckConstraint(
                condition=~models.Q(visibility_after__in=["rejected", "hidden"])
                | (models.Q(ground__length__gt=0) & models.Q(statement__length__gt=0)),
                name="decision_restriction_has_reasons",
                violation_error_message=_(
                    "A restriction needs its ground and its statement of reasons."
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="decision_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.visibility_before} → {self.visibility_after}"
