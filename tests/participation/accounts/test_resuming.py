"""What staff send from the back office after their session has ended is not lost."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from participation.core.models import OfficialAnswer
from tests.factories.accounts import make_user
from tests.factories.core import make_contribution
from tests.participation.accounts.steps import PASSWORD, sign_in

pytestmark = pytest.mark.django_db
WORDS = "Nous planterons\ncinq tilleuls."
RESUME = reverse("account_resume")


@pytest.fixture
def nadia():
    rights = ("core.moderate_contribution", "core.answer_contribution", "wagtailadmin.access_admin")
    return make_user(password=PASSWORD, is_staff=True, permissions=rights)


@pytest.fixture
def page():
    """The page of a contribution in the back office."""
    return reverse("moderation_contributions:read", args=[make_contribution().pk])


def send(client, page, act="answer", **fields):
    """A form sent from `page`, its session gone since."""
    Session.objects.all().delete()
    return client.post(f"{page}{act}/", fields, headers={"Referer": f"http://testserver{page}"})


def test_words_wait_until_their_author_has_signed_in_and_sends_them(client, nadia, page):
    client.force_login(nadia)
    sent = send(client, page, status="retained", body=WORDS)
    assert sent.url == f"{reverse('account_login')}?next=%2Fcompte%2Freprendre%2F"
    assert "ce que vous avez écrit est gardé" in client.get(sent.url).content.decode()
    assert not OfficialAnswer.objects.exists()

    assert sign_in(client, nadia.email, next=RESUME).url == RESUME
    typed = client.get(RESUME).context["typed"]
    assert (typed.to, typed.back) == (f"{page}answer/", page)
    assert (typed.fields, typed.words) == ([("status", "retained"), ("body", WORDS)], [WORDS])

    assert client.post(typed.to, dict(typed.fields)).url == page
    assert OfficialAnswer.objects.get().body == WORDS
    assert client.get(RESUME).url == "/gestion/"


def test_what_is_not_words_is_not_sent_again_but_its_page_comes_back(client, nadia, page):
    client.force_login(nadia)
    sent = send(client, page, act="decide", visibility="published")

    assert sent.url == f"{reverse('account_login')}?next={page.replace('/', '%2F')}"
    assert "rien n’a été enregistré" in client.get(sent.url).content.decode()
    sign_in(client, nadia.email)
    assert client.get(RESUME).url == "/gestion/"


@pytest.mark.parametrize(
    "fields",
    [{"secret_1": "ABCD EFGH", "body": WORDS}, {"body": "deux mots " * 20_000}],
    ids=["a secret", "too long"],
)
def test_secrets_and_floods_are_never_kept(client, page, fields):
    send(client, page, **fields)

    assert "office-typed" not in client.session


def test_words_that_nobody_came_back_for_are_not_shown(client, nadia, page):
    send(client, page, status="retained", body=WORDS)
    sign_in(client, nadia.email)
    session = client.session
    late = timezone.now() - datetime.timedelta(minutes=61)
    session["office-typed"] = session["office-typed"] | {"at": late.isoformat()}
    session.save()

    assert client.get(RESUME).url == "/gestion/"
    assert "office-typed" not in client.session


def test_a_page_of_elsewhere_is_no_way_back(client, page):
    client.post(
        f"{page}answer/", {"body": WORDS}, headers={"Referer": "https://ailleurs.example/gestion/"}
    )

    assert client.session["office-typed"]["back"] == "/gestion/"


def test_only_the_back_office_keeps_and_only_for_those_who_are_not_signed_in(client, nadia, page):
    client.force_login(nadia)
    client.post(f"{page}answer/", {"body": WORDS})
    assert "office-typed" not in client.session
    client.logout()
    client.post(f"{page}answer/", {"body": WORDS}, headers={"X-Requested-With": "XMLHttpRequest"})
    assert "office-typed" not in client.session


def test_the_address_of_a_form_leads_to_its_page(client, nadia, page):
    client.force_login(nadia)

    assert client.get(f"{page}answer/").url == page
    assert client.get(f"{page}decide/").url == page
