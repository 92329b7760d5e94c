"""Opening the box and counting: when, once, all or nothing, and to the cent."""

import datetime
import hashlib
import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from django.utils import timezone

from participation.budgets.choices import OnMisfit, ProjectState, Remainder
from participation.budgets.models import (
    Ballot,
    JournalEntry,
    Poll,
    Project,
    Tally,
    VoidBallot,
    VoterRecord,
)
from participation.budgets.services.vote import close_poll, open_box, publish_results
from participation.budgets.services.vote.ceremony import new_secret, public_bytes
from participation.budgets.services.vote.counting import recount
from participation.budgets.services.vote.envelopes import SUITE, ballot_code, envelope_info, seal
from participation.core.models import Follow, Notification
from participation.methods.digest import canonical_json
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import (
    cast,
    close_and_count,
    close_and_open,
    make_budget,
    make_counted_poll,
    make_envelope,
    make_officer,
    make_poll,
    make_project,
    move_to,
    secrets_of,
)
from tests.participation.budgets.refusals import refusal

pytestmark = pytest.mark.django_db


def close_codes(poll, actor=None) -> tuple[str, ...]:
    return refusal(close_poll, poll=poll, actor=actor or make_officer(), at=timezone.now())


def count_codes(poll, actor=None, secrets=None) -> tuple[str, ...]:
    return refusal(
        open_box,
        poll=poll,
        secrets=secrets_of(poll)[:2] if secrets is None else secrets,
        actor=actor or make_officer(),
        at=timezone.now(),
    )


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
    close_poll(poll=poll, actor=make_officer(), at=at)
    tally = open_box(poll=poll, secrets=secrets_of(poll)[:2], actor=make_officer(), at=at)
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


def test_the_vote_closes_and_the_box_opens_after_the_dates_and_for_who_may():
    poll = poll_of({"A": 100}, 1000)
    vote(poll, "A")
    assert close_codes(poll) == ("voting_not_over",)
    assert count_codes(poll) == ("voting_not_over", "not_closed")
    assert close_codes(poll, make_user()) == ("not_allowed", "voting_not_over")
    with connection.cursor() as cursor:  # still a moment to go by the database's clock
        cursor.execute(
            "UPDATE core_phase SET period = tstzrange(lower(period), clock_timestamp()"
            " + interval '20 seconds') WHERE step = 'decide'"
        )
    assert refusal(
        close_poll,
        poll=Poll.objects.get(),
        actor=make_officer(),
        at=timezone.now() + datetime.timedelta(days=400),
    ) == ("voting_not_over",)
    move_to(poll.envelope.budget, "follow")
    poll = Poll.objects.get()
    assert count_codes(poll) == ("not_closed",)
    assert close_codes(poll, make_user()) == ("not_allowed",)
    close_poll(poll=poll, actor=make_officer(), at=timezone.now())
    assert close_codes(poll) == ("already_closed",)
    assert count_codes(poll, make_user()) == ("not_allowed",)
    assert not Tally.objects.exists()


def test_a_box_is_counted_once():
    poll = poll_of({"A": 100}, 1000)
    vote(poll, "A")
    first = close_and_count(poll)
    assert count_codes(poll) == ("already_counted",)
    assert Tally.objects.get().counted_at == first.counted_at


def test_two_members_open_the_box_whoever_they_are_and_one_does_not():
    poll = poll_of({"A": 100}, 1000)
    vote(poll, "A")
    move_to(poll.envelope.budget, "follow")
    close_poll(poll=poll, actor=make_officer(), at=timezone.now())
    one, two, three = secrets_of(poll)
    assert count_codes(poll, secrets=[]) == ("two_secrets",)
    assert count_codes(poll, secrets=[one]) == ("two_secrets",)
    assert count_codes(poll, secrets=[two, two.lower().replace("-", " ")]) == ("same_member",)
    assert count_codes(poll, secrets=[one, new_secret()]) == ("secret_unknown_2",)
    assert count_codes(poll, secrets=[one[:-6], three + "0"]) == (
        "secret_missing_letters_1",
        "secret_extra_letters_2",
    )
    swapped = one[:1] + ("0" if one[1] != "0" else "1") + one[2:]
    assert count_codes(poll, secrets=[swapped, three]) == ("secret_typo_1",)
    assert count_codes(poll, secrets=["?" * 27, three]) == ("secret_strange_letter_1",)
    assert VoterRecord.objects.filter(sealed_ballot__isnull=False).count() == 1
    assert not Ballot.objects.exists()
    for pair in ([one, two], [three, one], [two, three]):
        with transaction.atomic():
            tally = open_box(poll=poll, secrets=pair, actor=make_officer(), at=timezone.now())
            assert tally.ballots == 1
            transaction.set_rollback(True)


def test_a_broken_seal_is_told_and_another_pair_still_opens():
    poll = poll_of({"A": 100}, 1000)
    vote(poll, "A")
    move_to(poll.envelope.budget, "follow")
    close_poll(poll=poll, actor=make_officer(), at=timezone.now())
    poll.board.seals.filter(first_rank=1, second_rank=2).delete()
    one, two, three = secrets_of(poll)
    assert count_codes(poll, secrets=[one, two]) == ("seal_broken",)
    assert open_box(
        poll=poll, secrets=[three, two], actor=make_officer(), at=timezone.now()
    ).ballots


def put(poll, sealed: bytes) -> None:
    """Replace one sealed envelope in the roll, as somebody with the database could."""
    record = VoterRecord.objects.filter(poll=poll).order_by("voter_id").last()
    VoterRecord.objects.filter(poll=poll, voter_id=record.voter_id).update(sealed_ballot=sealed)


def sealed_for(poll, choices, *, poll_id=None, public_key=None, points=None, code=None) -> bytes:
    return seal(
        public_key=public_key or bytes(poll.public_key),
        poll_id=poll_id or poll.pk,
        choices=choices,
        points=points,
        code=code or ballot_code(poll_id=poll.pk, cast_key=uuid.uuid4()),
        length=256,
    )


def sealed_text(poll, text: str) -> bytes:
    key = X25519PublicKey.from_public_bytes(bytes(poll.public_key))
    return SUITE.encrypt(text.encode().ljust(256), key, envelope_info(poll.pk))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("garbage", "unreadable"),
        ("short", "unreadable"),
        ("other_key", "unreadable"),
        ("other_poll", "unreadable"),
        ("claims_other_poll", "unreadable"),
        ("not_json", "unreadable"),
        ("wrong_shape", "unreadable"),
        ("huge_number", "unreadable"),
        ("deep", "unreadable"),
        ("lower_case_code", "unreadable"),
        ("too_many", "too_many"),
        ("too_few", "too_few"),
        ("unknown", "unknown_project"),
        ("repeated", "repeated_project"),
        ("points", "wrong_points"),
        ("copy", "repeated_code"),
    ],
)
def test_an_envelope_that_is_not_a_valid_ballot_is_void_and_published_with_its_reason(
    fault, reason
):
    poll = poll_of({"A": 100, "B": 100}, 1000, max_choices=1)
    vote(poll, "A", 3)
    one, two = [project.pk for project in poll.envelope.projects.order_by("reference")]
    stranger = public_bytes(X25519PrivateKey.generate())
    form = '{"c":[%s],"e":%s,"p":null,"r":"%s"}'
    sealed = {
        "garbage": lambda: b"\x00" * 304,
        "short": lambda: b"\x00",
        "other_key": lambda: sealed_for(poll, [one], public_key=stranger),
        "other_poll": lambda: sealed_for(poll, [one], poll_id=poll.pk + 1),
        "claims_other_poll": lambda: sealed_text(poll, form % (one, poll.pk + 1, "A" * 24)),
        "not_json": lambda: sealed_text(poll, "A B C"),
        "wrong_shape": lambda: sealed_text(poll, form % ('"1"', poll.pk, "A" * 24)),
        "deep": lambda: sealed_text(poll, "[" * 5_000),
        "huge_number": lambda: sealed_text(poll, form % (2**64, poll.pk, "A" * 24)),
        "lower_case_code": lambda: sealed_text(poll, form % (one, poll.pk, "a" * 24)),
        "too_many": lambda: sealed_for(poll, [one, two]),
        "too_few": lambda: sealed_for(poll, []),
        "unknown": lambda: sealed_for(poll, [one + 10_000]),
        "repeated": lambda: sealed_for(poll, [one, one]),
        "points": lambda: sealed_for(poll, [one], points=[3]),
        "copy": lambda: bytes(VoterRecord.objects.order_by("voter_id").first().sealed_ballot),
    }[fault]()
    put(poll, sealed)
    tally = close_and_count(poll)
    assert (tally.voters, tally.ballots, tally.void) == (3, 2, 1)
    assert outcome()["A"] == ("winner", 2, 1)
    void = VoidBallot.objects.get()
    # The first fault found names a ballot that has several: more than one project, twice the same.
    assert void.reason == reason
    if reason == "unreadable":
        assert void.code == hashlib.sha256(sealed).hexdigest()
    else:
        assert len(void.code) == 24


def test_a_count_that_fails_midway_leaves_nothing():
    poll = poll_of({"A": 100, "B": 100}, 1000)
    vote(poll, "A", 2)
    move_to(poll.envelope.budget, "follow")
    officer, secrets = make_officer(), secrets_of(poll)
    close_poll(poll=poll, actor=officer, at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'power cut'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER cut BEFORE INSERT ON budgets_tally FOR EACH ROW EXECUTE FUNCTION cut()"
        )
    with pytest.raises(DatabaseError, match="power cut"):
        open_box(poll=poll, secrets=secrets[:2], actor=officer, at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION cut CASCADE")
    assert not Ballot.objects.exists()
    assert not Tally.objects.exists()
    assert VoterRecord.objects.filter(sealed_ballot__isnull=False).count() == 2
    assert set(outcome().values()) == {("on_ballot", None, None)}
    assert Poll.objects.get().opened_at is None
    assert JournalEntry.objects.filter(kind="count").count() == 0
    assert open_box(poll=poll, secrets=secrets[1:], actor=officer, at=timezone.now()).ballots == 2


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
    close_and_open(second, officer=officer)
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
