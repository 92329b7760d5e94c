"""Accounts in a real browser: every page, the sign-up journey, keys, without JavaScript too."""

import re
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from participation.accounts.models import User
from tests.factories.accounts import make_territory, make_user
from tests.factories.agenda import make_event, make_event_proposal
from tests.factories.core import make_contribution, make_open_activity
from tests.participation.accounts.steps import PASSWORD, link_in_mail

pytestmark = [pytest.mark.django_db(transaction=True)]
# The same on a phone: once is enough.
on_desktop = pytest.mark.parametrize("screen", ["desktop"], indirect=True)


def sign_in(page: Any, base: str, email: str, password: str = PASSWORD) -> None:
    page.goto(base + reverse("account_login"))
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.click("main form[action$='connexion/'] button[type=submit]")


def prove(page: Any) -> None:
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")


def test_each_page_of_the_entrance_is_clean(visit):
    for name in (
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_email_verification_sent",
        "account_reset_password_done",
    ):
        visit.open(reverse(name))
    visit.page.goto(visit.base_url + reverse("account_signup"))
    visit.page.click("main form button[type=submit]")
    visit.page.wait_for_selector(".error-summary")
    visit.check()
    assert visit.console_errors == []


def test_each_page_of_the_space_is_clean(visit):
    person = make_user(password=PASSWORD)
    make_territory("Saint-Cyprien", kind="neighbourhood", parent=make_territory("Toulouse"))
    activity = make_open_activity()
    make_contribution(author=person, activity=activity)
    make_contribution(author=person, activity=activity, visibility="draft")
    make_event_proposal(proposer=person, state="changes", answer="Une autre date ?")
    make_event_proposal(proposer=person, state="accepted", event=make_event(), answer="Oui.")
    sign_in(visit.page, visit.base_url, person.email)
    for name in (
        "space:dashboard",
        "space:profile",
        "space:contributions",
        "space:comments",
        "space:votes",
        "space:follows",
        "core:notifications",
        "space:data",
        "account_email",
        "account_change_password",
        "mfa_index",
        "account_reauthenticate",
    ):
        visit.open(reverse(name))
    prove(visit.page)
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "space:delete", "account_logout"):
        visit.open(reverse(name))
    assert visit.console_errors == []


def _sign_up(page: Any, base: str) -> None:
    page.goto(base + reverse("account_signup"))
    page.fill("[name=email]", "ninon@example.org")
    page.fill("[name=public_name]", "Ninon")
    page.fill("[name=password1]", PASSWORD)
    page.check("[name=terms]")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/adresse/a-confirmer/")
    page.goto(base + link_in_mail())
    page.click("main form button[type=submit]")
    page.wait_for_url("**/mon-espace/")


def test_signing_up(visit):
    _sign_up(visit.page, visit.base_url)

    visit.check()
    assert "Ninon" in visit.page.inner_text("h1")
    assert User.objects.get().email == "ninon@example.org"
    assert mail.outbox[0].to == ["ninon@example.org"]


def test_signing_up_without_javascript(visit_without_javascript):
    visitor = visit_without_javascript

    _sign_up(visitor.page, visitor.base_url)

    assert "Ninon" in visitor.page.inner_text("h1")


@on_desktop
def test_signing_in_by_keyboard_alone(visit):
    person = make_user(password=PASSWORD)
    page = visit.page
    page.goto(visit.base_url + reverse("account_login"))
    page.focus("[name=login]")
    page.keyboard.type(person.email)
    for _press in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "password":
            break
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_url("**/mon-espace/")


@on_desktop
def test_a_password_can_be_shown(visit):
    page = visit.page
    page.goto(visit.base_url + reverse("account_login"))
    page.fill("[name=password]", "visible")

    page.click(".show-password")

    assert page.get_attribute("[name=password]", "type") == "text"
    assert page.get_attribute(".show-password", "aria-pressed") == "true"
    visit.check()


@pytest.fixture
def key(visit):
    """A key inside the browser, that always recognises its person."""
    session = visit.context.new_cdp_session(visit.page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


@on_desktop
@pytest.mark.usefixtures("key")
def test_a_passkey_is_registered_then_signs_in_alone(visit, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    person = make_user(password=PASSWORD)
    page, base = visit.page, visit.base_url
    sign_in(page, base, person.email)
    page.wait_for_url("**/mon-espace/")
    page.goto(base + reverse("mfa_add_webauthn"))
    prove(page)
    page.wait_for_url("**/cles/ajouter/")
    page.fill("[name=name]", "Mon téléphone")

    page.click("#mfa_webauthn_add")

    page.wait_for_url("**/codes-de-secours/")
    assert len(re.findall(r"\d{8}", page.inner_text("main"))) == 10
    visit.check()
    page.goto(base + reverse("mfa_list_webauthn"))
    assert "Mon téléphone" in page.inner_text("main")
    visit.check()
    page.goto(base + reverse("account_logout"))
    page.click("main form button[type=submit]")
    page.goto(base + reverse("account_login"))

    page.click("#passkey_login")

    page.wait_for_url("**/mon-espace/")
    assert person.public_name in page.inner_text("h1")
    assert visit.console_errors == []


@on_desktop
def test_a_key_that_fails_is_told_in_words(visit):
    page = visit.page
    page.goto(visit.base_url + reverse("account_login"))
    page.route("**/connexion/cle/", lambda route: route.abort())

    page.click("#passkey_login")

    page.wait_for_selector("[data-passkey-error]:not([hidden])")
    visit.check()
