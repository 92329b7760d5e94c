"""Supporting and following: one row each, whatever the number of clicks."""

import datetime

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from participation.accounts.models import User
from participation.core import policies, tasks
from participation.core.models import Activity, Contribution, Follow, Process, Support
from participation.core.queries import subject_field


def recount_later(contribution_id: int) -> None:
    """Ask for the counters of a contribution to be recomputed; one waiting job is enough."""
    job = tasks.recount.configure(queueing_lock=f"recount-{contribution_id}")
    try:
        with transaction.atomic():  # a refused job must not spoil the caller's transaction
            job.defer(contribution_id=contribution_id)
    except AlreadyEnqueued:
        return


@transaction.atomic
def support(*, contribution: Contribution, user: User, at: datetime.datetime) -> Support:
    """Support once: parallel and repeated calls find the first row (`support_once`)."""
    policies.may_support(contribution=contribution, user=user, at=at).or_refuse()
    Support.objects.bulk_create(
        [Support(contribution=contribution, user=user, created_at=at)], ignore_conflicts=True
    )
    recount_later(contribution.pk)
    return Support.objects.get(contribution=contribution, user=user)


@transaction.atomic
def withdraw_support(*, contribution: Contribution, user: User) -> bool:
    """Take one's support back; whether there was one. Allowed at any time."""
    deleted, _ = Support.objects.filter(contribution=contribution, user=user).delete()
    if deleted:
        recount_later(contribution.pk)
    return bool(deleted)


@transaction.atomic
def follow(
    *, user: User, subject: Process | Activity | Contribution, at: datetime.datetime
) -> Follow:
    """Follow a public process, activity or contribution, once."""
    policies.may_follow(subject=subject, user=user).or_refuse()
    column = {subject_field(subject): subject}
    Follow.objects.bulk_create([Follow(user=user, created_at=at, **column)], ignore_conflicts=True)
    return Follow.objects.get(user=user, **column)


@transaction.atomic
def unfollow(*, user: User, subject: Process | Activity | Contribution) -> bool:
    """Stop following; whether one did."""
    deleted, _ = Follow.objects.filter(user=user, **{subject_field(subject): subject}).delete()
    return bool(deleted)
