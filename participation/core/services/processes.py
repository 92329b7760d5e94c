"""Processes and their calendar. A published date changes only by a logged amendment."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.core import audit, policies
from participation.core.models import Activity, Phase, Process
from participation.core.verdict import ALLOWED, Verdict, refuse


@transaction.atomic
def publish_process(*, process: Process, actor: Any, at: datetime.datetime) -> Process:
    """Publish a process: with its terms, its contact and a calendar (CRPA L131-1)."""
    verdict = policies.may_manage_processes(user=actor)
    row = Process.objects.select_for_update(no_key=True).get(pk=process.pk)
    if not row.terms.strip():
        verdict &= refuse("terms_missing", _("Write the terms of participation first."))
    if not row.contact_email:
        verdict &= refuse("contact_missing", _("Give the contact's e-mail address first."))
    if not Phase.objects.filter(activity__process=row).exists():
        verdict &= refuse("dates_missing", _("Give the dates of at least one phase first."))
    verdict.or_refuse()
    if row.published_at is None:
        row.published_at = at
        row.save(update_fields=["published_at"])
        audit.record(action="parvis.process.publish", instance=row, actor=actor)
    process.published_at = row.published_at
    return process


@transaction.atomic
def cancel_process(*, process: Process, reason: str, actor: Any, at: datetime.datetime) -> Process:
    """Cancel a process; its page stays, with the reason."""
    verdict = policies.may_manage_processes(user=actor)
    row = Process.objects.select_for_update(no_key=True).get(pk=process.pk)
    if not reason.strip():
        verdict &= refuse("reason_missing", _("Write the reason: it is public."))
    if row.cancelled_at is not None:
        verdict &= refuse("already_decided", _("This decision was already taken."))
    verdict.or_refuse()
    row.cancelled_at = at
    row.cancellation_reason = reason.strip()
    row.save(update_fields=["cancelled_at", "cancellation_reason"])
    audit.record(action="parvis.process.cancel", instance=row, actor=actor)
    process.cancelled_at, process.cancellation_reason = row.cancelled_at, row.cancellation_reason
    return process


def _period(opens_at: datetime.datetime, closes_at: datetime.datetime | None) -> Verdict:
    if closes_at is not None and closes_at <= opens_at:
        return refuse("period_reversed", _("A phase starts on a date and ends after it."))
    return ALLOWED


def _overlap(
    activity: Activity,
    opens_at: datetime.datetime,
    closes_at: datetime.datetime | None,
    phase: Phase | None,
) -> Verdict:
    others = Phase.objects.filter(activity=activity, period__overlap=(opens_at, closes_at))
    if phase is not None:
        others = others.exclude(pk=phase.pk)
    other = others.first()
    if other is None:
        return ALLOWED
    return refuse(
        "phase_overlap",
        _("These dates overlap the phase “%(title)s”: change one of them."),
        title=other.title,
    )


@transaction.atomic
def amend_phase(
    *,
    activity: Activity,
    phase: Phase | None,
    step: str,
    title: str,
    summary: str,
    opens_at: datetime.datetime,
    closes_at: datetime.datetime | None,
    reason: str,
    actor: Any,
    at: datetime.datetime,
) -> Phase:
    """Add a phase or change one. Once the process is published, a change of dates needs its
    reason and is written in the audit log with the former dates.

    Refusals: `not_manager`, `period_reversed`, `phase_overlap`, `reason_missing`.
    """
    policies.may_manage_processes(user=actor).or_refuse()
    activity = (
        Activity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("process")
        .get(pk=activity.pk)
    )
    verdict = _period(opens_at, closes_at)
    if verdict:
        verdict &= _overlap(activity, opens_at, closes_at, phase)
    moved = phase is not None and (phase.opens_at, phase.closes_at) != (opens_at, closes_at)
    if moved and activity.process.published_at is not None and not reason.strip():
        verdict &= refuse(
            "reason_missing",
            _("These dates are public: say why they change."),
        )
    verdict.or_refuse()
    former = _dates(phase) if phase is not None else {}
    row = phase or Phase(activity=activity)
    row.step, row.title, row.summary = step, title, summary
    row.period = (opens_at, closes_at)
    row.save()
    row.refresh_from_db()
    if phase is None:
        audit.record(
            action="parvis.activity.phase_added",
            instance=activity,
            actor=actor,
            phase=row.title,
            **_dates(row),
        )
    elif moved:
        audit.record(
            action="parvis.activity.phase_amended",
            instance=activity,
            actor=actor,
            phase=row.title,
            reason=reason.strip(),
            former=former,
            **_dates(row),
        )
    return row


def _dates(phase: Phase) -> dict[str, str | None]:
    return {
        "opens_at": phase.opens_at.isoformat(),
        "closes_at": phase.closes_at.isoformat() if phase.closes_at else None,
    }


@transaction.atomic
def remove_phase(*, phase: Phase, reason: str, actor: Any, at: datetime.datetime) -> None:
    """Remove a phase that has not begun; with a reason once the process is published."""
    verdict = policies.may_manage_processes(user=actor)
    if phase.opens_at <= at:
        verdict &= refuse("phase_begun", _("A phase that has begun cannot be removed."))
    if phase.activity.process.published_at is not None and not reason.strip():
        verdict &= refuse("reason_missing", _("These dates are public: say why they change."))
    verdict.or_refuse()
    audit.record(
        action="parvis.activity.phase_removed",
        instance=phase.activity,
        actor=actor,
        phase=phase.title,
        reason=reason.strip(),
        **_dates(phase),
    )
    phase.delete()
