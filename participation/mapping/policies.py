"""Who may do what on a participatory map, and why not."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from participation.core import policies as core_policies
from participation.core import queries as core_queries
from participation.core.choices import Step, Visibility
from participation.core.models import Activity, Attachment, Contribution
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.mapping.models import MapContribution, ParticipatoryMap, QuestionAnswer

_NOT_ALLOWED = _("Your role does not give you this right.")
_GONE = (Visibility.REJECTED, Visibility.HIDDEN, Visibility.WITHDRAWN)


def may_set_up(*, user: Any) -> Verdict:
    """Create a map, its categories, questions, zones and layers."""
    return _holds(user, "mapping.change_participatorymap")


def may_follow_up(*, user: Any) -> Verdict:
    """Sort, move, join, assign and answer contributions."""
    return _holds(user, "mapping.follow_up_map")


def _holds(user: Any, permission: str) -> Verdict:
    if core_policies.known(user) and user.has_perm(permission):
        return ALLOWED
    return refuse("not_allowed", _NOT_ALLOWED)


def may_contribute(*, map: ParticipatoryMap, user: Any, at: datetime.datetime) -> Verdict:
    """Add a contribution: eligible (or without account, where the map takes that), while
    contributions are collected, within the number per person.

    Codes: those of `core.policies.eligibility`, `collect_not_open`, `collect_closed`,
    `too_many_contributions`.
    """
    process = map.activity.process
    if takes_guests(map) and not core_policies.known(user):
        verdict = core_policies.process_open(process)
    else:
        verdict = core_policies.eligibility(process=process, user=user, at=at)
    return verdict & collecting(map.activity, at) & _some_left(map, user)


def takes_guests(map: ParticipatoryMap) -> bool:
    """Whether one contributes without an account; never where age or residence are asked."""
    process = map.activity.process
    return map.without_account and process.minimum_age is None and not process.residents_only


def may_edit(
    *, contribution: MapContribution, user: Any, at: datetime.datetime, as_guest: bool = False
) -> Verdict:
    """Its author changes a contribution while contributions are collected and nothing was decided.

    `as_guest`: the visitor holds the secret link of this contribution.
    Codes: `not_author`, `not_editable`, `under_study`, `collect_not_open`, `collect_closed`.
    """
    verdict = _own(contribution, user, as_guest)
    if not verdict:
        return verdict
    spine = contribution.contribution
    if spine.visibility in _GONE or contribution.merged_into_id is not None:
        verdict &= refuse("not_editable", _("This contribution can no longer be changed."))
    if contribution.state != "received":
        verdict &= refuse(
            "under_study", _("The administration has begun to study it: it can't be changed.")
        )
    return verdict & collecting(spine.activity, at)


def may_withdraw(
    *, contribution: MapContribution, user: Any, at: datetime.datetime, as_guest: bool = False
) -> Verdict:
    """Its author takes a contribution back, while the map is open.

    Codes: `not_author`, `not_editable`, `collect_not_open`, `collect_closed`.
    """
    verdict = _own(contribution, user, as_guest)
    if not verdict:
        return verdict
    if contribution.contribution.visibility in _GONE:
        return refuse("not_editable", _("This contribution is no longer online."))
    return collecting(contribution.contribution.activity, at)


def _own(contribution: MapContribution, user: Any, as_guest: bool) -> Verdict:
    author = contribution.contribution.author_id
    if as_guest and author is None:
        return ALLOWED
    if core_policies.known(user) and author is not None and author == user.pk:
        return ALLOWED
    return refuse("not_author", _("Only its author may change a contribution."))


def collecting(activity: Activity, at: datetime.datetime) -> Verdict:
    """Whether contributions are collected now. Codes: `collect_not_open`, `collect_closed`."""
    states = [
        state
        for phase, state in core_queries.phases(activity=activity, at=at)
        if phase.step == Step.COLLECT
    ]
    if "current" in states:
        return ALLOWED
    if "future" in states or not states:
        return refuse("collect_not_open", _("This map is not open to contributions yet."))
    return refuse("collect_closed", _("This map is closed: contributions are no longer taken."))


def _some_left(map: ParticipatoryMap, user: Any) -> Verdict:
    if map.per_person is None or not core_policies.known(user):
        return ALLOWED  # a guest's are counted by address, when the address is known
    sent = (
        Contribution.objects.filter(activity=map.activity_id, author=user)
        .exclude(visibility__in=(Visibility.DRAFT, Visibility.WITHDRAWN))
        .count()
    )
    return within_limit(map, sent)


def within_limit(map: ParticipatoryMap, sent: int) -> Verdict:
    """Whether one more than `sent` is within the map's number per person."""
    if map.per_person is not None and sent >= map.per_person:
        return refuse(
            "too_many_contributions",
            _("You have already sent %(limit)d contributions: the most that this map takes."),
            limit=map.per_person,
        )
    return ALLOWED


def may_open_file(*, attachment: Attachment, user: Any, at: datetime.datetime) -> Verdict:
    """Open a file of a contribution that one reads: not a photo that answers a question whose
    answers are not public, nor what a map keeps back, but for its author and the staff in charge.

    Codes: `not_public`, `kept_back`.
    """
    spine = attachment.contribution
    if core_policies.known(user) and (
        spine.author_id == user.pk
        or may_follow_up(user=user)
        or user.has_perm("core.moderate_contribution")
    ):
        return ALLOWED
    verdict = may_see_others(map=spine.activity.map, user=user, at=at)
    if QuestionAnswer.objects.filter(photo=attachment, question__is_public=False).exists():
        verdict &= refuse("not_public", _("This answer is not public."))
    return verdict


def may_see_others(*, map: ParticipatoryMap, user: Any, at: datetime.datetime) -> Verdict:
    """See others' contributions: always, unless the map keeps them back while it is open.

    Code: `kept_back`.
    """
    if map.shows_others or may_follow_up(user=user):
        return ALLOWED
    if collecting(map.activity, at):
        return refuse(
            "kept_back", _("Contributions will be shown when the map closes to contributions.")
        )
    return ALLOWED


def may_enter_office(*, user: Any) -> Verdict:
    """See the maps of the back office: whoever sets them up or follows them up."""
    if may_set_up(user=user):
        return ALLOWED
    return may_follow_up(user=user)
