"""Minutes, decisions and actions of an event."""

import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import MinutesState, OutcomeKind
from participation.agenda.models import Event, Minutes, Outcome
from participation.agenda.policies import (
    may_approve_minutes,
    may_publish_minutes,
    may_record_outcome,
    may_run_events,
    may_write_minutes,
)
from participation.core import audit
from participation.core.models import Directorate
from participation.core.services import notify_followers
from participation.core.verdict import refuse


@transaction.atomic
def write_minutes(*, event: Event, body: str, actor: Any, at: datetime.datetime) -> Minutes:
    """Write the draft of the minutes, or rewrite it: approved minutes become a draft again.

    Raises `Refused`: `not_allowed`, those of `may_write_minutes`.
    """
    may_run_events(user=actor).or_refuse()
    row = _locked_minutes(event)
    may_write_minutes(event=event, minutes=row, at=at).or_refuse()
    body = body.replace("\r\n", "\n").strip()
    if row is None:
        row = Minutes.objects.create(event=event, body=body, written_at=at)
    else:
        row.body, row.written_at, row.state = body, at, MinutesState.DRAFT
        row.approved_by = row.approved_at = None
        row.save()
    audit.record(action="parvis.event.minutes_written", instance=event, actor=actor)
    return row


@transaction.atomic
def approve_minutes(*, event: Event, actor: Any, at: datetime.datetime) -> Minutes:
    """Approve the draft. Raises `Refused`: `not_allowed`, those of `may_approve_minutes`."""
    may_run_events(user=actor).or_refuse()
    row = _written(event)
    may_approve_minutes(minutes=row).or_refuse()
    row.state, row.approved_by, row.approved_at = MinutesState.APPROVED, actor, at
    row.save(update_fields=["state", "approved_by", "approved_at"])
    audit.record(action="parvis.event.minutes_approved", instance=event, actor=actor)
    return row


@transaction.atomic
def publish_minutes(*, event: Event, actor: Any, at: datetime.datetime) -> Minutes:
    """Publish approved minutes; who follows the process is told.

    Raises `Refused`: `not_allowed`, those of `may_publish_minutes`.
    """
    may_run_events(user=actor).or_refuse()
    row = _written(event)
    may_publish_minutes(minutes=row).or_refuse()
    row.state, row.published_at = MinutesState.PUBLISHED, at
    row.save(update_fields=["state", "published_at"])
    audit.record(action="parvis.event.minutes_published", instance=event, actor=actor)
    if event.process is not None:
        with override("fr"):
            subject_line = gettext("Minutes of “%(event)s”") % {"event": event.title}
            body = gettext("The minutes of this event are published, with what was decided.")
        notify_followers(
            subject=event.process,
            kind="event-minutes",
            key=f"event-minutes-{event.pk}",
            subject_line=subject_line,
            body=body,
            path=reverse("agenda:event", args=[event.slug]),
            at=at,
        )
    return row


@transaction.atomic
def correct_minutes(*, event: Event, correction: str, actor: Any) -> Minutes:
    """Add to published minutes what was wrong in them; their words stay as they were.

    Raises `Refused`: `not_allowed`, `not_published`, `empty`.
    """
    may_run_events(user=actor).or_refuse()
    row = _written(event)
    if row.state != MinutesState.PUBLISHED:
        refuse("not_published", _("These minutes can still be rewritten.")).or_refuse()
    correction = correction.replace("\r\n", "\n").strip()
    if not correction:
        refuse("empty", _("Write the correction.")).or_refuse()
    row.correction = correction
    row.save(update_fields=["correction"])
    audit.record(action="parvis.event.minutes_corrected", instance=event, actor=actor)
    return row


@transaction.atomic
def record_outcome(
    *,
    event: Event,
    kind: str,
    text: str,
    owner: str,
    directorate: Directorate | None,
    due_on: datetime.date | None,
    actor: Any,
    at: datetime.datetime,
) -> Outcome:
    """Record a decision, or an action with who does it and by when.

    Raises `Refused`: `not_allowed`, those of `may_record_outcome`, `no_text`, `action_unowned`.
    """
    may_run_events(user=actor).or_refuse()
    may_record_outcome(event=event, at=at).or_refuse()
    text, owner = text.strip(), " ".join(owner.split())
    if not text:
        refuse("no_text", _("Write what was decided.")).or_refuse()
    if kind == OutcomeKind.ACTION and (not owner or due_on is None):
        refuse("action_unowned", _("An action has somebody who does it and a date.")).or_refuse()
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    row = Outcome.objects.create(
        event=event,
        kind=kind,
        text=text,
        owner=owner,
        directorate=directorate,
        due_on=due_on,
        position=Outcome.objects.filter(event=event).count(),
    )
    audit.record(action="parvis.event.outcome", instance=event, actor=actor, outcome=row.pk)
    return row


@transaction.atomic
def finish_action(*, outcome: Outcome, note: str, actor: Any, at: datetime.datetime) -> Outcome:
    """Say that an action is done, and what was done.

    Raises `Refused`: `not_allowed`, `not_an_action`, `already_done`.
    """
    may_run_events(user=actor).or_refuse()
    row = Outcome.objects.select_for_update(of=("self",), no_key=True).get(pk=outcome.pk)
    if row.kind != OutcomeKind.ACTION:
        refuse("not_an_action", _("A decision is not something to finish.")).or_refuse()
    if row.done_at is not None:
        refuse("already_done", _("This action is already done.")).or_refuse()
    row.done_at, row.done_note = at, " ".join(note.split())[:500]
    row.save(update_fields=["done_at", "done_note"])
    audit.record(action="parvis.event.action_done", instance=row.event, actor=actor, outcome=row.pk)
    return row


@transaction.atomic
def remove_outcome(*, outcome: Outcome, actor: Any) -> None:
    """Take away what was recorded by mistake, while the minutes are not published.

    Raises `Refused`: `not_allowed`, `already_published`.
    """
    may_run_events(user=actor).or_refuse()
    minutes = _locked_minutes(outcome.event)
    if minutes is not None and minutes.state == MinutesState.PUBLISHED:
        refuse(
            "already_published", _("Published minutes no longer change: add a correction.")
        ).or_refuse()
    audit.record(action="parvis.event.outcome_removed", instance=outcome.event, actor=actor)
    outcome.delete()


def _locked_minutes(event: Event) -> Minutes | None:
    # The event's row stands for minutes that do not exist yet.
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    return Minutes.objects.select_related("event").filter(event=event).first()


def _written(event: Event) -> Minutes:
    row = _locked_minutes(event)
    if row is None:
        refuse("empty", _("Write the minutes first.")).or_refuse()
    assert row is not None  # noqa: S101 -- refused just above
    return row
