"""Chainable filters of the spine. `.public()` is the only filter public views use."""

import datetime

from django.contrib.postgres.search import SearchQuery
from django.db import models

from participation.core.choices import Visibility


class ProcessQuerySet(models.QuerySet):
    def public(self) -> "ProcessQuerySet":
        """Published processes; cancelled ones stay public, with their reason."""
        return self.filter(published_at__isnull=False)


class ActivityQuerySet(models.QuerySet):
    def public(self) -> "ActivityQuerySet":
        return self.filter(process__published_at__isnull=False)


class PhaseQuerySet(models.QuerySet):
    def at(self, moment: datetime.datetime) -> "PhaseQuerySet":
        """Phases open at `moment`: the one definition of "open"."""
        return self.filter(period__contains=moment)


class ContributionQuerySet(models.QuerySet):
    def public(self) -> "ContributionQuerySet":
        return self.filter(
            visibility=Visibility.PUBLISHED, activity__process__published_at__isnull=False
        )

    def matching(self, text: str) -> "ContributionQuerySet":
        """Contributions whose title or body match `text` (French stemming, no accents)."""
        return self.filter(search=SearchQuery(text, config="parvis_fr", search_type="websearch"))


class CommentQuerySet(models.QuerySet):
    def public(self) -> "CommentQuerySet":
        return self.filter(visibility=Visibility.PUBLISHED)
