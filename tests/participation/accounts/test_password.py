"""Forgotten, changed and reset passwords."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import make_user
from tests.participation.accounts.steps import (
    PASSWORD,
    enrol,
    link_in_mail,
    prove_identity,
    sign_in,
    signed_in_as,
)

pytestmark = pytest.mark.django_db
NEW = "quatre pies et une passerelle"


@pytest.fixture
def person():
    return make_user("ninon@example.org", password=PASSWORD, public_name="Ninon")


def ask(client, email):
    return client.post(reverse("account_reset_password"), {"email": email})


def open_link(client) -> str:
    """Follow the mailed link; the address of the form, where the key no longer shows."""
    answer = client.get(link_in_mail())
    assert answer.status_code == 302
    return answer.url


def test_a_forgotten_password_is_replaced(client, person):
    ask(client, person.email)
    form = open_link(client)
    assert form.endswith("-set-password/")
    assert client.get(form).status_code == 200

    done = client.post(form, {"password1": NEW})

    assert done.url == reverse("account_reset_password_from_key_done")
    assert signed_in_as(client) is None
    sign_in(client, person.email, NEW)
    assert signed_in_as(client) == person
    assert [message.to for message in mail.outbox] == [[person.email]] * 2
    assert "Ninon" in mail.outbox[-1].body


def test_the_link_works_once(client, person):
    ask(client, person.email)
    link = link_in_mail()
    client.post(open_link(client), {"password1": NEW})

    again = Client().get(link)

    assert again.status_code == 200
    assert again.context["token_fail"] is True


def test_the_link_dies_when_the_address_changes(client, person):
    ask(client, person.email)
    link = link_in_mail()
    EmailAddress.objects.filter(user=person).update(email="nouvelle@example.org")
    type(person).objects.filter(pk=person.pk).update(email="nouvelle@example.org")

    assert Client().get(link).context["token_fail"] is True


def test_the_link_expires(client, person, monkeypatch, settings):
    import datetime

    ask(client, person.email)
    link = link_in_mail()
    late = datetime.datetime.now() + datetime.timedelta(  # noqa: DTZ005 -- as Django's own clock
        seconds=settings.PASSWORD_RESET_TIMEOUT + 60
    )
    monkeypatch.setattr(
        "django.contrib.auth.tokens.PasswordResetTokenGenerator._now", lambda self: late
    )

    assert Client().get(link).context["token_fail"] is True


def test_a_weak_password_is_refused_in_the_form(client, person):
    ask(client, person.email)

    answer = client.post(open_link(client), {"password1": "court"})

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"password1"}
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_reset_does_not_pass_the_second_factor_by(client, person):
    sign_in(client, person.email)
    prove_identity(client)
    enrol(client)
    client.post(reverse("account_logout"))
    ask(client, person.email)
    client.post(open_link(client), {"password1": NEW})
    assert signed_in_as(client) is None

    answer = sign_in(client, person.email, NEW)

    assert answer.url == reverse("mfa_authenticate")
    assert signed_in_as(client) is None


def test_changing_it_asks_for_the_present_one_and_is_told_by_mail(client, person):
    sign_in(client, person.email)
    url = reverse("account_change_password")

    wrong = client.post(url, {"oldpassword": "pas celui-là", "password1": NEW})
    assert set(wrong.context["form"].errors) == {"oldpassword"}

    done = client.post(url, {"oldpassword": PASSWORD, "password1": NEW})
    assert done.status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert signed_in_as(client) == person
    assert mail.outbox[-1].to == [person.email]


def test_changing_it_closes_the_other_sessions(client, person):
    elsewhere = Client()
    sign_in(elsewhere, person.email)
    sign_in(client, person.email)

    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW})

    assert elsewhere.get(reverse("space:dashboard")).status_code == 302
    assert client.get(reverse("space:dashboard")).status_code == 200


def test_a_new_address_takes_effect_once_confirmed(client, person):
    sign_in(client, person.email)
    prove_identity(client)
    client.post(reverse("account_email"), {"action_add": "1", "email": "Nouvelle@Example.org"})
    person.refresh_from_db()
    assert person.email == "ninon@example.org"

    client.post(link_in_mail())

    person.refresh_from_db()
    assert person.email == "nouvelle@example.org"
    assert list(EmailAddress.objects.filter(user=person).values_list("email", "verified")) == [
        ("nouvelle@example.org", True)
    ]
    told = {message.to[0] for message in mail.outbox}
    assert {"ninon@example.org", "nouvelle@example.org"} <= told


def test_the_address_of_another_account_is_not_revealed_nor_taken(client, person):
    make_user("autre@example.org")
    sign_in(client, person.email)
    prove_identity(client)

    answer = client.post(
        reverse("account_email"), {"action_add": "1", "email": "autre@example.org"}
    )

    assert answer.status_code == 302
    assert [message.to for message in mail.outbox] != []
    person.refresh_from_db()
    assert person.email == "ninon@example.org"
