"""After an event: minutes, decisions and actions, what people thought of it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import MinutesState, OutcomeKind, ProposalState
from participation.agenda.models.event import Event
from participation.agenda.models.registration import Registration
from participation.core.models import Directorate


class Minutes(models.Model):
    """The minutes of an event; once published, they no longer change (a correction is added)."""

    event = models.OneToOneField(
        Event, primary_key=True, on_delete=models.PROTECT, related_name="minutes"
    )
    body = models.TextField(_("minutes"), max_length=40000)
    correction = models.TextField(_("correction"), max_length=4000, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=MinutesState.choices, default=MinutesState.DRAFT
    )
    written_at = models.DateTimeField(_("written"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=MinutesState.DRAFT)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="agenda_minutes_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MinutesState.PUBLISHED)
                | models.Q(published_at__isnull=False),
                name="agenda_minutes_published_has_date",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="agenda_minutes_published_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=MinutesState.PUBLISHED)
                & (
                    pgtrigger.Q(new__body__df=pgtrigger.F("old__body"))
                    | ~pgtrigger.Q(new__state=MinutesState.PUBLISHED)
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.event)


class Outcome(models.Model):
    """A decision taken at an event, or an action with its owner and due date."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(_("kind"), max_length=10, choices=OutcomeKind.choices)
    text = models.TextField(_("what"), max_length=1000)
    owner = models.CharField(_("who"), max_length=150, blank=True)
    directorate = models.ForeignKey(
        Directorate,
        verbose_name=_("directorate"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    due_on = models.DateField(_("by"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_note = models.CharField(_("what was done"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("decision or action")
        verbose_name_plural = _("decisions and actions")
        ordering = ["event", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind=OutcomeKind.ACTION)
                | (models.Q(owner__length__gt=0) & models.Q(due_on__isnull=False)),
                name="agenda_action_owned_and_due",
                violation_error_message=_("An action has somebody who does it and a date."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Satisfaction(models.Model):
    """What somebody who came thought of it, 1 to 5. Nothing ties it to a person."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="satisfactions")
    rating = models.PositiveSmallIntegerField(_("rating"))
    heard = models.BooleanField(_("could speak"), null=True, blank=True)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)
    answered_on = models.DateField(_("answered"))

    class Meta:
        verbose_name = _("satisfaction")
        verbose_name_plural = _("satisfaction")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rating__gte=1, rating__lte=5),
                name="agenda_rating_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} – {self.rating}"


class SatisfactionRequest(models.Model):
    """Who was asked once what they thought, and whether they answered; not what they said."""

    registration = models.OneToOneField(
        Registration,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="satisfaction_request",
    )
    sent_at = models.DateTimeField(_("sent"))
    answered = models.BooleanField(_("answered"), default=False)

    class Meta:
        verbose_name = _("request for satisfaction")
        verbose_name_plural = _("requests for satisfaction")

    def __str__(self) -> str:
        return str(self.registration)


class EventProposal(models.Model):
    """An event that an organisation or a group of residents proposes to the authority.

    Accepting it makes a draft `event`; a refusal, or changes asked for, tell their reason.
    """

    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="event_proposals"
    )
    organisation = models.CharField(_("organisation or group"), max_length=150)
    title = models.CharField(_("title"), max_length=150)
    body = models.TextField(_("description"), max_length=4000)
    wished_dates = models.CharField(_("wished dates"), max_length=300)
    place = models.CharField(_("address or place"), max_length=250, blank=True)
    audience = models.CharField(_("for whom, how many"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState.choices, default=ProposalState.RECEIVED
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    event = models.OneToOneField(
        Event, null=True, blank=True, on_delete=models.PROTECT, related_name="proposal"
    )
    submission_key = models.UUIDField(unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("proposed event")
        verbose_name_plural = _("proposed events")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=[ProposalState.REFUSED, ProposalState.CHANGES])
                | models.Q(answer__length__gt=0),
                name="agenda_proposal_answered_with_reason",
                violation_error_message=_("Tell the proposers why."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=ProposalState.ACCEPTED) ^ models.Q(event__isnull=True),
                name="agenda_proposal_accepted_makes_event",
            ),
        ]

    def __str__(self) -> str:
        return self.title
