"""Sealing a vote: what it needs, what it freezes."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from participation.budgets.choices import BallotKind, OnMisfit, ProjectState, Remainder
from participation.budgets.models import Envelope, Poll, Project
from participation.budgets.services.vote import seal_poll
from participation.budgets.services.vote.boards import open_key
from participation.methods.digest import canonical_json, sha256_hex
from participation.methods.tally import draw_order
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import (
    make_board,
    make_budget,
    make_counted_poll,
    make_envelope,
    make_officer,
    make_poll,
    make_project,
    secrets_of,
)
from tests.participation.budgets.refusals import refusal

pytestmark = pytest.mark.django_db


def with_board(envelope) -> Envelope:
    make_board(envelope.budget)
    return envelope


def seal_codes(envelope, actor=None) -> tuple[str, ...]:
    return refusal(seal_poll, envelope=envelope, actor=actor or make_officer(), at=timezone.now())


def test_sealing_freezes_the_rule_in_words_that_anyone_may_check():
    budget = make_budget(
        "examine",
        ballot_kind=BallotKind.KNAPSACK,
        min_choices=1,
        max_choices=2,
        on_misfit=OnMisfit.STOP,
        remainder=Remainder.NEXT_EDITION,
        minimum_votes=7,
        district_quota_cents=300,
    )
    envelope = make_envelope(budget, amount_cents=1000)
    here, there = make_territory(code="B2"), make_territory(code="A1")
    one = make_project(envelope, reference="10", cost_cents=100, territory=here)
    two = make_project(envelope, reference="9", cost_cents=200, territory=there)
    three = make_project(envelope, reference="11", cost_cents=300)
    make_project(envelope, reference="12", state=ProjectState.DRAFT)
    make_board(budget)
    at = timezone.now()
    seal_poll(envelope=envelope, actor=make_officer(), at=at)
    poll = Poll.objects.get()
    assert poll.sealed_at == at
    assert poll.options == {
        "rule": "greedy",
        "measure": "votes",
        "ballot_kind": "knapsack",
        "min_choices": 1,
        "max_choices": 2,
        "max_points": None,
        "max_points_per_project": None,
        "rank_scores": [],
        "grouping": "district",
        "budget_cents": 1000,
        "projects": [
            {
                "id": project.pk,
                "reference": project.reference,
                "title": project.title,
                "cost_cents": project.cost_cents,
                "group": group,
            }
            for project, group in ((one, "B2"), (three, None), (two, "A1"))
        ],
        "on_misfit": "stop",
        "group_budgets": [["A1", 300], ["B2", 300]],
        "remainder": "next_edition",
        "remainder_on_misfit": "stop",
        "minimum_winners": None,
        "minimum_votes": 7,
        "minimum_points": 0,
        "minimum_share": [0, 1],
        "minimum_cost_share": [0, 1],
        "exclusive": [],
        "tie_chain": ["lower_cost", "lot"],
        "tie_seed": poll.tie_seed,
        "lot": draw_order(poll.tie_seed, ["10", "11", "9"]),
        "public_key_sha256": sha256_hex(bytes(poll.public_key)),
        "padded_length": 256,
    }
    assert poll.options_sha256 == sha256_hex(canonical_json(poll.options))
    assert poll.options_sha256 == sha256_hex(canonical_json(json.loads(json.dumps(poll.options))))
    assert len(bytes.fromhex(poll.tie_seed)) == 32


def test_the_private_key_is_nowhere_on_the_server():
    poll = make_poll()
    secrets = secrets_of(poll)
    key = open_key(board=poll.board, secrets=secrets[:2]).private
    private = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    directory = Path(settings.BALLOT_KEYS_DIR)
    assert {path.name for path in directory.iterdir()} <= {"site-signing.key"}
    with connection.cursor() as cursor:
        for table in ("poll", "board", "boardmember", "boardseal", "officialrecord"):
            cursor.execute(f"SELECT t::text FROM budgets_{table} AS t")  # noqa: S608 -- names above
            stored = "\n".join(row for (row,) in cursor.fetchall())
            assert stored
            for hidden in (private.hex(), *secrets, *(text.replace("-", "") for text in secrets)):
                assert hidden not in stored


def test_what_sealing_needs():
    assert seal_codes(make_envelope(make_budget("examine"))) == ("no_project", "no_board")
    assert seal_codes(with_board(make_envelope(make_budget("examine")))) == ("no_project",)
    assert seal_codes(with_board(make_envelope(make_budget(None)))) == (
        "no_project",
        "no_decide_phase",
    )
    few = with_board(make_envelope(make_budget("decide", min_choices=2)))
    make_project(few)
    assert seal_codes(few) == ("too_few_projects",)
    late = with_board(make_envelope(make_budget("follow")))
    make_project(late)
    assert seal_codes(late) == ("decide_phase_over",)
    rich = with_board(
        make_envelope(make_budget("examine", district_quota_cents=600), amount_cents=1000)
    )
    for _ in range(2):
        make_project(rich, cost_cents=10, territory=make_territory())
    assert seal_codes(rich) == ("quotas_exceed_envelope",)
    assert not Poll.objects.exists()


def test_only_who_runs_the_vote_seals():
    envelope = with_board(make_envelope(make_budget("examine")))
    make_project(envelope)
    assert seal_codes(envelope, make_user()) == ("not_allowed",)
    student = make_user(permissions=("budgets.study_idea",))
    assert seal_codes(envelope, student) == ("not_allowed",)


def test_a_vote_is_sealed_once():
    poll = make_poll()
    seed = poll.tie_seed
    assert seal_codes(poll.envelope) == ("already_sealed",)
    assert Poll.objects.get().tie_seed == seed


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Autre"},
        {"description": "Autre"},
        {"reference": "999"},
        {"cost_cents": 1},
        {"state": "draft"},
        {"state": "winner", "cost_cents": 1},
        {"territory": "new"},
        {"envelope": "new"},
    ],
    ids=lambda change: "+".join(change),
)
def test_the_database_refuses_to_change_what_stands_on_a_sealed_ballot(change):
    poll = make_poll()
    project = poll.envelope.projects.order_by("reference")[0]
    if "territory" in change:
        change = {"territory": make_territory()}
    if "envelope" in change:
        change = {"envelope": make_envelope(poll.envelope.budget)}
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(**change)


def test_pictures_and_places_may_still_be_added_to_a_sealed_ballot():
    poll = make_poll()
    changed = Project.objects.filter(envelope=poll.envelope).update(
        image="projects/arbre.jpg", address="Place du marché"
    )
    assert changed == 3


def test_nothing_joins_or_leaves_a_sealed_ballot():
    poll = make_poll()
    with pytest.raises(DatabaseError, match="may join"), transaction.atomic():
        make_project(poll.envelope)
    draft = make_project(poll.envelope, state=ProjectState.DRAFT)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Project.objects.filter(pk=draft.pk).update(state=ProjectState.ON_BALLOT)
    elsewhere = make_project(make_envelope(poll.envelope.budget))
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Project.objects.filter(pk=elsewhere.pk).update(envelope=poll.envelope)
    with pytest.raises(DatabaseError, match="may leave"), transaction.atomic():
        poll.envelope.projects.filter(state=ProjectState.ON_BALLOT).delete()
    draft.delete()


def test_the_result_of_a_count_cannot_be_rewritten_in_the_projects():
    tally = make_counted_poll()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Project.objects.filter(envelope=tally.poll.envelope).update(state="winner")


@pytest.mark.parametrize("column", ["amount_cents", "territory", "budget"])
def test_the_database_refuses_to_change_the_envelope_of_a_sealed_vote(column):
    poll = make_poll()
    value = {
        "amount_cents": 1,
        "territory": make_territory,
        "budget": make_budget,
    }[column]
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Envelope.objects.filter(pk=poll.pk).update(
            **{column: value() if callable(value) else value}
        )
    Envelope.objects.filter(pk=poll.pk).update(name="Un meilleur nom")


@pytest.mark.parametrize(
    "change",
    [
        {"tie_seed": "choisi"},
        {"options": {}},
        {"options_sha256": "0"},
        {"public_key": b"0"},
        {"sealed_at": timezone.now()},
    ],
    ids=lambda change: "+".join(change),
)
def test_the_database_refuses_to_change_a_sealed_poll(change):
    make_poll()
    with pytest.raises(DatabaseError, match="poll_frozen"), transaction.atomic():
        Poll.objects.update(**change)


def test_a_sealing_rolled_back_leaves_no_poll():
    envelope = make_envelope(make_budget("examine"))
    make_project(envelope)
    make_board(envelope.budget)
    with transaction.atomic():
        seal_poll(envelope=envelope, actor=make_officer(), at=timezone.now())
        transaction.set_rollback(True)
    assert not Poll.objects.exists()
    assert make_poll(envelope=envelope).pk == envelope.pk
