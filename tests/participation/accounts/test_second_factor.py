"""Second factors: enrolment, signing in with them, and staff's duty to have one."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from tests.factories.accounts import make_moderator, make_user
from tests.participation.accounts.steps import (
    PASSWORD,
    enrol,
    prove_identity,
    sign_in,
    signed_in_as,
    totp,
)

pytestmark = pytest.mark.django_db
OFFICE = "/gestion/"


@pytest.fixture
def person(client):
    """Signed in and proven."""
    user = make_user(password=PASSWORD)
    sign_in(client, user.email)
    prove_identity(client)
    return user


def test_enrolment_needs_a_fresh_proof(client):
    user = make_user(password=PASSWORD)
    sign_in(client, user.email)

    answer = client.get(reverse("mfa_activate_totp"))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_reauthenticate"))


def test_an_application_is_set_up_with_its_code(client, person):
    page = client.get(reverse("mfa_activate_totp"))
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert page.context["form"].secret in page.content.decode()

    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert set(wrong.context["form"].errors) == {"code"}

    enrol(client)

    kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200


def test_secrets_are_sealed_in_the_database(client, person):
    secret = enrol(client)

    for authenticator in Authenticator.objects.filter(user=person):
        assert secret not in str(authenticator.data)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert not [code for code in codes if code in stored]


def test_secrets_survive_a_change_of_the_sites_key(client, person, settings):
    secret = enrol(client)
    old = settings.SECRET_KEY
    client.post(reverse("account_logout"))
    settings.SECRET_KEY = "une autre clef, toute neuve"
    settings.SECRET_KEY_FALLBACKS = [old]

    sign_in(client, person.email)
    client.post(reverse("mfa_authenticate"), {"code": totp(secret)})

    assert signed_in_as(client) == person


def test_signing_in_then_takes_the_code(client, person, settings):
    secret = enrol(client)
    client.post(reverse("account_logout"))

    first = sign_in(client, person.email, next="/participer/mon-espace/suivis/")
    assert first.url == reverse("mfa_authenticate")
    assert signed_in_as(client) is None
    assert client.get(first.url).status_code == 200
    assert client.get(reverse("space:dashboard")).status_code == 302

    client.post(first.url, {"code": "000000"})
    assert signed_in_as(client) is None

    done = client.post(first.url, {"code": totp(secret)})
    assert done.url == "/participer/mon-espace/suivis/"
    assert signed_in_as(client) == person


def test_only_those_who_have_a_key_are_offered_to_use_it(client, person):
    enrol(client)
    client.post(reverse("account_logout"))
    sign_in(client, person.email)
    page = client.get(reverse("mfa_authenticate"))
    assert not page.context["has_keys"]
    assert "Utiliser une clé" not in page.content.decode()


def test_a_recovery_code_works_once(client, person):
    enrol(client)
    code = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]

    def try_code():
        client.post(reverse("account_logout"))
        sign_in(client, person.email)
        client.post(reverse("mfa_authenticate"), {"code": code})
        return signed_in_as(client)

    assert try_code() == person
    assert try_code() is None


def test_the_download_of_codes_is_a_file_of_codes(client, person):
    enrol(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]

    answer = client.get(reverse("mfa_download_recovery_codes"))

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.content.decode().split() == list(codes)


# --- staff


@pytest.fixture
def _duty(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True


@pytest.mark.usefixtures("_duty")
def test_staff_without_second_factor_are_led_to_set_one_up(client):
    staff = make_moderator(password=PASSWORD)
    sign_in(client, staff.email)

    for path in (OFFICE, f"{OFFICE}account/", f"{OFFICE}reports/site-history/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))

    prove_identity(client)
    enrol(client)
    assert client.get(OFFICE).status_code == 200


@pytest.mark.usefixtures("_duty")
def test_recovery_codes_alone_are_no_second_factor(client):
    staff = make_moderator(password=PASSWORD)
    sign_in(client, staff.email)
    prove_identity(client)
    enrol(client)
    Authenticator.objects.filter(user=staff, type="totp").delete()

    assert client.get(OFFICE).status_code == 302


@pytest.mark.usefixtures("_duty")
def test_staff_may_not_remove_their_last_factor(client):
    staff = make_moderator(password=PASSWORD)
    sign_in(client, staff.email)
    prove_identity(client)
    enrol(client)

    answer = client.post(reverse("mfa_deactivate_totp"))

    assert answer.status_code == 200
    assert Authenticator.objects.filter(user=staff, type="totp").exists()


@pytest.mark.usefixtures("_duty")
def test_staff_may_not_remove_their_last_key(client):
    staff = make_moderator(password=PASSWORD)
    key = Authenticator.objects.create(user=staff, type="webauthn", data={"name": "Bureau"})
    sign_in(client, staff.email)
    # The key cannot be shown here; the session is made as if it had been.
    client.force_login(staff)
    prove_identity(client)

    client.post(reverse("mfa_remove_webauthn", args=[key.pk]))

    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_members_remove_their_application_freely(client, person):
    enrol(client)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=person).exists()


def test_where_the_site_does_not_ask_staff_enter_with_a_password(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    staff = make_moderator(password=PASSWORD)
    sign_in(client, staff.email)

    assert client.get(OFFICE).status_code == 200


def test_wagtails_own_sign_in_page_gives_way_to_ours(client):
    staff = make_moderator(password=PASSWORD)

    shown = client.get(f"{OFFICE}login/?next=/gestion/pages/")
    tried = client.post(f"{OFFICE}login/", {"username": staff.email, "password": PASSWORD})

    assert shown.url == f"{reverse('account_login')}?next=%2Fgestion%2Fpages%2F"
    assert tried.url == f"{reverse('account_login')}?next=%2Fgestion%2F"
    assert signed_in_as(client) is None


def test_visitors_of_the_office_are_sent_to_our_sign_in(client):
    answer = client.get(OFFICE)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_the_office_resets_no_password(client):
    assert client.get(f"{OFFICE}password_reset/").status_code in (302, 404)


def test_another_persons_key_does_not_exist(client, person):
    key = Authenticator.objects.create(
        user=make_user(), type="webauthn", data={"name": "À une autre"}
    )

    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        assert client.get(reverse(name, args=[key.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()
