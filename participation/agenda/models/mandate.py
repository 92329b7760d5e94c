"""The mandate, its themes, its closed periods."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.agenda.choices import SchoolZone, TimeZone
from participation.core.models import Process


class CitizenAgenda(models.Model):
    """The agenda of one mandate, the half-open period `mandate`; mandates never overlap."""

    title = models.CharField(_("title"), max_length=200)
    mandate = DateRangeField(_("mandate"))
    territory = models.ForeignKey(
        Territory,
        verbose_name=_("territory"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    timezone = models.CharField(
        _("time zone"), max_length=40, choices=TimeZone.choices, default=TimeZone.PARIS
    )
    school_zone = models.CharField(
        _("school zone"), max_length=12, choices=SchoolZone.choices, blank=True
    )
    introduction = models.TextField(_("introduction"), blank=True)

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["mandate"]
        permissions = [
            ("plan_agenda", _("Can plan the agenda and announce")),
            ("endorse_agenda", _("Can give the visa of an elected official")),
            ("run_events", _("Can organise events and read registrations")),
            ("welcome_events", _("Can check people in at events")),
        ]
        constraints = [
            ExclusionConstraint(
                name="agenda_one_mandate_at_a_time",
                expressions=[("mandate", RangeOperators.OVERLAPS)],
                violation_error_message=_("Two mandates cannot overlap."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    mandate__isempty=False, mandate__lower_inf=False, mandate__upper_inf=False
                ),
                name="agenda_mandate_bounded",
                violation_error_message=_("A mandate starts on a date and ends after it."),
            ),
            models.CheckConstraint(
                condition=models.Q(timezone__in=TimeZone.values), name="agenda_timezone_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Theme(models.Model):
    """A subject of the agenda: a line of the timeline. `tone` is a colour of the design, 1 to 8."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    icon = models.CharField(_("icon"), max_length=40, default="calendar")
    tone = models.PositiveSmallIntegerField(_("colour"), default=1)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tone__gte=1, tone__lte=8), name="agenda_theme_tone_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProcessTheme(models.Model):
    """The theme under which the agenda shows what comes from a process."""

    process = models.OneToOneField(
        Process, primary_key=True, on_delete=models.CASCADE, related_name="agenda_theme"
    )
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="processes")

    class Meta:
        verbose_name = _("theme of a process")
        verbose_name_plural = _("themes of processes")

    def __str__(self) -> str:
        return f"{self.process} – {self.theme}"


class ReservedPeriod(models.Model):
    """A period that planners are warned of: pre-election reserve (Code électoral L52-1), works…"""

    label = models.CharField(_("name"), max_length=150)
    period = DateRangeField(_("period"))
    notice = models.CharField(_("what to mind"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("reserved period")
        verbose_name_plural = _("reserved periods")
        ordering = ["period"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    period__isempty=False, period__lower_inf=False, period__upper_inf=False
                ),
                name="agenda_reserved_bounded",
                violation_error_message=_("A period starts on a date and ends after it."),
            ),
        ]

    def __str__(self) -> str:
        return self.label
