"""Signing in and out, and how often one may try."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import make_user
from tests.participation.accounts.steps import PASSWORD, sign_in, signed_in_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_user("ninon@example.org", password=PASSWORD)


@pytest.mark.parametrize("typed", ["ninon@example.org", " Ninon@EXAMPLE.org "])
def test_with_address_and_password(client, person, typed):
    answer = sign_in(client, typed)

    assert answer.status_code == 302
    assert signed_in_as(client) == person
    assert client.get(answer.url, follow=True).templates[0].name == "accounts/dashboard.html"


def test_a_wrong_password_says_so_and_keeps_the_address(client, person):
    answer = sign_in(client, person.email, "pas celui-là du tout")

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert signed_in_as(client) is None
    assert person.email in answer.content.decode()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
    ],
)
def test_a_foreign_next_is_ignored(client, person, target):
    answer = sign_in(client, person.email, next=target)

    assert answer.url == "/compte/"
    assert target not in client.get(reverse("account_signup"), {"next": target}).headers.get(
        "Location", ""
    )


def test_a_next_of_ours_is_followed(client, person):
    answer = sign_in(client, person.email, next="/participer/mon-espace/suivis/")

    assert answer.url == "/participer/mon-espace/suivis/"


def test_an_address_to_confirm_gets_a_new_link_instead_of_a_session(client, mailoutbox):
    person = make_user(password=PASSWORD, verified=False)

    answer = sign_in(client, person.email)

    assert answer.url == reverse("account_email_verification_sent")
    assert signed_in_as(client) is None
    assert [message.to for message in mailoutbox] == [[person.email]]


def test_a_closed_account_does_not_open(client):
    person = make_user(password=PASSWORD, is_active=False)

    sign_in(client, person.email)

    assert signed_in_as(client) is None


def test_a_session_dies_with_its_account(client, person):
    sign_in(client, person.email)
    person.is_active = False
    person.save(update_fields=["is_active"])

    answer = client.get(reverse("space:dashboard"))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_signing_out_takes_a_post(client, person):
    sign_in(client, person.email)

    page = client.get(reverse("account_logout"))
    assert page.status_code == 200
    assert signed_in_as(client) == person

    client.post(reverse("account_logout"))
    assert signed_in_as(client) is None


def test_a_form_without_its_token_is_refused(person):
    careful = Client(enforce_csrf_checks=True)

    assert sign_in(careful, person.email).status_code == 403


LIMITS = {"login_failed": "10/m/ip,5/300s/key", "signup": "3/m/ip", "login": "30/m/ip"}


def test_the_sixth_wrong_password_is_not_even_looked_at(client, person, settings):
    settings.ACCOUNT_RATE_LIMITS = LIMITS
    for _ in range(5):
        sign_in(client, person.email, "pas celui-là du tout")

    right = sign_in(client, person.email)

    assert right.status_code == 200
    assert signed_in_as(client) is None


def test_invented_forwarding_addresses_do_not_lift_the_limit(client, settings):
    settings.ACCOUNT_RATE_LIMITS = LIMITS
    statuses = [
        client.get(reverse("account_signup"), headers={"x-forwarded-for": f"10.0.0.{n}"})
        for n in range(2)
    ]
    assert {answer.status_code for answer in statuses} == {200}

    answers = [
        client.post(reverse("account_signup"), {}, headers={"x-forwarded-for": f"10.0.1.{n}"})
        for n in range(5)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert "429.html" in {template.name for template in answers[-1].templates}


def test_an_attackers_failures_do_not_lock_others_out(client, person, settings):
    settings.ACCOUNT_RATE_LIMITS = {**LIMITS, "login_failed": "5/300s/key"}
    for _ in range(7):
        sign_in(client, "autre@example.org", "pas celui-là du tout")

    sign_in(client, person.email)

    assert signed_in_as(client) == person
