"""Signing up: form, mail, confirmation, and what nobody may learn from it."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from participation.accounts.emails import normalise_email
from participation.accounts.models import User
from tests.factories.accounts import make_user
from tests.participation.accounts.steps import (
    PASSWORD,
    link_in_mail,
    sign_in,
    sign_up,
    signed_in_as,
)

pytestmark = pytest.mark.django_db


def test_from_the_form_to_the_space(client):
    answer = sign_up(client, "ninon@example.org", next="/participer/mon-espace/profil/")

    assert answer.status_code == 302
    assert answer.url == reverse("account_email_verification_sent")
    person = User.objects.get(email="ninon@example.org")
    assert person.public_name == "Ninon"
    assert person.language == "fr"
    assert person.terms_accepted_at is not None
    assert signed_in_as(client) is None
    assert [message.to for message in mail.outbox] == [["ninon@example.org"]]

    confirm = link_in_mail()
    page = client.get(confirm)
    assert page.status_code == 200
    assert not EmailAddress.objects.get(user=person).verified  # reading the mail confirms nothing

    done = client.post(confirm)
    assert EmailAddress.objects.get(user=person).verified
    assert done.url == "/participer/mon-espace/profil/"
    assert signed_in_as(client) == person
    assert client.get(done.url).status_code == 200


def test_a_link_opened_in_another_browser_confirms_and_signs_nobody_in(client):
    sign_up(client, "ninon@example.org")
    elsewhere = Client()

    done = elsewhere.post(link_in_mail())

    assert done.url == reverse("account_login")
    assert signed_in_as(elsewhere) is None
    assert EmailAddress.objects.get(email="ninon@example.org").verified


def test_a_link_of_four_days_ago_no_longer_works(client, monkeypatch):
    sign_up(client, "ninon@example.org")
    confirm = link_in_mail()
    import time

    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 4 * 86_400)

    page = client.get(confirm)

    assert page.status_code == 200
    assert page.context["confirmation"] is None
    assert client.post(confirm).status_code == 404
    assert not EmailAddress.objects.get(email="ninon@example.org").verified


def test_a_link_with_one_letter_changed_is_refused(client):
    sign_up(client, "ninon@example.org")
    confirm = link_in_mail()
    wrong = confirm[:-3] + ("a" if confirm[-3] != "a" else "b") + confirm[-2:]

    assert client.post(wrong).status_code == 404
    assert not EmailAddress.objects.get(email="ninon@example.org").verified


def test_the_mail_is_in_french_and_leads_to_the_configured_site(client, settings):
    settings.SITE_URL = "https://participer.example.org"
    sign_up(client, "ninon@example.org", HTTP_HOST="evil.example")

    message = mail.outbox[0]
    assert "https://participer.example.org/compte/adresse/confirmer/" in message.body
    assert "testserver" not in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_forged_host_never_reaches_a_mail(client, settings):
    settings.SITE_URL = "https://participer.example.org"

    client.post(
        reverse("account_signup"),
        {"email": "a@example.org", "public_name": "Al", "password1": PASSWORD, "terms": "on"},
        headers={"host": "evil.example"},
    )

    assert "evil.example" not in mail.outbox[0].body
    assert "evil.example" not in str(mail.outbox[0].message())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"terms": ""}, "terms"),
        ({"public_name": "  "}, "public_name"),
        ({"public_name": "x"}, "public_name"),
        ({"public_name": "ninon@example.org"}, "public_name"),
        ({"public_name": "Gagnez sur https://evil.example"}, "public_name"),
        ({"public_name": "WWW.evil.example"}, "public_name"),
        ({"public_name": "evil.example/gain"}, "public_name"),
        ({"password1": "court"}, "password1"),
        ({"password1": "1234567890123"}, "password1"),
        ({"email": "pas une adresse"}, "email"),
        ({"email": ""}, "email"),
    ],
)
def test_what_is_missing_or_weak_is_told_and_what_was_typed_is_kept(client, changes, field):
    answer = sign_up(client, **({"email": "ninon@example.org"} | changes))

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {field}
    assert not User.objects.exists()
    assert mail.outbox == []
    assert PASSWORD not in answer.content.decode()


def test_nobodys_words_travel_in_the_mail_to_an_unproven_address(client):
    sign_up(client, "victime@example.org", public_name="Vous avez gagné")

    assert "Vous avez gagné" not in str(mail.outbox[0].message())
    assert mail.outbox[0].body.startswith("Bonjour,")


def test_a_robot_gets_the_same_answer_and_no_account(client):
    answer = sign_up(client, "robot@example.org", website="https://spam.example")

    assert answer.url == reverse("account_email_verification_sent")
    assert not User.objects.exists()
    assert mail.outbox == []


def test_nobody_signs_up_where_sign_up_is_closed(client, settings):
    settings.SIGNUP_OPEN = False

    page = client.get(reverse("account_signup"))
    sent = sign_up(client, "ninon@example.org")

    assert page.templates[0].name == "account/signup_closed.html"
    assert sent.templates[0].name == "account/signup_closed.html"
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "variant",
    ["Ninon@Example.ORG", " ninon@example.org ", "NINON@EXAMPLE.ORG", "ninon＠example.org"],
)
def test_one_address_in_another_spelling_makes_no_second_account(client, variant):
    first = make_user("ninon@example.org", password=PASSWORD)

    sign_up(client, variant)

    assert list(User.objects.all()) == [first]


def test_a_tag_is_another_mailbox(client):
    make_user("ninon@example.org")

    sign_up(client, "ninon+parvis@example.org")

    assert User.objects.count() == 2


def test_the_database_refuses_a_second_spelling():
    make_user("ninon@example.org")

    with pytest.raises(IntegrityError, match="user_email_"), transaction.atomic():
        User(email="Ninon@example.org", public_name="Double").save()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  A.B@Example.org ", "a.b@example.org"),
        ("ＡＢ@example.org", "ab@example.org"),
        ("\u212aevin@example.org", "kevin@example.org"),
        ("a+b@example.org", "a+b@example.org"),
    ],
)
def test_spelling_of_addresses(typed, kept):
    assert normalise_email(typed) == kept


def _anonymous(response, *addresses: str) -> str:
    text = response.content.decode()
    for address in addresses:
        text = text.replace(address, "X")
    text = re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]+"', "", text)
    return text


def _headers(response) -> dict[str, str]:
    varying = {"Content-Security-Policy", "Expires", "Content-Length"}
    return {name: value for name, value in response.headers.items() if name not in varying}


KNOWN, UNKNOWN = "connue@example.org", "autres@example.org"


@pytest.mark.parametrize("act", ["signup", "login", "reset", "login_unverified"])
def test_an_address_with_and_without_account_get_the_same_answer(act):
    make_user(KNOWN, password=PASSWORD)

    def attempt(address: str):
        visitor = Client()
        match act:
            case "signup":
                first = sign_up(visitor, address)
            case "login":
                first = sign_in(visitor, address, "ce n’est pas le bon mot")
            case "reset":
                first = visitor.post(reverse("account_reset_password"), {"email": address})
            case _:
                first = sign_in(visitor, address.upper(), "ni celui-là non plus")
        second = visitor.get(first.url) if first.status_code == 302 else first
        return first, second

    known, unknown = attempt(KNOWN), attempt(UNKNOWN)

    for mine, theirs in zip(known, unknown, strict=True):
        assert mine.status_code == theirs.status_code
        assert _headers(mine) == _headers(theirs)
        assert _anonymous(mine, KNOWN, KNOWN.upper()) == _anonymous(
            theirs, UNKNOWN, UNKNOWN.upper()
        )
    if act in ("signup", "reset"):
        assert sorted(message.to[0] for message in mail.outbox) == sorted([KNOWN, UNKNOWN])


def test_an_account_that_exists_is_told_by_mail_alone(client):
    make_user(KNOWN, password=PASSWORD, public_name="Ninon")

    sign_up(client, KNOWN, password1="un autre mot de passe long")

    assert User.objects.count() == 1
    assert User.objects.get().check_password(PASSWORD)
    assert "/compte/mot-de-passe/oublie/" in mail.outbox[0].body


def test_hostile_names_stay_text(client):
    name = '"><svg onload=alert(1)>'
    person = make_user(password=PASSWORD, public_name=name)
    sign_in(client, person.email)

    text = client.get(reverse("space:dashboard")).content.decode()

    assert "<svg onload" not in text
    assert "&lt;svg onload=alert(1)&gt;" in text


def test_age_of_the_acceptance_is_kept(client):
    sign_up(client, "ninon@example.org")

    accepted = User.objects.get().terms_accepted_at
    assert datetime.datetime.now(datetime.UTC) - accepted < datetime.timedelta(minutes=1)
