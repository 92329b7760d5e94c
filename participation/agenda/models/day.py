"""On the day: heads counted, questions asked from phones, what is heard in the room."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import QuestionState
from participation.agenda.models.event import Event
from participation.core.models import Contribution


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
