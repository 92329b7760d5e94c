"""A demonstration at the size of a large city: many numbered ideas, supports and voters."""

import datetime
import random
import uuid

from django.db import connection

from participation.accounts.models import User
from participation.budgets.models import Budget, Idea
from participation.core.choices import Visibility
from participation.core.models import Contribution, Support

_BATCH = 2000


def copy_ideas(budget: Budget, residents: list[User], copies: int, at: datetime.datetime) -> None:
    """Add `copies` ideas made from the published ones of `budget`, numbered, spread in time."""
    models = list(
        Idea.objects.filter(budget=budget)
        .select_related("contribution")
        .order_by("contribution_id")
    )
    rng = random.Random(copies)  # noqa: S311 -- filling, not a draw
    contributions = Contribution.objects.bulk_create(
        [
            _copy(models[number % len(models)].contribution, number, residents, at, rng)
            for number in range(copies)
        ],
        batch_size=_BATCH,
    )
    Idea.objects.bulk_create(
        [
            Idea(
                contribution=contribution,
                budget=budget,
                category_id=models[number % len(models)].category_id,
                estimated_cost_cents=rng.randint(5, 400) * 100_000,
            )
            for number, contribution in enumerate(contributions)
        ],
        batch_size=_BATCH,
    )


def _copy(
    model: Contribution,
    number: int,
    residents: list[User],
    at: datetime.datetime,
    rng: random.Random,
) -> Contribution:
    moment = at - datetime.timedelta(minutes=3 * number + 1)
    return Contribution(
        activity_id=model.activity_id,
        author=residents[number % len(residents)],
        title=f"{model.title[:100]} (n° {number + 1})",
        body=model.body,
        territory_id=model.territory_id,
        point=model.point,
        address=model.address,
        visibility=Visibility.PUBLISHED,
        submission_key=uuid.UUID(int=rng.getrandbits(128)),
        created_at=moment,
        submitted_at=moment,
        published_at=moment,
    )


def add_supports(budget: Budget, residents: list[User], count: int, at: datetime.datetime) -> None:
    """Give `count` supports to the ideas of `budget`, the first ones getting the most."""
    keys = list(
        Contribution.objects.filter(activity_id=budget.pk)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    rng = random.Random(count)  # noqa: S311 -- filling, not a draw
    wanted: set[tuple[int, int]] = set()
    while len(wanted) < count:
        key = keys[int(len(keys) * rng.random() ** 2)]
        wanted.add((key, rng.choice(residents).pk))
    Support.objects.bulk_create(
        [Support(contribution_id=key, user_id=user, created_at=at) for key, user in sorted(wanted)],
        batch_size=5000,
        ignore_conflicts=True,
    )


def recount(budget: Budget) -> None:
    """Bring the stored numbers of supports in line with the supports themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_contribution AS contribution SET supports_count = counted.number "
            "FROM (SELECT contribution_id, count(*) AS number FROM core_support "
            "GROUP BY contribution_id) AS counted "
            "WHERE counted.contribution_id = contribution.id AND contribution.activity_id = %s",
            [budget.pk],
        )
