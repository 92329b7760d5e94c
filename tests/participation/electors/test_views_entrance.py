"""The pages of the entrance: nothing revealed, nothing lost, nothing left behind."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.electors.choices import Way
from participation.electors.models import Elector, MatchRequest
from participation.electors.visits import share_device
from tests.factories.accounts import make_user
from tests.factories.electors import code_for, make_electorate, make_roll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]


def at(name, electorate, back="/aide/"):
    url = reverse(f"electors:{name}", args=[electorate.activity.slug])
    return f"{url}?next={back}" if back else url


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def electorate():
    return make_electorate(ways=[Way.LETTER, Way.SMS, Way.ACCOUNT, Way.DESK])


def test_the_entrance_offers_the_ways_of_this_vote_alone(client, electorate):
    page = text(client.get(at("entry", electorate)))
    for offered in ("J’ai un code", "Recevoir un code", "Se connecter", "Sur place"):
        assert offered in page
    assert "FranceConnect" not in page
    only = make_electorate(ways=[Way.LETTER])
    page = text(client.get(at("entry", only)))
    assert "J’ai un code" in page
    assert "Recevoir un code" not in page


def test_a_code_typed_as_people_do_leads_to_the_vote_and_leaving_forgets_it(client, electorate):
    (person,) = make_roll(electorate, 1)
    code = code_for(person)
    before = client.session.session_key
    done = client.post(
        at("code", electorate), {"code": code.lower().replace("0", "o"), "next": "/aide/"}
    )
    assert done.url == "/aide/"
    assert client.session.session_key != before
    assert client.session["elector"]["what"] == person.pk
    assert "Vous pouvez voter" in text(client.get(at("entry", electorate)))
    client.post(at("finish", electorate))
    assert dict(client.session) == {} or "elector" not in client.session
    assert "Comment venez-vous voter" in text(client.get(at("entry", electorate)))


def test_a_wrong_code_keeps_what_was_typed(client, electorate):
    page = client.post(at("code", electorate), {"code": "ABCD 1234"})
    assert page.status_code == 422
    assert 'value="ABCD 1234"' in text(page)
    assert "quatre groupes" in text(page)


def test_a_session_ends_after_half_an_hour_without_a_sign(client, electorate):
    (person,) = make_roll(electorate, 1)
    client.post(at("code", electorate), {"code": code_for(person)})
    session = client.session
    session["elector"] = {**session["elector"], "seen": timezone.now().timestamp() - 31 * 60}
    session.save()
    assert "Comment venez-vous voter" in text(client.get(at("entry", electorate)))


def test_a_new_letter_ends_the_visit_of_who_used_the_former(client, electorate):
    (person,) = make_roll(electorate, 1)
    client.post(at("code", electorate), {"code": code_for(person)})
    assert "Vous pouvez voter" in text(client.get(at("entry", electorate)))
    fresh = code_for(person)
    page = text(client.get(at("entry", electorate)))
    assert "Comment venez-vous voter" in page
    assert "J’ai terminé" not in page
    client.post(at("code", electorate), {"code": fresh})
    assert "Vous pouvez voter" in text(client.get(at("entry", electorate)))


def test_a_session_of_one_vote_opens_no_other(client, electorate):
    (person,) = make_roll(electorate, 1)
    client.post(at("code", electorate), {"code": code_for(person)})
    other = make_electorate(ways=[Way.LETTER])
    assert "Comment venez-vous voter" in text(client.get(at("entry", other)))


def test_a_shared_device_forgets_everything_between_two_voters(client, electorate):
    from django.http import HttpResponse

    (person,) = make_roll(electorate, 1)
    response = HttpResponse()
    share_device(response, activity=electorate.activity, is_secure=False)
    client.cookies.update(response.cookies)
    client.post(at("code", electorate), {"code": code_for(person)})
    session = client.session
    session["elector"] = {**session["elector"], "seen": timezone.now().timestamp() - 6 * 60}
    session.save()
    assert "Comment venez-vous voter" in text(client.get(at("entry", electorate)))
    client.force_login(make_user())
    client.post(at("finish", electorate))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "hostile",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "evil"],
)
def test_the_way_back_stays_on_this_site(client, electorate, hostile):
    (person,) = make_roll(electorate, 1)
    done = client.post(at("code", electorate, ""), {"code": code_for(person), "next": hostile})
    assert done.url == "/"
    assert "evil" not in done.url


def test_many_wrong_codes_are_slowed_down(client, electorate):
    for _attempt in range(40):
        client.post(at("code", electorate), {"code": "ABCD"})
    assert client.post(at("code", electorate), {"code": "ABCD"}).status_code == 429


def test_a_telephone_leads_to_the_vote_in_two_pages(client, electorate):
    sent = client.post(at("phone", electorate), {"number": "06 12 34 56 78", "next": "/aide/"})
    code = mail.outbox[0].body.split()[0]
    wrong = client.post(sent.url, {"code": "00000" if code != "00000" else "1"})
    assert wrong.status_code == 422
    assert client.post(sent.url, {"code": code}).url == "/aide/"
    assert Elector.objects.get().ways == ["sms"]


def test_a_known_and_an_unknown_number_get_the_same_answer(electorate):
    answers = set()
    for number in ("06 12 34 56 78", "06 12 34 56 78", "06 99 99 99 99"):
        client = Client()
        sent = client.post(at("phone", electorate), {"number": number})
        answers.add((sent.status_code, sent.url))
        code = mail.outbox[-1].body.split()[0]
        client.post(sent.url, {"code": code})
    assert len(answers) == 1


def test_unknown_near_and_already_come_see_the_same_page(french):
    electorate = make_electorate(ways=[Way.ATTESTATION], is_roll_closed=True)
    make_roll(electorate, 2)
    shown = []
    for family, born in (
        ("Modèleb", "02/05/1980"),
        ("Inconnu", "02/05/1980"),
        ("Modelebb", "02/05/1980"),
        ("Modèleb", "02/05/1980"),
    ):
        client = Client()
        client.force_login(make_user())
        done = client.post(
            at("statement", electorate),
            {
                "family_name": family,
                "given_names": "Dominique",
                "birth_date": born,
                "honour": "on",
            },
        )
        page = client.get(done.url)
        shown.append((done.status_code, done.url, page.status_code))
    entered, *others = shown
    assert entered[1] == "/aide/"
    assert len(set(others)) == 1
    assert MatchRequest.objects.count() == 3


def test_a_statement_with_faults_keeps_what_was_typed(client):
    electorate = make_electorate(ways=[Way.ATTESTATION])
    client.force_login(make_user())
    page = client.post(
        at("statement", electorate),
        {"family_name": "Essai", "given_names": "", "birth_date": "31/02/1990"},
    )
    body = text(page)
    assert page.status_code == 422
    for words in ("Indiquez vos prénoms.", "Cette date n’existe pas", "Cochez cette case"):
        assert words in body
    assert 'value="Essai"' in body
    assert 'value="31/02/1990"' in body


def test_who_holds_nothing_cannot_state_anything(client, electorate):
    assert "/voter/" in client.get(at("statement", electorate)).url
    assert client.get(at("phone_code", electorate)).status_code == 302
    assert client.get(at("arrival", electorate)).status_code == 302


def test_a_hidden_vote_has_no_entrance(client):
    from tests.factories.core import make_process

    hidden = make_electorate(activity__process=make_process(published=False))
    assert client.get(at("entry", hidden)).status_code == 404
    assert client.get("/voter/rien/").status_code == 404


def test_no_page_of_the_entrance_is_kept_by_a_cache(client, electorate):
    for name in ("entry", "code", "phone", "waiting"):
        assert "no-store" in client.get(at(name, electorate))["Cache-Control"]


def test_the_entrance_asks_the_database_the_same_number_of_questions(
    client, electorate, django_assert_max_num_queries
):
    client.get(at("entry", electorate))
    with django_assert_max_num_queries(12):
        client.get(at("entry", electorate))
