"""A participatory budget and its published rules."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.budgets.choices import (
    BallotKind,
    Completion,
    CountingRule,
    Grouping,
    OnMisfit,
    ProjectOrder,
    Remainder,
    Satisfaction,
)
from participation.core.models import Activity


class Budget(models.Model):
    """One edition of a participatory budget. What is counted is what these columns say; the
    rules page is generated from them. Amounts are integer cents."""

    activity = models.OneToOneField(
        Activity,
        verbose_name=_("activity"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="budget",
    )
    edition = models.PositiveSmallIntegerField(_("edition"))
    ballot_kind = models.CharField(
        _("voters choose"), max_length=10, choices=BallotKind.choices, default=BallotKind.APPROVAL
    )
    min_choices = models.PositiveSmallIntegerField(_("at least"), default=1)
    max_choices = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True, default=3)
    project_order = models.CharField(
        _("order of projects"),
        max_length=10,
        choices=ProjectOrder.choices,
        default=ProjectOrder.RANDOM,
    )
    on_misfit = models.CharField(
        _("when a project no longer fits"),
        max_length=10,
        choices=OnMisfit.choices,
        default=OnMisfit.SKIP,
    )
    district_quota_cents = models.PositiveBigIntegerField(
        _("money set aside for each neighbourhood (cents)"), null=True, blank=True
    )
    remainder = models.CharField(
        _("money left in neighbourhoods"),
        max_length=15,
        choices=Remainder.choices,
        default=Remainder.POOLED,
    )
    rule = models.CharField(
        _("rule of the count"),
        max_length=15,
        choices=CountingRule.choices,
        default=CountingRule.GREEDY,
    )
    satisfaction = models.CharField(
        _("what equal shares measure"),
        max_length=11,
        choices=Satisfaction.choices,
        default=Satisfaction.COST,
    )
    completion = models.CharField(
        _("how equal shares are completed"),
        max_length=6,
        choices=Completion.choices,
        default=Completion.ADD1,
    )
    stops_when_exhaustive = models.BooleanField(
        _("stop increasing the shares as soon as no other project fits"), default=False
    )
    grouping = models.CharField(
        _("envelopes and guarantees are per"),
        max_length=8,
        choices=Grouping.choices,
        default=Grouping.DISTRICT,
    )
    minimum_winners = models.PositiveSmallIntegerField(
        _("projects guaranteed to each group"), default=0
    )
    max_points = models.PositiveSmallIntegerField(_("points of a voter"), null=True, blank=True)
    max_points_per_project = models.PositiveSmallIntegerField(
        _("points for one project at most"), null=True, blank=True
    )
    rank_scores = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("points of each rank"),
        default=list,
        blank=True,
    )
    minimum_votes = models.PositiveIntegerField(_("minimum number of votes"), default=0)
    minimum_share_percent = models.PositiveSmallIntegerField(
        _("minimum share of voters (percent)"), default=0
    )
    idea_max_cost_cents = models.PositiveBigIntegerField(
        _("highest cost of an idea (cents)"), null=True, blank=True
    )
    ideas_per_person = models.PositiveSmallIntegerField(
        _("ideas per person"), null=True, blank=True
    )
    comments_open = models.BooleanField(_("comments are open"), default=True)
    results_published_at = models.DateTimeField(_("results published"), null=True, blank=True)
    source_note = models.TextField(_("source of the data"), blank=True)

    class Meta:
        verbose_name = _("participatory budget")
        verbose_name_plural = _("participatory budgets")
        ordering = ["-edition", "activity"]
        permissions = [
            ("study_idea", _("Can study ideas and make projects")),
            ("run_vote", _("Can prepare, seal and count votes, publish results")),
            ("manage_delivery", _("Can follow up the delivery of projects")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(max_choices__isnull=True)
                | models.Q(max_choices__gte=models.F("min_choices")),
                name="budget_choices_in_order",
                violation_error_message=_("The maximum must not be below the minimum."),
            ),
            models.CheckConstraint(
                condition=models.Q(min_choices__gte=1), name="budget_at_least_one_choice"
            ),
            models.CheckConstraint(
                condition=models.Q(minimum_share_percent__lte=100), name="budget_share_of_a_whole"
            ),
            models.CheckConstraint(
                condition=~models.Q(ballot_kind="cumulative")
                | models.Q(max_points__isnull=False, max_points__gte=1),
                name="budget_cumulative_has_points",
                violation_error_message=_("Say how many points each voter gives."),
            ),
            models.CheckConstraint(
                condition=~models.Q(ballot_kind="ordinal") | models.Q(rank_scores__len__gte=1),
                name="budget_ordinal_has_scores",
                violation_error_message=_("Say how many points each rank is worth."),
            ),
            models.CheckConstraint(
                condition=models.Q(ballot_kind__in=BallotKind.values), name="budget_ballot_known"
            ),
            models.CheckConstraint(
                condition=models.Q(rule__in=CountingRule.values), name="budget_rule_known"
            ),
        ]

    def __str__(self) -> str:
        return self.activity.title


class Category(models.Model):
    """A theme of ideas and projects; `icon` names an icon of the design system."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="categories")
    name = models.CharField(_("name"), max_length=80)
    icon = models.SlugField(_("icon"), max_length=40, default="tag")
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["budget", "position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "name"], name="category_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Envelope(models.Model):
    """Money put to one vote: for the whole city or for one territory. One ballot per person."""

    budget = models.ForeignKey(
        Budget,
        verbose_name=_("participatory budget"),
        on_delete=models.PROTECT,
        related_name="envelopes",
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=80)
    territory = models.ForeignKey(
        Territory,
        verbose_name=_("territory"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    amount_cents = models.PositiveBigIntegerField(_("amount (cents)"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    # What an imported file said beyond our columns, so that its export gives the same election.
    source = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("envelope")
        verbose_name_plural = _("envelopes")
        ordering = ["budget", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "slug"], name="envelope_once"),
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0),
                name="envelope_has_money",
                violation_error_message=_("The amount must be above zero."),
            ),
        ]
        triggers = [
            # Voters were told this amount when the poll was sealed.
            pgtrigger.Trigger(
                name="envelope_frozen_once_sealed",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.AnyChange("budget", "territory", "amount_cents"),
                func=pgtrigger.Func(
                    """
                    IF EXISTS (SELECT 1 FROM budgets_poll WHERE envelope_id = OLD.id) THEN
                        RAISE EXCEPTION 'the envelope is frozen: its poll is sealed'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                    """
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name
