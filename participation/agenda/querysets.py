"""Chainable filters of the agenda. `.public()` is the only filter public views use."""

import datetime

from django.db import models
from django.db.models import Case, F, Q, When

from participation.agenda.choices import LIVE, PRIVATE, SEATED, Certainty, EventState


class AgendaItemQuerySet(models.QuerySet):
    def public(self) -> "AgendaItemQuerySet":
        """Announced once, whatever became of it since; an idea dropped before stays private."""
        return self.exclude(certainty__in=PRIVATE).exclude(
            certainty=Certainty.DROPPED, announced_at__isnull=True
        )


class EventQuerySet(models.QuerySet):
    def public(self) -> "EventQuerySet":
        """Published, alone or with a published process; a cancelled one stays, with its reason."""
        return self.exclude(state=EventState.DRAFT).filter(
            Q(process__isnull=True) | Q(process__published_at__isnull=False)
        )

    def next_first(self, at: datetime.datetime) -> "EventQuerySet":
        """Those not over at `at`, the nearest first, then those that are, the latest first."""
        ahead = Q(ends_at__gt=at)
        return self.order_by(
            Case(When(ahead, then=0), default=1),
            Case(When(ahead, then=F("starts_at"))),
            F("starts_at").desc(),
            "pk",
        )


class RegistrationQuerySet(models.QuerySet):
    def live(self) -> "RegistrationQuerySet":
        """Neither cancelled nor lapsed."""
        return self.filter(state__in=LIVE)

    def seated(self) -> "RegistrationQuerySet":
        """Holding seats: registered, or offered one."""
        return self.filter(state__in=SEATED)
