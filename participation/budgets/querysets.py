"""Chainable filters of participatory budgets."""

from django.db import models
from django.db.models import Case, F, Q, Value, When

from participation.budgets.choices import ProjectState
from participation.core.choices import Visibility


class IdeaQuerySet(models.QuerySet):
    def public(self) -> "IdeaQuerySet":
        """Ideas that anyone may read."""
        return self.filter(
            contribution__visibility=Visibility.PUBLISHED,
            budget__activity__process__published_at__isnull=False,
        )


class ProjectQuerySet(models.QuerySet):
    def public(self) -> "ProjectQuerySet":
        """Projects put to the vote, and what became of them."""
        return self.exclude(state=ProjectState.DRAFT).filter(
            envelope__budget__activity__process__published_at__isnull=False
        )

    def winners(self) -> "ProjectQuerySet":
        return self.filter(state=ProjectState.WINNER)

    def with_results(self, *, early: bool) -> "ProjectQuerySet":
        """With `shown_votes` and `shown_state`: what the box said of a project, once published;
        until then it still stands on the ballot, unless the reader may know `early`."""
        if early:
            return self.annotate(shown_votes=F("votes"), shown_state=F("state"))
        known = Q(envelope__budget__results_published_at__isnull=False)
        before = Q(state__in=[ProjectState.DRAFT, ProjectState.ON_BALLOT])
        return self.annotate(
            shown_votes=Case(When(known, then="votes")),
            shown_state=Case(
                When(known | before, then="state"), default=Value(ProjectState.ON_BALLOT.value)
            ),
        )
