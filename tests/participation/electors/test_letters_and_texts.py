"""Codes by letter and by text message."""

import datetime
import io
import json
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail
from django.utils import timezone

from participation.core.verdict import Refused
from participation.electors import codes
from participation.electors.choices import Way
from participation.electors.letters_pdf import letters_pdf
from participation.electors.models import Elector, ElectorIdentity, TextCode, VotingCode
from participation.electors.services import (
    check_text_code,
    draw_codes,
    plan_anonymous_letters,
    plan_letters,
    redeem,
    send_text_code,
)
from tests.factories.accounts import make_user
from tests.factories.electors import code_for, load_roll, make_clerk, make_electorate, make_roll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]
_HOUR = datetime.timedelta(hours=1)
NUMBER = "06 12 34 56 78"


def codes_of(call):
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.verdict.codes


@pytest.fixture
def electorate():
    return make_electorate(ways=[Way.LETTER, Way.SMS])


class TestLetters:
    def test_a_code_leads_to_its_person_again_and_again_until_the_close(self, electorate):
        first, second = make_roll(electorate, 2)
        code = code_for(first)
        other = code_for(second)
        for typed in (code, codes.grouped(code).lower(), code.replace("0", "O")):
            assert redeem(electorate=electorate, text=typed, at=timezone.now()) == first
        assert redeem(electorate=electorate, text=other, at=timezone.now()) == second
        first.refresh_from_db()
        assert first.ways == ["letter"]

    def test_nothing_that_is_kept_reads_back_as_a_code(self, electorate):
        (person,) = make_roll(electorate, 1)
        code = code_for(person)
        kept = VotingCode.objects.get()
        assert code not in json.dumps(
            [str(getattr(kept, field.name)) for field in VotingCode._meta.fields]
        )
        assert len(kept.digest) == 64

    def test_wrong_unknown_expired_and_replaced_codes_are_told_apart(self, electorate):
        (person,) = make_roll(electorate, 1)
        former = code_for(person)
        code = code_for(person)
        now = timezone.now()
        trying = partial(redeem, electorate=electorate)
        assert codes_of(partial(trying, text="ABCD", at=now)) == ("code_malformed",)
        assert codes_of(partial(trying, text=codes.new_code(), at=now)) == ("code_unknown",)
        assert codes_of(partial(trying, text=former, at=now)) == ("code_cancelled",)
        late = now + 6 * 24 * _HOUR
        assert codes_of(partial(trying, text=code, at=late)) == ("code_expired",)
        assert redeem(electorate=electorate, text=code, at=now) == person

    def test_a_code_of_another_vote_is_unknown_here(self, electorate):
        (person,) = make_roll(electorate, 1)
        other = make_electorate(ways=[Way.LETTER])
        trying = partial(redeem, electorate=other, text=code_for(person), at=timezone.now())
        assert codes_of(trying) == ("code_unknown",)

    def test_letters_go_once_to_those_who_have_an_address(self, electorate):
        make_roll(electorate, 3)
        load_roll(electorate, "99;SANSADRESSE;;Tom;01/01/1990;;;", whole=False)
        clerk, now = make_clerk(), timezone.now()
        planning = partial(
            plan_letters, electorate=electorate, expires_at=now + _HOUR, actor=clerk, at=now
        )
        (batch,) = planning()
        assert batch.size == 3
        assert codes_of(planning) == ("nobody_to_write_to",)
        assert {
            str(elector) for elector, _code in draw_codes(batch=batch, actor=clerk, at=now)
        } == {
            "MODÈLEB Dominique",
            "MODÈLEC Dominique",
            "MODÈLED Dominique",
        }

    def test_printing_a_batch_again_cancels_its_former_codes(self, electorate):
        make_roll(electorate, 2)
        clerk, now = make_clerk(), timezone.now()
        (batch,) = plan_letters(electorate=electorate, expires_at=now + _HOUR, actor=clerk, at=now)
        former = draw_codes(batch=batch, actor=clerk, at=now)
        fresh = draw_codes(batch=batch, actor=clerk, at=now)
        trying = partial(redeem, electorate=electorate, at=now)
        assert codes_of(partial(trying, text=former[0][1])) == ("code_cancelled",)
        assert trying(text=fresh[0][1]) == fresh[0][0]
        assert VotingCode.objects.filter(cancelled_at__isnull=True).count() == 2

    def test_codes_without_names_are_one_elector_each_in_batches(self, electorate):
        clerk, now = make_clerk(), timezone.now()
        batches = plan_anonymous_letters(
            electorate=electorate, count=2_050, expires_at=now + _HOUR, actor=clerk, at=now
        )
        assert [batch.size for batch in batches] == [1000, 1000, 50]
        drawn = draw_codes(batch=batches[2], actor=clerk, at=now)
        assert len({redeem(electorate=electorate, text=c, at=now).pk for _e, c in drawn[:5]}) == 5
        assert Elector.objects.filter(is_on_roll=True).count() == 2_050

    def test_who_is_not_in_charge_plans_and_prints_nothing(self, electorate):
        make_roll(electorate, 1)
        now = timezone.now()
        planning = partial(
            plan_letters, electorate=electorate, expires_at=now + _HOUR, at=now, actor=make_user()
        )
        assert codes_of(planning) == ("not_allowed",)

    def test_the_pdf_has_one_page_a_person_with_address_and_code(self, electorate):
        from pypdf import PdfReader

        make_roll(electorate, 3)
        clerk, now = make_clerk(), timezone.now()
        (batch,) = plan_letters(electorate=electorate, expires_at=now + _HOUR, actor=clerk, at=now)
        drawn = draw_codes(batch=batch, actor=clerk, at=now)
        pages = PdfReader(io.BytesIO(letters_pdf(batch=batch, drawn=drawn))).pages
        assert len(pages) == 3
        for page, (elector, code) in zip(pages, drawn, strict=True):
            text = page.extract_text()
            assert codes.grouped(code) in text
            assert elector.family_name in text.upper()
            assert "/voter/" in text
            assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
            others = [other for _elector, other in drawn if other != code]
            assert not any(codes.grouped(other) in text for other in others)

    def test_what_all_letters_say_is_in_the_pdf_once(self, electorate):
        from pypdf import PdfReader

        make_roll(electorate, 20)
        clerk, now = make_clerk(), timezone.now()
        (batch,) = plan_letters(electorate=electorate, expires_at=now + _HOUR, actor=clerk, at=now)
        drawn = draw_codes(batch=batch, actor=clerk, at=now)
        pages = PdfReader(io.BytesIO(letters_pdf(batch=batch, drawn=drawn))).pages
        parts = [[part.idnum for part in page["/Contents"]] for page in pages]
        assert len({common for common, _own in parts}) == 1
        assert len({own for _common, own in parts}) == 20


class TestTexts:
    def received(self):
        return mail.outbox[-1].body.split()[0]

    def send(self, electorate, number=NUMBER, at=None):
        return send_text_code(electorate=electorate, number=number, at=at or timezone.now())

    def test_a_number_is_one_person_and_is_kept_nowhere(self, electorate):
        sent = self.send(electorate)
        assert mail.outbox[-1].to == ["+33612345678@sms.invalid"]
        _proof, one = check_text_code(
            sent_id=sent.pk, electorate=electorate, text=self.received(), at=timezone.now()
        )
        again = self.send(electorate, "+33 6 12 34 56 78")
        _proof, two = check_text_code(
            sent_id=again.pk, electorate=electorate, text=self.received(), at=timezone.now()
        )
        assert one == two
        rows = [*TextCode.objects.values(), *ElectorIdentity.objects.values()]
        assert "612345678" not in str(rows)

    def test_five_attempts_and_no_more(self, electorate):
        sent = self.send(electorate)
        code = self.received()
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        trying = partial(check_text_code, sent_id=sent.pk, electorate=electorate, at=timezone.now())
        for _attempt in range(5):
            assert codes_of(partial(trying, text=wrong)) == ("text_code_wrong",)
        assert codes_of(partial(trying, text=code)) == ("text_code_expired",)

    def test_a_code_serves_once_and_ten_minutes(self, electorate):
        now = timezone.now()
        sent = self.send(electorate, at=now)
        late = partial(
            check_text_code,
            sent_id=sent.pk,
            electorate=electorate,
            text=self.received(),
            at=now + datetime.timedelta(minutes=11),
        )
        assert codes_of(late) == ("text_code_expired",)
        check_text_code(sent_id=sent.pk, electorate=electorate, text=self.received(), at=now)
        again = partial(
            check_text_code, sent_id=sent.pk, electorate=electorate, text=self.received(), at=now
        )
        assert codes_of(again) == ("text_code_expired",)

    def test_three_codes_an_hour_for_one_number(self, electorate):
        now = timezone.now()
        for _number in range(3):
            self.send(electorate, at=now)
        assert codes_of(lambda: self.send(electorate, at=now)) == ("too_many_texts",)
        self.send(electorate, "07 61 23 45 67", at=now)
        self.send(electorate, at=now + 2 * _HOUR)

    def test_a_number_that_receives_no_text_is_refused_in_words(self, electorate):
        assert codes_of(lambda: self.send(electorate, "05 61 22 29 22")) == ("number_impossible",)
        assert codes_of(lambda: self.send(make_electorate())) == ("way_not_accepted",)

    def test_a_vote_that_asks_who_people_are_waits_for_it(self):
        electorate = make_electorate(ways=[Way.SMS], minimum_age=16)
        sent = self.send(electorate)
        proof, elector = check_text_code(
            sent_id=sent.pk, electorate=electorate, text=self.received(), at=timezone.now()
        )
        assert (proof.kind, elector) == ("phone", None)
        assert not Elector.objects.exists()

    def test_the_provider_gets_one_request_as_the_settings_say(self, electorate, settings):
        got = []

        class Provider(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got.append((self.path, self.headers["Authorization"], json.loads(body)))
                self.send_response(500 if len(got) > 1 else 201)
                self.end_headers()

            def log_message(self, *args):
                pass

        server = HTTPServer(("127.0.0.1", 0), Provider)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.TEXT_MESSAGES = "http"
        settings.TEXT_MESSAGE_URL = f"http://127.0.0.1:{server.server_port}/sms"
        settings.TEXT_MESSAGE_TOKEN = "jeton"
        settings.TEXT_MESSAGE_FIELDS = {"to": "receiver", "text": "message", "from": "sender"}
        try:
            self.send(electorate)
            ((path, bearer, body),) = got
            assert (path, bearer) == ("/sms", "Bearer jeton")
            assert (body["receiver"], body["sender"]) == ("+33612345678", "Parvis")
            assert "est votre code pour voter" in body["message"]
            assert mail.outbox == []
            assert codes_of(lambda: self.send(electorate)) == ("text_not_sent",)
        finally:
            server.shutdown()
            server.server_close()
