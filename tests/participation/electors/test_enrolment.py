"""One person is one elector, whatever the ways by which they come."""

import datetime
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from participation.core.choices import Step
from participation.core.verdict import Refused
from participation.electors.choices import IdentityKind, MatchState, Way
from participation.electors.models import (
    Attestation,
    Elector,
    ElectorIdentity,
    MatchRequest,
)
from participation.electors.services import (
    Proof,
    Statement,
    accept_match,
    arrive,
    enrol_account,
    enrol_at_desk,
    erase_civil_data,
    erase_what_is_due,
    freeze_electorate,
    note_results,
    redeem,
    refuse_match,
    save_electorate,
    state_identity,
)
from participation.electors.services.statements import attestation_seal
from participation.electors.tasks import deliver_match
from tests.factories.accounts import make_user
from tests.factories.core import make_phase
from tests.factories.electors import code_for, load_roll, make_clerk, make_electorate, make_roll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]
BORN = datetime.date(1980, 5, 2)  # the first person of `make_roll`
FIRST = Statement("Modèleb", "Dominique", BORN)


def states(electorate, statement=FIRST, **who):
    who.setdefault("account", make_user())
    return state_identity(
        electorate=electorate, way=Way.ATTESTATION, statement=statement, at=timezone.now(), **who
    )


def codes_of(call):
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.verdict.codes


class TestOnePerson:
    @pytest.mark.parametrize(
        "second", ["ALIX@example.org", "alix+vote@example.org", "ａｌｉｘ@example.org"]
    )
    def test_a_second_account_of_one_mailbox_is_refused_without_naming_the_first(self, second):
        electorate = make_electorate()
        first = enrol_account(electorate=electorate, account=make_user("alix@example.org"))
        again = make_user("autre@example.org")
        EmailAddress.objects.filter(user=again).update(email=second)
        with pytest.raises(Refused) as refused:
            enrol_account(electorate=electorate, account=again)
        assert refused.value.verdict.codes == ("already_known",)
        assert "alix" not in str(refused.value).lower()
        assert list(Elector.objects.filter(electorate=electorate)) == [first]

    def test_an_address_that_was_never_confirmed_counts_for_nobody(self):
        electorate = make_electorate()
        enrol_account(electorate=electorate, account=make_user("alix@example.org", verified=False))
        enrol_account(electorate=electorate, account=make_user("alix+1@example.org"))
        assert Elector.objects.count() == 2

    def test_the_same_account_is_the_same_elector(self):
        electorate, account = make_electorate(), make_user()
        one = enrol_account(electorate=electorate, account=account)
        assert enrol_account(electorate=electorate, account=account) == one

    def test_one_person_may_vote_in_two_votes(self):
        account = make_user()
        electors = {
            enrol_account(electorate=make_electorate(), account=account).pk for _ in range(2)
        }
        assert len(electors) == 2
        assert len(set(ElectorIdentity.objects.values_list("digest", flat=True))) == 2

    def test_two_proofs_of_two_people_never_make_one(self):
        electorate = make_electorate()
        phone = Proof.of(electorate, IdentityKind.PHONE, "+33612345678")
        other = Proof.of(electorate, IdentityKind.FRANCECONNECT, "abc")
        arrive(electorate=electorate, way=Way.SMS, proofs=[phone])
        arrive(electorate=electorate, way=Way.FRANCECONNECT, proofs=[other])
        arriving = partial(arrive, electorate=electorate, way=Way.SMS, proofs=[phone, other])
        assert codes_of(arriving) == ("already_known",)

    def test_the_database_refuses_one_identity_for_two_electors(self):
        electorate = make_electorate()
        one, two = (Elector.objects.create(electorate=electorate) for _ in range(2))
        same = {"electorate": electorate, "kind": "phone", "digest": "a" * 64}
        ElectorIdentity.objects.create(elector=one, **same)
        with pytest.raises(IntegrityError, match="identity_one_elector"), transaction.atomic():
            ElectorIdentity.objects.create(elector=two, **same)

    def test_somebody_signed_in_who_already_counts_cannot_count_again_with_a_letter(self):
        electorate = make_electorate(ways=[Way.ACCOUNT, Way.LETTER])
        (person,) = make_roll(electorate, 1)
        account = make_user()
        enrol_account(electorate=electorate, account=account)
        trying = partial(
            redeem,
            electorate=electorate,
            text=code_for(person),
            at=timezone.now(),
            account=account,
        )
        assert codes_of(trying) == ("already_known",)

    def test_a_letter_opened_with_an_account_ties_both_to_one_elector(self):
        electorate = make_electorate(ways=[Way.ACCOUNT, Way.LETTER])
        (person,) = make_roll(electorate, 1)
        account = make_user()
        redeem(electorate=electorate, text=code_for(person), at=timezone.now(), account=account)
        assert enrol_account(electorate=electorate, account=account) == person


class TestDesk:
    def enrol(self, electorate, **changes):
        values = {"family_name": "Essai", "given_names": "Tom", "birth_date": BORN, **changes}
        return enrol_at_desk(electorate=electorate, actor=make_clerk(), at=timezone.now(), **values)

    def test_the_same_papers_lead_to_the_same_elector(self):
        electorate = make_electorate(ways=[Way.DESK])
        one = self.enrol(electorate)
        assert self.enrol(electorate, family_name="ESSAI", given_names="tom, Paul") == one
        assert one.ways == ["desk"]

    def test_a_true_homonym_is_told_apart_by_a_distinction(self):
        electorate = make_electorate(ways=[Way.DESK])
        one = self.enrol(electorate)
        other = self.enrol(electorate, distinction="née à Villeneuve")
        assert other != one
        assert self.enrol(electorate, distinction="Née à  villeneuve") == other

    def test_who_stated_their_names_online_is_found_at_the_desk(self):
        electorate = make_electorate(ways=[Way.DESK, Way.ATTESTATION])
        online = states(electorate, Statement("Essai", "Tom", BORN))
        assert self.enrol(electorate) == online

    def test_a_closed_roll_and_a_vote_without_desk_enrol_nobody(self):
        closed = make_electorate(ways=[Way.DESK], is_roll_closed=True)
        assert codes_of(lambda: self.enrol(closed)) == ("not_on_roll",)
        assert codes_of(lambda: self.enrol(make_electorate())) == ("way_not_accepted",)
        nameless = make_electorate(ways=[Way.DESK])
        assert codes_of(lambda: self.enrol(nameless, family_name=" - ")) == ("names_missing",)


class TestStatements:
    def test_who_is_on_the_roll_is_found_by_their_names_however_written(self):
        electorate = make_electorate(ways=[Way.ATTESTATION], is_roll_closed=True)
        first, _second = make_roll(electorate, 2)
        account = make_user()
        found = states(electorate, Statement("MODELEB", "dominique", BORN), account=account)
        assert found == first
        first.refresh_from_db()
        assert (first.account, first.ways) == (account, ["attestation"])

    def test_a_married_name_does_as_well(self):
        electorate = make_electorate(ways=[Way.ATTESTATION], is_roll_closed=True)
        load_roll(electorate, "1;ESSAI;FICTIF;Nour;29/02/1992;;;")
        found = states(electorate, Statement("Fictif", "Nour", datetime.date(1992, 2, 29)))
        assert found == Elector.objects.get()

    def test_unknown_near_and_already_come_get_the_same_answer(self):
        electorate = make_electorate(ways=[Way.ATTESTATION], is_roll_closed=True)
        make_roll(electorate, 2)
        states(electorate)
        unknown = states(electorate, Statement("Inconnu", "Zoé", BORN))
        near = states(electorate, Statement("Modellec", "Dominique", datetime.date(1980, 5, 3)))
        used = states(electorate)
        assert (unknown, near, used) == (None, None, None)
        assert list(MatchRequest.objects.order_by("pk").values_list("family_name", "state")) == [
            ("Inconnu", "pending"),
            ("Modellec", "pending"),
            ("Modèleb", "pending"),
        ]

    def test_on_an_open_roll_a_stranger_enters_and_a_near_miss_waits(self):
        electorate = make_electorate(ways=[Way.ATTESTATION])
        make_roll(electorate, 2)
        assert states(electorate, Statement("Fictif", "Zoé", datetime.date(1990, 1, 1))) is not None
        assert states(electorate, Statement("Modelleb", "Dominique", BORN)) is None

    def test_what_was_signed_is_kept_and_cannot_be_changed(self):
        electorate = make_electorate(ways=[Way.ATTESTATION])
        elector = states(electorate)
        row = Attestation.objects.get(elector=elector)
        assert "Dominique Modèleb" in row.words
        assert row.seal == attestation_seal(row)
        with pytest.raises(DatabaseError, match="attestation_as_signed"), transaction.atomic():
            Attestation.objects.update(family_name="Autre")
        row.family_name = "Autre"
        assert row.seal != attestation_seal(row)

    @pytest.mark.parametrize(
        ("statement", "code"),
        [
            (Statement("'", "Tom", BORN), "names_missing"),
            (Statement("Essai", "Tom", datetime.date(2999, 1, 1)), "birth_date_impossible"),
            (Statement("Essai", "Tom", datetime.date(1880, 1, 1)), "birth_date_impossible"),
        ],
    )
    def test_an_impossible_statement_is_refused_in_words(self, statement, code):
        electorate = make_electorate(ways=[Way.ATTESTATION])
        assert codes_of(lambda: states(electorate, statement)) == (code,)


class TestSecondLook:
    def waiting(self, **fields):
        electorate = make_electorate(ways=[Way.SMS], is_roll_closed=True)
        first, _second = make_roll(electorate, 2)
        proof = Proof.of(electorate, IdentityKind.PHONE, "+33612345678")
        none = state_identity(
            electorate=electorate,
            way=Way.SMS,
            statement=Statement("Modelleb", "Dominique", BORN),
            proofs=[proof],
            email="dominique@example.org",
            at=timezone.now(),
        )
        assert none is None
        return MatchRequest.objects.get(), first, proof

    def test_recognising_ties_what_they_hold_to_their_line_and_tells_them(self):
        request, person, proof = self.waiting()
        accept_match(request=request, elector=person, actor=make_clerk(), at=timezone.now())
        assert arrive(electorate=request.electorate, way=Way.SMS, proofs=[proof]) == person
        deliver_match(match_id=request.pk)
        (message,) = mail.outbox
        assert (message.to, message.subject) == (["dominique@example.org"], "Vous pouvez voter")

    def test_refusing_needs_a_reason_which_they_read(self):
        request, _person, _proof = self.waiting()
        refusing = partial(refuse_match, request=request, actor=make_clerk(), at=timezone.now())
        assert codes_of(partial(refusing, reason=" ")) == ("reason_missing",)
        refusing(reason="Venez avec vos papiers.")
        deliver_match(match_id=request.pk)
        assert "Venez avec vos papiers." in mail.outbox[0].body
        assert codes_of(partial(refusing, reason="Encore")) == ("already_decided",)

    def test_a_closed_roll_gets_nobody_new_and_only_clerks_decide(self):
        request, person, _proof = self.waiting()
        deciding = partial(accept_match, request=request, at=timezone.now())
        assert codes_of(partial(deciding, elector=None, actor=make_clerk())) == ("not_on_roll",)
        assert codes_of(partial(deciding, elector=person, actor=make_user())) == ("not_allowed",)
        request.refresh_from_db()
        assert request.state == MatchState.PENDING

    def test_somebody_new_enters_an_open_roll(self):
        electorate = make_electorate(ways=[Way.ATTESTATION])
        make_roll(electorate, 1)
        account = make_user()
        assert states(electorate, Statement("Modelleb", "Dominique", BORN), account=account) is None
        elector = accept_match(
            request=MatchRequest.objects.get(),
            elector=None,
            actor=make_clerk(),
            at=timezone.now(),
        )
        assert (elector.account, elector.is_on_roll) == (account, False)


class TestSettings:
    def test_once_sealed_who_may_vote_no_longer_changes_even_by_hand(self):
        electorate = make_electorate()
        clerk = make_clerk()
        freeze_electorate(electorate=electorate, actor=clerk, at=timezone.now())
        changing = partial(
            save_electorate, electorate=electorate, settings={"minimum_age": 16}, actor=clerk
        )
        assert codes_of(changing) == ("electorate_frozen",)
        electorate.refresh_from_db()
        save_electorate(electorate=electorate, settings={"shows_turnout": False}, actor=clerk)
        with pytest.raises(DatabaseError, match="electorate_frozen"), transaction.atomic():
            type(electorate).objects.update(minimum_age=18)
        with pytest.raises(DatabaseError, match="electorate_frozen"), transaction.atomic():
            type(electorate).objects.update(frozen_at=None)

    def test_a_tie_without_a_place_is_refused_in_words(self):
        electorate = make_electorate()
        electorate.perimeter = None
        saving = partial(
            save_electorate,
            electorate=electorate,
            settings={"links": ["worker"]},
            actor=make_clerk(),
        )
        with pytest.raises(Refused) as refused:
            saving()
        assert "périmètre" in str(refused.value)


class TestRetention:
    def test_names_go_some_months_after_the_results_and_identities_stay(self):
        electorate = make_electorate(ways=[Way.ATTESTATION], retention_months=2)
        make_roll(electorate, 2)
        states(electorate)
        states(electorate, Statement("Modelleb", "Dominique", BORN))
        digests = set(ElectorIdentity.objects.values_list("digest", flat=True))
        note_results(activity=electorate.activity, on=datetime.date(2026, 1, 31))
        almost = datetime.datetime(2026, 3, 30, 12, tzinfo=datetime.UTC)
        assert erase_what_is_due(at=almost)["people"] == 0
        due = datetime.datetime(2026, 3, 31, 12, tzinfo=datetime.UTC)
        assert erase_what_is_due(at=due)["people"] == 2
        assert erase_what_is_due(at=due)["people"] == 0
        for model, names in (
            (Elector, ("family_name", "given_names", "postal_address", "family_key", "roll_key")),
            (Attestation, ("family_name", "given_names", "words")),
            (MatchRequest, ("family_name", "given_names", "email")),
        ):
            assert {value for row in model.objects.values_list(*names) for value in row} == {""}
        assert not Elector.objects.exclude(birth_date=None).exists()
        assert set(ElectorIdentity.objects.values_list("digest", flat=True)) == digests

    def test_without_results_the_months_run_from_the_close_of_the_vote(self):
        electorate = make_electorate(retention_months=1)
        electorate.activity.phases.all().delete()
        make_phase(electorate.activity, Step.DECIDE, opens_in=-100, closes_in=-50)
        make_roll(electorate, 1)
        assert erase_what_is_due(at=timezone.now())["people"] == 1

    def test_erasing_is_written_in_the_log(self):
        from wagtail.models import ModelLogEntry

        electorate = make_electorate()
        erase_civil_data(electorate=electorate, at=timezone.now())
        assert ModelLogEntry.objects.filter(action="parvis.electorate.erase").count() == 1
