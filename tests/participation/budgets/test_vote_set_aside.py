"""Thousands of votes of one network: flagged, held, set aside unopened, counted as such."""

import base64
import datetime
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.budgets.choices import VoidReason
from participation.budgets.models import (
    Ballot,
    Board,
    JournalEntry,
    OfficialRecord,
    SetAsideEnvelope,
    VoidBallot,
    VoterRecord,
)
from participation.budgets.presentation.minutes import parts_of
from participation.budgets.services.vote import cast_ballot, close_poll, destroy_keys, open_box
from participation.budgets.services.vote.envelopes import OVERHEAD, envelope_hash
from participation.core.choices import Step
from participation.core.verdict import Refused
from participation.electors import networks
from participation.electors.models import NetworkDecision, NetworkMark, NetworkWatch
from participation.electors.services import confirm_in_person, decide_on_network, note_arrival
from tests.factories.accounts import make_user
from tests.factories.budgets import (
    cast,
    close_and_count,
    elector_of,
    make_budget,
    make_officer,
    make_poll,
    move_to,
    secrets_of,
)
from tests.factories.electors import make_clerk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french", "site_is_set_up")]
CROWD, NEIGHBOUR = "203.0.113.9", "198.51.100.7"
LIMIT = 10


@pytest.fixture
def poll():
    budget = make_budget(Step.DECIDE, max_choices=None)
    return make_poll(budget, projects=3, network_limit=LIMIT)


def votes(poll, people, address, place):
    """That many accounts vote for one project from one network."""
    project = poll.envelope.projects.order_by("reference")[place]
    electors = []
    for _ in range(people):
        elector = elector_of(poll, make_user())
        cast(poll, [project], elector)
        note_arrival(electorate_id=poll.envelope.budget_id, address=address, elector=elector)
        electors.append(elector)
    return electors


def hold(poll, *, held=True):
    electorate = poll.envelope.budget.activity.electorate
    (crowd,) = networks.crowds(electorate=electorate)
    return decide_on_network(
        electorate=electorate,
        mark=crowd.mark,
        is_held=held,
        reason="Douze comptes en une minute",
        actor=make_clerk(),
        at=timezone.now(),
    )


def counted_with_a_crowd(poll):
    """Five neighbours for the first project, twelve of a crowd for the second: one confirmed."""
    votes(poll, 5, NEIGHBOUR, 0)
    crowd = votes(poll, 12, CROWD, 1)
    hold(poll)
    confirm_in_person(elector=crowd[0], actor=make_clerk(), at=timezone.now())
    sealed = {bytes(each) for (each,) in VoterRecord.objects.values_list("sealed_ballot")}
    return close_and_count(poll), sealed


def test_the_box_waits_for_a_decision_on_each_crowd(poll):
    votes(poll, LIMIT + 1, CROWD, 1)
    move_to(poll.envelope.budget, Step.FOLLOW)
    officer = make_officer()
    close_poll(poll=poll, actor=officer, at=timezone.now())

    def opening():
        return open_box(poll=poll, secrets=secrets_of(poll)[:2], actor=officer, at=timezone.now())

    with pytest.raises(Refused) as refused:
        opening()
    assert refused.value.verdict.codes == ("networks_undecided",)
    assert "1 groupe" in str(refused.value.verdict.refusals[0])
    hold(poll, held=False)
    assert opening().ballots == LIMIT + 1


def test_what_nobody_confirmed_is_set_aside_and_said(poll):
    tally, sealed = counted_with_a_crowd(poll)
    assert (tally.voters, tally.ballots, tally.void) == (17, 6, 11)
    assert VoidBallot.objects.filter(reason=VoidReason.SET_ASIDE).count() == 11
    kept = {bytes(each) for (each,) in SetAsideEnvelope.objects.values_list("sealed_ballot")}
    assert len(kept) == 11
    assert kept <= sealed
    votes_of = {p.reference: p.votes for p in poll.envelope.projects.all()}
    assert sorted(votes_of.values()) == [0, 1, 5]
    minutes = OfficialRecord.objects.get(poll=poll, kind="count")
    assert (minutes.body["set_aside"], minutes.body["void_ballots"]) == (11, [])
    said = {fact.label: fact.value for part in parts_of(minutes) for fact in part.facts}
    assert said["dont mis de côté sans être ouverts, votants non confirmés"] == "11"


def test_the_public_reads_the_number_and_recounts(poll, client: Client):
    counted_with_a_crowd(poll)
    slug = poll.envelope.budget.activity.slug
    page = client.get(reverse("budgets:results", args=[slug])).content.decode()
    assert "11 mis de côté sans être ouverts" in page
    casts = JournalEntry.objects.filter(poll=poll, kind="cast")
    published = set(VoidBallot.objects.values_list("code", flat=True))
    assert published < set(casts.values_list("payload", flat=True))


def test_digests_of_networks_go_with_the_opening_and_decisions_stay(poll):
    counted_with_a_crowd(poll)
    assert not NetworkMark.objects.exists()
    assert NetworkWatch.objects.get().key is None
    assert NetworkDecision.objects.count() == 1


def test_nothing_relates_what_is_set_aside_to_a_person_but_the_deposit_code(poll):
    counted_with_a_crowd(poll)
    assert {field.name for field in SetAsideEnvelope._meta.get_fields()} == {
        "id",
        "poll",
        "code",
        "sealed_ballot",
    }
    codes = list(SetAsideEnvelope.objects.order_by("pk").values_list("code", flat=True))
    assert codes == sorted(codes)  # not the order in which they voted
    assert not VoterRecord.objects.exclude(sealed_ballot=None).exists()


def test_what_is_set_aside_goes_with_the_keys_and_its_number_stays(poll):
    counted_with_a_crowd(poll)
    board = Board.objects.get()
    budget = poll.envelope.budget
    budget.refresh_from_db()
    budget.results_published_at -= datetime.timedelta(days=board.challenge_days + 1)
    budget.save()
    destroy_keys(board=Board.objects.get(), actor=make_officer(), at=timezone.now())
    assert not SetAsideEnvelope.objects.exists()
    assert VoidBallot.objects.filter(reason=VoidReason.SET_ASIDE).count() == 11


def test_a_first_ballot_over_http_notes_its_network_and_the_voter_is_told(poll, client: Client):
    user = make_user()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    slug = poll.envelope.budget.activity.slug
    project = poll.envelope.projects.order_by("reference")[0]
    form = {"cle": str(uuid.uuid4()), "choix": [project.pk], "action": "confirm"}
    where = reverse("budgets:ballot_review", args=[slug, poll.envelope.slug])
    assert client.post(where, form, REMOTE_ADDR=CROWD).status_code == 200
    assert NetworkMark.objects.get().elector.account == user
    votes(poll, LIMIT, CROWD, 1)
    home = reverse("budgets:vote", args=[slug])
    assert "Confirmez votre vote" not in client.get(home).content.decode()
    hold(poll)
    page = client.get(home).content.decode()
    assert "Confirmez votre vote" in page
    assert "fraud" not in page


def test_copies_of_one_envelope_are_void_under_two_reasons_and_the_box_still_opens(poll):
    """Otherwise two people who send one envelope would make the publication fail its checks."""
    garbage = base64.urlsafe_b64encode(b"x" * (poll.options["padded_length"] + OVERHEAD)).decode()
    for _ in range(2):
        cast_ballot(
            poll=poll,
            voter=elector_of(poll, make_user()),
            envelope=garbage,
            cast_key=uuid.uuid4(),
        )
    votes(poll, 3, NEIGHBOUR, 0)
    tally = close_and_count(poll)
    code = envelope_hash(base64.urlsafe_b64decode(garbage))
    assert (tally.ballots, tally.void) == (3, 2)
    assert sorted(VoidBallot.objects.values_list("code", "reason")) == [
        (code, VoidReason.REPEATED_CODE),
        (code, VoidReason.UNREADABLE),
    ]
    assert Ballot.objects.count() == 3
