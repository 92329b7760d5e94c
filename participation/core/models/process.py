"""What the public is asked about, by which instruments, and when."""

import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.core.choices import EngagementLevel, LegalType, ModerationMode, Step
from participation.core.querysets import ActivityQuerySet, PhaseQuerySet, ProcessQuerySet

models.CharField.register_lookup(Length)
models.TextField.register_lookup(Length)


class Directorate(models.Model):
    """A department of the authority's administration (*direction métier*)."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    email = models.EmailField(_("e-mail address"), blank=True)

    class Meta:
        verbose_name = _("directorate")
        verbose_name_plural = _("directorates")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Process(models.Model):
    """A participation process (*démarche*): one subject, its rules, its contact.

    It can be published only with its terms of participation and a contact (CRPA L131-1):
    the database refuses otherwise; the dates are its activities' phases.
    """

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    owner = models.ForeignKey(
        Directorate, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="processes"
    )
    engagement_level = models.CharField(
        _("level of engagement"), max_length=20, choices=EngagementLevel.choices
    )
    legal_type = models.CharField(
        _("legal frame"), max_length=30, choices=LegalType.choices, default=LegalType.VOLUNTARY
    )
    # Without a perimeter (an imported election, say) nobody can be asked to live inside it.
    perimeter = models.ForeignKey(
        Territory,
        verbose_name=_("perimeter"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="processes",
    )
    terms = models.TextField(_("terms of participation"), blank=True)
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact's e-mail address"), blank=True)
    moderation = models.CharField(
        _("moderation"),
        max_length=10,
        choices=ModerationMode.choices,
        default=ModerationMode.AFTER,
    )
    # Who may take part: free for a participatory vote, so it is data (domain §0.4).
    minimum_age = models.PositiveSmallIntegerField(_("minimum age"), null=True, blank=True)
    residents_only = models.BooleanField(_("only residents of the perimeter"), default=False)
    restitution_due_on = models.DateField(_("results due on"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancellation_reason = models.TextField(_("reason of the cancellation"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True)
                | (models.Q(terms__length__gt=0) & models.Q(contact_email__length__gt=0)),
                name="process_published_with_terms",
                violation_error_message=_(
                    "A process is published only with its terms of participation and a contact."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(residents_only=False) | models.Q(perimeter__isnull=False),
                name="process_residents_of_somewhere",
                violation_error_message=_("To reserve it to residents, say of which perimeter."),
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_at__isnull=True)
                | models.Q(cancellation_reason__length__gt=0),
                name="process_cancelled_with_reason",
                violation_error_message=_("A cancellation needs its reason, which is public."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Activity(models.Model):
    """One instrument at work inside a process; the instrument's own row shares its key."""

    process = models.ForeignKey(
        Process, verbose_name=_("process"), on_delete=models.PROTECT, related_name="activities"
    )
    kind = models.SlugField(_("instrument"), max_length=30)
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["process", "position", "pk"]

    def __str__(self) -> str:
        return self.title


class Phase(models.Model):
    """A step of an activity over a half-open period `[start, end)`; no end means open-ended.

    Time is the only state machine for opening and closing: nothing else says "open".
    """

    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.CASCADE, related_name="phases"
    )
    step = models.CharField(_("step"), max_length=10, choices=Step.choices)
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    period = DateTimeRangeField(_("period"))

    objects = PhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["activity", "period"]
        constraints = [
            ExclusionConstraint(
                name="phase_no_overlap",
                expressions=[
                    ("activity", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Two phases of one activity cannot overlap."),
            ),
            models.CheckConstraint(
                condition=models.Q(period__isempty=False, period__lower_inf=False),
                name="phase_has_a_start",
                violation_error_message=_("A phase starts on a date and ends after it."),
            ),
            models.CheckConstraint(
                condition=models.Q(step__in=Step.values), name="phase_step_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def opens_at(self) -> datetime.datetime:
        return self.period.lower

    @property
    def closes_at(self) -> datetime.datetime | None:
        return self.period.upper

    def state_at(self, moment: datetime.datetime) -> str:
        """`past`, `current` or `future`."""
        if moment < self.opens_at:
            return "future"
        if self.closes_at is not None and moment >= self.closes_at:
            return "past"
        return "current"
