"""Ideas that residents submit, and their study."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import FeasibilityVerdict, IdeaState
from participation.budgets.models.budget import Budget, Category
from participation.budgets.querysets import IdeaQuerySet
from participation.core.models import Contribution, Directorate


class Idea(models.Model):
    """The budget's side of a contribution: its category, cost and state in the study."""

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.PROTECT, related_name="idea"
    )
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="ideas")
    category = models.ForeignKey(
        Category,
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ideas",
    )
    estimated_cost_cents = models.PositiveBigIntegerField(
        _("cost estimated by its author (cents)"), null=True, blank=True
    )
    state = models.CharField(
        _("state"), max_length=12, choices=IdeaState.choices, default=IdeaState.RECEIVED
    )

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ["-contribution"]
        indexes = [
            models.Index(fields=["budget", "state"], name="idea_state"),
            models.Index(fields=["budget", "category"], name="idea_category"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=IdeaState.values), name="idea_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.contribution.title

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # Django gives way to ours
        """The state in words. Django's own looks through every choice again: lists feel it."""
        return str(IdeaState(self.state).label)


class FeasibilityStudy(models.Model):
    """What one directorate found about one idea; cost in integer cents."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="studies")
    directorate = models.ForeignKey(
        Directorate, verbose_name=_("directorate"), on_delete=models.PROTECT, related_name="studies"
    )
    verdict = models.CharField(
        _("verdict"),
        max_length=10,
        choices=FeasibilityVerdict.choices,
        default=FeasibilityVerdict.PENDING,
    )
    cost_cents = models.PositiveBigIntegerField(_("cost (cents)"), null=True, blank=True)
    lead_time_months = models.PositiveSmallIntegerField(
        _("lead time (months)"), null=True, blank=True
    )
    reasons = models.TextField(_("reasons"), blank=True)
    assigned_at = models.DateTimeField(_("assigned"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("feasibility study")
        verbose_name_plural = _("feasibility studies")
        ordering = ["idea", "directorate"]
        constraints = [
            models.UniqueConstraint(fields=["idea", "directorate"], name="study_once"),
            models.CheckConstraint(
                condition=~models.Q(verdict="infeasible") | models.Q(reasons__length__gt=0),
                name="study_refusal_has_reasons",
                violation_error_message=_("A refusal needs its reasons."),
            ),
            models.CheckConstraint(
                # "greater than zero" alone lets NULL through.
                condition=~models.Q(verdict="feasible")
                | models.Q(cost_cents__isnull=False, cost_cents__gt=0),
                name="study_feasible_has_cost",
                violation_error_message=_("A feasible idea needs its cost."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.idea} – {self.directorate}"


class IdeaDecision(models.Model):
    """One change of an idea's state, with its reason: the public history of the study."""

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="decisions")
    state_before = models.CharField(max_length=12, choices=IdeaState.choices)
    state_after = models.CharField(max_length=12, choices=IdeaState.choices)
    reason = models.TextField(_("reason"), blank=True)
    cost_cents = models.PositiveBigIntegerField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("decision on an idea")
        verbose_name_plural = _("decisions on ideas")
        ordering = ["idea", "-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state_after__in=["ineligible", "infeasible"])
                | models.Q(reason__length__gt=0),
                name="idea_refusal_has_reason",
                violation_error_message=_("A refusal needs its reason."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="idea_decision_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.state_before} → {self.state_after}"
