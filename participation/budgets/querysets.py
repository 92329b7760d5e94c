"""Chainable filters of participatory budgets."""

from django.db import models

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
