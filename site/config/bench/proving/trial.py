"""Make elections to be proved: run as a program, on the database that DATABASE_URL names.

`python -m config.bench.proving.trial '[{"projects": 20, "accounts": 200, "electors": 200}]'` prints,
as JSON, what voters and checks need of each; their voters hold a session that is already open.
"""

import argparse
import datetime
import json
import sys
import time
from typing import Any

import django
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.utils.crypto import get_random_string

LEAST_COST, COST_STEPS = 5_000_00, 40
BACKEND = "django.contrib.auth.backends.ModelBackend"


def make_election(*, projects: int, accounts: int, electors: int) -> dict[str, Any]:
    """A sealed vote that is open for a day, and the sessions of its voters.

    `accounts` are people who sign in and get a mail, not yet electors; `electors` came without an
    account.
    """
    from django.utils import timezone

    from participation.budgets.choices import ProjectState
    from participation.budgets.models import Budget, Envelope, Project
    from participation.budgets.services.vote import give_board, seal_poll
    from participation.electors.choices import Way
    from participation.electors.services import electorate_of

    now = timezone.now()
    activity, officer = make_activity(at=now)
    name = activity.slug
    budget = Budget.objects.create(activity=activity, edition=2026)
    envelope = Envelope.objects.create(
        budget=budget, name="Ville", slug="ville", amount_cents=8_000_000_00
    )
    Project.objects.bulk_create(
        Project(
            envelope=envelope,
            reference=f"{number:03d}",
            title=f"Projet numéro {number} : des arbres, des bancs et une fontaine pour le quartier",
            description="Planter, ombrager, asseoir : ce que la place demande depuis longtemps. "
            * 4,
            state=ProjectState.ON_BALLOT,
            cost_cents=LEAST_COST * (1 + number % COST_STEPS),
        )
        for number in range(1, projects + 1)
    )
    electorate = electorate_of(activity=activity)
    electorate.ways = [Way.ACCOUNT, Way.LETTER]
    electorate.save()
    secrets = give_board(budget=budget, actor=officer, at=now)
    poll = seal_poll(envelope=envelope, actor=officer, at=now)
    sessions = _sessions_of_accounts(name, accounts) + _sessions_of_electors(electorate, electors)
    return {
        "poll": poll.pk,
        "budget": budget.pk,
        "slug": name,
        "public_key": bytes(poll.public_key).hex(),
        "padded_length": poll.options["padded_length"],
        "projects": [project["id"] for project in poll.options["projects"]],
        "secrets": list(secrets),
        "sessions": sessions,
    }


def make_activity(*, at: datetime.datetime) -> tuple[Any, Any]:
    """An activity whose vote is open for a day, and an officer who may do everything."""
    from participation.core.choices import Step
    from participation.core.models import Activity, Directorate, Phase, Process

    name = f"epreuve-{time.time_ns()}"
    process = Process.objects.create(
        title="Épreuve",
        slug=name,
        owner=Directorate.objects.create(name=name),
        engagement_level="co_decide",
        terms="Un vote d’essai.",
        contact_name="Essai",
        contact_email="essai@example.org",
        published_at=at,
    )
    activity = Activity.objects.create(
        process=process, kind="budget", title="Budget d’essai", slug=name
    )
    Phase.objects.create(
        activity=activity,
        step=Step.DECIDE,
        title="Vote",
        period=(at - datetime.timedelta(hours=1), at + datetime.timedelta(days=1)),
    )
    return activity, _officer(name)


def _officer(name: str) -> Any:
    from participation.accounts.models import User

    return User.objects.create(
        email=f"{name}@example.org", public_name="Essai", is_staff=True, is_superuser=True
    )


def _sessions_of_accounts(name: str, number: int) -> list[str]:
    from allauth.account.models import EmailAddress

    from participation.accounts.models import User

    users = User.objects.bulk_create(
        [
            User(email=f"{name}-{rank}@example.org", public_name=f"Essai {rank}", password="!")  # noqa: S106 -- no password at all
            for rank in range(number)
        ],
        batch_size=2000,
    )
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users],
        batch_size=2000,
    )
    return _open_sessions(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        for user in users
    )


def _sessions_of_electors(electorate: Any, number: int) -> list[str]:
    from participation.electors.choices import Way
    from participation.electors.models import Elector
    from participation.electors.visits import welcome

    electors = Elector.objects.bulk_create(
        [
            Elector(
                electorate=electorate,
                family_name="ESSAI",
                given_names=f"Numéro {rank}",
                ways=[Way.LETTER],
            )
            for rank in range(number)
        ],
        batch_size=2000,
    )
    held = []
    for elector in electors:
        request = HttpRequest()
        request.session = _Held()  # type: ignore[assignment]  # all that a welcome writes in
        welcome(request, elector)
        held.append(dict(request.session))
    return _open_sessions(held)


class _Held(dict[str, Any]):
    """What a session holds, before it is written with the others."""

    def cycle_key(self) -> None:
        """It has no key yet."""


def _open_sessions(contents: Any) -> list[str]:
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    store, expires = SessionStore(), timezone.now() + datetime.timedelta(days=1)
    sessions = Session.objects.bulk_create(
        [
            Session(
                session_key=get_random_string(32),
                session_data=store.encode(content),
                expire_date=expires,
            )
            for content in contents
        ],
        batch_size=2000,
    )
    return [session.session_key for session in sessions]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("elections", help="JSON: a list of {projects, accounts, electors}")
    asked = parser.parse_args()
    django.setup()
    made = [make_election(**each) for each in json.loads(asked.elections)]
    json.dump([{**each, "cookie": settings.SESSION_COOKIE_NAME} for each in made], sys.stdout)


if __name__ == "__main__":
    main()
