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
from wagtail.models import ModelLogEntry

from participation.core.verdict import Refused
from participation.electors import codes
from participation.electors.choices import Way
from participation.electors.letters_pdf import letters_pdf
from participation.electors.models import Elector, ElectorIdentity, TextCode, VotingCode
from participation.electors.queries import Visit, elector_of_visit
from participation.electors.services import (
    cancel_letter,
    check_text_code,
    draw_codes,
    enrol_account,
    plan_anonymous_letters,
    plan_letters,
    redeem,
    replace_letter,
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

    def test_a_stolen_letter_is_replaced_with_the_account_that_used_it(self, electorate):
        (person,) = make_roll(electorate, 1)
        thief = make_user()
        now = timezone.now()
        redeem(electorate=electorate, text=code_for(person), account=thief, at=now)
        enrol_account(electorate=electorate, account=thief)  # so its mailbox is tied as well
        person.refresh_from_db()
        assert person.account == thief
        replacing = partial(
            replace_letter, elector=person, expires_at=now + _HOUR, actor=make_clerk(), at=now
        )
        replacing(drops_account=False)
        person.refresh_from_db()
        assert person.account == thief  # it may be their own: the officer says so or not
        replacing(drops_account=True)
        person.refresh_from_db()
        assert (person.account, person.ways) == (None, ["letter"])
        assert not ElectorIdentity.objects.filter(elector=person, kind="email").exists()
        assert ModelLogEntry.objects.filter(action="parvis.elector.account_drop").count() == 1
        mine = make_user()
        redeem(electorate=electorate, text=code_for(person), account=mine, at=now)
        person.refresh_from_db()
        assert person.account == mine

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

    @pytest.mark.parametrize("length", [1, 3, 5, 8])
    def test_the_end_of_a_long_address_is_in_the_window_too(self, electorate, length):
        """Nothing under the window: its lines are those that the window holds."""
        from pypdf import PdfReader

        (person,) = make_roll(electorate, 1)
        person.given_names = "Marie-Antoinette Joséphine" if length > 1 else "Marie"
        person.postal_address = (
            f"{'Résidence des Très Longs Jardins ' * length}\n12 rue des Essais\n31000 VILLENEUVE"
        )[-300:]
        person.save()
        clerk, now = make_clerk(), timezone.now()
        (batch,) = plan_letters(electorate=electorate, expires_at=now + _HOUR, actor=clerk, at=now)
        pdf = letters_pdf(batch=batch, drawn=draw_codes(batch=batch, actor=clerk, at=now))
        heights = []

        def note(text, page, place, _font, _size):
            if "VILLENEUVE" in text:
                heights.append((842 - page[3] * place[5] - page[5]) / 72 * 25.4)

        PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=note)
        assert heights
        assert max(heights) <= 90  # millimetres from the top: the window ends there

    @pytest.mark.parametrize("ways", [[Way.LETTER], [Way.LETTER, Way.DESK]])
    def test_a_letter_sends_to_a_desk_only_where_there_are_desks(self, ways):
        from pypdf import PdfReader

        electorate = make_electorate(ways=ways)
        make_roll(electorate, 1)
        clerk, now = make_clerk(), timezone.now()
        (batch,) = plan_letters(electorate=electorate, expires_at=now + _HOUR, actor=clerk, at=now)
        pdf = letters_pdf(batch=batch, drawn=draw_codes(batch=batch, actor=clerk, at=now))
        text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
        assert ("bureau" in text) is (Way.DESK in ways)

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


class TestOneLetterCancelled:
    """By the number printed at its foot: that letter stops, the others of its batch go on."""

    def drawn(self, electorate, count=3):
        self.clerk, self.now = make_clerk(), timezone.now()
        (self.batch,) = plan_anonymous_letters(
            electorate=electorate,
            count=count,
            expires_at=self.now + _HOUR,
            actor=self.clerk,
            at=self.now,
        )
        return draw_codes(batch=self.batch, actor=self.clerk, at=self.now)

    def cancel(self, electorate, number, **changed):
        asked = {"reason": "Perdu", "drops_account": False, "actor": self.clerk, "at": self.now}
        return cancel_letter(electorate=electorate, number=number, **asked | changed)

    def test_its_number_is_printed_and_cancels_its_code_alone(self, electorate):
        from pypdf import PdfReader

        drawn = self.drawn(electorate)
        pages = PdfReader(io.BytesIO(letters_pdf(batch=self.batch, drawn=drawn))).pages
        numbers = [f"Courrier n° 1-{rank}-1" for rank in (1, 2, 3)]
        texts = [page.extract_text().replace("\xa0", " ") for page in pages]
        assert all(number in text for number, text in zip(numbers, texts, strict=True))
        self.cancel(electorate, numbers[1])
        trying = partial(redeem, electorate=electorate, at=self.now)
        assert codes_of(partial(trying, text=drawn[1][1])) == ("code_cancelled",)
        for place in (0, 2):
            assert trying(text=drawn[place][1]) == drawn[place][0]
        (logged,) = ModelLogEntry.objects.filter(action="parvis.letters.cancel")
        assert logged.data["letter"] == "1-2-1"
        assert logged.data["reason"] == "Perdu"

    def test_who_typed_the_cancelled_code_is_told_that_no_letter_replaces_it(self, electorate):
        drawn = self.drawn(electorate)
        self.cancel(electorate, "1-1")
        with pytest.raises(Refused, match="demandez un autre courrier"):
            redeem(electorate=electorate, text=drawn[0][1], at=self.now)
        code_for(drawn[0][0])
        with pytest.raises(Refused, match="courrier plus récent"):
            redeem(electorate=electorate, text=drawn[0][1], at=self.now)

    def test_another_letter_for_the_same_voter_is_one_voice_still(self, electorate):
        drawn = self.drawn(electorate)
        self.cancel(electorate, "1-2-1")
        fresh = code_for(drawn[1][0])
        assert redeem(electorate=electorate, text=fresh, at=self.now) == drawn[1][0]
        assert Elector.objects.count() == 3

    def test_a_visit_that_the_letter_opened_ends(self, electorate):
        drawn = self.drawn(electorate)
        person = redeem(electorate=electorate, text=drawn[0][1], at=self.now)
        visit = Visit(person.pk, self.now)
        seen = partial(elector_of_visit, activity=electorate.activity, visit=visit)
        assert seen() == person
        self.cancel(electorate, "1-1-1", at=self.now + datetime.timedelta(seconds=1))
        assert seen() is None

    def test_the_account_that_used_it_goes_when_the_officer_says_so(self, electorate):
        drawn = self.drawn(electorate)
        for place, drops in ((0, False), (1, True)):
            person, code = drawn[place]
            thief = make_user()
            redeem(electorate=electorate, text=code, account=thief, at=self.now)
            self.cancel(electorate, f"1-{place + 1}-1", drops_account=drops)
            person.refresh_from_db()
            assert (person.account is None) is drops

    def test_a_number_of_a_former_printing_cancels_nothing(self, electorate):
        self.drawn(electorate)
        fresh = draw_codes(batch=self.batch, actor=self.clerk, at=self.now)
        cancelling = partial(self.cancel, electorate)
        assert codes_of(partial(cancelling, "1-2-1")) == ("letter_replaced",)
        assert codes_of(partial(cancelling, "1-2")) == ("letter_unknown",)  # of which printing?
        assert codes_of(partial(cancelling, "1-2-3")) == ("letter_unknown",)
        assert redeem(electorate=electorate, text=fresh[1][1], at=self.now) == fresh[1][0]
        self.cancel(electorate, "1-2-2")
        assert codes_of(partial(cancelling, "1-2-2")) == ("letter_cancelled",)

    def test_impossible_numbers_and_those_who_may_not(self, electorate):
        self.drawn(electorate)
        cancelling = partial(self.cancel, electorate)
        for text in ("", "bonjour", "12", "1-2-3-4", "1--"):
            assert codes_of(partial(cancelling, text)) == ("number_malformed",)
        for text in ("1-0-1", "1-4-1", "2-1-1", "0-0-0", "999999999-999999999-1"):
            assert codes_of(partial(cancelling, text)) == ("letter_unknown",)
        assert codes_of(partial(cancelling, "1-1-1", reason=" ")) == ("reason_missing",)
        assert codes_of(partial(cancelling, "1-1-1", actor=make_user())) == ("not_allowed",)
        assert VotingCode.objects.filter(cancelled_at__isnull=True).count() == 3

    def test_the_letters_of_another_vote_have_other_numbers(self, electorate):
        self.drawn(electorate)
        other = make_electorate(ways=[Way.LETTER])
        assert codes_of(partial(self.cancel, other, "1-1-1")) == ("letter_unknown",)


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
