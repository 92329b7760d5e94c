"""What the rest of the platform may know of the meetings of a process, as data."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import ProposalState
from participation.agenda.links import ticket_path
from participation.agenda.models import Event
from participation.agenda.policies import may_welcome
from participation.agenda.queries import feeds
from participation.agenda.queries.door import door_events
from participation.agenda.queries.personal import personal_records, proposals_of
from participation.agenda.queries.registrations import tickets_of
from participation.agenda.services import leave
from participation.agenda.services.organising import adopt_as_stop, adopting_visits
from participation.core.choices import Step
from participation.core.dates import date_format
from participation.core.models import Activity, Contribution
from participation.core.registry import Destination, Duty, Instrument, Sent, Watched

KIND = "meetings"
_PROPOSALS = 50
"""Proposals of one person that their space shows."""


def landing(activity: Activity) -> str:
    """The agenda, of that process alone."""
    return f"{reverse('agenda:home')}?demarche={activity.process_id}"


def contribution_url(contribution: Contribution) -> str:
    """The event where it was heard."""
    return reverse("agenda:event", args=[contribution.heard.event.slug])


def summary(activity: Activity, moment: datetime.datetime) -> dict[str, Any]:
    """Meetings in short: `figures` (`value`, `label`), and `title`, `text`, `label`, `url`."""
    coming = Event.objects.public().filter(process=activity.process_id, ends_at__gt=moment).count()
    return {
        "figures": [
            {
                "value": str(coming),
                "label": ngettext("meeting to come", "meetings to come", coming),
            }
        ],
        "title": gettext("Meetings"),
        "text": gettext("Come and say it in person."),
        "label": gettext("See the dates"),
        "url": landing(activity),
    }


def watched(user: Any) -> list[Watched]:
    """The private feed of a person, which they may revoke from the list of what they follow."""
    key = feeds.live_key(user)
    if key is None:
        return []
    return [
        Watched(
            label=gettext("My agenda in my calendar"),
            context=gettext("Private address"),
            path=reverse("agenda:my_feed"),
            since=key.created_at,
            stop_path=reverse("agenda:revoke_feed"),
        )
    ]


def personal_data(user: Any) -> Iterator[dict[str, Any]]:
    """Registrations and proposed events of a person."""
    yield from personal_records(user=user)


def left(user: Any, moment: datetime.datetime) -> None:
    """Give back the seats of a member who leaves, and forget them."""
    leave(user=user, at=moment)


def duties(user: Any, moment: datetime.datetime) -> list[Duty]:
    """The doors of these days, for those who welcome; one's own tickets; proposals to change."""
    found = [
        Duty(
            gettext("Your registration: %(title)s, %(day)s")
            % {
                "title": row.event.title,
                "day": date_format(row.event.local_start, "DATE_FORMAT"),
            },
            "qrcode",
            ticket_path(row),
        )
        for row in tickets_of(user=user, at=moment)
    ]
    found += [
        Duty(
            gettext("Changes are asked for your event “%(title)s”") % {"title": row.title},
            "edit",
            reverse("agenda:proposal", args=[row.pk]),
        )
        for row in proposals_of(user=user).filter(state=ProposalState.CHANGES)
    ]
    if may_welcome(user=user) and door_events(at=moment):
        found.append(Duty(gettext("Welcome people to events"), "users", reverse("agenda:doors")))
    return found


def sent(user: Any) -> list[Sent]:
    """The events that a person proposed, and what was answered to them."""
    return [
        Sent(
            title=row.title,
            context=" · ".join([gettext("Proposed event"), row.organisation]),
            state=row.state,
            state_label=row.get_state_display(),
            at=row.sent_at,
            # Sent again, it waits for another answer.
            answer="" if row.state == ProposalState.RECEIVED else row.answer,
            path=reverse("agenda:proposal", args=[row.pk]),
            outcome_label=gettext("See the event"),
            outcome_path=reverse("agenda:event", args=[row.event.slug])
            if row.event_is_public
            else "",
        )
        for row in proposals_of(user=user)[:_PROPOSALS]
    ]


MEETINGS = Instrument(
    kind=KIND,
    label=_("Meetings"),
    icon="calendar",
    steps=(Step.COLLECT, Step.EXAMINE, Step.REPORT, Step.FOLLOW),
    landing=landing,
    summary=summary,
    contribution_url=contribution_url,
    personal_data=personal_data,
    watched=watched,
    left=left,
    duties=duties,
    sent=sent,
    destinations=(
        Destination(
            key="visit-stop",
            label=_("Stop of a visit"),
            places=adopting_visits,
            adopt=adopt_as_stop,
        ),
    ),
)
