"""Who may do what in a participatory budget, and why not."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import DeliveryStep, Grouping, IdeaState, ProjectState
from participation.budgets.models import Budget, Delivery, Envelope, Idea, Poll, Project
from participation.budgets.policies.balance import paper_is_explained
from participation.core import policies as core_policies
from participation.core.choices import Step, Visibility
from participation.core.models import Activity, Contribution
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.electors.models import Elector
from participation.electors.policies import admission
from participation.electors.queries import electorate_in_force

_NOT_ALLOWED = _("Your role does not give you this right.")
VOTING_CLOSED = _("The vote is closed.")
VOTING_NOT_OVER = _("The vote is not over: the box opens only after the close.")
VOTING_NOT_OPEN = _("The vote is not open yet.")
RESULTS_NOT_PUBLISHED = _("The results are not published yet.")

# What the study may decide of an idea; a merge has its own service.
IDEA_TRANSITIONS: dict[str, tuple[str, ...]] = {
    IdeaState.RECEIVED: (IdeaState.ELIGIBLE, IdeaState.INELIGIBLE, IdeaState.IN_STUDY),
    IdeaState.ELIGIBLE: (IdeaState.IN_STUDY, IdeaState.INELIGIBLE),
    IdeaState.IN_STUDY: (IdeaState.FEASIBLE, IdeaState.INFEASIBLE, IdeaState.INELIGIBLE),
    IdeaState.FEASIBLE: (IdeaState.IN_STUDY, IdeaState.INFEASIBLE),
    IdeaState.INELIGIBLE: (IdeaState.RECEIVED, IdeaState.ELIGIBLE),
    IdeaState.INFEASIBLE: (IdeaState.IN_STUDY,),
    IdeaState.MERGED: (),
}
_TURN_BACKS = {
    (IdeaState.FEASIBLE, IdeaState.IN_STUDY),
    (IdeaState.INELIGIBLE, IdeaState.RECEIVED),
    (IdeaState.INELIGIBLE, IdeaState.ELIGIBLE),
    (IdeaState.INFEASIBLE, IdeaState.IN_STUDY),
}
MERGEABLE = (IdeaState.ELIGIBLE, IdeaState.IN_STUDY, IdeaState.FEASIBLE)
_DELIVERY_ORDER = (
    DeliveryStep.NOT_STARTED,
    DeliveryStep.PROCEDURES,
    DeliveryStep.STUDIES,
    DeliveryStep.WORKS,
    DeliveryStep.HANDOVER,
    DeliveryStep.COMPLETED,
)


def may_set_up(*, user: Any) -> Verdict:
    """Create a budget, its envelopes and its categories."""
    return _holds(user, "budgets.change_budget")


def may_study(*, user: Any) -> Verdict:
    """Study ideas, decide on them, make projects."""
    return _holds(user, "budgets.study_idea")


def may_run_vote(*, user: Any) -> Verdict:
    """Prepare the ballot, seal it, count it, publish the results."""
    return _holds(user, "budgets.run_vote")


def may_manage_delivery(*, user: Any) -> Verdict:
    """Tell what becomes of the winners."""
    return _holds(user, "budgets.manage_delivery")


def may_enter_office(*, user: Any) -> Verdict:
    """See the back office of participatory budgets, for any of its jobs."""
    jobs = (may_study, may_run_vote, may_manage_delivery, may_set_up)
    if any(job(user=user) for job in jobs):
        return ALLOWED
    return refuse("not_allowed", _NOT_ALLOWED)


def _holds(user: Any, permission: str) -> Verdict:
    if user is not None and user.is_authenticated and user.has_perm(permission):
        return ALLOWED
    return refuse("not_allowed", _NOT_ALLOWED)


def may_submit_idea(*, budget: Budget, user: Any, at: datetime.datetime) -> Verdict:
    """Submit a new idea: eligible, during the collect phase, within the ideas per person.

    Codes: those of `core.policies.eligibility`, `collect_not_open`, `collect_closed`,
    `too_many_ideas`.
    """
    verdict = core_policies.eligibility(process=budget.activity.process, user=user, at=at)
    return verdict & _collecting(budget.activity, at) & _ideas_left(budget, user)


def may_edit_idea(*, idea: Idea, user: Any, at: datetime.datetime) -> Verdict:
    """Its author changes an idea, while ideas are collected and its study has not begun.

    Codes: `not_author`, `idea_not_editable`, `idea_under_study`, `collect_not_open`,
    `collect_closed`.
    """
    contribution = idea.contribution
    if user is None or not user.is_authenticated or contribution.author_id != user.pk:
        return refuse("not_author", _("Only its author may change an idea."))
    verdict = ALLOWED
    if contribution.visibility not in (
        Visibility.DRAFT,
        Visibility.PENDING,
        Visibility.PUBLISHED,
    ):
        verdict &= refuse(
            "idea_not_editable", _("This idea is no longer online: it can't be changed.")
        )
    if idea.state != IdeaState.RECEIVED:
        verdict &= refuse(
            "idea_under_study", _("The study of this idea has begun: it can't be changed any more.")
        )
    return verdict & _collecting(idea.budget.activity, at)


def may_withdraw_idea(*, idea: Idea, user: Any) -> Verdict:
    """Its author takes an idea back, as long as no project was made of it.

    Codes: `not_author`, `idea_not_editable`, `idea_merged`.
    """
    contribution = idea.contribution
    if user is None or not user.is_authenticated or contribution.author_id != user.pk:
        return refuse("not_author", _("Only its author may withdraw an idea."))
    if contribution.visibility in (Visibility.WITHDRAWN, Visibility.REJECTED, Visibility.HIDDEN):
        return refuse("idea_not_editable", _("This idea is no longer online."))
    if idea.state == IdeaState.MERGED:
        return refuse("idea_merged", _("This idea has become part of a project."))
    return ALLOWED


def _collecting(activity: Activity, at: datetime.datetime) -> Verdict:
    periods = _periods(activity, Step.COLLECT)
    if any(phase.state_at(at) == "current" for phase in periods):
        return ALLOWED
    if any(phase.state_at(at) == "past" for phase in periods) and not any(
        phase.state_at(at) == "future" for phase in periods
    ):
        return refuse("collect_closed", _("The collection of ideas is closed."))
    return refuse("collect_not_open", _("The collection of ideas is not open yet."))


def _ideas_left(budget: Budget, user: Any) -> Verdict:
    if budget.ideas_per_person is None or user is None or not user.is_authenticated:
        return ALLOWED
    submitted = (
        Contribution.objects.filter(activity_id=budget.pk, author=user)
        .exclude(visibility__in=[Visibility.DRAFT, Visibility.WITHDRAWN])
        .count()
    )
    if submitted < budget.ideas_per_person:
        return ALLOWED
    return refuse(
        "too_many_ideas",
        _("You have already submitted %(count)s ideas, which is the maximum."),
        count=submitted,
    )


def may_vote(
    *, poll: Poll, elector: Elector | None, account: Any, at: datetime.datetime
) -> Verdict:
    """Cast or change a ballot.

    Codes: those of `electors.policies.admission`, `voting_not_open`, `voting_closed`.
    """
    electorate = electorate_in_force(activity=poll.envelope.budget.activity)
    verdict = admission(electorate=electorate, elector=elector, account=account, at=at)
    return verdict & voting_open(poll=poll, at=at)


def voting_open(*, poll: Poll, at: datetime.datetime) -> Verdict:
    """Whether ballots are taken at `at`, whoever casts them."""
    periods = _periods(poll.envelope.budget.activity, Step.DECIDE)
    states = {phase.state_at(at) for phase in periods}
    ended = poll.closed_at is not None or poll.opened_at is not None
    if ended or ("past" in states and states.isdisjoint({"current", "future"})):
        return refuse("voting_closed", VOTING_CLOSED)
    if "current" not in states:
        return refuse("voting_not_open", VOTING_NOT_OPEN)
    return ALLOWED


def may_see_results(*, budget: Budget, user: Any) -> Verdict:
    """Published results are everyone's; before, only those who run the vote see them."""
    published = (
        budget.results_published_at is not None and budget.activity.process.published_at is not None
    )
    if published or may_run_vote(user=user):
        return ALLOWED
    return refuse("results_not_published", RESULTS_NOT_PUBLISHED)


def may_seal(*, envelope: Envelope, user: Any, at: datetime.datetime) -> Verdict:
    """Freeze the ballot of an envelope.

    Codes: `not_allowed`, `already_sealed`, `no_project`, `too_few_projects`, `no_board`,
    `no_decide_phase`, `decide_phase_over`, `quotas_exceed_envelope`.
    """
    verdict = may_run_vote(user=user)
    if Poll.objects.filter(pk=envelope.pk).exists():
        return verdict & refuse("already_sealed", _("This vote is already sealed."))
    budget = envelope.budget
    standing = envelope.projects.filter(state=ProjectState.ON_BALLOT)
    count = standing.count()
    if count == 0:
        verdict &= refuse("no_project", _("There is no project on the ballot."))
    elif count < budget.min_choices:
        verdict &= refuse(
            "too_few_projects",
            _("Voters must choose at least %(minimum)s projects and the ballot has %(count)s."),
            minimum=budget.min_choices,
            count=count,
        )
    quota = budget.district_quota_cents
    if quota and _groups(standing, budget) * quota > envelope.amount_cents:
        verdict &= refuse(
            "quotas_exceed_envelope",
            _("The money set aside for the neighbourhoods is more than the envelope."),
        )
    if not hasattr(budget, "board"):
        verdict &= refuse(
            "no_board",
            _("This budget has no voting board: hold the ceremony of the keys first."),
        )
    phases = _periods(budget.activity, Step.DECIDE)
    if not phases:
        verdict &= refuse("no_decide_phase", _("The budget has no voting phase: give it dates."))
    elif all(phase.state_at(at) == "past" for phase in phases):
        verdict &= refuse("decide_phase_over", _("The voting phase is over."))
    return verdict


def _groups(standing: QuerySet[Project], budget: Budget) -> int:
    """How many groups the projects on the ballot have."""
    if budget.grouping == Grouping.CATEGORY:
        return standing.exclude(category=None).values("category").distinct().count()
    places = standing.values_list("territory", "district").distinct()
    return len({territory or district for territory, district in places if territory or district})


def may_count(*, poll: Poll, user: Any, at: datetime.datetime) -> Verdict:
    """Open the box, once, after the close.

    Codes: `not_allowed`, `already_counted`, `voting_not_over`.
    """
    verdict = may_run_vote(user=user)
    if poll.opened_at is not None:
        return verdict & refuse("already_counted", _("The box is already open and counted."))
    phases = _periods(poll.envelope.budget.activity, Step.DECIDE)
    if not phases or any(phase.state_at(at) != "past" for phase in phases):
        verdict &= refuse("voting_not_over", VOTING_NOT_OVER)
    return verdict


def may_publish_results(*, budget: Budget, user: Any) -> Verdict:
    """Codes: `not_allowed`, `results_already_published`, `no_poll`, `not_all_counted`,
    `paper_not_explained`."""
    verdict = may_run_vote(user=user)
    if budget.results_published_at is not None:
        return verdict & refuse(
            "results_already_published", _("The results are already published.")
        )
    polls = Poll.objects.filter(envelope__budget=budget)
    if not polls.exists():
        verdict &= refuse("no_poll", _("No vote was sealed in this budget."))
    elif polls.filter(tally=None).exists():
        verdict &= refuse("not_all_counted", _("Some votes of this budget are not counted yet."))
    return verdict & paper_is_explained(budget=budget)


def may_decide_idea(
    *, idea: Idea, state: str, reason: str, cost_cents: int | None, user: Any
) -> Verdict:
    """Move an idea to `state` in the study.

    Codes: `not_allowed`, `transition_not_allowed`, `idea_not_published`, `reason_missing`,
    `cost_missing`, `studies_pending`.
    """
    verdict = may_study(user=user)
    if state not in IDEA_TRANSITIONS[idea.state]:
        return verdict & refuse(
            "transition_not_allowed",
            _("An idea that is “%(before)s” can't become “%(after)s”."),
            before=IdeaState(idea.state).label,
            after=IdeaState(state).label,
        )
    if idea.contribution.visibility != Visibility.PUBLISHED:
        verdict &= refuse(
            "idea_not_published", _("This idea is not published: moderate it before its study.")
        )
    refusal = state in (IdeaState.INELIGIBLE, IdeaState.INFEASIBLE)
    if not reason.strip() and (refusal or (idea.state, state) in _TURN_BACKS):
        verdict &= refuse("reason_missing", _("This decision needs its reason, which is public."))
    if state == IdeaState.FEASIBLE:
        if not cost_cents or cost_cents <= 0:
            verdict &= refuse("cost_missing", _("A feasible idea needs its cost."))
        if idea.studies.filter(verdict="pending").exists():
            verdict &= refuse(
                "studies_pending",
                _("A directorate has not answered yet: record its study, or unassign it."),
            )
    return verdict


def may_advance_delivery(
    *,
    delivery: Delivery,
    step: str,
    reason: str,
    happened_on: datetime.date,
    has_image: bool,
    image_alt: str,
    user: Any,
    at: datetime.datetime,
) -> Verdict:
    """Move a delivery to `step`: forward freely; back, or to give up, with a reason.

    Codes: `not_allowed`, `date_in_future`, `alt_missing`, `reason_missing`.
    """
    verdict = may_manage_delivery(user=user)
    if happened_on > timezone.localdate(at):
        verdict &= refuse("date_in_future", _("News are of today or of the past."))
    if has_image and not image_alt.strip():
        verdict &= refuse("alt_missing", _("Describe the picture for people who don't see it."))
    if delivery.step == step or reason.strip():
        return verdict
    if step == DeliveryStep.ABANDONED:
        return verdict & refuse("reason_missing", _("Giving up a project needs its reason."))
    if delivery.step == DeliveryStep.ABANDONED or _DELIVERY_ORDER.index(
        DeliveryStep(step)
    ) < _DELIVERY_ORDER.index(DeliveryStep(delivery.step)):
        verdict &= refuse("reason_missing", _("Going back to an earlier step needs its reason."))
    return verdict


def _periods(activity: Activity, step: str) -> list[Any]:
    return [phase for phase in activity.phases.all() if phase.step == step]
