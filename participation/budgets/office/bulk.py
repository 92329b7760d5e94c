"""Decisions on several ideas or projects at once, from the lists."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from participation.budgets import policies
from participation.budgets.choices import IdeaState
from participation.budgets.models import Idea, Project
from participation.budgets.office.forms import AssignForm, ReasonForm, RefusalForm
from participation.budgets.services.projects import put_on_ballot, take_off_ballot
from participation.budgets.services.study import assign_idea, decide_idea
from participation.core.choices import Visibility
from participation.core.viewsets.bulk import Several


class _Ideas(Several):
    models = [Idea]
    policy = staticmethod(policies.may_study)

    def state_of(self, row: Idea) -> str:
        return row.get_state_display()

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> Any:
        return list(
            Idea.objects.exclude(contribution__visibility=Visibility.DRAFT)
            .filter(pk__in=object_ids)
            .select_related("contribution")
            .order_by("pk")
        )


class AssignSelected(_Ideas):
    display_name = _("Assign")
    aria_label = _("Assign the selected ideas to directorates")
    action_type = "assign"
    question = _("Which directorates study these ideas? Their authors are told.")
    form_class = AssignForm
    action_priority = 10

    @classmethod
    def one(cls, row: Idea, data: dict[str, Any], actor: Any) -> None:
        assign_idea(idea=row, directorates=data["directorates"], actor=actor, at=timezone.now())


class _DecideSelected(_Ideas):
    form_class = ReasonForm
    decided = ""

    @classmethod
    def one(cls, row: Idea, data: dict[str, Any], actor: Any) -> None:
        decide_idea(
            idea=row,
            state=cls.decided,
            reason=data["reason"],
            cost_cents=None,
            actor=actor,
            at=timezone.now(),
        )


class EligibleSelected(_DecideSelected):
    display_name = _("Declare eligible")
    aria_label = _("Say that the selected ideas are eligible")
    action_type = "eligible"
    question = _("Say that these ideas are eligible? Their authors are told.")
    decided = IdeaState.ELIGIBLE
    action_priority = 20


class IneligibleSelected(_DecideSelected):
    display_name = _("Declare not eligible")
    aria_label = _("Say that the selected ideas are not eligible")
    action_type = "ineligible"
    question = _("Say that these ideas are not eligible? The reason is public and mailed.")
    decided = IdeaState.INELIGIBLE
    form_class = RefusalForm
    action_priority = 30


class MergeSelected(_Ideas):
    display_name = _("Make a project")
    aria_label = _("Make one project of the selected ideas")
    action_type = "merge"
    action_priority = 40

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        objects, _without_access = self.get_actionable_objects()
        keys = urlencode([("idee", idea.pk) for idea in objects])
        return HttpResponseRedirect(f"{reverse('idea:merge')}?{keys}")


class _Projects(Several):
    """No state is said: it would tell who won before the results are published."""

    models = [Project]
    policy = staticmethod(policies.may_study)

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> Any:
        return list(Project.objects.filter(pk__in=object_ids).order_by("pk"))


class PutSelected(_Projects):
    display_name = _("Put on the ballot")
    aria_label = _("Put the selected projects on the ballot")
    action_type = "put"
    question = _("Put these projects on the ballot of their envelope?")
    action_priority = 10

    @classmethod
    def one(cls, row: Project, data: dict[str, Any], actor: Any) -> None:
        put_on_ballot(projects=[row], actor=actor, at=timezone.now())


class TakeSelected(_Projects):
    display_name = _("Take off the ballot")
    aria_label = _("Take the selected projects off the ballot")
    action_type = "take"
    question = _("Take these projects back into preparation?")
    action_priority = 20

    @classmethod
    def one(cls, row: Project, data: dict[str, Any], actor: Any) -> None:
        take_off_ballot(projects=[row], actor=actor, at=timezone.now())


ACTIONS = (
    AssignSelected,
    EligibleSelected,
    IneligibleSelected,
    MergeSelected,
    PutSelected,
    TakeSelected,
)
