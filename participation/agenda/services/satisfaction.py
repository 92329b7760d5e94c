"""What people thought of an event: asked once by mail, answered without a name."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import EventState, RegistrationState
from participation.agenda.models import Registration, Satisfaction, SatisfactionRequest
from participation.agenda.policies import may_say_satisfaction
from participation.agenda.tasks.satisfaction import mail_satisfaction
from participation.core.verdict import refuse

AFTER = datetime.timedelta(hours=12)
"""People are asked that long after the end: at home, and the same day or the next."""
_NO_LATER = datetime.timedelta(days=7)


@transaction.atomic
def ask_satisfaction(*, at: datetime.datetime) -> int:
    """Ask those who came to events that were held, once each; how many mails.

    Where nobody was checked in, all those registered are asked. Run twice, or by two workers at
    once, it asks nobody twice: the request's key is the registration's.
    """
    rows = (
        Registration.objects.filter(
            state=RegistrationState.CONFIRMED,
            event__state=EventState.HELD,
            event__ends_at__lte=at - AFTER,
            event__ends_at__gt=at - _NO_LATER,
            satisfaction_request__isnull=True,
        )
        .exclude(name="")  # forgotten
        .exclude(email="")  # registered by telephone
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("pk")
    )
    checked_in = set(
        Registration.objects.filter(arrived__gt=0, event__ends_at__gt=at - _NO_LATER).values_list(
            "event", flat=True
        )
    )
    asked = 0
    for row in rows:
        if row.arrived == 0 and row.event_id in checked_in:
            continue
        _request, is_new = SatisfactionRequest.objects.get_or_create(
            registration=row, defaults={"sent_at": at}
        )
        if is_new:
            mail_satisfaction.defer(registration_id=row.pk)
            asked += 1
    return asked


@transaction.atomic
def say_satisfaction(
    *,
    registration: Registration,
    rating: int,
    heard: bool | None,
    comment: str,
    at: datetime.datetime,
) -> None:
    """Keep what somebody thought, tied to the event alone; once per person.

    Raises `Refused`: `link_unknown`, those of `may_say_satisfaction`, `already_answered`,
    `no_rating`.
    """
    request = (
        SatisfactionRequest.objects.select_for_update(of=("self",))
        .select_related("registration__event")
        .filter(registration=registration)
        .first()
    )
    if request is None:
        refuse("link_unknown", _("This link is not valid.")).or_refuse()
    assert request is not None  # noqa: S101 -- refused just above
    event = request.registration.event
    may_say_satisfaction(event=event, at=at).or_refuse()
    if request.answered:
        refuse("already_answered", _("You have already answered: thank you.")).or_refuse()
    if rating not in range(1, 6):
        refuse("no_rating", _("Choose from 1 to 5.")).or_refuse()
    request.answered = True
    request.save(update_fields=["answered"])
    Satisfaction.objects.create(
        event=event,
        rating=rating,
        heard=heard,
        comment=comment.strip()[:1000],
        answered_on=timezone.localtime(at).date(),
    )
