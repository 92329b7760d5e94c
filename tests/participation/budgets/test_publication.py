"""The published files of a vote: complete, signed, immutable, checkable by others."""

import datetime
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pabulib.checker import Checker

from participation.budgets.models import JournalEntry, Poll, SignedHead, VoterRecord
from participation.budgets.services.pabulib import NamedElection, import_elections
from participation.budgets.services.vote.publication import PublicationLostError, publication_of
from participation.methods import pabulib
from participation.methods.proof import FILES, is_sound, verify
from tests.factories.accounts import make_territory
from tests.factories.budgets import make_counted_poll
from tests.methods.dossiers import signs
from tests.methods.scripts import run_script
from tests.participation.budgets.published import (
    ballot_code,
    count_and_publish,
    fill_box,
    make_vote,
)
from tests.participation.budgets.test_pabulib import SMALL, import_one, plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]

RESULT_QUERIES = 8
BOX = [(0, 1)] * 30 + [(2, 3, 4)] * 15 + [(1, 3)] * 10 + [(2,)] * 25


@pytest.fixture
def poll(django_capture_on_commit_callbacks: Any) -> Poll:
    """Fifty-five ballots online, twenty-five on paper, one void; published."""
    made = make_vote()
    fill_box(made, BOX, paper=25, void=1)
    with django_capture_on_commit_callbacks(execute=True):
        return count_and_publish(made, void=1)


def files_of(poll: Poll) -> dict[str, bytes]:
    published = publication_of(poll)
    return {file.name: file.path.read_bytes() for file in published.files if file.name in FILES}


def at(poll: Poll, name: str = "") -> str:
    arguments = [poll.envelope.budget.activity.slug, poll.envelope.slug]
    if name:
        return reverse("budgets:publication_file", args=[*arguments, name])
    return reverse("budgets:publication", args=arguments)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_both_verifiers_find_it_sound(poll: Poll, tmp_path: Path) -> None:
    files = files_of(poll)
    assert set(files) == set(FILES)
    checks = verify(files, signs)
    assert is_sound(checks), checks
    assert all(check.applies for check in checks)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    status, said = run_script(tmp_path, "--bulletin", ballot_code(3))
    assert status == 0, said
    assert "Projet « 1 »; etc. ; Projet « 2 »; etc." in said


def test_the_pabulib_file_is_clean_and_is_the_same_vote(poll: Poll, tmp_path: Path) -> None:
    """P10: it passes the format's own checker, and our parser reads the same box."""
    content = files_of(poll)["scrutin.pb"]
    election = pabulib.read(io.BytesIO(content))
    rows = poll.ballots.values_list("code", "choices")
    references = {item["id"]: item["reference"] for item in poll.options["projects"]}
    assert {vote.voter_id: vote.choices for vote in election.votes} == {
        code: tuple(references[key] for key in choices) for code, choices in rows
    }
    assert pabulib.write(election).encode() == content
    path = tmp_path / "scrutin.pb"
    path.write_bytes(content)
    found = Checker().process_files([str(path)])
    assert found["metadata"]["valid"] == 1, json.dumps(found, indent=1)
    assert not found["scrutin"]["results"].get("errors"), found["scrutin"]["results"]
    header = content.decode().partition("VOTES\n")[2].partition("\n")[0]
    assert header == "voter_id;vote;voting_method"


@pytest.mark.parametrize("paper", [0, 19])
def test_how_a_ballot_came_is_not_said_of_a_small_group(
    paper: int, django_capture_on_commit_callbacks: Any
) -> None:
    made = make_vote()
    fill_box(made, BOX, paper=paper)
    with django_capture_on_commit_callbacks(execute=True):
        poll = count_and_publish(made)
    files = files_of(poll)
    assert b"voting_method" not in files["scrutin.pb"]
    cells = json.loads(files["roll.json"])["by_channel"]
    assert all(cell["count"] == 0 or cell["count"] >= 20 for cell in cells)
    assert is_sound(verify(files, signs))


def test_turnout_by_neighbourhood_merges_the_small_ones(
    django_capture_on_commit_callbacks: Any,
) -> None:
    north, south, east = (make_territory(name, kind="neighbourhood") for name in ("N", "S", "E"))
    made = make_vote()
    # Of twenty voters in turn: twelve from the north, six from the south, two from the east.
    fill_box(made, BOX, districts=[north] * 12 + [south] * 6 + [east] * 2)
    with django_capture_on_commit_callbacks(execute=True):
        poll = count_and_publish(made)
    cells = json.loads(files_of(poll)["roll.json"])["by_district"]
    assert cells == [{"names": ["N"], "count": 48}, {"names": ["E", "S"], "count": 32}]


def test_files_made_again_are_the_same_whatever_changed_since(poll: Poll) -> None:
    before = files_of(poll)
    envelope = poll.envelope
    envelope.name = "Un autre nom"
    envelope.save()
    VoterRecord.objects.filter(poll=poll).delete()
    JournalEntry.objects.create(poll=poll, kind="destroy", payload="")
    last = JournalEntry.objects.filter(poll=poll).order_by("-seq")[0]
    SignedHead.objects.create(
        poll=poll,
        day=timezone.localdate() + datetime.timedelta(days=1),
        seq=last.seq,
        head=last.hash,
        signature="0" * 128,
    )
    SignedHead.objects.filter(poll=poll, seq=1).update(timestamp_token=b"late")
    shutil.rmtree(settings.PUBLICATIONS_DIR)
    assert files_of(Poll.objects.get(pk=poll.pk)) == before


def test_files_that_cannot_be_made_again_identical_are_not_replaced(
    poll: Poll, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(settings.PUBLICATIONS_DIR)
    (key,) = Path(settings.BALLOT_KEYS_DIR).glob("*signing*")
    kept = key.read_text()
    try:
        key.write_text("11" * 32)
        with pytest.raises(PublicationLostError):
            publication_of(poll)
        page = client.get(at(poll))
        assert page.status_code == 503
        assert "sauvegardes" in page.content.decode()
        assert client.get(at(poll, "scrutin.pb")).status_code == 503
        assert list(Path(settings.PUBLICATIONS_DIR).iterdir()) == []
    finally:
        key.write_text(kept)
    assert client.get(at(poll)).status_code == 200


def test_a_publication_that_fails_leaves_nothing_public(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    """Files appear with the commit that publishes, not before."""
    made = make_vote()
    fill_box(made, BOX)
    with django_capture_on_commit_callbacks(execute=False):
        poll = count_and_publish(made)
    folders = [path.name for path in Path(settings.PUBLICATIONS_DIR).glob(f"{poll.pk}-*")]
    assert folders == []


def test_each_file_is_served_as_published(poll: Poll, client: Client) -> None:
    for name, content in files_of(poll).items():
        response = client.get(at(poll, name))
        assert response.status_code == 200
        assert body(response) == content
        assert response["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
        again = client.get(at(poll, name), headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    archive = zipfile.ZipFile(io.BytesIO(body(client.get(at(poll, "publication.zip")))))
    assert {entry.removeprefix("publication/") for entry in archive.namelist()} == set(FILES)
    assert client.get(at(poll, "SHA256SUMS")).status_code == 404
    assert client.get(at(poll, "..")).status_code == 404


def test_nothing_is_there_before_the_results_are_published(client: Client) -> None:
    made = make_vote()
    fill_box(made, BOX)
    poll = count_and_publish(made, published=False)
    addresses = [at(poll), *(at(poll, name) for name in (*FILES, "publication.zip"))]
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.post(at(poll), {"code": ballot_code(0)}).status_code == 404
    assert not list(Path(settings.PUBLICATIONS_DIR).glob(f"{poll.pk}-*"))


def test_a_ballot_is_found_by_its_code(poll: Poll, client: Client) -> None:
    code = ballot_code(0)
    spaced = " ".join(code[place : place + 4] for place in range(0, 24, 4)).lower()
    for typed in (code, spaced, f"  {spaced.replace('o', '0').replace('i', '1')} "):
        page = client.post(at(poll), {"code": typed})
        assert page.context["ballot"].code == code
        assert [title for title, _ in page.context["ballot"].choices] == [
            "Projet « 1 »; etc.",
            "Projet « 2 »; etc.",
        ]
        assert page["Cache-Control"] == "private, no-store"
    assert client.post(at(poll), {"code": "p 1 3"}).context["ballot"].code == "P-001-03"
    void = client.post(at(poll), {"code": ballot_code(10_000)}).context["ballot"]
    assert void.void_reason
    for unknown in ("AAAA", "x" * 500, "\x00", "Σ'; --"):
        page = client.post(at(poll), {"code": unknown})
        assert page.status_code == 200
        assert page.context["ballot"] is None
        assert "Aucun bulletin" in page.content.decode()
    assert "Saisissez" in client.post(at(poll), {"code": " "}).content.decode()
    assert client.get(at(poll) + f"?code={code}").context["ballot"] is None


def test_the_page_costs_the_same_whatever_the_number_of_ballots(
    poll: Poll, client: Client, django_assert_num_queries: Any
) -> None:
    client.get(at(poll))
    with django_assert_num_queries(4):
        client.get(at(poll))
    with django_assert_num_queries(4):
        client.get(at(poll, "scrutin.pb"))


def test_a_vote_held_from_end_to_end_is_found_sound(
    tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """Cast, closed, opened by two members of the board, counted, published: as in real life."""
    with django_capture_on_commit_callbacks(execute=True):
        tally = make_counted_poll(ballots=4)
    files = files_of(Poll.objects.get(pk=tally.pk))
    checks = verify(files, signs)
    assert is_sound(checks), checks
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    status, said = run_script(tmp_path)
    assert status == 0, said


def test_results_cost_the_same_whatever_the_number_of_envelopes(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number, envelopes in ((1, 1), (2, 4)):
        budget = import_elections(
            plan=plan(slug=f"budget-{number}", title=f"Budget {number}"),
            elections=[
                NamedElection(f"Enveloppe {place}", pabulib.read(SMALL.encode()))
                for place in range(envelopes)
            ],
            actor=None,
            at=timezone.now(),
        )
        address = reverse("budgets:results", args=[budget.activity.slug])
        client.get(address)
        with django_assert_num_queries(RESULT_QUERIES):
            assert len(client.get(address).context["results"]) == envelopes


def test_results_tell_the_money_the_turnout_and_each_round(poll: Poll, client: Client) -> None:
    page = client.get(reverse("budgets:results", args=[poll.envelope.budget.activity.slug]))
    (row,) = page.context["results"]
    assert [(line["label"], line["value"]) for line in row["channels"]] == [
        ("En ligne", 56),
        ("Papier", 25),
    ]
    assert row["turnout"] == []
    assert [piece["x"] for piece in row["money"]["pieces"]] == [0, 266, 566]
    assert sum(piece["width"] for piece in row["money"]["pieces"]) == 966
    told = [(step["title"], step["is_selected"]) for step in row["rounds"]]
    assert told == [
        ("Projet « 3 »; etc.", True),
        ("Projet « 2 »; etc.", True),
        ("Projet « 1 »; etc.", True),
        ("Projet « 4 »; etc.", False),
        ("Projet « 5 »; etc.", False),
    ]
    assert all(step["sentence"] for step in row["rounds"])


def test_what_is_protected_is_said_at_any_time(poll: Poll, client: Client) -> None:
    address = reverse("budgets:protection", args=[poll.envelope.budget.activity.slug])
    page = client.get(address)
    assert page.status_code == 200
    assert "Ce que rien ne protège" in page.content.decode()


def test_an_imported_vote_is_checked_as_far_as_it_can_be(client: Client) -> None:
    budget = import_one(SMALL)
    poll = Poll.objects.select_related("tally", "envelope__budget__activity").get(
        envelope__budget=budget
    )
    files = files_of(poll)
    checks = verify(files, signs)
    assert is_sound(checks), checks
    assert [check.code for check in checks if not check.applies] == ["chain", "heads", "box"]
    assert client.get(at(poll)).context["is_imported"]


@pytest.fixture(autouse=True)
def empty_publications() -> Iterator[None]:
    yield
    shutil.rmtree(settings.PUBLICATIONS_DIR, ignore_errors=True)
