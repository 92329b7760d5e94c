"""On the day: people checked in, heads counted, questions from phones, what is heard."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import QuestionState
from participation.agenda.models.event import Event
from participation.agenda.models.registration import Registration
from participation.core.models import Contribution


class CheckIn(models.Model):
    """Somebody arrived: `people` of the party, at `arrived_at` by the clock of the door.

    `key` is made by the device that noted it: sent twice, it is one arrival. Undone, it stays.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="check_ins"
    )
    people = models.PositiveSmallIntegerField(_("people arrived"))
    arrived_at = models.DateTimeField(_("arrived"))
    noted_at = models.DateTimeField(_("noted"))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=models.Q(undone_at__isnull=True),
                name="agenda_checked_in_once",
            ),
            models.CheckConstraint(
                condition=models.Q(people__gte=1), name="agenda_check_in_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration} – {self.people}"


class WalkIn(models.Model):
    """People who came without registering; they may leave a name."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="walk_ins")
    name = models.CharField(_("name"), max_length=120, blank=True)
    people = models.PositiveSmallIntegerField(_("people"), default=1)
    arrived_at = models.DateTimeField(_("arrived"))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("arrival without registration")
        verbose_name_plural = _("arrivals without registration")
        ordering = ["event", "arrived_at", "key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(people__gte=1, people__lte=20),
                name="agenda_walk_in_people_bounded",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.people)


class HeadCount(models.Model):
    """How many people were in the room, as counted; walk-ins are those who had not registered."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="head_counts")
    people = models.PositiveIntegerField(_("people in the room"))
    walk_ins = models.PositiveIntegerField(_("of which not registered"), default=0)
    counted_at = models.DateTimeField(_("counted"))
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submission_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _("head count")
        verbose_name_plural = _("head counts")
        ordering = ["event", "-counted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(walk_ins__lte=models.F("people")),
                name="agenda_walk_ins_among_people",
                violation_error_message=_("Those not registered are among the people counted."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} – {self.people}"


class LiveQuestion(models.Model):
    """A question sent from a phone during an event; nobody sees it before it is read."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="live_questions")
    body = models.CharField(_("question"), max_length=500)
    author_label = models.CharField(_("first name or group"), max_length=60, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=QuestionState.choices, default=QuestionState.PENDING
    )
    submission_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_at = models.DateTimeField(_("asked"))
    moderated_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("live question")
        verbose_name_plural = _("live questions")
        ordering = ["event", "asked_at", "pk"]
        indexes = [models.Index(fields=["event", "state", "asked_at"], name="agenda_live_question")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=QuestionState.values),
                name="agenda_live_question_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.body[:60]


class HeardContribution(models.Model):
    """A contribution heard at an event and entered by staff; its source is `event`."""

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.PROTECT, related_name="heard"
    )
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="heard")

    class Meta:
        verbose_name = _("contribution heard at an event")
        verbose_name_plural = _("contributions heard at events")

    def __str__(self) -> str:
        return str(self.contribution)
