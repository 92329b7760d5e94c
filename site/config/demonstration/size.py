"""A demonstration at the size of a large city: many numbered ideas, supports and voters.

Everything is brought up to a number: what is there already counts, so that running it again adds
nothing, and a standard demonstration becomes a large one.
"""

import datetime
import random
import uuid

from django.db import connection
from django.utils import timezone

from participation.accounts.models import User
from participation.budgets.models import Budget, Idea, Poll, VoterRecord
from participation.budgets.services.vote.envelopes import ballot_code, deposit_code, seal
from participation.core.choices import Visibility
from participation.core.models import Contribution, Support
from participation.electors.models import Elector
from participation.electors.services import electorate_of

RESIDENTS = 20_000
IDEAS = 10_000
SUPPORTS = 100_000
BALLOTS = 20_000
_BATCH = 2000


def grow_ideas(budget: Budget, residents: list[User], total: int, at: datetime.datetime) -> None:
    """Bring the ideas of `budget` to `total`: numbered copies of its own, spread in time."""
    models = list(
        Idea.objects.filter(budget=budget)
        .select_related("contribution")
        .order_by("contribution_id")
    )
    copies = max(total - len(models), 0)
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


def grow_supports(budget: Budget, residents: list[User], total: int, at: datetime.datetime) -> None:
    """Bring the supports of the ideas of `budget` to `total`, the first ones getting the most."""
    keys = list(
        Contribution.objects.filter(activity_id=budget.pk)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    given = set(
        Support.objects.filter(contribution__activity_id=budget.pk)
        .order_by("pk")
        .values_list("contribution_id", "user_id")
    )
    rng = random.Random(total)  # noqa: S311 -- filling, not a draw
    wanted: set[tuple[int, int]] = set()
    while len(given) + len(wanted) < total:
        pair = (keys[int(len(keys) * rng.random() ** 2)], rng.choice(residents).pk)
        if pair not in given:
            wanted.add(pair)
    Support.objects.bulk_create(
        [Support(contribution_id=key, user_id=user, created_at=at) for key, user in sorted(wanted)],
        batch_size=5000,
    )
    _recount(budget)


def _recount(budget: Budget) -> None:
    """Bring the stored numbers of supports in line with the supports themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_contribution AS contribution SET supports_count = counted.number "
            "FROM (SELECT contribution_id, count(*) AS number FROM core_support "
            "GROUP BY contribution_id) AS counted "
            "WHERE counted.contribution_id = contribution.id AND contribution.activity_id = %s",
            [budget.pk],
        )


def grow_roll(poll: Poll, residents: list[User], total: int, at: datetime.datetime) -> None:
    """Bring the sealed ballots of an open vote to `total`, one per resident.

    The envelopes are those of `cast_ballot`; its mails and its one transaction per voter are not.
    """
    missing = max(total - VoterRecord.objects.filter(poll=poll).count(), 0)
    electorate = electorate_of(activity=poll.envelope.budget.activity)
    enrolled = set(electorate.electors.order_by("pk").values_list("account", flat=True))
    newcomers = [resident for resident in residents if resident.pk not in enrolled]
    electors = Elector.objects.bulk_create(
        [Elector(electorate=electorate, account=account) for account in newcomers[:missing]],
        batch_size=_BATCH,
    )
    rng = random.Random(total)  # noqa: S311 -- invented voters, not a draw
    projects = [project["id"] for project in poll.options["projects"]]
    VoterRecord.objects.bulk_create(
        [_sealed(poll, each, rng.sample(projects, rng.randint(1, 3)), at) for each in electors],
        batch_size=_BATCH,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO budgets_journalentry (poll_id, kind, payload)"
            " SELECT poll_id, 'cast', encode(sha256(sealed_ballot), 'hex')"
            " FROM budgets_voterrecord WHERE poll_id = %s AND voter_id = ANY(%s) ORDER BY voter_id",
            [poll.pk, [elector.pk for elector in electors]],
        )


def _sealed(poll: Poll, voter: Elector, choices: list[int], at: datetime.datetime) -> VoterRecord:
    sealed = seal(
        public_key=bytes(poll.public_key),
        poll_id=poll.pk,
        choices=sorted(choices),
        points=None,
        code=ballot_code(poll_id=poll.pk, cast_key=uuid.uuid4()),
        length=poll.options["padded_length"],
    )
    return VoterRecord(
        poll=poll,
        voter=voter,
        sealed_ballot=sealed,
        deposit_code=deposit_code(sealed),
        voted_on=timezone.localdate(at),
    )
