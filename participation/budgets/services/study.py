"""The study of ideas: directorates, feasibility, decisions, merging into projects."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.budgets import policies
from participation.budgets.choices import FeasibilityVerdict, IdeaState
from participation.budgets.models import (
    Category,
    Envelope,
    FeasibilityStudy,
    Idea,
    IdeaDecision,
    Poll,
    Project,
    ProjectIdea,
)
from participation.budgets.services.projects import next_reference
from participation.core import audit
from participation.core.models import Directorate
from participation.core.services import notify
from participation.core.verdict import ALLOWED, Verdict, refuse


@transaction.atomic
def assign_idea(
    *, idea: Idea, directorates: Iterable[Directorate], actor: Any, at: datetime.datetime
) -> list[FeasibilityStudy]:
    """Say which directorates study an idea; it becomes "under study".

    The list replaces the former one: a directorate left out loses a study not yet recorded; one
    that has answered keeps it. Codes: `not_allowed`, `no_directorate`, `idea_not_published`,
    `assignment_too_late`.
    """
    idea = _locked(idea)
    chosen = list(directorates)
    verdict = policies.may_study(user=actor)
    if not chosen:
        verdict &= refuse("no_directorate", _("Choose at least one directorate."))
    if idea.state not in (IdeaState.RECEIVED, IdeaState.ELIGIBLE, IdeaState.IN_STUDY):
        verdict &= refuse(
            "assignment_too_late", _("A decision has already been made on this idea.")
        )
    if idea.state != IdeaState.IN_STUDY:
        verdict &= policies.may_decide_idea(
            idea=idea, state=IdeaState.IN_STUDY, reason="", cost_cents=None, user=actor
        )
    verdict.or_refuse()
    idea.studies.filter(verdict=FeasibilityVerdict.PENDING).exclude(directorate__in=chosen).delete()
    for directorate in chosen:
        FeasibilityStudy.objects.get_or_create(
            idea=idea, directorate=directorate, defaults={"assigned_at": at}
        )
    audit.record(
        action="parvis.idea.assign",
        instance=idea.contribution,
        actor=actor,
        directorates=sorted(directorate.name for directorate in chosen),
    )
    if idea.state != IdeaState.IN_STUDY:
        _decide(idea, IdeaState.IN_STUDY, "", None, actor, at)
    return list(idea.studies.select_related("directorate"))


@transaction.atomic
def record_study(
    *,
    study: FeasibilityStudy,
    verdict: str,
    cost_cents: int | None,
    lead_time_months: int | None,
    reasons: str,
    actor: Any,
    at: datetime.datetime,
) -> FeasibilityStudy:
    """Record what one directorate found; it may be corrected while the idea is under study.

    Codes: `not_allowed`, `idea_not_in_study`, `verdict_missing`, `cost_missing`, `reason_missing`.
    """
    idea = _locked(study.idea)
    may = policies.may_study(user=actor)
    if idea.state != IdeaState.IN_STUDY:
        may &= refuse("idea_not_in_study", _("This idea is not under study."))
    if verdict == FeasibilityVerdict.PENDING:
        may &= refuse("verdict_missing", _("Say whether the idea is feasible."))
    if verdict == FeasibilityVerdict.FEASIBLE and not (cost_cents and cost_cents > 0):
        may &= refuse("cost_missing", _("A feasible idea needs its cost."))
    if verdict == FeasibilityVerdict.INFEASIBLE and not reasons.strip():
        may &= refuse("reason_missing", _("A refusal needs its reasons."))
    may.or_refuse()
    study.verdict = verdict
    study.cost_cents = cost_cents
    study.lead_time_months = lead_time_months
    study.reasons = reasons.strip()
    study.decided_at = at
    study.save()
    audit.record(
        action="parvis.idea.study",
        instance=idea.contribution,
        actor=actor,
        directorate=study.directorate.name,
        verdict=str(verdict),
        cost_cents=cost_cents,
    )
    return study


@transaction.atomic
def decide_idea(
    *,
    idea: Idea,
    state: str,
    reason: str,
    cost_cents: int | None,
    actor: Any,
    at: datetime.datetime,
) -> IdeaDecision:
    """Move an idea to `state` for a reason that is public and mailed to its author.

    Raises `Refused` with the codes of `policies.may_decide_idea`.
    """
    idea = _locked(idea)
    policies.may_decide_idea(
        idea=idea, state=state, reason=reason, cost_cents=cost_cents, user=actor
    ).or_refuse()
    return _decide(idea, state, reason.strip(), cost_cents, actor, at)


@transaction.atomic
def merge_ideas(
    *,
    ideas: Sequence[Idea],
    envelope: Envelope,
    title: str,
    description: str,
    cost_cents: int,
    category: Category | None,
    territory: Territory | None,
    point: Point | None,
    actor: Any,
    at: datetime.datetime,
    address: str = "",
) -> Project:
    """Make one project of one or several ideas; the trail is kept and each author is told.

    Codes: `not_allowed`, `no_idea`, `other_budget`, `not_mergeable`, `idea_not_published`,
    `title_missing`, `cost_missing`, `cost_over_envelope`, `envelope_sealed`.
    """
    policies.may_study(user=actor).or_refuse()
    # In key order, so that two merges that share ideas cannot wait for one another.
    locked = list(
        Idea.objects.select_for_update(of=("self",), no_key=True)
        .select_related("contribution__author", "contribution__activity", "budget__activity")
        .filter(pk__in={idea.pk for idea in ideas})
        .order_by("pk")
    )
    envelope = Envelope.objects.select_for_update(of=("self",), no_key=True).get(pk=envelope.pk)
    _may_merge(locked, envelope, title, cost_cents).or_refuse()
    project = Project.objects.create(
        envelope=envelope,
        reference=next_reference(envelope=envelope),
        title=title.strip(),
        description=description.strip(),
        category=category,
        territory=territory,
        point=point,
        address=address.strip(),
        cost_cents=cost_cents,
    )
    for idea in locked:
        ProjectIdea.objects.create(project=project, idea=idea, merged_at=at)
        reason = gettext("Taken up in the project “%(title)s” (number %(number)s).") % {
            "title": project.title,
            "number": project.reference,
        }
        _decide(idea, IdeaState.MERGED, reason, cost_cents, actor, at)
    audit.record(
        action="parvis.project.merge",
        instance=project,
        actor=actor,
        ideas=[idea.pk for idea in locked],
    )
    return project


def _may_merge(ideas: Sequence[Idea], envelope: Envelope, title: str, cost_cents: int) -> Verdict:
    verdict = ALLOWED
    if not ideas:
        verdict &= refuse("no_idea", _("Choose at least one idea."))
    if any(idea.budget_id != envelope.budget_id for idea in ideas):
        verdict &= refuse(
            "other_budget", _("The ideas and the envelope must be of the same budget.")
        )
    taken = [idea for idea in ideas if idea.state not in policies.MERGEABLE]
    if taken:
        verdict &= refuse(
            "not_mergeable",
            _("“%(title)s” can't go into a project: it is “%(state)s”."),
            title=taken[0].contribution.title,
            state=IdeaState(taken[0].state).label,
        )
    if any(idea.contribution.visibility != "published" for idea in ideas):
        verdict &= refuse("idea_not_published", _("One of these ideas is not published."))
    if not title.strip():
        verdict &= refuse("title_missing", _("Give the project a title."))
    if cost_cents <= 0:
        verdict &= refuse("cost_missing", _("Give the project its cost."))
    elif cost_cents > envelope.amount_cents:
        verdict &= refuse(
            "cost_over_envelope",
            _("This project costs more than its whole envelope: it could never be selected."),
        )
    if Poll.objects.filter(pk=envelope.pk).exists():
        verdict &= refuse("envelope_sealed", _("The ballot of this envelope is sealed."))
    return verdict


def _locked(idea: Idea) -> Idea:
    return (
        Idea.objects.select_for_update(of=("self",), no_key=True)
        .select_related("contribution__author", "contribution__activity", "budget__activity")
        .get(pk=idea.pk)
    )


def _decide(
    idea: Idea,
    state: str,
    reason: str,
    cost_cents: int | None,
    actor: Any,
    at: datetime.datetime,
) -> IdeaDecision:
    decision = IdeaDecision.objects.create(
        idea=idea,
        state_before=idea.state,
        state_after=state,
        reason=reason,
        cost_cents=cost_cents,
        decided_by=actor,
        decided_at=at,
    )
    idea.state = state
    idea.save(update_fields=["state"])
    audit.record(
        action="parvis.idea.decide",
        instance=idea.contribution,
        actor=actor,
        before=decision.state_before,
        after=str(state),
    )
    _tell_author(idea, decision, at)
    return decision


def _tell_author(idea: Idea, decision: IdeaDecision, at: datetime.datetime) -> None:
    author = idea.contribution.author
    if author is None:
        return
    with override(author.language):
        body = gettext("Your idea “%(title)s” (number %(number)s) is now: %(state)s.") % {
            "title": idea.contribution.title,
            "number": idea.contribution.receipt_number,
            "state": IdeaState(decision.state_after).label,
        }
        if decision.reason:
            body += "\n\n" + gettext("Reason: %(reason)s") % {"reason": decision.reason}
        notify(
            recipient=author,
            kind="idea-decided",
            key=f"{decision.pk}",
            subject=gettext("Your idea “%(title)s”: %(state)s")
            % {
                "title": idea.contribution.title,
                "state": IdeaState(decision.state_after).label,
            },
            body=body,
            path=reverse("budgets:idea", args=[idea.budget.activity.slug, idea.pk]),
            at=at,
            contribution=idea.contribution,
            essential=True,
        )
