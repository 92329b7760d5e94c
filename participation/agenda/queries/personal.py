"""What the agenda holds about one person: for their space, and for the copy of their data."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from participation.agenda.models import Event, EventProposal, FeedKey, Registration


def personal_records(*, user: Any) -> Iterator[dict[str, Any]]:
    """Registrations with their answers, proposed events, dates of private feeds."""
    rows = (
        Registration.objects.filter(user=user)
        .select_related("event")
        .prefetch_related("answers__question")
        .order_by("pk")
    )
    for row in rows:
        yield {
            "type": "registration",
            "event": row.event.title,
            "starts_at": row.event.starts_at.isoformat(),
            "name": row.name,
            "email": row.email,
            "seats": row.seats,
            "minor": row.is_minor,
            "guardian": row.guardian,
            "needs": row.needs,
            "answers": {answer.question.label: answer.words for answer in row.answers.all()},
            "state": str(row.get_state_display()),
            "cancelled_because": row.closed_reason,
            "asked_at": row.created_at.isoformat(),
            "arrived_at": row.arrived_at.isoformat() if row.arrived_at else None,
        }
    for proposal in EventProposal.objects.filter(proposer=user).order_by("pk"):
        yield {
            "type": "event_proposal",
            "organisation": proposal.organisation,
            "title": proposal.title,
            "body": proposal.body,
            "wished_dates": proposal.wished_dates,
            "place": proposal.place,
            "audience": proposal.audience,
            "state": str(proposal.get_state_display()),
            "answer": proposal.answer,
            "sent_at": proposal.sent_at.isoformat(),
        }
    for key in FeedKey.objects.filter(user=user).order_by("pk"):
        yield {
            "type": "private_feed",
            "since": key.created_at.isoformat(),
            "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
        }


def proposals_of(*, user: Any) -> QuerySet[Any]:
    """The events that a person proposed, latest first, with the event made of each;
    `event_is_public` says that it has a page."""
    public = Exists(Event.objects.public().filter(pk=OuterRef("event")))
    rows = EventProposal.objects.filter(proposer=user).select_related("event")
    return rows.annotate(event_is_public=public).order_by("-sent_at", "-pk")
