"""Contributions heard in the room of an event, entered by staff in the name of who spoke."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from participation.agenda.models import Event, HeardContribution, LiveQuestion, Meetings
from participation.agenda.policies import may_enter_heard, may_run_events
from participation.core import audit
from participation.core.choices import Source, Visibility
from participation.core.models import Activity, Contribution
from participation.core.verdict import refuse

KIND = "meetings"


@transaction.atomic
def enter_heard(
    *,
    event: Event,
    title: str,
    body: str,
    said_by: str,
    submission_key: uuid.UUID,
    actor: Any,
    at: datetime.datetime,
    question: LiveQuestion | None = None,
) -> HeardContribution:
    """Enter what was heard as a public contribution of the process, whose source is `event`.

    `said_by` is a first name, a group or nothing: no name of somebody who did not ask for it.
    The same key again finds the first one. Raises `Refused`: `not_allowed`, those of
    `may_enter_heard`, `no_title`, `no_body`, `other_event`.
    """
    may_run_events(user=actor).or_refuse()
    meetings = _meetings_of(event, at, submission_key)
    known = HeardContribution.objects.filter(contribution__submission_key=submission_key).first()
    if known is not None:
        return known
    title, body = " ".join(title.split())[:120], body.replace("\r\n", "\n").strip()
    if not title:
        refuse("no_title", _("Give it a title.")).or_refuse()
    if not body:
        refuse("no_body", _("Write what was said.")).or_refuse()
    if question is not None and question.event_id != event.pk:
        refuse("other_event", _("This question was asked at another event.")).or_refuse()
    contribution = Contribution.objects.create(
        activity=meetings.activity,
        author_label=" ".join(said_by.split())[:120],
        title=title,
        body=body[:8000],
        territory=event.territory,
        point=event.point,
        address=event.place[:250],
        visibility=Visibility.PUBLISHED,
        source=Source.EVENT,
        submission_key=submission_key,
        created_at=at,
        submitted_at=at,
        published_at=at,
    )
    row = HeardContribution.objects.create(contribution=contribution, event=event)
    audit.record(action="parvis.event.heard", instance=contribution, actor=actor, event=event.pk)
    return row


def _meetings_of(event: Event, at: datetime.datetime, key: uuid.UUID) -> Meetings:
    """The instrument that holds what is heard in this process, made at the first need."""
    known = HeardContribution.objects.filter(contribution__submission_key=key).exists()
    if not known:
        may_enter_heard(event=event, at=at).or_refuse()
    process = event.process
    assert process is not None  # noqa: S101 -- `may_enter_heard` has refused
    type(process).objects.select_for_update(no_key=True).get(pk=process.pk)
    found = Meetings.objects.filter(activity__process=process).select_related("activity").first()
    if found is not None:
        return found
    with override("fr"):
        title = gettext("Meetings")
    activity = Activity.objects.create(
        process=process,
        kind=KIND,
        title=title,
        slug=f"{process.slug[:68]}-rencontres",
        position=Activity.objects.filter(process=process).count(),
    )
    return Meetings.objects.create(activity=activity)
