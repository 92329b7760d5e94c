"""Moderation: reports by anyone, decisions with their reasons told to the author
(regulation (EU) 2022/2065, articles 16 and 17)."""

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.accounts.models import User
from participation.core import audit, mails, policies, registry, tasks
from participation.core.choices import ModerationGround, ReportState, Visibility
from participation.core.models import Comment, Contribution, ModerationDecision, Report
from participation.core.queries import subject_field
from participation.core.services.comments import comment_path, tell_of_comment
from participation.core.services.notifications import notify
from participation.core.services.supports import recount_later
from participation.core.verdict import ALLOWED, Verdict, refuse

RESTRICTIONS = (Visibility.REJECTED, Visibility.HIDDEN)
_TRANSITIONS: dict[str, tuple[str, ...]] = {
    Visibility.PENDING: (Visibility.PUBLISHED, Visibility.REJECTED),
    Visibility.PUBLISHED: (Visibility.HIDDEN,),
    Visibility.REJECTED: (Visibility.PUBLISHED,),
    Visibility.HIDDEN: (Visibility.PUBLISHED,),
}


def _transition(before: str, after: str) -> Verdict:
    if before == after:
        return refuse("already_decided", _("This decision was already taken."))
    if after not in _TRANSITIONS.get(before, ()):
        return refuse("wrong_transition", _("This decision is not possible in this state."))
    return ALLOWED


def _reasoned(visibility: str, ground: str, statement: str) -> Verdict:
    verdict = ALLOWED
    if visibility not in RESTRICTIONS:
        return verdict
    if ground not in ModerationGround.values:
        verdict &= refuse("ground_missing", _("Choose the ground of the decision."))
    if not statement:
        verdict &= refuse("statement_missing", _("Write the statement of reasons."))
    return verdict


def _lock(subject: Contribution | Comment) -> Contribution | Comment:
    if isinstance(subject, Comment):
        return (
            Comment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("contribution__activity__process", "contribution__author", "author")
            .get(pk=subject.pk)
        )
    return (
        Contribution.objects.select_for_update(of=("self",), no_key=True)
        .select_related("activity__process", "author")
        .get(pk=subject.pk)
    )


@transaction.atomic
def moderate(
    *,
    subject: Contribution | Comment,
    visibility: str,
    ground: str,
    statement: str,
    actor: Any,
    at: datetime.datetime,
) -> ModerationDecision:
    """Publish, reject or hide a contribution or a comment, and tell its author why.

    A restriction closes the open reports on the subject as upheld; each reporter is told.
    Refusals: `not_moderator`, `already_decided`, `wrong_transition`, `ground_missing`,
    `statement_missing`.
    """
    policies.may_moderate(user=actor).or_refuse()
    statement = statement.replace("\r\n", "\n").strip()
    row = _lock(subject)
    (_transition(row.visibility, visibility) & _reasoned(visibility, ground, statement)).or_refuse()
    restricts = visibility in RESTRICTIONS
    decision = ModerationDecision.objects.create(
        **{subject_field(row): row},
        visibility_before=row.visibility,
        visibility_after=visibility,
        ground=ground if restricts else "",
        statement=statement,
        decided_by=actor,
        decided_at=at,
    )
    _apply(row, visibility, at)
    subject.visibility = visibility
    audit.record(
        action=f"parvis.{subject_field(row)}.moderate",
        instance=row,
        actor=actor,
        before=decision.visibility_before,
        after=visibility,
        ground=decision.ground,
    )
    reports = list(row.reports.filter(state=ReportState.OPEN).order_by("pk"))
    _tell_author(row, decision, after_report=bool(reports))
    if restricts:
        for notice in reports:
            _close(notice, state=ReportState.UPHELD, statement="", actor=actor, at=at)
    return decision


def _apply(row: Contribution | Comment, visibility: str, at: datetime.datetime) -> None:
    first_time = row.visibility == Visibility.PENDING and visibility == Visibility.PUBLISHED
    row.visibility = visibility
    if isinstance(row, Comment):
        row.save(update_fields=["visibility"])
        recount_later(row.contribution_id)
        if first_time:
            tell_of_comment(comment=row, at=at)
        return
    if visibility == Visibility.PUBLISHED and row.published_at is None:
        row.published_at = at
    row.save(update_fields=["visibility", "published_at"])
    registry.tell_visibility_changed(row)


def _path(row: Contribution | Comment) -> str:
    return comment_path(row) if isinstance(row, Comment) else registry.contribution_path(row)


def _tell_author(
    row: Contribution | Comment, decision: ModerationDecision, *, after_report: bool
) -> None:
    if row.author is None:
        return
    subject, body = mails.render(
        "moderation_published"
        if decision.visibility_after == Visibility.PUBLISHED
        else "moderation_restricted",
        language=row.author.language,
        decision=decision,
        subject=row,
        is_comment=isinstance(row, Comment),
        after_report=after_report,
    )
    notify(
        recipient=row.author,
        kind="moderation",
        key=f"decision-{decision.pk}",
        subject=subject,
        body=body,
        path=_path(row),
        at=decision.decided_at,
        contribution=row.contribution if isinstance(row, Comment) else row,
        essential=True,
    )


def _reporter(reporter: User | None, name: str, email: str) -> Verdict:
    if reporter is not None:
        return ALLOWED
    verdict = ALLOWED
    if not name:
        verdict &= refuse("name_missing", _("Give your name."))
    if not email:
        verdict &= refuse("email_missing", _("Give your e-mail address."))
    return verdict


@transaction.atomic
def report(
    *,
    subject: Contribution | Comment,
    reporter: User | None,
    reporter_name: str,
    reporter_email: str,
    ground: str,
    explanation: str,
    at: datetime.datetime,
) -> Report:
    """Receive a notice (article 16): its reasons, and who sends it when no member does.

    The same person finds their open report on the same subject again. Receipt is confirmed.
    """
    explanation = explanation.replace("\r\n", "\n").strip()
    verdict = policies.may_report(subject=subject, user=reporter, at=at) & _reporter(
        reporter, reporter_name.strip(), reporter_email.strip()
    )
    if ground not in ModerationGround.values:
        verdict &= refuse("ground_missing", _("Choose what is wrong."))
    if not explanation:
        verdict &= refuse("explanation_missing", _("Explain what is wrong."))
    verdict.or_refuse()
    row = _lock(subject)  # two clicks wait for each other here
    who = (
        {"reporter": reporter}
        if reporter is not None
        else {"reporter__isnull": True, "reporter_email__iexact": reporter_email.strip()}
    )
    known = row.reports.filter(state=ReportState.OPEN, **who).order_by("pk").first()
    if known is not None:
        return known
    notice = Report.objects.create(
        **{subject_field(row): row},
        reporter=reporter,
        reporter_name="" if reporter else reporter_name.strip(),
        reporter_email="" if reporter else reporter_email.strip(),
        ground=ground,
        explanation=explanation,
        created_at=at,
    )
    audit.record(
        action=f"parvis.{subject_field(row)}.report", instance=row, actor=reporter, ground=ground
    )
    if reporter is None:
        tasks.acknowledge_report.defer(report_id=notice.pk)
    else:
        subject_line, body = mails.report_received(notice, language=reporter.language)
        _tell_reporter(notice, "report", subject_line, body, at)
    return notice


def _tell_reporter(
    notice: Report, kind: str, subject_line: str, body: str, at: datetime.datetime
) -> None:
    if notice.reporter is None:
        return
    notify(
        recipient=notice.reporter,
        kind=kind,
        key=f"report-{notice.pk}",
        subject=subject_line,
        body=body,
        path="",
        at=at,
        contribution=notice.contribution,
        essential=True,
    )


def _close(
    notice: Report, *, state: str, statement: str, actor: Any, at: datetime.datetime
) -> None:
    notice.state = state
    notice.assessed_at = at
    notice.save(update_fields=["state", "assessed_at"])
    audit.record(action="parvis.report.assess", instance=notice, actor=actor, state=state)
    if notice.reporter is None:
        tasks.tell_report_outcome.defer(report_id=notice.pk, statement=statement)
        return
    subject_line, body = mails.report_assessed(
        notice, statement=statement, language=notice.reporter.language or settings.LANGUAGE_CODE
    )
    _tell_reporter(notice, "report-assessed", subject_line, body, at)


@transaction.atomic
def assess_report(
    *, report: Report, upheld: bool, statement: str, actor: Any, at: datetime.datetime
) -> Report:
    """Decide on a report. Upheld: the subject, if still public, is hidden on its ground with
    `statement` as reasons. Dismissed: `statement` tells the reporter why."""
    policies.may_moderate(user=actor).or_refuse()
    notice = Report.objects.select_for_update(of=("self",), no_key=True).get(pk=report.pk)
    if notice.state != ReportState.OPEN:
        refuse("already_decided", _("This decision was already taken.")).or_refuse()
    statement = statement.replace("\r\n", "\n").strip()
    if not statement:
        refuse("statement_missing", _("Write the statement of reasons.")).or_refuse()
    subject = notice.comment or notice.contribution
    if upheld and subject is not None and subject.visibility == Visibility.PUBLISHED:
        moderate(
            subject=subject,
            visibility=Visibility.HIDDEN,
            ground=notice.ground,
            statement=statement,
            actor=actor,
            at=at,
        )
    else:
        state = ReportState.UPHELD if upheld else ReportState.DISMISSED
        _close(notice, state=state, statement=statement, actor=actor, at=at)
    report.refresh_from_db()
    return report
