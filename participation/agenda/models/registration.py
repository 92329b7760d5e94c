"""Registration to events: seats, the waiting list, reminders."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import LIVE, SEATED, QuestionKind, RegistrationState
from participation.agenda.models.event import Event
from participation.agenda.querysets import RegistrationQuerySet

_SEATED = ", ".join(f"'{state.value}'" for state in SEATED)


class Seating(models.Model):
    """How people register to an event: `capacity` seats, of which `reserved` by name.

    `taken` is kept by a trigger from the registrations that hold seats, and never passes
    `capacity`: two last-seat clicks cannot both win. Registration is open over
    `[opens_at, closes_at)`. An offered seat is held `offer_hours`.
    """

    event = models.OneToOneField(
        Event, primary_key=True, on_delete=models.CASCADE, related_name="seating"
    )
    capacity = models.PositiveIntegerField(_("seats"))
    reserved = models.PositiveIntegerField(_("seats kept by the organiser"), default=0)
    taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)
    companions = models.PositiveSmallIntegerField(_("companions per person"), default=1)
    opens_at = models.DateTimeField(_("registration opens"))
    closes_at = models.DateTimeField(_("registration closes"))
    waiting_list = models.BooleanField(_("waiting list"), default=True)
    offer_hours = models.PositiveSmallIntegerField(_("hours to take an offered seat"), default=24)
    asks_needs = models.BooleanField(_("ask for accessibility needs"), default=True)
    minors = models.BooleanField(_("open to minors"), default=True)
    reminders = ArrayField(
        models.PositiveIntegerField(),
        verbose_name=_("reminders (hours before)"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = _("registration of an event")
        verbose_name_plural = _("registrations of events")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken__lte=models.F("capacity")),
                name="agenda_seats_not_exceeded",
                violation_error_message=_("There are not so many seats."),
            ),
            models.CheckConstraint(
                condition=models.Q(reserved__lte=models.F("capacity")),
                name="agenda_reserved_within_capacity",
                violation_error_message=_("More seats are kept than there are."),
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="agenda_registration_closes_after",
                violation_error_message=_("An end comes after its start."),
            ),
            models.CheckConstraint(
                condition=models.Q(offer_hours__gte=1, offer_hours__lte=336),
                name="agenda_offer_hours_bounded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} ({self.taken}/{self.capacity})"


class RegistrationQuestion(models.Model):
    """Something asked of those who register."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    label = models.CharField(_("question"), max_length=200)
    kind = models.CharField(_("kind"), max_length=8, choices=QuestionKind.choices)
    options = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    required = models.BooleanField(_("required"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("question at registration")
        verbose_name_plural = _("questions at registration")
        ordering = ["event", "position", "pk"]

    def __str__(self) -> str:
        return self.label


class Registration(models.Model):
    """One person, with perhaps companions: `seats` in all. One alive per event and address.

    Staff may register somebody who has no address (`email` is then empty). `closed_reason` is
    what staff told the person whose registration they cancelled. `arrived` and `arrived_at` are
    those of the one `CheckIn` that was not undone.

    The order of the waiting list is that of `queued_at` then of the key: the instant of the
    request (of its confirmed address without an account), by the database's clock.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="registrations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="event_registrations",
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(max_length=10, default="fr")
    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    is_minor = models.BooleanField(_("under 18"), default=False)
    guardian = models.CharField(_("responsible adult"), max_length=150, blank=True)
    needs = models.CharField(_("accessibility needs"), max_length=500, blank=True)
    on_reserved_seat = models.BooleanField(_("on a kept seat"), default=False)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=RegistrationState.choices,
        default=RegistrationState.UNCONFIRMED,
    )
    submission_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ticket = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("asked"))
    queued_at = models.DateTimeField(_("in the order since"), null=True, blank=True)
    offered_until = models.DateTimeField(_("seat offered until"), null=True, blank=True)
    closed_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    closed_reason = models.CharField(_("reason"), max_length=300, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    arrived = models.PositiveSmallIntegerField(_("people arrived"), default=0)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["event", "queued_at", "pk"]
        indexes = [
            models.Index(
                fields=["event", "queued_at", "id"],
                name="agenda_waiting_order",
                condition=models.Q(state=RegistrationState.WAITING),
            ),
            models.Index(
                fields=["offered_until"],
                name="agenda_offers_to_end",
                condition=models.Q(state=RegistrationState.OFFERED),
            ),
            models.Index(fields=["event", "state"], name="agenda_registration_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                "event",
                Lower("email"),
                condition=models.Q(state__in=LIVE) & ~models.Q(email=""),
                name="agenda_registered_once",
                violation_error_message=_("This address is already registered."),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=RegistrationState.values),
                name="agenda_registration_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(seats__gte=1, seats__lte=20),
                name="agenda_registration_seats_bounded",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RegistrationState.OFFERED)
                | models.Q(offered_until__isnull=False),
                name="agenda_offer_has_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(arrived__lte=models.F("seats")),
                name="agenda_arrived_within_seats",
            ),
        ]
        triggers = [
            # Only the database sees every registration: it counts the seats, under the lock of
            # the seating's row, and its check refuses the one too many.
            pgtrigger.Trigger(
                name="agenda_seats_counted",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.After,
                declare=[("delta", "integer")],
                func=pgtrigger.Func(
                    f"""
                    delta := 0;
                    IF TG_OP <> 'DELETE' AND NEW.state IN ({_SEATED}) THEN
                        delta := delta + NEW.seats;
                    END IF;
                    IF TG_OP <> 'INSERT' AND OLD.state IN ({_SEATED}) THEN
                        delta := delta - OLD.seats;
                    END IF;
                    IF delta <> 0 THEN
                        UPDATE agenda_seating SET taken = taken + delta
                        WHERE event_id = COALESCE(NEW.event_id, OLD.event_id);
                    END IF;
                    RETURN NULL;
                    """  # noqa: S608 -- the values of our own vocabulary
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} – {self.event}"


class RegistrationAnswer(models.Model):
    """What somebody answered to a question at registration."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(RegistrationQuestion, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(_("answer"), max_length=500)

    class Meta:
        verbose_name = _("answer at registration")
        verbose_name_plural = _("answers at registration")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question"], name="agenda_question_answered_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def words(self) -> str:
        """What was answered, as people read it."""
        if self.question.kind != QuestionKind.YES_NO:
            return self.text
        return str({"yes": _("Yes"), "no": _("No")}.get(self.text, self.text))


class Reminder(models.Model):
    """A reminder of one registration, `hours` before the start: one row, sent exactly once."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="reminders"
    )
    hours = models.PositiveIntegerField(_("hours before"))
    starts_at = models.DateTimeField(_("start that it tells of"))
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            # A moved event is reminded of again, for its new start.
            models.UniqueConstraint(
                fields=["registration", "hours", "starts_at"], name="agenda_reminded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration} – {self.hours} h"
