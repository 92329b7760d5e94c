"""Several connections at once, committed for real: the database keeps one ballot per person."""

import threading
import time
import uuid
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from participation.budgets.models import Ballot, JournalEntry, Poll, Tally, VoterRecord
from participation.budgets.services.ideas import IdeaData, submit_idea
from participation.budgets.services.vote import (
    Receipt,
    cast_ballot,
    close_poll,
    mark_paper,
    open_box,
    seal_poll,
)
from participation.core.models import Contribution, Notification
from participation.core.verdict import Refused
from participation.electors.models import Elector
from tests.factories.accounts import make_user
from tests.factories.budgets import (
    cast,
    elector_of,
    make_board,
    make_budget,
    make_envelope,
    make_officer,
    make_poll,
    make_project,
    move_to,
    secrets_of,
)
from tests.participation.budgets.committed import at_once

pytestmark = pytest.mark.usefixtures("committed")


def keys_of(poll) -> list[int]:
    return [project.pk for project in poll.envelope.projects.order_by("reference")]


def test_64_casts_by_one_voter_make_one_line_and_the_last_counts():
    poll = make_poll(projects=8)
    voter, keys = elector_of(poll, make_user()), keys_of(poll)
    receipts = at_once(
        [
            partial(
                cast_ballot, poll=poll, voter=voter, choices=[keys[n % 8]], cast_key=uuid.uuid4()
            )
            for n in range(64)
        ]
    )
    assert [type(receipt) for receipt in receipts] == [Receipt] * 64
    record = VoterRecord.objects.get()
    assert record.casts == 64
    assert len(set(record.cast_keys)) == 64
    assert record.deposit_code in {receipt.deposit_code for receipt in receipts}
    assert len({receipt.deposit_code for receipt in receipts}) == 64
    kinds = list(JournalEntry.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["open", "cast", *["recast"] * 63]
    assert sum(not receipt.recast for receipt in receipts) == 1


def test_one_form_sent_32_times_at_once_makes_one_ballot_one_receipt_one_mail():
    poll = make_poll()
    account = make_user()
    voter, key = elector_of(poll, account), uuid.uuid4()
    receipts = at_once(
        [partial(cast_ballot, poll=poll, voter=voter, choices=keys_of(poll)[:1], cast_key=key)] * 32
    )
    assert len(set(receipts)) == 1
    assert isinstance(receipts[0], Receipt)
    record = VoterRecord.objects.get()
    assert (record.casts, record.deposit_code) == (1, receipts[0].deposit_code)
    assert Notification.objects.filter(recipient=account).count() == 1


def test_the_first_form_of_an_account_sent_16_times_at_once_makes_one_elector_and_one_ballot():
    poll, account, key = make_poll(), make_user(), uuid.uuid4()
    receipts = at_once(
        [
            partial(
                cast_ballot,
                poll=poll,
                voter=None,
                account=account,
                choices=keys_of(poll)[:1],
                cast_key=key,
            )
        ]
        * 16
    )
    assert len(set(receipts)) == 1
    assert isinstance(receipts[0], Receipt)
    elector = Elector.objects.get()
    assert (elector.account, elector.ways) == (account, ["account"])
    record = VoterRecord.objects.get()
    assert (record.voter, record.casts) == (elector, 1)
    assert Notification.objects.filter(recipient=account).count() == 1


def test_two_accounts_of_one_mailbox_that_vote_at_once_are_one_person():
    poll = make_poll()
    accounts = [make_user(email=f"camille+{number}@example.org") for number in range(4)]
    results = at_once(
        [
            partial(
                cast_ballot,
                poll=poll,
                voter=None,
                account=account,
                choices=keys_of(poll)[:1],
                cast_key=uuid.uuid4(),
            )
            for account in accounts
        ]
    )
    assert sum(isinstance(result, Receipt) for result in results) == 1
    assert {result.verdict.codes for result in results if isinstance(result, Refused)} == {
        ("already_known",)
    }
    assert (Elector.objects.count(), VoterRecord.objects.count()) == (1, 1)
    assert Notification.objects.filter(kind="ballot-deposited").count() == 1


def test_no_receipt_is_given_before_its_ballot_is_on_the_disk():
    """Neither the first one nor the one of a retry, whose ballot another request may just have
    committed. The cast itself does not wait: the poll is not held for so long."""
    poll = make_poll()
    voter, key = elector_of(poll, make_user()), uuid.uuid4()
    written: list[str] = []
    waits: list[str] = []

    def watch(execute, sql, params, many, context):
        if "budgets_cast(" in sql:
            written.append(context["cursor"].mogrify(sql, params))
        if "pg_logical_emit_message" in sql:
            assert not connection.in_atomic_block
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
                waits.extend(cursor.fetchone())
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")  # tests run without
    try:
        for times in (1, 2):
            with connection.execute_wrapper(watch):
                cast_ballot(poll=poll, voter=voter, choices=keys_of(poll)[:1], cast_key=key)
            assert len(waits) == times
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", [waits[-1]])
                assert cursor.fetchone() == (True,)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")
    assert len(written) == 1
    assert "coalesce('off'," in written[0]


def test_two_forms_with_one_key_and_other_choices_keep_one():
    poll = make_poll()
    voter, key, keys = elector_of(poll, make_user()), uuid.uuid4(), keys_of(poll)
    results = at_once(
        [
            partial(cast_ballot, poll=poll, voter=voter, choices=[choice], cast_key=key)
            for choice in keys[:2]
        ]
        * 4,
        threads=8,
    )
    receipts = [result for result in results if isinstance(result, Receipt)]
    refused = [result for result in results if isinstance(result, Refused)]
    assert (len(receipts), len(refused)) == (4, 4)
    assert {result.verdict.codes for result in refused} == {("key_reused",)}
    assert len(set(receipts)) == 1


def test_no_cast_slips_past_the_close():
    """Casts go on while the vote ends and the box is opened: every receipt given is counted."""
    budget = make_budget("decide")
    poll = make_poll(budget)
    voters = [elector_of(poll, make_user()) for _ in range(40)]
    officer, keys, secrets = make_officer(), keys_of(poll), secrets_of(poll)
    early = cast_ballot(poll=poll, voter=voters.pop(), choices=keys[:1], cast_key=uuid.uuid4())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_phase WHERE step = 'follow'")
        cursor.execute(
            "UPDATE core_phase SET period = tstzrange(lower(period),"
            " clock_timestamp() + interval '500 milliseconds') WHERE step = 'decide'"
        )

    def cast_slowly(voter, number):
        time.sleep(number * 0.05)
        return cast_ballot(
            poll=Poll.objects.get(), voter=voter, choices=keys[:1], cast_key=uuid.uuid4()
        )

    def count():
        for _ in range(2000):
            try:
                close_poll(poll=Poll.objects.get(), actor=officer, at=timezone.now())
                return open_box(
                    poll=Poll.objects.get(), secrets=secrets[:2], actor=officer, at=timezone.now()
                )
            except Refused:
                time.sleep(0.01)
        return None

    results = at_once(
        [count, *(partial(cast_slowly, voter, n) for n, voter in enumerate(voters))], threads=8
    )
    tally, casts = results[0], results[1:]
    receipts = {result.deposit_code for result in (early, *casts) if isinstance(result, Receipt)}
    refused = [result for result in casts if not isinstance(result, Receipt)]
    assert {result.verdict.codes for result in refused} == {("voting_closed",)}
    assert 0 < len(receipts) < 40
    assert isinstance(tally, Tally)
    assert tally.ballots == Ballot.objects.count() == len(receipts)
    assert set(VoterRecord.objects.values_list("deposit_code", flat=True)) == receipts


def test_the_count_waits_for_a_cast_under_way():
    """A ballot taken before the close and committed after the count began is in the count."""
    poll = make_poll()
    voter, officer, secrets = elector_of(poll, make_user()), make_officer(), secrets_of(poll)
    held, go_on = threading.Event(), threading.Event()

    def slow_cast():
        from django.db import transaction

        with transaction.atomic():
            receipt = cast_ballot(
                poll=poll, voter=voter, choices=keys_of(poll)[:1], cast_key=uuid.uuid4()
            )
            held.set()
            go_on.wait(10)
        return receipt

    def count():
        held.wait(10)
        # The close waits for the cast under way.
        threading.Timer(0.3, go_on.set).start()
        move_to(poll.envelope.budget, "follow")
        close_poll(poll=Poll.objects.get(), actor=officer, at=timezone.now())
        return open_box(
            poll=Poll.objects.get(), secrets=secrets[1:], actor=officer, at=timezone.now()
        )

    receipt, tally = at_once([slow_cast, count], threads=2)
    assert isinstance(receipt, Receipt)
    assert (tally.voters, tally.ballots) == (1, 1)


def test_two_counts_at_once_make_one():
    poll = make_poll()
    for _ in range(5):
        cast(poll, poll.envelope.projects.order_by("reference")[:1])
    move_to(poll.envelope.budget, "follow")
    officer, secrets = make_officer(), secrets_of(poll)
    close_poll(poll=poll, actor=officer, at=timezone.now())
    results = at_once(
        [
            lambda: open_box(
                poll=Poll.objects.get(), secrets=secrets[:2], actor=officer, at=timezone.now()
            )
            for _ in range(6)
        ],
        threads=6,
    )
    assert sum(isinstance(result, Tally) for result in results) == 1
    assert {result.verdict.codes for result in results if isinstance(result, Refused)} == {
        ("already_counted",)
    }
    assert Ballot.objects.count() == 5


def test_two_sealings_at_once_make_one():
    envelope = make_envelope(make_budget("examine"))
    make_project(envelope)
    officer = make_officer()
    make_board(envelope.budget, officer=officer)
    results = at_once(
        [lambda: seal_poll(envelope=envelope, actor=officer, at=timezone.now())] * 4, threads=4
    )
    assert sum(isinstance(result, Poll) for result in results) == 1
    assert {result.verdict.codes for result in results if isinstance(result, Refused)} == {
        ("already_sealed",)
    }


def test_two_desks_that_mark_one_person_at_once_make_one_mark():
    poll = make_poll()
    voter, agent = elector_of(poll, make_user()), make_officer()
    results = at_once(
        [
            partial(
                mark_paper,
                poll=poll,
                voter=voter,
                desk_label=f"Bureau {number}",
                actor=agent,
                at=timezone.now(),
            )
            for number in range(6)
        ],
        threads=6,
    )
    marked = [result for result in results if isinstance(result, VoterRecord)]
    assert len(marked) == 1
    refused = [result for result in results if isinstance(result, Refused)]
    assert {result.verdict.codes for result in refused} == {("already_marked",)}
    assert all(marked[0].desk in str(result.verdict.refusals[0]) for result in refused)
    assert JournalEntry.objects.filter(kind="paper").count() == 1


def test_web_and_paper_at_once_leave_one_line_and_a_journal_that_says_which():
    """Paper prevails: whichever came first, the line is a mark and no envelope is left."""
    poll = make_poll()
    voter, agent, keys = elector_of(poll, make_user()), make_officer(), keys_of(poll)
    web = [
        partial(cast_ballot, poll=poll, voter=voter, choices=[keys[0]], cast_key=uuid.uuid4())
        for _ in range(7)
    ]
    paper = partial(
        mark_paper, poll=poll, voter=voter, desk_label="Mairie", actor=agent, at=timezone.now()
    )
    results = at_once([*web[:3], paper, *web[3:]], threads=8)
    casts = sum(isinstance(result, Receipt) for result in results)
    refused = [result for result in results if isinstance(result, Refused)]
    assert {result.verdict.codes for result in refused} <= {("voted_on_paper",)}
    assert casts + len(refused) == 7
    record = VoterRecord.objects.get()
    assert (record.channel, record.sealed_ballot) == ("paper", None)
    kinds = list(JournalEntry.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == [
        "open",
        *["cast"] * min(casts, 1),
        *["recast"] * max(casts - 1, 0),
        *["cancel"] * min(casts, 1),
        "paper",
    ]


def test_a_double_click_on_submit_makes_one_idea_and_one_receipt():
    budget = make_budget()
    author, key = make_user(), uuid.uuid4()
    data = IdeaData(title="Un banc", body="Devant l’école.")
    ideas = at_once(
        [
            partial(
                submit_idea,
                budget=budget,
                author=author,
                data=data,
                submission_key=key,
                at=timezone.now(),
            )
        ]
        * 8
    )
    assert len({idea.pk for idea in ideas}) == 1
    assert Contribution.objects.count() == 1
    assert Notification.objects.count() == 1


def test_the_limit_of_ideas_holds_when_several_forms_are_sent_at_once():
    budget = make_budget(ideas_per_person=2)
    author = make_user()
    results = at_once(
        [
            partial(
                submit_idea,
                budget=budget,
                author=author,
                data=IdeaData(title=f"Idée {number}", body="Texte"),
                submission_key=uuid.uuid4(),
                at=timezone.now(),
            )
            for number in range(8)
        ]
    )
    assert Contribution.objects.count() == 2
    assert {result.verdict.codes for result in results if isinstance(result, Refused)} == {
        ("too_many_ideas",)
    }
