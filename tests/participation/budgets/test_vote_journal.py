"""The journal: chained by the database, append-only, without voter or time; heads; minutes."""

import hashlib
import json
import uuid
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from participation.budgets import tasks
from participation.budgets.models import (
    Board,
    JournalEntry,
    OfficialRecord,
    Poll,
    SignedHead,
    VoterRecord,
)
from participation.budgets.presentation.minutes import parts_of, record_pdf
from participation.budgets.services.vote import (
    cancel_paper_mark,
    cast_ballot,
    close_poll,
    destroy_keys,
    mark_paper,
    open_box,
)
from participation.budgets.services.vote.envelopes import OVERHEAD
from participation.budgets.services.vote.journal import stamp_closes
from participation.budgets.services.vote.signing import public_signing_key
from participation.electors.models import Electorate
from tests.factories.accounts import make_user
from tests.factories.budgets import (
    cast,
    close_and_count,
    elector_of,
    make_officer,
    make_poll,
    move_to,
    secrets_of,
)
from tests.participation.budgets.refusals import refusal

pytestmark = pytest.mark.django_db


def chain(poll) -> list[tuple[str, str]]:
    """Kinds and payloads, after the whole chain was computed again."""
    prev, lines = "0" * 64, []
    for place, line in enumerate(JournalEntry.objects.filter(poll=poll).order_by("seq"), start=1):
        text = f"parvis-journal-v1|{prev}|{poll.pk}|{place}|{line.kind}|{line.payload}"
        assert (line.seq, line.prev) == (place, prev)
        assert line.hash == hashlib.sha256(text.encode("ascii")).hexdigest()
        prev = line.hash
        lines.append((line.kind, line.payload))
    poll = Poll.objects.get(pk=poll.pk)
    assert (poll.journal_seq, poll.journal_head) == (len(lines), prev)
    return lines


def envelope_of(voter) -> str:
    sealed = VoterRecord.objects.get(voter=voter).sealed_ballot
    return hashlib.sha256(bytes(sealed)).hexdigest()


def mark(poll, voter, desk="Mairie") -> VoterRecord:
    return mark_paper(
        poll=poll, voter=voter, desk_label=desk, actor=make_officer(), at=timezone.now()
    )


def unmark(poll, voter, reason="Erreur de ligne") -> None:
    cancel_paper_mark(
        poll=poll,
        voter=voter,
        desk_label="Mairie",
        reason=reason,
        actor=make_officer(),
        at=timezone.now(),
    )


def test_every_event_of_a_vote_is_a_line_chained_to_the_one_before():
    poll = make_poll()
    projects = list(poll.envelope.projects.order_by("reference"))
    one, two = elector_of(poll, make_user()), elector_of(poll, make_user())
    cast(poll, projects[:1], one)
    first = envelope_of(one)
    cast(poll, projects[1:2], one)
    second = envelope_of(one)
    cast(poll, projects[:1], two)
    third = envelope_of(two)
    mark(poll, two)
    unmark(poll, two)
    move_to(poll.envelope.budget, "follow")
    officer = make_officer()
    close_poll(poll=poll, actor=officer, at=timezone.now())
    tally = open_box(poll=poll, secrets=secrets_of(poll)[:2], actor=officer, at=timezone.now())
    assert chain(poll) == [
        ("open", poll.options_sha256),
        ("cast", first),
        ("recast", second),
        ("cast", third),
        ("cancel", third),
        ("paper", ""),
        ("unmark", ""),
        ("close", ""),
        ("count", tally.input_sha256),
    ]
    assert tally.voters == 1


def test_the_journal_has_no_voter_and_no_time():
    assert {field.name for field in JournalEntry._meta.get_fields()} == {
        "pk",
        "poll",
        "seq",
        "kind",
        "payload",
        "prev",
        "hash",
    }


def test_a_refused_cast_leaves_no_line_and_a_retry_no_second_one():
    poll = make_poll()
    voter, key = elector_of(poll, make_user()), uuid.uuid4()
    chosen = [poll.envelope.projects.order_by("reference")[0].pk]
    assert refusal(cast_ballot, poll=poll, voter=voter, choices=[], cast_key=key) == ("too_few",)
    for _ in range(3):
        cast_ballot(poll=poll, voter=voter, choices=chosen, cast_key=key)
    assert [kind for kind, _payload in chain(poll)] == ["open", "cast"]


def test_the_database_keeps_the_chain_whoever_writes():
    poll = make_poll()
    forged = JournalEntry(poll=poll, seq=99, kind="cast", payload="0", prev="1", hash="2")
    forged.save(force_insert=True)  # gets its true place and hash
    assert chain(poll)[-1] == ("cast", "0")
    lines = JournalEntry.objects.filter(poll=poll)
    for change in (
        lambda: lines.update(payload="1"),
        lambda: lines.delete(),
        lambda: Poll.objects.filter(pk=poll.pk).update(journal_head="0" * 64),
        lambda: Poll.objects.filter(pk=poll.pk).update(journal_seq=0),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_envelope_sealed_in_a_browser_is_taken_as_it_is():
    from base64 import urlsafe_b64encode

    from participation.budgets.services.vote.envelopes import ballot_code, seal

    poll = make_poll()
    voter, key = elector_of(poll, make_user()), uuid.uuid4()
    length = poll.options["padded_length"]
    sealed = seal(
        public_key=bytes(poll.public_key),
        poll_id=poll.pk,
        choices=[poll.envelope.projects.order_by("reference")[0].pk],
        points=None,
        code=ballot_code(poll_id=poll.pk, cast_key=uuid.uuid4()),
        length=length,
    )
    assert len(sealed) == length + OVERHEAD

    def send(content, cast_key=key):
        text = urlsafe_b64encode(content).decode().rstrip("=")
        return cast_ballot(poll=poll, voter=voter, envelope=text, cast_key=cast_key)

    receipt = send(sealed)
    assert receipt.ballot_code is None
    assert send(sealed) == receipt
    assert envelope_of(voter) == hashlib.sha256(sealed).hexdigest()
    assert refusal(send, content=sealed[:-1] + b"x") == ("key_reused",)
    for wrong in (sealed[:-1], sealed + b"x", b""):
        assert refusal(send, content=wrong, cast_key=uuid.uuid4()) == ("envelope_malformed",)
    assert refusal(cast_ballot, poll=poll, voter=voter, envelope="é@", cast_key=uuid.uuid4()) == (
        "envelope_malformed",
    )
    assert close_and_count(poll).ballots == 1


def test_a_ballot_sealed_here_gives_the_code_that_is_published():
    poll = make_poll()
    chosen = [poll.envelope.projects.order_by("reference")[0].pk]
    voter, key = elector_of(poll, make_user()), uuid.uuid4()
    receipt = cast_ballot(poll=poll, voter=voter, choices=chosen, cast_key=key, word="chouette")
    assert (
        cast_ballot(poll=poll, voter=voter, choices=chosen, cast_key=key, word="chouette")
        == receipt
    )
    assert refusal(
        cast_ballot, poll=poll, voter=voter, choices=chosen, cast_key=key, word="hibou"
    ) == ("key_reused",)
    close_and_count(poll)
    assert poll.ballots.get().code == receipt.ballot_code


def test_what_a_desk_is_refused_and_why():
    poll = make_poll()
    chosen = list(poll.envelope.projects.order_by("reference")[:1])
    voter = elector_of(poll, make_user())
    assert refusal(unmark, poll=poll, voter=voter) == ("not_marked",)
    mark(poll, voter, "École")
    assert refusal(mark, poll=poll, voter=voter) == ("already_marked",)
    assert refusal(cast, poll=poll, choices=chosen, voter=voter) == ("voted_on_paper",)
    assert refusal(unmark, poll=poll, voter=voter, reason="  ") == ("reason_missing",)
    strict = make_poll(paper_policy="first_counts")
    early = elector_of(strict, make_user())
    cast(strict, list(strict.envelope.projects.order_by("reference")[:1]), early)
    assert refusal(mark, poll=strict, voter=early) == ("already_voted_online",)
    elsewhere = elector_of(make_poll(), make_user())
    assert refusal(mark, poll=poll, voter=elsewhere) == ("not_in_electorate",)
    assert refusal(cast, poll=poll, choices=chosen, voter=elsewhere) == ("not_in_electorate",)
    move_to(poll.envelope.budget, "follow")
    poll = Poll.objects.get(pk=poll.pk)
    late = elector_of(poll, make_user())
    assert refusal(mark, poll=poll, voter=late) == ("voting_closed",)


def test_people_marked_who_left_no_ballot_are_a_gap_to_explain():
    poll = make_poll()
    mark(poll, elector_of(poll, make_user()))
    cast(poll, list(poll.envelope.projects.order_by("reference")[:1]))
    move_to(poll.envelope.budget, "follow")
    officer = make_officer()
    close_poll(poll=poll, actor=officer, at=timezone.now())

    def count(explanation=""):
        return open_box(
            poll=poll,
            secrets=secrets_of(poll)[:2],
            gap_explanation=explanation,
            actor=officer,
            at=timezone.now(),
        )

    assert refusal(count) == ("gap_unexplained",)
    tally = count("Une personne est repartie avec son bulletin.")
    assert (tally.voters, tally.ballots, tally.gap) == (2, 1, 1)
    body = OfficialRecord.objects.get(kind="count").body
    assert body["voters"] == {"web": 1, "paper": 1}
    assert body["gap_explanation"] == "Une personne est repartie avec son bulletin."


def verify(head: SignedHead, **changes) -> None:
    held = {
        "day": head.day.isoformat(),
        "head": head.head,
        "poll": head.poll_id,
        "seq": head.seq,
        "v": "parvis-head-v1",
    } | changes
    text = json.dumps(held, sort_keys=True, separators=(",", ":"))
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_signing_key())).verify(
        bytes.fromhex(head.signature), text.encode()
    )


def test_heads_are_signed_once_a_day_and_mailed_to_who_watches():
    poll = make_poll()
    Board.objects.update(observers=["presse@exemple.fr"])
    call_command("sign_heads", stdout=open("/dev/null", "w"))  # noqa: SIM115 -- what it prints is not read
    call_command("sign_heads", stdout=open("/dev/null", "w"))  # noqa: SIM115 -- same
    head = SignedHead.objects.get()
    verify(head)
    with pytest.raises(InvalidSignature):
        verify(head, seq=head.seq + 1)
    tasks.mail_head(head.pk)
    assert [message.to for message in mail.outbox] == [["presse@exemple.fr"]]
    assert head.head in mail.outbox[0].body
    assert head.signature in mail.outbox[0].body
    cast(poll, list(poll.envelope.projects.order_by("reference")[:1]))
    call_command("sign_heads", stdout=open("/dev/null", "w"))  # noqa: SIM115 -- same
    assert SignedHead.objects.count() == 2
    for change in (
        lambda: SignedHead.objects.update(signature="0"),
        lambda: SignedHead.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_signing_key_is_a_file_that_only_we_read():
    public_signing_key()
    path = Path(settings.BALLOT_KEYS_DIR) / "site-signing.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_silent_authority_does_not_hold_the_close_up(settings):
    settings.TSA_URL = "http://127.0.0.1:9/"  # nothing listens there
    poll = make_poll()
    move_to(poll.envelope.budget, "follow")
    close_poll(poll=poll, actor=make_officer(), at=timezone.now())
    assert stamp_closes() == 0
    assert SignedHead.objects.get().timestamp_token is None
    assert SignedHead.objects.filter(pk=SignedHead.objects.get().pk).update(timestamp_token=b"1")
    with pytest.raises(DatabaseError), transaction.atomic():
        SignedHead.objects.update(timestamp_token=b"2")


def test_the_keys_go_when_the_results_can_no_longer_be_challenged():
    poll = make_poll()
    cast(poll, list(poll.envelope.projects.order_by("reference")[:1]))
    board, officer = poll.board, make_officer()

    def destroy(actor=officer):
        held = Board.objects.get(pk=board.pk)
        return destroy_keys(board=held, actor=actor, at=timezone.now())

    assert refusal(destroy) == ("not_all_counted", "results_not_published")
    close_and_count(poll)
    assert refusal(destroy) == ("challenge_period",)
    Board.objects.update(challenge_days=0)
    assert refusal(destroy, actor=make_user()) == ("not_allowed",)
    destroy()
    assert not board.seals.exists()
    assert chain(poll)[-1] == ("destroy", "")
    assert refusal(destroy) == ("keys_destroyed",)
    kinds = OfficialRecord.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["opening", "count", "destruction"]


def test_minutes_are_printed_with_their_fingerprints(french):
    poll = make_poll()
    cast(poll, list(poll.envelope.projects.order_by("reference")[:1]))
    close_and_count(poll)
    for record in OfficialRecord.objects.select_related("poll__envelope__budget__activity"):
        content = record_pdf(record)
        assert content.startswith(b"%PDF-1.7")
    body = OfficialRecord.objects.get(kind="count").body
    assert body["opened_by"] == ["Membre 1", "Membre 2"]
    assert body["ballots"] == {"web": 1, "paper": 0}
    winner = poll.envelope.projects.order_by("reference")[0]
    record = OfficialRecord.objects.get(kind="count")
    (named,) = [part for part in parts_of(record) if part.title == "Projets retenus"]
    assert named.facts[0].label == f"{winner.reference} – {winner.title}"
    assert named.facts[0].value.startswith("1 voix – ")
    (lived,) = [part for part in parts_of(record) if part.title == "Le journal"]
    told = [fact.label for fact in lived.facts if not fact.is_code]
    assert told.index("Le vote a été scellé") < told.index("Le vote a été clos")
    with pytest.raises(DatabaseError), transaction.atomic():
        OfficialRecord.objects.update(body={})


def test_the_public_journal_during_the_vote(client, french):
    poll = make_poll()
    voter = make_user()
    receipt = cast(poll, list(poll.envelope.projects.order_by("reference")[:1]), voter)
    address = f"/budget/{poll.envelope.budget.activity.slug}/vote/{poll.envelope.slug}/journal/"
    page = client.get(address, {"code": receipt.deposit_code.lower()}).content.decode()
    assert "à la ligne 2" in page
    assert Poll.objects.get().journal_head in page
    assert "Aucune ligne" in client.get(address, {"code": "A" * 20}).content.decode()
    assert "Aucune ligne" in client.get(address, {"code": "?é" * 40}).content.decode()
    text = b"".join(client.get(address[:-1] + ".csv").streaming_content).decode()
    assert text.splitlines()[0] == "seq;kind;payload;prev;hash"
    assert len(text.splitlines()) == 3
    assert voter.public_name not in page + text
    key = client.get("/.well-known/parvis-signing-key").content.decode().strip()
    assert key == public_signing_key()
    records = address.removesuffix("journal/")
    assert client.get(records + "pv-opening.pdf")["Content-Type"] == "application/pdf"
    for hidden in ("count", "destruction", "nothing"):
        assert client.get(f"{records}pv-{hidden}.pdf").status_code == 404


def test_a_turnout_kept_until_the_results_is_kept_in_the_journal_too(client, french):
    poll = make_poll()
    cast(poll, list(poll.envelope.projects.order_by("reference")[:1]))
    Electorate.objects.update(shows_turnout=False)
    address = f"/budget/{poll.envelope.budget.activity.slug}/vote/{poll.envelope.slug}/journal/"
    page = client.get(address).content.decode()
    assert "publics avec les résultats" in page
    assert "Les lignes</h2>" not in page
    assert client.get(address[:-1] + ".csv").status_code == 404
