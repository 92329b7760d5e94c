"""What was set aside, opened and counted after a judgment, beside the first count."""

import datetime
import io
import zipfile
from collections import Counter

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.budgets.choices import VoidReason
from participation.budgets.models import (
    AddedBallot,
    Ballot,
    Board,
    JournalEntry,
    OfficialRecord,
    Poll,
    Revision,
    SetAsideEnvelope,
    Tally,
    VoidBallot,
    VoterRecord,
)
from participation.budgets.presentation.minutes import parts_of, record_pdf
from participation.budgets.services.vote import destroy_keys
from participation.budgets.services.vote.publication import publication_of
from participation.core.verdict import Refused
from participation.methods.digest import canonical_json
from participation.methods.pabulib import read
from participation.methods.proof import FILES, is_sound, verify
from tests.factories.accounts import make_user
from tests.factories.budgets import make_officer, secrets_of
from tests.factories.set_aside import JUDGMENT, make_poll_with_a_crowd_set_aside, revise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french", "site_is_set_up")]


@pytest.fixture
def poll():
    return make_poll_with_a_crowd_set_aside()


def codes_of(refusal):
    return refusal.value.verdict.codes


def fresh(poll):
    return Poll.objects.select_related(
        "tally", "revision", "envelope__territory", "envelope__budget__activity__process"
    ).get(pk=poll.pk)


def contents(poll, *, former=False):
    published = publication_of(fresh(poll), former=former)
    return {name: published.file(name).path.read_bytes() for name in FILES}


def verify_signature(key, signature, message):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def test_all_is_counted_again_and_totals_agree(poll):
    first = Tally.objects.get()
    assert (first.voters, first.ballots, first.void) == (17, 5, 12)
    revision = revise(poll)
    assert (revision.voters, revision.ballots, revision.void, revision.gap) == (17, 17, 0, 0)
    votes_of = [p.votes for p in poll.envelope.projects.order_by("reference")]
    assert votes_of == [5, 12, 0]
    assert not SetAsideEnvelope.objects.exists()
    assert AddedBallot.objects.count() == 12
    kinds = list(JournalEntry.objects.order_by("seq").values_list("kind", "payload"))
    assert kinds[-2:] == [("count", first.input_sha256), ("recount", revision.input_sha256)]
    assert Tally.objects.get().ballots == 5  # what was first said stays


def test_nothing_relates_an_added_ballot_to_its_envelope(poll):
    sealed = {one.code: bytes(one.sealed_ballot) for one in SetAsideEnvelope.objects.all()}
    revise(poll)
    added = list(AddedBallot.objects.order_by("pk"))
    codes = [ballot.code for ballot in added]
    assert codes == sorted(codes)  # neither the order of the envelopes nor that of the votes
    columns = {field.name for field in AddedBallot._meta.get_fields()}
    assert columns == {"id", "poll", "code", "choices", "points"}
    assert not set(codes) & set(sealed)
    with connection.cursor() as cursor:
        # By the transaction that wrote them, an added ballot is like every other.
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM budgets_addedballot")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT count(*) FROM budgets_voterrecord WHERE sealed_ballot IS NOT NULL")
        assert cursor.fetchone() == (0,)
    for table in (VoterRecord, JournalEntry, OfficialRecord):
        held = canonical_json(
            [[str(value) for value in row] for row in table.objects.values_list()]
        )
        assert not any(code in held for code in codes)
    # The list of void ballots still gives the digests, in their own order.
    digests = VoidBallot.objects.filter(reason=VoidReason.SET_ASIDE).order_by("pk")
    assert list(digests.values_list("code", flat=True)) == sorted(sealed)


def test_both_versions_are_published_and_the_manifest_says_which_is_in_force(poll, client: Client):
    before = contents(poll)
    revise(poll)
    assert contents(poll, former=True) == before
    after = contents(poll)
    for files in (before, after):
        checks = verify(files, verify_signature)
        assert is_sound(checks), [check for check in checks if not check.holds]
    former = publication_of(fresh(poll), former=True).manifest_sha256
    assert f'"replaces":"{former}"'.encode() in after["manifest.json"]
    assert b"replaces" not in before["manifest.json"]
    assert b"set_aside" in before["void.csv"]
    assert b"set_aside" not in after["void.csv"]
    ballots = [vote.voter_id for vote in read(io.BytesIO(after["scrutin.pb"])).votes]
    assert ballots == sorted(ballots)
    assert Counter(len(code) for code in ballots) == {24: 17}
    slug, envelope = poll.envelope.budget.activity.slug, poll.envelope.slug
    now = client.get(reverse("budgets:publication", args=[slug, envelope])).content.decode()
    then = client.get(reverse("budgets:publication_former", args=[slug, envelope])).content.decode()
    assert JUDGMENT in now
    assert former in now
    assert "un autre est en vigueur" in then
    for name, files in (("publication_file", after), ("publication_former_file", before)):
        answer = client.get(reverse(f"budgets:{name}", args=[slug, envelope, "result.json"]))
        assert b"".join(answer.streaming_content) == files["result.json"]
    page = client.get(reverse("budgets:results", args=[slug])).content.decode()
    assert JUDGMENT in page
    assert "mis de côté sans être ouvert" not in page


def test_the_stand_alone_script_checks_both(poll, tmp_path):
    import subprocess
    import sys

    revise(poll)
    for former in (True, False):
        archive = publication_of(fresh(poll), former=former).file("publication.zip")
        folder = tmp_path / str(former)
        with zipfile.ZipFile(archive.path) as held:
            held.extractall(folder)
        script = folder / "publication" / "recompte.py"
        command = [sys.executable, str(script), str(folder / "publication")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert ("après un jugement" in done.stdout) is not former


def test_a_manifest_that_hides_the_judgment_is_refused(poll):
    revise(poll)
    files = contents(poll)
    first = contents(poll, former=True)
    for altered in (
        {**files, "manifest.json": first["manifest.json"]},
        {**first, "journal.csv": files["journal.csv"]},
        {**files, "journal.csv": first["journal.csv"]},
    ):
        assert not is_sound(verify(altered, lambda *_: True))


def test_lost_files_of_both_versions_are_made_again_identical(poll):
    import shutil

    before = contents(poll)
    revise(poll)
    after = contents(poll)
    for former in (True, False):
        shutil.rmtree(publication_of(fresh(poll), former=former).file("void.csv").path.parent)
    assert contents(poll, former=True) == before
    assert contents(poll) == after


def test_minutes_give_the_judgment_and_both_results(poll):
    revise(poll)
    record = OfficialRecord.objects.get(poll=poll, kind="revision")
    facts = [(fact.label, fact.value) for part in parts_of(record) for fact in part.facts]
    assert ("Référence", JUDGMENT) in facts
    assert ("Enveloppes mises de côté, ouvertes", "12") in facts
    assert [value for label, value in facts if label == "Bulletins valables"] == ["17", "5"]
    assert record_pdf(record).startswith(b"%PDF")


def test_once_is_enough(poll):
    revise(poll)
    with pytest.raises(Refused) as refused:
        revise(poll)
    assert codes_of(refused) == ("already_revised",)
    assert Revision.objects.count() == 1


def test_not_after_the_challenge_period_nor_without_the_key(poll):
    budget, board = poll.envelope.budget, Board.objects.get()
    budget.refresh_from_db()
    budget.results_published_at -= datetime.timedelta(days=board.challenge_days + 1)
    budget.save()
    with pytest.raises(Refused) as refused:
        revise(poll)
    assert codes_of(refused) == ("challenge_over",)
    assert SetAsideEnvelope.objects.count() == 12
    destroy_keys(board=Board.objects.get(), actor=make_officer(), at=timezone.now())
    with pytest.raises(Refused) as refused:
        revise(poll)
    assert codes_of(refused) == ("keys_destroyed",)
    assert "détruites" in str(refused.value.verdict.refusals[0])


def test_one_secret_or_a_wrong_one_opens_nothing(poll):
    one, two = secrets_of(poll)[:2]
    for secrets, code in (([one, one], "same_member"), ([one, two[:-1]], None)):
        with pytest.raises(Refused) as refused:
            revise(poll, secrets=secrets)
        assert code is None or codes_of(refused) == (code,)
    assert SetAsideEnvelope.objects.count() == 12
    assert not AddedBallot.objects.exists()


def test_the_judgment_is_named_and_a_small_group_is_weighed(poll):
    for given in ({"reference": " "}, {"reason": ""}):
        with pytest.raises(Refused) as refused:
            revise(poll, **given)
        assert codes_of(refused) == ("judgment_missing",)
    with pytest.raises(Refused) as refused:
        revise(poll, accepts_small_group=False)
    assert codes_of(refused) == ("small_group",)
    assert "12 enveloppes" in str(refused.value.verdict.refusals[0])


def test_a_large_group_needs_no_such_word():
    poll = make_poll_with_a_crowd_set_aside(crowd=20)
    assert revise(poll, accepts_small_group=False).ballots == 25


def test_only_who_runs_votes_may(poll):
    with pytest.raises(Refused) as refused:
        revise(poll, actor=make_user())
    assert "not_allowed" in codes_of(refused)


def test_what_is_revised_stays_as_written(poll):
    revise(poll)
    ballot = AddedBallot.objects.first()
    for act in (
        Revision.objects.all().delete,
        lambda: Revision.objects.update(reason="Autre"),
        AddedBallot.objects.all().delete,
        lambda: AddedBallot.objects.update(choices=[]),
        lambda: AddedBallot.objects.create(poll=poll, code="A" * 24, choices=ballot.choices),
        lambda: Ballot.objects.create(poll=poll, code="A" * 24, choices=ballot.choices),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_voter_finds_a_ballot_that_was_added(poll, client: Client):
    revise(poll)
    code = AddedBallot.objects.first().code
    address = [poll.envelope.budget.activity.slug, poll.envelope.slug]
    page = client.post(reverse("budgets:publication", args=address), {"code": code})
    assert poll.envelope.projects.order_by("reference")[1].title in page.content.decode()


def test_the_board_does_it_in_the_back_office(poll, client: Client):
    officer = make_officer()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    here = reverse("poll:read", args=[poll.envelope_id])
    where = reverse("poll:revise", args=[poll.envelope_id])
    assert where in client.get(here).content.decode()
    assert "12 enveloppes sont mises de côté" in client.get(where).content.decode()
    one, two = secrets_of(poll)[:2]
    form = {"secret_1": one, "secret_2": two, "reference": JUDGMENT, "reason": "Preuve apportée"}
    refused = client.post(where, form)
    assert refused.status_code == 422
    assert not Revision.objects.exists()
    assert client.post(where, {**form, "accepts_small_group": "on"}).status_code == 302
    assert Revision.objects.get().reference == JUDGMENT
    page = client.get(here).content.decode()
    assert JUDGMENT in page
    assert where not in page
    assert reverse("poll:record", args=[poll.envelope_id, "revision"]) in page
