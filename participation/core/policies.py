"""Rights of the spine: every question is answered with its reasons."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.core import queries, registry
from participation.core.choices import Step, Visibility
from participation.core.models import Comment, Contribution, Process
from participation.core.verdict import ALLOWED, Refusal, Verdict, refuse

ANONYMOUS = Refusal("anonymous", _("Sign in to take part."))

# An instrument that says nothing takes comments and supports while these steps are open.
_COMMENT_STEPS = (Step.COLLECT, Step.EXAMINE, Step.DECIDE)
_SUPPORT_STEPS = (Step.COLLECT, Step.EXAMINE)


def known(user: Any) -> bool:
    """Whether this is a signed-in person whose account is open."""
    return bool(getattr(user, "is_authenticated", False) and user.is_active)


def age_on(birth_date: datetime.date, day: datetime.date) -> int:
    """Completed years on `day`; who is born on 29 February gets older on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def eligibility(*, process: Process, user: Any, at: datetime.datetime) -> Verdict:
    """May this person take part in this process at all? All reasons at once."""
    verdict = process_open(process)
    if not known(user):
        return verdict & Verdict((ANONYMOUS,))
    if not queries.has_verified_email(user):
        verdict &= refuse(
            "email_unverified",
            _("Confirm your e-mail address with the link that we sent you."),
        )
    return verdict & _old_enough(process, user, at) & _resident(process, user)


def process_open(process: Process) -> Verdict:
    """Whether the public may act in this process at all, whoever asks."""
    verdict = ALLOWED
    if process.published_at is None:
        verdict &= refuse("process_not_public", _("This process is not published."))
    if process.cancelled_at is not None:
        verdict &= refuse("process_cancelled", _("This process was cancelled."))
    return verdict


def _old_enough(process: Process, user: Any, at: datetime.datetime) -> Verdict:
    if process.minimum_age is None:
        return ALLOWED
    if user.birth_date is None:
        return refuse("birth_date_missing", _("Give your date of birth in your profile."))
    if age_on(user.birth_date, timezone.localdate(at)) < process.minimum_age:
        return refuse(
            "too_young",
            _("One must be at least %(age)d years old to take part."),
            age=process.minimum_age,
        )
    return ALLOWED


def _resident(process: Process, user: Any) -> Verdict:
    if not process.residents_only or process.perimeter is None:
        return ALLOWED  # without a perimeter there is nothing to live in
    if user.home_territory_id is None:
        return refuse("residence_missing", _("Say in your profile where you live."))
    if not queries.lives_in(home_id=user.home_territory_id, perimeter=process.perimeter):
        return refuse(
            "not_resident",
            _("This process is for people who live in %(perimeter)s."),
            perimeter=process.perimeter.name,
        )
    return ALLOWED


def _readable(contribution: Contribution) -> Verdict:
    process = contribution.activity.process
    if contribution.visibility == Visibility.PUBLISHED and process.published_at is not None:
        return ALLOWED
    return refuse("not_public", _("This contribution is not published."))


def _during(step: str | None, steps: tuple[str, ...]) -> Verdict:
    if step not in steps:
        return refuse("phase_closed", _("This is not open at the moment."))
    return ALLOWED


def may_comment(*, contribution: Contribution, user: Any, at: datetime.datetime) -> Verdict:
    """Eligible people comment on published contributions while the instrument takes comments."""
    return discussion(contribution=contribution, user=user, at=at)[0]


def may_support(*, contribution: Contribution, user: Any, at: datetime.datetime) -> Verdict:
    """Eligible people support others' published contributions, once each."""
    return discussion(contribution=contribution, user=user, at=at)[1]


def discussion(
    *, contribution: Contribution, user: Any, at: datetime.datetime
) -> tuple[Verdict, Verdict]:
    """`(may_comment, may_support)`, asking the database once for what they share."""
    readable = _readable(contribution)
    eligible = eligibility(process=contribution.activity.process, user=user, at=at)
    own = ALLOWED
    if known(user) and contribution.author_id == user.pk:
        own = refuse("own_contribution", _("You cannot support your own contribution."))
    comments, supports = _taken(contribution, at)
    return readable & comments & eligible, readable & supports & own & eligible


def _taken(contribution: Contribution, at: datetime.datetime) -> tuple[Verdict, Verdict]:
    """What the instrument takes now: comments, supports."""
    instrument = registry.find(contribution.activity.kind)
    comments = instrument.takes_comments if instrument else None
    supports = instrument.takes_supports if instrument else None
    step = None
    if comments is None or supports is None:
        phase = queries.current_phase(activity=contribution.activity, at=at)
        step = phase.step if phase else None
    return (
        comments(contribution, at) if comments else _during(step, _COMMENT_STEPS),
        supports(contribution, at) if supports else _during(step, _SUPPORT_STEPS),
    )


def may_read(*, contribution: Contribution, user: Any) -> Verdict:
    """The public reads what is published; the author and the staff in charge read the rest."""
    verdict = _readable(contribution)
    if verdict:
        verdict = registry.may_see(contribution, user)
    if verdict:
        return ALLOWED
    if known(user) and (
        contribution.author_id == user.pk
        or user.has_perm("core.moderate_contribution")
        or user.has_perm("core.answer_contribution")
    ):
        return ALLOWED
    return verdict


def may_report(
    *, subject: Contribution | Comment, user: Any = None, at: datetime.datetime | None = None
) -> Verdict:
    """Anyone may report what the public reads, member or not (DSA article 16)."""
    if isinstance(subject, Comment):
        verdict = _readable(subject.contribution)
        if subject.visibility != Visibility.PUBLISHED:
            verdict &= refuse("not_public", _("This comment is not published."))
        return verdict
    return _readable(subject)


def may_withdraw_comment(*, comment: Comment, user: Any) -> Verdict:
    """Its author takes a comment back at any time, unless moderation removed it."""
    if not known(user):
        return Verdict((ANONYMOUS,))
    if comment.author_id != user.pk:
        return refuse("not_author", _("Only its author may withdraw a comment."))
    if comment.visibility not in (Visibility.PENDING, Visibility.PUBLISHED):
        return refuse("not_public", _("This comment is no longer public."))
    return ALLOWED


def may_moderate(*, user: Any) -> Verdict:
    if known(user) and user.has_perm("core.moderate_contribution"):
        return ALLOWED
    return refuse("not_moderator", _("Only moderators may do this."))


def may_answer(*, user: Any) -> Verdict:
    if known(user) and user.has_perm("core.answer_contribution"):
        return ALLOWED
    return refuse("not_answerer", _("Only people in charge of answers may do this."))


def may_manage_processes(*, user: Any) -> Verdict:
    if known(user) and user.has_perm("core.change_process"):
        return ALLOWED
    return refuse("not_manager", _("Only people in charge of processes may do this."))


def may_edit(*, contribution: Contribution, user: Any, at: datetime.datetime) -> Verdict:
    """Authors edit their text while contributions are collected, unless moderation removed it."""
    if not known(user):
        return Verdict((ANONYMOUS,))
    if contribution.author_id is None or contribution.author_id != user.pk:
        return refuse("not_author", _("Only its author may edit this contribution."))
    verdict = ALLOWED
    if contribution.visibility not in (
        Visibility.DRAFT,
        Visibility.PENDING,
        Visibility.PUBLISHED,
    ):
        verdict &= refuse("not_editable", _("This contribution can no longer be edited."))
    phase = queries.current_phase(activity=contribution.activity, at=at)
    return verdict & _during(phase.step if phase else None, (Step.COLLECT,))


def may_follow(*, subject: Any, user: Any) -> Verdict:
    """Members follow what they may read."""
    if isinstance(subject, Contribution):
        verdict = may_read(contribution=subject, user=user)
    else:
        process = subject if isinstance(subject, Process) else subject.process
        verdict = ALLOWED
        if process.published_at is None:
            verdict &= refuse("process_not_public", _("This process is not published."))
    return verdict if known(user) else verdict & Verdict((ANONYMOUS,))
