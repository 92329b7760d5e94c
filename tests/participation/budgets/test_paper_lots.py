"""Paper lots: keyed twice, blind, compared rank by rank; a difference never reaches the box."""

import subprocess

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from participation.budgets.choices import LotState
from participation.budgets.models import (
    Ballot,
    OfficialRecord,
    PaperArbitration,
    PaperEntry,
    PaperLot,
    Poll,
    VoidBallot,
)
from participation.budgets.policies import may_publish_results
from participation.budgets.presentation.minutes import parts_of
from participation.budgets.queries.paper import (
    accepted_paper_ballots,
    differences,
    drawn_ballots,
    own_entries,
    paper_balance,
)
from participation.budgets.services.paper.audits import (
    draw_audit,
    explain_difference,
    record_check,
)
from participation.budgets.services.paper.lots import (
    correct_lot,
    finish_pass,
    key_again,
    key_ballot,
    make_lot,
    settle,
    take_pass,
    undo_ballot,
)
from participation.budgets.services.vote import close_poll, open_box
from tests.factories.accounts import make_user
from tests.factories.budgets import make_officer, move_to, secrets_of
from tests.factories.paper import key, lot_of, make_keyer, make_paper_poll
from tests.participation.budgets.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_paper_poll()


def test_two_equal_passes_accept_the_lot_and_give_its_ballots_their_codes(poll):
    lot = lot_of(poll)
    ids = {project.reference: project.pk for project in poll.envelope.projects.all()}
    key(lot, make_keyer(), ["1 2", "3", "n7"])
    assert accepted_paper_ballots(poll=poll) == []
    assert key(lot, make_keyer(), ["2 1", "003", "N7"]).state == LotState.ACCEPTED
    first, second, third = accepted_paper_ballots(poll=poll)
    assert (first.code, first.choices) == ("P-001-01", tuple(sorted([ids["001"], ids["002"]])))
    assert (second.code, second.choices, second.void_reason) == ("P-001-02", (ids["003"],), "")
    assert (third.code, third.choices, third.void_reason) == ("P-001-03", (), "unclear")


def test_two_passes_that_differ_at_one_rank_never_reach_the_box(poll):
    """P11: neither the difference nor the ranks that agree, nor by writing in the database."""
    lot = lot_of(poll)
    key(lot, make_keyer(), ["1 2", "3", "4"])
    lot = key(lot, make_keyer(), ["1 2", "3", "5"])
    assert lot.state == LotState.DIFFERING
    assert accepted_paper_ballots(poll=poll) == []
    assert [each.code for each in differences(lot=lot)] == ["P-001-03"]
    with pytest.raises(IntegrityError, match="two passes of the lot differ"), transaction.atomic():
        PaperLot.objects.filter(pk=lot.pk).update(state=LotState.ACCEPTED)
    assert accepted_paper_ballots(poll=poll) == []


def test_a_lot_with_one_pass_alone_cannot_be_accepted_by_the_database(poll):
    lot = lot_of(poll)
    key(lot, make_keyer(), ["1", "2", "3"])
    with pytest.raises(IntegrityError, match="two passes of the lot differ"), transaction.atomic():
        PaperLot.objects.filter(pk=lot.pk).update(state=LotState.ACCEPTED)


def test_a_third_person_settles_each_difference_with_a_note(poll):
    lot = lot_of(poll)
    first, second, third = make_keyer(), make_keyer(), make_keyer()
    key(lot, first, ["1 2", "3", "4"])
    key(lot, second, ["1 5", "3", "5"])
    for keyer in (first, second):
        assert refusal(settle, lot=lot, rank=1, line="1 2", note="Lu", actor=keyer) == ("own_lot",)
    assert refusal(settle, lot=lot, rank=1, line="1 2", note=" ", actor=third) == ("note_missing",)
    assert refusal(settle, lot=lot, rank=2, line="3", note="Lu", actor=third) == (
        "nothing_to_settle",
    )
    settle(lot=lot, rank=1, line="1 2", note="Le 5 est une rature.", actor=third)
    assert accepted_paper_ballots(poll=poll) == []
    settle(lot=lot, rank=3, line="n7", note="Deux chiffres superposés.", actor=third)
    lot.refresh_from_db()
    assert lot.state == LotState.ACCEPTED
    assert [ballot.void_reason for ballot in accepted_paper_ballots(poll=poll)] == [
        "",
        "",
        "unclear",
    ]


def test_the_database_refuses_one_agent_for_both_passes_and_a_keyer_as_third_person(poll):
    lot, agent = lot_of(poll), make_keyer()
    with pytest.raises(IntegrityError, match="paper_lot_two_keyers"), transaction.atomic():
        PaperLot.objects.filter(pk=lot.pk).update(first_keyer=agent, second_keyer=agent)
    key(lot, agent, ["1", "2", "3"])
    assert refusal(take_pass, lot=lot, actor=agent) == ("pass_done",)
    with pytest.raises(IntegrityError, match="belongs to another agent"), transaction.atomic():
        PaperEntry.objects.create(
            lot=lot, rank=1, pass_number=2, choices=[], keyed_by=agent, void_reason="unclear"
        )
    key(lot, make_keyer(), ["1", "2", "4"])
    with pytest.raises(IntegrityError, match="one of its keyers"), transaction.atomic():
        PaperArbitration.objects.create(
            lot=lot, rank=3, choices=[], void_reason="unclear", note="Lu", decided_by=agent
        )


def test_nothing_changes_in_an_accepted_lot(poll):
    lot = lot_of(poll)
    key(lot, make_keyer(), ["1", "2", "3"])
    lot = key(lot, make_keyer(), ["1", "2", "3"])
    for tamper in (
        lambda: PaperEntry.objects.filter(lot=lot).delete(),
        lambda: PaperLot.objects.filter(pk=lot.pk).update(state="keying"),
        lambda: PaperLot.objects.filter(pk=lot.pk).update(sealed_count=2),
    ):
        with pytest.raises(IntegrityError, match="nothing changes in it"), transaction.atomic():
            tamper()
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        PaperEntry.objects.filter(lot=lot).update(choices=[])
    with (
        pytest.raises(ProgrammingError, match="Cannot delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM budgets_paperlot")
    assert refusal(
        key_again,
        lot=lot,
        pass_number=1,
        reason="Non",
        actor=make_officer(),
        at=timezone.now(),
    ) == ("lot_accepted",)


def test_a_keyer_reads_nothing_of_the_other_pass(poll):
    lot, first, second = lot_of(poll), make_keyer(), make_keyer()
    key(lot, first, ["1", "2", "3"])
    take_pass(lot=lot, actor=second)
    lot.refresh_from_db()
    assert own_entries(lot=lot, user=second) == []
    assert own_entries(lot=lot, user=make_keyer()) == []
    assert differences(lot=lot) == []


def test_a_pass_needs_all_its_ranks_and_the_last_one_can_be_taken_back(poll):
    lot, agent = lot_of(poll), make_keyer()
    take_pass(lot=lot, actor=agent)
    key_ballot(lot=lot, rank=1, line="1", actor=agent)
    key_ballot(lot=lot, rank=3, line="2", actor=agent)
    assert refusal(finish_pass, lot=lot, actor=agent) == ("ranks_missing",)
    assert refusal(key_ballot, lot=lot, rank=4, line="2", actor=agent) == ("rank_unknown",)
    assert undo_ballot(lot=lot, actor=agent) == 3
    key_ballot(lot=lot, rank=1, line="4", actor=agent)  # keyed again
    assert undo_ballot(lot=lot, actor=agent) == 1
    assert undo_ballot(lot=lot, actor=agent) is None


def test_a_third_agent_finds_no_pass_left(poll):
    lot = lot_of(poll)
    assert [take_pass(lot=lot, actor=make_keyer()) for _ in range(2)] == [1, 2]
    assert refusal(take_pass, lot=lot, actor=make_keyer()) == ("no_pass_left",)
    assert refusal(take_pass, lot=lot, actor=make_user()) == ("not_allowed", "no_pass_left")


def test_an_officer_has_a_pass_keyed_again_and_the_lot_awaits_it(poll):
    lot, officer, first = lot_of(poll), make_officer(), make_keyer()
    key(lot, first, ["1", "2", "3"])
    key(lot, make_keyer(), ["5", "1", "2"])  # one rank too far
    arguments = {"lot": lot, "pass_number": 2, "actor": officer, "at": timezone.now()}
    assert refusal(key_again, reason=" ", **arguments) == ("reason_missing",)
    key_again(reason="Décalage d’un rang.", **arguments)
    assert refusal(take_pass, lot=lot, actor=first) == ("pass_done",)
    assert key(lot, make_keyer(), ["1", "2", "3"]).state == LotState.ACCEPTED


def test_lots_hold_at_most_fifty_ballots_and_never_more_than_the_marks(poll):
    officer, now = make_officer(), timezone.now()
    for wrong in (0, 51):
        assert refusal(make_lot, poll=poll, sealed_count=wrong, actor=officer, at=now) == (
            "lot_size",
        )
    assert refusal(make_lot, poll=poll, sealed_count=4, actor=officer, at=now) == (
        "more_than_marks",
    )
    lot = make_lot(poll=poll, sealed_count=2, actor=officer, at=now)
    with pytest.raises(IntegrityError, match="more paper ballots than"), transaction.atomic():
        PaperLot.objects.create(poll=poll, number=2, sealed_count=2)
    correct_lot(lot=lot, sealed_count=3, reason="Un bulletin était collé.", actor=officer, at=now)
    balance = paper_balance(poll=poll)
    assert (balance.marks, balance.ballots, balance.difference) == (3, 3, 0)


def test_lots_are_made_after_the_close_only():
    poll = make_paper_poll()
    move_to(poll.envelope.budget, "decide")
    assert refusal(
        make_lot, poll=poll, sealed_count=1, actor=make_officer(), at=timezone.now()
    ) == ("voting_not_over",)


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("", ("line_empty",)),
        ("1 2 3 4", ("too_many", "void_then")),
        ("1 1", ("repeated_project", "void_then")),
        ("7", ("unknown_number_0",)),
        ("7 8", ("unknown_number_0", "unknown_number_1")),
        ("1=2", ("line_unreadable",)),
        ("n10", ("line_unreadable",)),
        ("n0", ("line_unreadable",)),
    ],
)
def test_each_wrong_line_is_told_in_words_and_keeps_nothing(poll, line, codes):
    lot, agent = lot_of(poll), make_keyer()
    take_pass(lot=lot, actor=agent)
    assert refusal(key_ballot, lot=lot, rank=1, line=line, actor=agent) == codes
    assert not PaperEntry.objects.exists()


def test_a_blank_ballot_is_void_where_a_choice_is_asked(poll):
    lot, agent = lot_of(poll), make_keyer()
    take_pass(lot=lot, actor=agent)
    entry = key_ballot(lot=lot, rank=1, line="blanc", actor=agent)
    assert entry.content == ((), None, "empty")


def accepted(poll, count, lines):
    lot = lot_of(poll, count)
    key(lot, make_keyer(), lines)
    return key(lot, make_keyer(), lines)


def opened(poll, **arguments):
    if Poll.objects.get(pk=poll.pk).closed_at is None:
        close_poll(poll=poll, actor=make_officer(), at=timezone.now())
    return open_box(
        poll=Poll.objects.get(pk=poll.pk),
        secrets=secrets_of(poll)[:2],
        actor=make_officer(),
        at=timezone.now(),
        **arguments,
    )


def test_accepted_lots_enter_the_box_with_their_codes_in_the_opening(poll):
    accepted(poll, 3, ["1 2", "3", "n7"])
    tally = opened(poll)
    assert (tally.voters, tally.ballots, tally.void, tally.gap) == (3, 2, 1, 0)
    assert list(Ballot.objects.values_list("code", "channel")) == [
        ("P-001-01", "paper"),
        ("P-001-02", "paper"),
    ]
    assert list(VoidBallot.objects.values_list("code", "reason", "channel")) == [
        ("P-001-03", "unclear", "paper")
    ]
    assert refusal(
        make_lot, poll=poll, sealed_count=1, actor=make_officer(), at=timezone.now()
    ) == ("already_counted",)


def test_a_box_does_not_open_on_a_lot_whose_passes_differ(poll):
    """P11, at the box itself."""
    lot = lot_of(poll)
    key(lot, make_keyer(), ["1", "2", "3"])
    key(lot, make_keyer(), ["1", "2", "4"])
    assert refusal(opened, poll=poll) == ("lots_not_accepted",)
    assert not Ballot.objects.exists()


def test_a_difference_with_the_roll_blocks_the_count_until_the_minutes_explain_it(poll):
    accepted(poll, 2, ["1", "2"])
    balance = paper_balance(poll=poll)
    assert (balance.difference, balance.is_settled) == (1, False)
    assert (
        "paper_not_explained"
        in may_publish_results(budget=poll.envelope.budget, user=make_officer()).codes
    )
    assert refusal(opened, poll=poll) == ("gap_unexplained",)
    arguments = {"poll": poll, "actor": make_officer(), "at": timezone.now()}
    assert refusal(explain_difference, note=" ", **arguments) == ("note_missing",)
    explain_difference(note="Une personne est repartie avec son bulletin.", **arguments)
    tally = opened(poll)
    assert (tally.voters, tally.ballots, tally.gap) == (3, 2, 1)
    assert tally.gap_explanation == "Une personne est repartie avec son bulletin."
    assert may_publish_results(budget=poll.envelope.budget, user=make_officer())


def test_an_explanation_holds_only_for_the_numbers_that_it_names(poll):
    accepted(poll, 1, ["1"])
    arguments = {"poll": poll, "actor": make_officer(), "at": timezone.now()}
    explain_difference(note="Deux bulletins manquent.", **arguments)
    assert paper_balance(poll=poll).is_settled
    accepted(poll, 1, ["2"])
    assert not paper_balance(poll=poll).is_settled
    accepted(poll, 1, ["2"])
    assert refusal(explain_difference, note="Rien.", **arguments) == ("nothing_to_explain",)


def test_anyone_draws_the_same_ballots_with_the_line_of_shell_that_is_shown(poll):
    officer = make_officer()
    accepted(poll, 3, ["1", "2", "3"])
    arguments = {"poll": poll, "actor": officer, "at": timezone.now()}
    assert refusal(draw_audit, seed="dés 415", size=4, **arguments) == ("size_wrong",)
    audit = draw_audit(seed="dés 415", size=2, **arguments)
    codes = [ballot.code for ballot in accepted_paper_ballots(poll=poll)]
    line = (
        'while read c; do echo "$(printf \'%s|%s\' "$SEED" "$c" | sha256sum | cut -c 1-64) $c";'
        " done | sort | head -n 2"
    )
    shell = subprocess.run(
        ["/bin/sh", "-c", line],
        input="\n".join(codes) + "\n",
        env={"SEED": "dés 415", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    drawn = [each.ballot.code for each in drawn_ballots(audit=audit)]
    assert [row.split()[1] for row in shell.stdout.splitlines()] == drawn
    assert refusal(draw_audit, seed="dés 415", size=1, **arguments) == ("seed_used",)


def test_a_comparison_is_written_once_and_says_what_differs(poll):
    officer = make_officer()
    accepted(poll, 3, ["1", "2", "3"])
    audit = draw_audit(poll=poll, seed="415", size=2, actor=officer, at=timezone.now())
    first, second = (each.ballot.code for each in drawn_ballots(audit=audit))
    (left_out,) = {"P-001-01", "P-001-02", "P-001-03"} - {first, second}
    arguments = {"drawn": audit, "actor": officer}
    assert refusal(record_check, code=left_out, agrees=True, note="", **arguments) == ("not_drawn",)
    assert refusal(record_check, code=first, agrees=False, note=" ", **arguments) == (
        "note_missing",
    )
    record_check(code=first, agrees=False, note="Le papier dit 4.", **arguments)
    record_check(code=second, agrees=True, note="", **arguments)
    assert refusal(record_check, code=first, agrees=True, note="", **arguments) == (
        "already_checked",
    )
    assert [each.check.agrees for each in drawn_ballots(audit=audit)] == [False, True]


def compared_in_minutes(poll):
    opened(poll)
    told = parts_of(OfficialRecord.objects.get(poll=poll, kind="count"))
    return [
        [(fact.label, fact.value) for fact in part.facts if fact.label != "Tirés le"]
        for part in told
        if part.title == "Bulletins papier tirés au sort et comparés"
    ]


def test_the_minutes_of_the_count_tell_what_the_comparison_found(poll):
    officer = make_officer()
    accepted(poll, 3, ["1", "2", "3"])
    audit = draw_audit(poll=poll, seed="dés 415", size=3, actor=officer, at=timezone.now())
    first, second, _third = (each.ballot.code for each in drawn_ballots(audit=audit))
    record_check(drawn=audit, code=first, agrees=False, note="Le papier dit 4.", actor=officer)
    record_check(drawn=audit, code=second, agrees=True, note="", actor=officer)

    assert compared_in_minutes(poll) == [
        [
            ("Graine publique", "dés 415"),
            ("Bulletins tirés", "3"),
            ("Le papier dit la même chose", "1"),
            ("Le papier diffère", "1"),
            (first, "Le papier dit 4."),
            ("Pas encore comparés au dépouillement", "1"),
        ]
    ]


def test_the_minutes_say_when_no_paper_was_compared(poll):
    accepted(poll, 3, ["1", "2", "3"])

    ((said,),) = compared_in_minutes(poll)
    assert said[1] == "Aucun avant le dépouillement."
