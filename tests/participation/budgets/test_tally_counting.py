"""Opening the box and counting: when, once, all or nothing, and to the cent."""

import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from django.utils import timezone
from nacl.public import PrivateKey, PublicKey, SealedBox

from participation.budgets.choices import OnMisfit, ProjectState, Remainder
from participation.budgets.models import Ballot, Poll, Project, Tally, VoterRecord
from participation.budgets.services.vote import open_and_count, publish_results
from participation.budgets.services.vote.counting import recount
from participation.budgets.services.vote.envelopes import seal
from participation.budgets.services.vote.keys import key_path
from participation.core.models import Follow, Notification
from participation.methods.digest import canonical_json
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import (
    cast,
    close_and_count,
    make_budget,
    make_counted_poll,
    make_envelope,
    make_officer,
    make_poll,
    make_project,
    move_to,
)
from tests.participation.budgets.refusals import refusal

pytestmark = pytest.mark.django_db


def count_codes(poll, actor=None) -> tuple[str, ...]:
    return refusal(open_and_count, poll=poll, actor=actor or make_officer(), at=timezone.now())


def vote(poll, references, voters=1) -> None:
    chosen = list(poll.envelope.projects.filter(reference__in=references.split()))
    assert len(chosen) == len(references.split())
    for _ in range(voters):
        cast(poll, chosen)


def poll_of(costs, amount, **fields):
    envelope = make_envelope(make_budget("decide", **fields), amount_cents=amount)
    for reference, cost in costs.items():
        make_project(envelope, reference=reference, cost_cents=cost)
    return make_poll(envelope=envelope)


def outcome() -> dict[str, tuple]:
    return {
        reference: (state, votes, rank)
        for reference, state, votes, rank in Project.objects.order_by("reference").values_list(
            "reference", "state", "votes", "rank"
        )
    }


def test_the_most_voted_that_fit_win_and_the_accounts_are_exact():
    poll = poll_of({"A": 600, "B": 500, "C": 300, "D": 100}, 1000, max_choices=3)
    vote(poll, "A B C", 3)
    vote(poll, "B C")
    vote(poll, "B")
    at = timezone.now()
    move_to(poll.envelope.budget, "follow")
    tally = open_and_count(poll=poll, actor=make_officer(), at=at)
    # B (5 votes, 500), then C (4, 300); A (3, 600) no longer fits; D has no vote.
    assert outcome() == {
        "A": ("not_selected", 3, 3),
        "B": ("winner", 5, 1),
        "C": ("winner", 4, 2),
        "D": ("not_selected", 0, 4),
    }
    assert (tally.voters, tally.ballots, tally.blank, tally.void) == (5, 5, 0, 0)
    assert (tally.spent_cents, tally.counted_at) == (800, at)
    assert tally.result["winners"] == ["B", "C"]
    assert Poll.objects.get().opened_at == at
    assert Project.objects.filter(points__isnull=False).count() == 0


def test_the_frozen_rule_is_counted_whatever_the_budget_says_since():
    poll = poll_of({"A": 600, "B": 500, "C": 300}, 1000, on_misfit=OnMisfit.STOP)
    vote(poll, "B", 3)
    vote(poll, "A", 2)
    vote(poll, "C", 1)
    type(poll.envelope.budget).objects.update(on_misfit=OnMisfit.SKIP, minimum_votes=2)
    tally = close_and_count(poll)
    assert tally.result["winners"] == ["B"]


def test_ties_go_to_the_lowest_cost_then_to_the_lot_drawn_at_the_sealing():
    poll = poll_of({"A": 500, "B": 500, "C": 400}, 900)
    vote(poll, "A B C", 2)
    tally = close_and_count(poll)
    first = min("AB", key=poll.options["lot"].get)
    assert tally.result["winners"] == ["C", first]


def test_neighbourhoods_spend_their_share_then_what_is_left():
    budget = make_budget("decide", district_quota_cents=400, remainder=Remainder.POOLED)
    envelope = make_envelope(budget, amount_cents=1000)
    here, there = make_territory(code="N1"), make_territory(code="N2")
    make_project(envelope, reference="A", cost_cents=400, territory=here)
    make_project(envelope, reference="B", cost_cents=300, territory=here)
    make_project(envelope, reference="C", cost_cents=200, territory=there)
    make_project(envelope, reference="D", cost_cents=400, territory=None)
    poll = make_poll(envelope=envelope)
    vote(poll, "A B", 5)
    vote(poll, "D", 4)
    vote(poll, "C", 1)
    tally = close_and_count(poll)
    # N1 takes B (cheaper at 5 votes); N2 takes C; 500 left: A (5 votes, 400), then nothing fits.
    assert tally.result["winners"] == ["B", "C", "A"]
    assert tally.spent_cents == 900


def test_a_replaced_ballot_counts_once_as_it_was_last():
    poll = poll_of({"A": 100, "B": 100}, 1000)
    voter = make_user()
    first, second = poll.envelope.projects.order_by("reference")
    cast(poll, [first], voter)
    cast(poll, [second], voter)
    tally = close_and_count(poll)
    assert outcome() == {"A": ("not_selected", 0, 2), "B": ("winner", 1, 1)}
    assert (tally.voters, Ballot.objects.count()) == (1, 1)


def test_an_empty_box_is_a_result():
    poll = poll_of({"A": 100}, 1000)
    tally = close_and_count(poll)
    assert (tally.voters, tally.ballots, tally.spent_cents) == (0, 0, 0)
    assert outcome() == {"A": ("not_selected", 0, 1)}


def test_the_box_opens_only_after_the_close_and_for_who_may():
    poll = poll_of({"A": 100}, 1000)
    vote(poll, "A")
    assert count_codes(poll) == ("voting_not_over",)
    assert count_codes(poll, make_user()) == ("not_allowed", "voting_not_over")
    with connection.cursor() as cursor:  # still a moment to go by the database's clock
        cursor.execute(
            "UPDATE core_phase SET period = tstzrange(lower(period), clock_timestamp()"
            " + interval '20 seconds') WHERE step = 'decide'"
        )
    assert refusal(
        open_and_count,
        poll=Poll.objects.get(),
        actor=make_officer(),
        at=timezone.now() + datetime.timedelta(days=400),
    ) == ("voting_not_over",)
    move_to(poll.envelope.budget, "follow")
    assert count_codes(Poll.objects.get(), make_user()) == ("not_allowed",)
    assert not Tally.objects.exists()


def test_a_box_is_counted_once():
    poll = poll_of({"A": 100}, 1000)
    vote(poll, "A")
    first = close_and_count(poll)
    assert count_codes(poll) == ("already_counted",)
    assert Tally.objects.get().counted_at == first.counted_at


def test_without_its_key_the_box_stays_shut():
    poll = poll_of({"A": 100}, 1000)
    vote(poll, "A")
    move_to(poll.envelope.budget, "follow")
    path = key_path(bytes(poll.public_key))
    held = path.read_bytes()
    path.unlink()
    assert count_codes(poll) == ("key_missing",)
    path.write_bytes(bytes(PrivateKey.generate()).hex().encode())
    assert count_codes(poll) == ("key_wrong",)
    path.write_bytes(b"\xff not a key")
    assert count_codes(poll) == ("key_wrong",)
    assert VoterRecord.objects.filter(sealed_ballot__isnull=False).count() == 1
    assert not Ballot.objects.exists()
    path.write_bytes(held)
    assert open_and_count(poll=poll, actor=make_officer(), at=timezone.now()).ballots == 1


def test_a_missing_key_is_told_with_the_name_of_its_file():
    poll = poll_of({"A": 100}, 1000)
    move_to(poll.envelope.budget, "follow")
    path: Path = key_path(bytes(poll.public_key))
    path.rename(path.with_suffix(".away"))
    with pytest.raises(Exception, match=path.name):
        open_and_count(poll=poll, actor=make_officer(), at=timezone.now())
    assert str(settings.BALLOT_KEYS_DIR) not in path.name


def put(poll, sealed: bytes) -> None:
    """Replace one sealed envelope in the roll, as somebody with the database could."""
    record = VoterRecord.objects.filter(poll=poll).order_by("voter_id").last()
    VoterRecord.objects.filter(poll=poll, voter_id=record.voter_id).update(sealed_ballot=sealed)


@pytest.mark.parametrize(
    "fault",
    ["garbage", "other_key", "too_many", "unknown", "repeated", "not_json", "wrong_shape", "copy"],
)
def test_an_envelope_that_is_not_a_valid_ballot_is_void_and_counted_as_such(fault):
    poll = poll_of({"A": 100, "B": 100}, 1000, max_choices=1)
    vote(poll, "A", 3)
    one, two = [project.pk for project in poll.envelope.projects.order_by("reference")]
    public = bytes(poll.public_key)

    def sealed(choices) -> bytes:
        return seal(public_key=public, poll_id=poll.pk, choices=choices, length=256)

    box = SealedBox(PublicKey(public))
    put(
        poll,
        {
            "garbage": lambda: b"\x00" * 304,
            "other_key": lambda: seal(
                public_key=bytes(PrivateKey.generate().public_key),
                poll_id=poll.pk,
                choices=[one],
                length=256,
            ),
            "too_many": lambda: sealed([one, two]),
            "unknown": lambda: sealed([one + 10_000]),
            "repeated": lambda: sealed([one, one]),
            "not_json": lambda: box.encrypt(b"A B C"),
            "wrong_shape": lambda: box.encrypt(b'{"choices":["1"],"code":"X","poll":%d}' % poll.pk),
            "copy": lambda: bytes(VoterRecord.objects.order_by("voter_id").first().sealed_ballot),
        }[fault](),
    )
    tally = close_and_count(poll)
    assert (tally.voters, tally.ballots, tally.void) == (3, 2, 1)
    assert outcome()["A"] == ("winner", 2, 1)


def test_a_ballot_of_another_vote_is_void():
    """An envelope copied from one roll to another is not counted there."""
    poll = poll_of({"A": 100}, 1000)
    vote(poll, "A", 2)
    project = poll.envelope.projects.get()
    put(
        poll,
        seal(
            public_key=bytes(poll.public_key),
            poll_id=poll.pk + 1,
            choices=[project.pk],
            length=256,
        ),
    )
    assert close_and_count(poll).void == 1


def test_a_count_that_fails_midway_leaves_nothing():
    poll = poll_of({"A": 100, "B": 100}, 1000)
    vote(poll, "A", 2)
    move_to(poll.envelope.budget, "follow")
    officer = make_officer()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'power cut'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER cut BEFORE INSERT ON budgets_tally FOR EACH ROW EXECUTE FUNCTION cut()"
        )
    with pytest.raises(DatabaseError, match="power cut"):
        open_and_count(poll=poll, actor=officer, at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION cut CASCADE")
    assert not Ballot.objects.exists()
    assert not Tally.objects.exists()
    assert VoterRecord.objects.filter(sealed_ballot__isnull=False).count() == 2
    assert set(outcome().values()) == {("on_ballot", None, None)}
    assert Poll.objects.get().opened_at is None
    assert open_and_count(poll=poll, actor=make_officer(), at=timezone.now()).ballots == 2


def test_a_recount_of_the_box_gives_the_same_result_to_the_byte():
    poll = poll_of({"A": 600, "B": 500, "C": 300, "D": 100}, 1000, max_choices=3)
    vote(poll, "A B C", 2)
    vote(poll, "D", 1)
    tally = close_and_count(poll)
    result, _points = recount(poll=poll)
    assert result.to_json() == canonical_json(tally.result)
    assert result.input_sha256 == tally.input_sha256


def test_ballots_and_tallies_are_never_changed_and_none_is_added_after_the_count():
    tally = make_counted_poll()
    for query in (
        Ballot.objects.all().delete,
        lambda: Ballot.objects.update(choices=[]),
        Tally.objects.all().delete,
        lambda: Tally.objects.update(voters=0),
        lambda: Ballot.objects.create(poll=tally.poll, code="AJOUT", choices=[]),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            query()
    assert Ballot.objects.count() == 6


def test_totals_that_do_not_agree_cannot_be_written():
    poll = make_poll()
    totals = {"spent_cents": 0, "counted_at": timezone.now(), "result": {}}
    for faulty in (
        {"voters": 3, "ballots": 2, "void": 0, "blank": 0},
        {"voters": 2, "ballots": 2, "void": 0, "blank": 3},
    ):
        with pytest.raises(IntegrityError, match="tally_"), transaction.atomic():
            Tally.objects.create(poll=poll, **totals, **faulty)


def test_publishing_needs_every_vote_counted_and_happens_once():
    budget = make_budget("decide")
    officer = make_officer()

    def codes(actor=officer):
        return refusal(publish_results, budget=budget, actor=actor, at=timezone.now())

    assert codes() == ("no_poll",)
    first = make_poll(envelope=make_envelope(budget))
    second = make_poll(envelope=make_envelope(budget))
    close_and_count(first, published=False)
    assert codes() == ("not_all_counted",)
    open_and_count(poll=second, actor=officer, at=timezone.now())
    assert codes(make_user()) == ("not_allowed",)
    at = timezone.now()
    publish_results(budget=budget, actor=officer, at=at)
    budget.refresh_from_db()
    assert budget.results_published_at == at
    assert codes() == ("results_already_published",)


def test_publishing_tells_who_follows_the_budget_or_its_process_once():
    budget = make_budget("decide")
    both, one, nobody = make_user(), make_user(), make_user()
    now = timezone.now()
    Follow.objects.create(user=both, activity=budget.activity, created_at=now)
    Follow.objects.create(user=both, process=budget.activity.process, created_at=now)
    Follow.objects.create(user=one, process=budget.activity.process, created_at=now)
    make_counted_poll(budget)
    told = Notification.objects.filter(kind="results-published").order_by("recipient")
    assert [notification.recipient for notification in told] == [both, one]
    assert nobody not in [notification.recipient for notification in told]
    assert told[0].path == f"/budget/{budget.activity.slug}/resultats/"


def test_a_published_winner_is_a_winner_of_the_tally():
    tally = make_counted_poll()
    winners = Project.objects.filter(state=ProjectState.WINNER).order_by("rank")
    assert [project.reference for project in winners] == tally.result["winners"]
