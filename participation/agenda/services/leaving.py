"""What is forgotten: a member who leaves, and registrations to events of long ago."""

import calendar
import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from participation.accounts.models import User
from participation.accounts.services import former_member
from participation.agenda.choices import LIVE, ProposalState, RegistrationState
from participation.agenda.models import (
    EventProposal,
    FeedKey,
    Registration,
    RegistrationAnswer,
    WalkIn,
)
from participation.agenda.querysets import RegistrationQuerySet
from participation.agenda.services.seating import close_registration, locked_registration
from participation.core.account.erasure import relabel_log

FORGOTTEN = "@inscription-oubliee.invalid"
"""After the key: live registrations of one event need addresses that differ."""


@transaction.atomic
def leave(*, user: User, at: datetime.datetime) -> None:
    """Cancel what is to come, empty all registrations and proposals, delete private feeds.

    To be called while the account still has its address, known to be theirs.
    """
    rows = Registration.objects.filter(Q(user=user) | Q(email__iexact=user.email))
    coming = rows.filter(state__in=LIVE, event__ends_at__gt=at).order_by("event", "pk")
    for key, event in list(coming.values_list("pk", "event")):
        seating, row = locked_registration(key, event)
        if row.state in LIVE:
            close_registration(row, RegistrationState.CANCELLED, seating, at)
    _empty(rows)
    feeds = FeedKey.objects.filter(user=user)
    relabel_log(FeedKey, list(feeds.values_list("pk", flat=True)), former_member())
    feeds.delete()
    proposals = EventProposal.objects.filter(proposer=user)
    relabel_log(EventProposal, list(proposals.values_list("pk", flat=True)), former_member())
    proposals.exclude(state=ProposalState.ACCEPTED).delete()
    for proposal in proposals.select_related("event"):
        if proposal.event is not None:
            proposal.title = proposal.event.title
        proposal.organisation = proposal.body = proposal.answer = ""
        proposal.wished_dates = proposal.place = proposal.audience = ""
        proposal.save()


@transaction.atomic
def forget_old_registrations(*, at: datetime.datetime) -> int:
    """Empty the registrations of events that ended `AGENDA_REGISTRATION_MONTHS` ago; how many.

    Seats, states and arrivals stay: the counts of an event do not change.
    """
    limit = _months_before(at, settings.AGENDA_REGISTRATION_MONTHS)
    rows = Registration.objects.filter(event__ends_at__lte=limit)
    WalkIn.objects.filter(event__ends_at__lte=limit).exclude(name="").update(name="")
    return _empty(rows.exclude(name="", email__endswith=FORGOTTEN))


def _empty(rows: RegistrationQuerySet) -> int:
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    RegistrationAnswer.objects.filter(registration__in=keys).delete()
    return Registration.objects.filter(pk__in=keys).update(
        user=None,
        name="",
        email=Concat(Cast(F("pk"), CharField()), Value(FORGOTTEN)),
        needs="",
        guardian="",
        closed_reason="",
    )


def _months_before(at: datetime.datetime, months: int) -> datetime.datetime:
    """The same moment some months earlier, or on the last day of that month."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    day = min(at.day, calendar.monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)
