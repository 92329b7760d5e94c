"""Events: meetings, workshops, visits, council sittings; their rooms, series and former dates."""

import datetime
import uuid
from zoneinfo import ZoneInfo

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateTimeRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.agenda.choices import Attendance, EventKind, EventState, TimeZone
from participation.agenda.models.item import AgendaItem
from participation.agenda.models.mandate import Theme
from participation.agenda.querysets import EventQuerySet
from participation.core.models import Activity, Directorate, Process


class TsTzRange(Func):
    """`tstzrange(start, end, '[)')`, for constraints over two columns."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Meetings(models.Model):
    """The instrument of a process that holds what is heard in its meetings."""

    activity = models.OneToOneField(
        Activity, primary_key=True, on_delete=models.PROTECT, related_name="meetings"
    )

    class Meta:
        verbose_name = _("meetings of a process")
        verbose_name_plural = _("meetings of processes")

    def __str__(self) -> str:
        return str(self.activity)


class Venue(models.Model):
    """A room: where it is, what it offers. No two events occupy it at once."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    address = models.CharField(_("address"), max_length=250)
    territory = models.ForeignKey(
        Territory,
        verbose_name=_("neighbourhood"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    point = models.PointField(_("place on the map"), srid=4326, null=True, blank=True)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    wheelchair = models.BooleanField(_("wheelchair access"), default=False)
    access = models.TextField(_("how to come"), max_length=600, blank=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """A recurrence: an RFC 5545 `rule` that ends, its first start and the days left out.

    Its occurrences are events of their own, so that each has its registrations and minutes.
    """

    title = models.CharField(_("title"), max_length=150)
    rule = models.CharField(_("recurrence"), max_length=250)
    first_starts_at = models.DateTimeField(_("first start"))
    timezone = models.CharField(max_length=40, choices=TimeZone.choices, default=TimeZone.PARIS)
    exceptions = ArrayField(models.DateField(), verbose_name=_("days left out"), default=list)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("series of events")
        verbose_name_plural = _("series of events")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rule__contains="UNTIL=") | models.Q(rule__contains="COUNT="),
                name="agenda_series_ends",
                violation_error_message=_("A recurrence needs an end: a date or a number."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Event(models.Model):
    """One meeting, from its draft to its minutes. `[starts_at, ends_at)` are instants (UTC).

    `timezone` is where it takes place: what its page says and its calendar entry carries.
    `sequence` rises with each change that a calendar program must see (RFC 5545 § 3.8.7.4).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=15, choices=EventKind.choices)
    title = models.CharField(_("title"), max_length=150)
    slug = models.SlugField(_("address"), max_length=90, unique=True)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = models.TextField(_("description"), max_length=8000, blank=True)
    item = models.ForeignKey(
        AgendaItem,
        verbose_name=_("agenda item"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
    )
    process = models.ForeignKey(
        Process,
        verbose_name=_("process"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
    )
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), on_delete=models.PROTECT, related_name="events"
    )
    territory = models.ForeignKey(
        Territory,
        verbose_name=_("neighbourhood"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
    )
    directorate = models.ForeignKey(
        Directorate,
        verbose_name=_("organised by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
    )
    council_body = models.CharField(_("council"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    timezone = models.CharField(
        _("time zone"), max_length=40, choices=TimeZone.choices, default=TimeZone.PARIS
    )
    attendance = models.CharField(
        _("how to attend"),
        max_length=10,
        choices=Attendance.choices,
        default=Attendance.IN_PERSON,
    )
    venue = models.ForeignKey(
        Venue,
        verbose_name=_("room"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
    )
    address = models.CharField(_("address or place"), max_length=250, blank=True)
    point = models.PointField(_("place on the map"), srid=4326, null=True, blank=True)
    route = models.LineStringField(_("route"), srid=4326, null=True, blank=True)
    online_url = models.URLField(_("address of the online room"), blank=True)
    wheelchair = models.BooleanField(_("wheelchair access"), default=False)
    sign_language = models.BooleanField(_("French sign language"), default=False)
    captions = models.BooleanField(_("live captions"), default=False)
    child_care = models.BooleanField(_("child care"), default=False)
    questions_open = models.BooleanField(_("questions from phones"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=EventState.choices, default=EventState.DRAFT
    )
    closing_reason = models.TextField(_("why it is cancelled or postponed"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    held_at = models.DateTimeField(_("held"), null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="agenda_event_start"),
            models.Index(fields=["-updated_at"], name="agenda_event_updated"),
            models.Index(fields=["council_body", "starts_at"], name="agenda_event_body"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="agenda_event_ends_after_start",
                violation_error_message=_("An end comes after its start."),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=EventState.values), name="agenda_event_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(timezone__in=TimeZone.values),
                name="agenda_event_timezone_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[EventState.CANCELLED, EventState.POSTPONED])
                | models.Q(closing_reason__length__gt=0),
                name="agenda_event_closed_with_reason",
                violation_error_message=_("Say why it is cancelled or postponed: it is public."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=EventState.DRAFT) | models.Q(published_at__isnull=False),
                name="agenda_event_published_has_date",
            ),
            models.CheckConstraint(
                condition=models.Q(attendance=Attendance.ONLINE)
                | models.Q(state=EventState.DRAFT)
                | models.Q(venue__isnull=False)
                | models.Q(address__length__gt=0),
                name="agenda_event_is_somewhere",
                violation_error_message=_("Say where it takes place."),
            ),
            ExclusionConstraint(
                name="agenda_room_free",
                expressions=[
                    ("venue", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(
                    venue__isnull=False, state__in=[EventState.SCHEDULED, EventState.HELD]
                ),
                violation_error_message=_("This room is taken at that time."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def local_start(self) -> datetime.datetime:
        """When it starts by the clocks of the place."""
        return self.starts_at.astimezone(self.zone)

    @property
    def local_end(self) -> datetime.datetime:
        return self.ends_at.astimezone(self.zone)

    @property
    def place(self) -> str:
        """The room, or the address; empty for an event that is only online."""
        return f"{self.venue.name}, {self.venue.address}" if self.venue else self.address


class EventMove(models.Model):
    """When or where a published event was to be before, and why that changed. Never rewritten."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="moves")
    former_starts_at = models.DateTimeField(_("former start"))
    former_ends_at = models.DateTimeField(_("former end"))
    former_place = models.CharField(_("former place"), max_length=420, blank=True)
    reason = models.TextField(_("reason"), max_length=1000)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    moved_at = models.DateTimeField(_("moved"))

    class Meta:
        verbose_name = _("former date of an event")
        verbose_name_plural = _("former dates of events")
        ordering = ["event", "-moved_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason__length__gt=0),
                name="agenda_event_moved_with_reason",
                violation_error_message=_("A moved date needs its reason, which is public."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="agenda_event_move_kept", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.event} – {self.former_starts_at:%Y-%m-%d %H:%M}"
