"""Publish the results of a budget."""

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from participation.budgets import policies
from participation.budgets.models import Budget, Tally
from participation.budgets.services.vote.publication import publish_files
from participation.core import audit
from participation.core.services import notify_followers
from participation.electors.services import note_results


@transaction.atomic
def publish_results(*, budget: Budget, actor: Any, at: datetime.datetime) -> Budget:
    """Make the results of all the votes of a budget public at once, and tell its followers.

    The files from which anyone checks and recounts each vote are made and signed at the same time.

    Raises `Refused` with the codes of `policies.may_publish_results`.
    """
    locked = (
        Budget.objects.select_for_update(of=("self",), no_key=True)
        .select_related("activity__process")
        .get(pk=budget.pk)
    )
    policies.may_publish_results(budget=locked, user=actor).or_refuse()
    locked.results_published_at = at
    locked.save(update_fields=["results_published_at"])
    for tally in _tallies(locked):
        publish_files(poll=tally.poll, actor=actor, at=at)
    activity = locked.activity
    note_results(activity=activity, on=timezone.localdate(at))
    audit.record(action="parvis.budget.publish_results", instance=activity, actor=actor)
    with override(settings.LANGUAGE_CODE):
        notify_followers(
            subject=activity,
            kind="results-published",
            key=f"{activity.pk}",
            subject_line=gettext("%(budget)s: the results are published")
            % {"budget": activity.title},
            body=gettext(
                "The votes of “%(budget)s” are counted. See the selected projects, the votes "
                "and how they were counted."
            )
            % {"budget": activity.title},
            path=reverse("budgets:results", args=[activity.slug]),
            at=at,
        )
    budget.results_published_at = at
    return locked


def _tallies(budget: Budget) -> Any:
    return (
        Tally.objects.filter(poll__envelope__budget=budget)
        .select_related(
            "poll__tally",
            "poll__envelope__territory",
            "poll__envelope__budget__activity__process__perimeter",
        )
        .order_by("poll")
    )
