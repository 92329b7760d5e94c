"""The back office of electorates: who enters, what an import shows, letters, second look."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from participation.budgets.models import VoterRecord
from participation.electors.choices import MatchState, Way
from participation.electors.management import jobs
from participation.electors.models import (
    Elector,
    LetterBatch,
    MatchRequest,
    RollImport,
    VotingCode,
)
from participation.electors.office.roll import LINES_AT_ONCE
from participation.electors.services import freeze_electorate, redeem
from tests.factories.accounts import make_user
from tests.factories.budgets import cast, make_officer
from tests.factories.electors import code_for, make_clerk, make_electorate, make_roll, roll_file
from tests.factories.paper import make_desk_vote, make_person
from tests.participation.electors.test_enrolment import TestSecondLook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]
ALIX = "1;MODÈLE;;Alix;01/05/1980;1 rue des Essais;31000;VILLENEUVE"


@pytest.fixture
def clerk(client):
    clerk = make_clerk()
    client.force_login(clerk)
    return clerk


def at(name, *keys):
    return reverse(name, args=keys)


def upload(*lines):
    return SimpleUploadedFile("liste.csv", roll_file(*lines))


def test_only_those_in_charge_enter(client):
    electorate = make_electorate(ways=[Way.LETTER])
    (person,) = make_roll(electorate, 1)
    pages = [
        at("electorate:index"),
        at("electorate:board", electorate.pk),
        at("electorate:settings", electorate.pk),
        at("electorate:import", electorate.pk),
        at("electorate:letters", electorate.pk),
        at("electorate:networks", electorate.pk),
        at("electorate:cancel_letter", electorate.pk),
        at("elector:index"),
        at("elector:read", person.pk),
        at("match:index"),
    ]
    client.force_login(make_officer())
    assert {client.get(page).status_code for page in pages} <= {302, 403}
    client.force_login(make_clerk())
    assert {client.get(page).status_code for page in pages} == {200}


def test_an_import_is_seen_then_done(client, clerk):
    electorate = make_electorate()
    page = at("electorate:import", electorate.pk)
    seen = client.post(page, {"file": upload(ALIX), "is_whole_roll": "on"})
    held = RollImport.objects.get()
    assert "Rien n’est encore écrit" in seen.content.decode()
    assert not Elector.objects.exists()
    client.post(page, {"confirm": held.pk})
    assert str(Elector.objects.get()) == "MODÈLE Alix"
    again = client.post(page, {"confirm": held.pk}, follow=True)
    assert "déjà été importé" in again.content.decode()


class TestLargeFiles:
    """A long file is imported by the worker. Its length alone is pretended here."""

    def asked(self, client, electorate):
        page = at("electorate:import", electorate.pk)
        client.post(page, {"file": upload(ALIX), "is_whole_roll": "on"})
        RollImport.objects.update(lines=LINES_AT_ONCE + 1)
        held = RollImport.objects.get()
        seen = client.post(page, {"confirm": held.pk}, follow=True).content.decode()
        return page, held, seen

    def test_the_page_says_that_it_is_under_way_then_that_it_is_done(self, client, clerk):
        page, held, seen = self.asked(client, make_electorate())
        assert "en cours d’import" in seen
        assert not Elector.objects.exists()
        job = ProcrastinateJob.objects.get(task_name="electors.import_roll")
        assert job.args == {"import_id": held.pk}
        jobs.import_roll(**job.args)
        jobs.import_roll(**job.args)  # a worker killed just after the commit runs it again
        held.refresh_from_db()
        assert (held.added, held.held, held.imported_by) == (1, None, clerk)
        assert Elector.objects.count() == 1
        done = client.get(page).content.decode()
        assert "en cours d’import" not in done
        assert "liste.csv" in done

    def test_what_the_worker_may_not_write_is_told_and_can_be_asked_again(self, client, clerk):
        electorate = make_electorate()
        page, held, _seen = self.asked(client, electorate)
        freeze_electorate(electorate=electorate, actor=clerk, at=timezone.now())
        jobs.import_roll(import_id=held.pk)
        assert not Elector.objects.exists()
        told = client.get(page).content.decode()
        assert "rien n’en a été écrit" in told
        assert "Le vote est scellé" in told
        assert f'name="confirm" value="{held.pk}"' in told

    def test_an_import_that_never_ended_can_be_asked_again_after_a_while(self, client, clerk):
        page, held, seen = self.asked(client, make_electorate())
        assert f'name="confirm" value="{held.pk}"' not in seen
        RollImport.objects.update(asked_at=timezone.now() - timedelta(minutes=16))
        assert f'name="confirm" value="{held.pk}"' in client.get(page).content.decode()


def test_bad_lines_are_listed_and_nothing_is_kept(client, clerk):
    electorate = make_electorate()
    page = at("electorate:import", electorate.pk)
    seen = client.post(page, {"file": upload(ALIX, "2;ESSAI;;Tom;31/02/1990;;;")})
    assert seen.status_code == 422
    assert '<th scope="row">3</th>' in seen.content.decode()
    assert not RollImport.objects.exists()
    gone = client.post(page, {"confirm": "12345"}, follow=True)
    assert "Cet aperçu a expiré" in gone.content.decode()


def test_settings_are_saved_and_frozen_ones_stay(client, clerk):
    electorate = make_electorate()
    page = at("electorate:settings", electorate.pk)
    values = {
        "minimum_age": "16",
        "ways": ["account", "letter"],
        "paper_policy": "paper_prevails",
        "retention_months": "3",
        "shows_turnout": "on",
    }
    assert client.post(page, values).status_code == 302
    electorate.refresh_from_db()
    assert (electorate.minimum_age, electorate.ways) == (16, ["account", "letter"])
    freeze_electorate(electorate=electorate, actor=clerk, at=timezone.now())
    assert client.post(page, {**values, "minimum_age": "99", "retention_months": "4"})
    electorate.refresh_from_db()
    assert (electorate.minimum_age, electorate.retention_months) == (16, 4)


def test_letters_are_planned_printed_and_kept_nowhere(client, clerk, settings):
    electorate = make_electorate(ways=[Way.LETTER])
    make_roll(electorate, 2)
    kept = set(settings.VAR_DIR.rglob("*.pdf"))  # of the tests that ran before
    page = at("electorate:letters", electorate.pk)
    assert client.post(page, {"kind": "named", "expires_at": "2099-01-01 12:00"}).status_code == 302
    batch = LetterBatch.objects.get()
    printed = client.post(at("electorate:print", batch.pk))
    assert printed["Content-Type"] == "application/pdf"
    assert "no-store" in printed["Cache-Control"]
    assert printed.content.startswith(b"%PDF-")
    person = Elector.objects.order_by("pk").first()
    again = client.post(at("elector:letter", person.pk))
    assert again.content.startswith(b"%PDF-")
    assert LetterBatch.objects.count() == 2
    assert set(settings.VAR_DIR.rglob("*.pdf")) == kept


def test_an_account_that_used_a_stolen_letter_is_untied_when_the_officer_says_so(client, clerk):
    electorate = make_electorate(ways=[Way.LETTER])
    (person,) = make_roll(electorate, 1)
    page = at("elector:read", person.pk)
    assert "drops_account" not in client.get(page).content.decode()
    Elector.objects.update(account=make_user())
    assert "drops_account" in client.get(page).content.decode()
    client.post(at("elector:letter", person.pk))
    assert Elector.objects.get().account is not None
    client.post(at("elector:letter", person.pk), {"drops_account": "on"})
    assert Elector.objects.get().account is None


def test_a_letter_is_found_by_its_number_then_cancelled_with_a_reason(client, clerk):
    electorate = make_electorate(ways=[Way.LETTER])
    (person,) = make_roll(electorate, 1)
    code_for(person)
    page = at("electorate:cancel_letter", electorate.pk)
    assert "Courrier n°" not in client.get(page).content.decode()
    assert "Aucun courrier de ce vote" in client.get(page, {"number": "1-2-1"}).content.decode()
    found = client.get(page, {"number": "n° 1 / 1 / 1"}).content.decode()
    assert "MODÈLEB Dominique" in found
    assert "a déjà voté" not in found
    asked = f"{page}?number=1-1-1"
    assert client.post(asked, {"reason": ""}).status_code == 422
    assert VotingCode.objects.get().cancelled_at is None
    done = client.post(asked, {"reason": "Perdu"}, follow=True).content.decode()
    assert "Le courrier est annulé" in done
    assert VotingCode.objects.get().cancelled_at is not None
    assert 'name="reason"' not in done


def test_the_officer_reads_that_the_ballot_of_a_lost_letter_stays_in_the_box(client, clerk):
    poll = make_desk_vote(ways=[Way.LETTER])
    electorate = poll.envelope.budget.activity.electorate
    person = make_person(poll.envelope.budget)
    person = redeem(electorate=electorate, text=code_for(person), at=timezone.now())
    cast(poll, list(poll.envelope.projects.all()[:1]), person)
    page = at("electorate:cancel_letter", electorate.pk)
    found = client.get(page, {"number": "1-1-1"}).content.decode()
    assert "a déjà voté" in found
    assert "ne retire pas le bulletin de l’urne" in found
    client.post(f"{page}?number=1-1-1", {"reason": "Perdu"})
    assert VoterRecord.objects.filter(poll=poll).count() == 1


def test_somebody_is_recognised_then_the_next_one_refused(client, clerk):
    request, person, _proof = TestSecondLook().waiting()
    page = at("match:read", request.pk)
    shown = client.get(page).content.decode()
    assert "MODÈLEB Dominique" in shown
    assert client.post(page, {"act": "refuse", "reason": ""}).status_code == 422
    assert client.post(page, {"act": "accept", "elector": person.pk}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.elector) == (MatchState.ACCEPTED, person)
    assert client.post(page, {"act": "accept", "elector": person.pk}).status_code == 422


def test_the_roll_is_searched_by_names_and_number(client, clerk):
    electorate = make_electorate()
    make_roll(electorate, 3)
    for text in ("modeleb", "dominique MODELEB", "1"):
        shown = client.get(at("elector:index"), {"q": text}).content.decode()
        assert "MODÈLEB" in shown
        assert "MODÈLEC" not in shown


def test_taking_off_the_roll_needs_a_reason(client, clerk):
    electorate = make_electorate()
    (person,) = make_roll(electorate, 1)
    page = at("elector:read", person.pk)
    assert client.post(page, {"reason": " "}).status_code == 422
    assert client.post(page, {"reason": "Partie"}).status_code == 302
    person.refresh_from_db()
    assert not person.is_on_roll


@pytest.mark.parametrize("name", ["elector:index", "match:index", "electorate:index"])
def test_lists_ask_the_database_the_same_number_of_questions(client, clerk, name):
    counts = []
    for _round in range(2):
        electorate = make_electorate()
        make_roll(electorate, 2)
        for number in range(2):
            MatchRequest.objects.create(
                electorate=electorate,
                way=Way.SMS,
                family_name=f"Essai {number}",
                asked_on=timezone.localdate(),
                identity_kind="phone",
                identity_digest=f"{electorate.pk}-{number}",
                account=make_user(),
            )
        client.get(at(name))
        with CaptureQueriesContext(connection) as queries:
            client.get(at(name))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_nightly_command_says_what_it_erased():
    out = io.StringIO()
    call_command("erase_electors", stdout=out)
    assert out.getvalue() == "0 personnes, 0 fichiers, 0 codes effacés\n"
