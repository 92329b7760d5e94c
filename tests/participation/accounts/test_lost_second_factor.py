"""Whoever lost their phone and their recovery codes is let in again by the office, or not."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.log_actions import registry
from wagtail.models import GroupPagePermission, ModelLogEntry

from cms.models import HomePage, SiteSettings
from participation.accounts.models import User
from participation.core import tasks
from participation.core.account import erasure, policies, recovery
from participation.core.models import Notification
from participation.core.roles import ROLES
from participation.core.verdict import Refused
from tests.cms.making import make_content
from tests.factories.accounts import make_moderator, make_user
from tests.participation.accounts.steps import (
    PASSWORD,
    enrol,
    prove_identity,
    sign_in,
    signed_in_as,
    totp,
)
from tests.participation.office import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]
ADMIN = "Administration du site"
REASON = "Venue à la mairie avec sa carte d’identité"


@pytest.fixture(autouse=True)
def _roles() -> None:
    call_command("setup_roles", verbosity=0)


def in_group(name: str, **fields: Any) -> User:
    person = make_user(is_staff=True, **fields)
    person.groups.add(Group.objects.get(name=name))
    return person


@pytest.fixture
def admin() -> User:
    return in_group(ADMIN, password=PASSWORD)


@pytest.fixture
def office(admin: User) -> Client:
    """An administrator's browser: signed in and proven."""
    client = Client()
    sign_in(client, admin.email)
    prove_identity(client)
    return client


def protected(person: User) -> User:
    """What somebody sets up: an application, its recovery codes and a key."""
    for kind in ("totp", "recovery_codes", "webauthn"):
        data = {"name": "Clé du bureau"} if kind == "webauthn" else {}
        Authenticator.objects.create(user=person, type=kind, data=data)
    return person


@pytest.fixture
def person() -> User:
    return protected(make_user("ninon@example.org", password=PASSWORD, public_name="Ninon"))


def screen(person: User) -> str:
    return reverse("core_second_factor", args=[person.pk])


def kinds(person: User) -> list[str]:
    return sorted(Authenticator.objects.filter(user=person).values_list("type", flat=True))


ALL = ["recovery_codes", "totp", "webauthn"]


def remove(office: Client, person: User, **changes: str) -> Any:
    """Read the page, then send its form as it is, but for `changes`."""
    seen = office.get(screen(person)).context["seen"]
    return office.post(screen(person), {"seen": seen, "reason": REASON} | changes)


def lines(person: User) -> list[ModelLogEntry]:
    found = ModelLogEntry.objects.filter(action="parvis.account.factors", object_id=str(person.pk))
    return list(found.order_by("pk"))


def deliver() -> None:
    jobs = ProcrastinateJob.objects.filter(task_name="core.deliver_notification").order_by("id")
    for job in jobs:
        tasks.deliver_notification(**job.args)


# --- who may


def test_only_those_who_change_accounts_open_the_page(person):
    screens = [
        ("get", screen(person), {ADMIN}),
        ("post", screen(person), {ADMIN}),
    ]
    people: dict[str, Any] = {role.name: in_group(role.name) for role in ROLES}
    people |= {"résidente": make_user(), "personne": None}

    for name, user in people.items():
        expected = [f"{method} {address}" for method, address, names in screens if name in names]
        assert opened(Client(), user, screens) == expected, name
    assert kinds(person) == ALL


def test_the_list_of_people_leads_there_but_for_oneself(office, admin, person):
    page = office.get(reverse("wagtailusers_users:index")).content.decode()

    assert f'href="{screen(person)}"' in page
    assert f'href="{screen(admin)}"' not in page


def test_the_page_says_what_is_set_up(office, person):
    page = office.get(screen(person)).content.decode()

    for words in (
        "Application qui affiche des codes",
        "Codes de secours",
        "Clé d’accès ou clé de sécurité – Clé du bureau",
        "Laissé au choix de cette personne",
    ):
        assert words in page
    assert 'name="reason"' in page


def test_nobody_removes_their_own(office, admin):
    protected(admin)

    page = office.get(screen(admin))
    assert page.context["verdict"].codes == ("own_account",)
    assert 'name="reason"' not in page.content.decode()

    answer = remove(office, admin)
    assert answer.status_code == 422
    assert kinds(admin) == ALL
    assert (lines(admin), Notification.objects.count()) == ([], 0)


def test_a_stronger_account_is_left_alone(office, admin):
    chief = protected(make_user(is_staff=True, is_superuser=True))

    assert office.get(screen(chief)).context["verdict"].codes == ("stronger_account",)
    assert remove(office, chief).status_code == 422
    assert kinds(chief) == ALL


def test_rights_are_compared_one_by_one_and_place_by_place():
    clerk = make_user(
        is_staff=True, permissions=("accounts.change_user", "wagtailadmin.access_admin")
    )
    admin, chief = in_group(ADMIN), make_user(is_superuser=True)
    home, inner = HomePage.objects.order_by("pk").first(), make_content()
    branches = {}
    for name, page in (("tout", home), ("une page", inner)):
        group = Group.objects.create(name=name)
        GroupPagePermission.objects.create(
            group=group, page=page, permission=_permission("change_page")
        )
        branches[name] = make_user(is_staff=True)
        branches[name].groups.add(group)
    gardener = make_user(permissions=("accounts.change_user",))
    gardener.groups.add(Group.objects.get(name="une page"))

    def allowed(actor: User) -> set[str]:
        people = {"moderator": make_moderator(), "member": make_user(), "admin": in_group(ADMIN)}
        people |= {"chief": make_user(is_superuser=True), **branches}
        return {
            name
            for name, person in people.items()
            if policies.may_remove_factors(actor=actor, person=person)
        }

    assert allowed(clerk) == {"member"}
    assert allowed(gardener) == {"member", "une page"}
    assert allowed(admin) == {"member", "moderator", "admin", "tout", "une page"}
    assert allowed(chief) == {"member", "moderator", "admin", "chief", "tout", "une page"}
    assert allowed(make_moderator()) == set()


def _permission(codename: str) -> Any:
    return Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)


def test_a_closed_account_is_refused_and_an_erased_one_is_nobodys(office, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert office.get(screen(person)).context["verdict"].codes == ("account_closed",)
    assert remove(office, person).status_code == 422
    assert kinds(person) == ALL

    User.objects.filter(pk=person.pk).update(erased_at=timezone.now())
    assert office.get(screen(person)).status_code == 404


def test_the_administrator_proves_first_who_they_are(admin, person):
    client = Client()
    sign_in(client, admin.email)
    asks = f"{reverse('account_reauthenticate')}?next="

    shown = client.get(screen(person))
    seen = recovery.fingerprint(list(Authenticator.objects.filter(user=person).order_by("pk")))
    sent = client.post(screen(person), {"seen": seen, "reason": REASON})

    assert shown.url.startswith(asks)
    assert sent.url.startswith(asks)
    assert kinds(person) == ALL


def test_what_was_sent_while_the_proof_grew_old_is_done_once_proven(office, person):
    seen = office.get(screen(person)).context["seen"]
    session = office.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 3600
    session.save()
    asked = office.post(screen(person), {"seen": seen, "reason": REASON})
    assert kinds(person) == ALL

    done = office.post(asked.url, {"password": PASSWORD, "next": screen(person)})

    assert (done.status_code, done.url) == (302, screen(person))
    assert kinds(person) == []
    assert [line.data["reason"] for line in lines(person)] == [REASON]


# --- what is done


def test_without_a_reason_nothing_is_lost(office, person):
    for reason in ("", "   "):
        answer = remove(office, person, reason=reason)
        assert answer.status_code == 422
        assert "rien n’a été retiré" in answer.content.decode()
    with pytest.raises(Refused) as refused:
        recovery.remove_second_factors(
            person=person,
            seen=office.get(screen(person)).context["seen"],
            reason=" ",
            actor=make_user(is_superuser=True),
            at=timezone.now(),
        )
    assert refused.value.verdict.codes == ("reason_missing",)
    assert kinds(person) == ALL
    person.refresh_from_db()
    assert person.sessions_ended_at is None
    assert (lines(person), Notification.objects.count()) == ([], 0)


def test_all_goes_and_the_history_says_why(office, admin, person):
    other = protected(make_user())

    answer = remove(office, person)

    assert (answer.status_code, answer.url) == (302, screen(person))
    assert (kinds(person), kinds(other)) == ([], ALL)
    (line,) = lines(person)
    assert (line.user, line.data) == (admin, {"kinds": ALL, "reason": REASON})
    history = office.get(reverse("wagtailusers_users:history", args=[person.pk]))
    assert "Second facteur retiré par l’administration" in history.content.decode()
    assert REASON in history.content.decode()
    assert registry.get_action_label("parvis.account.factors") == "Retirer un second facteur"


def test_every_session_of_that_person_closes_and_no_other(office, person):
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(person)
    other = Client()
    stranger = make_user()
    other.force_login(stranger)
    dashboard = reverse("space:dashboard")
    assert [browser.get(dashboard).status_code for browser in browsers] == [200, 200]

    remove(office, person)

    assert [browser.get(dashboard).status_code for browser in browsers] == [302, 302]
    assert [signed_in_as(browser) for browser in browsers] == [None, None]
    assert other.get(dashboard).status_code == 200
    assert office.get(screen(person)).status_code == 200


def test_the_sessions_that_follow_stay_open(office, person, settings):
    remove(office, person)
    client = Client()
    sign_in(client, person.email)
    assert signed_in_as(client) == person

    assert client.get(reverse("space:dashboard")).status_code == 200
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "une autre clef, toute neuve", [old]
    assert client.get(reverse("space:dashboard")).status_code == 200


def test_one_mail_says_what_was_done_by_whom_and_what_to_do(office, admin, person, settings):
    facts = SiteSettings.objects.get(site__is_default_site=True)
    facts.contact_name, facts.contact_email = "Service participation", "bonjour@ville.example"
    facts.save()
    User.objects.filter(pk=person.pk).update(wants_mail=False)

    remove(office, person)
    deliver()

    (message,) = mail.outbox
    assert message.to == [person.email]
    assert message.subject == "Votre second facteur a été retiré"
    for words in (
        "- Application qui affiche des codes\n- Clé d’accès ou clé de sécurité\n",
        "Fait par\u00a0: Service participation",
        "Vos sessions sont fermées",
        f"{settings.SITE_URL}{reverse('account_reset_password')}",
        "Puis écrivez-nous\u00a0: bonjour@ville.example",
    ):
        assert words in message.body
    assert admin.email not in message.body
    assert admin.public_name not in message.body
    assert REASON not in message.body


def test_the_mail_is_in_the_persons_language(office, person):
    User.objects.filter(pk=person.pk).update(language="en")

    remove(office, person)
    deliver()

    (message,) = mail.outbox
    assert message.subject == "Your second factor was removed"
    assert "/en/compte/mot-de-passe/oublie/" in message.body
    assert "the contact is at the foot of the pages" in message.body


def test_sent_twice_it_is_done_and_told_once(office, person):
    seen = office.get(screen(person)).context["seen"]
    data = {"seen": seen, "reason": REASON}
    office.post(screen(person), data)
    person.refresh_from_db()
    ended = person.sessions_ended_at
    client = Client()
    sign_in(client, person.email)

    again = office.post(screen(person), data, follow=True)

    assert "Plus rien n’était en place" in again.content.decode()
    person.refresh_from_db()
    assert person.sessions_ended_at == ended
    assert client.get(reverse("space:dashboard")).status_code == 200
    deliver()
    assert (len(lines(person)), len(mail.outbox)) == (1, 1)


def test_what_was_set_up_since_the_page_was_read_is_not_removed_unseen(office, person):
    seen = office.get(screen(person)).context["seen"]
    data = {"seen": seen, "reason": REASON}
    office.post(screen(person), data)
    protected(person)

    answer = office.post(screen(person), data)

    assert answer.status_code == 422
    assert "relisez-le d’abord" in answer.content.decode()
    assert kinds(person) == ALL
    office.post(screen(person), data | {"seen": answer.context["seen"]})
    assert kinds(person) == []


def test_erasing_the_account_forgets_how_its_owner_was_recognised(office, person):
    remove(office, person)

    erasure.erase_traces(user=person)

    (line,) = lines(person)
    assert line.data == {"kinds": ALL}


# --- and then


def test_staff_set_up_another_one_before_the_office_opens(office, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    staff = make_moderator(password=PASSWORD)
    client = Client()
    sign_in(client, staff.email)
    prove_identity(client)
    old = enrol(client)
    assert client.get("/gestion/").status_code == 200
    # The administrator's own duty is another test's.
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    remove(office, staff)
    settings.STAFF_SECOND_FACTOR_REQUIRED = True

    assert client.get("/gestion/").url.startswith(reverse("account_login"))
    assert sign_in(client, staff.email, next="/gestion/").url == "/gestion/"
    assert client.get("/gestion/").url == reverse("mfa_index")
    prove_identity(client)
    new = enrol(client)
    assert client.get("/gestion/").status_code == 200
    client.post(reverse("account_logout"))
    sign_in(client, staff.email)
    client.post(reverse("mfa_authenticate"), {"code": totp(old)})
    assert signed_in_as(client) is None
    client.post(reverse("mfa_authenticate"), {"code": totp(new)})
    assert signed_in_as(client) == staff


def test_the_mail_to_staff_says_that_another_one_is_required(office, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    staff = protected(make_moderator())
    recovery.remove_second_factors(
        person=staff,
        seen=recovery.fingerprint(list(Authenticator.objects.filter(user=staff).order_by("pk"))),
        reason=REASON,
        actor=make_user(is_superuser=True),
        at=timezone.now(),
    )
    deliver()

    assert "Votre rôle exige un second facteur" in mail.outbox[0].body


def test_who_waits_at_the_page_of_the_code_signs_in_again(office):
    member = make_user(password=PASSWORD)
    client = Client()
    sign_in(client, member.email)
    prove_identity(client)
    enrol(client)
    client.post(reverse("account_logout"))
    sign_in(client, member.email)
    assert client.get(reverse("mfa_authenticate")).status_code == 200

    remove(office, member)

    assert client.get(reverse("mfa_authenticate")).url == reverse("account_login")
    sign_in(client, member.email)
    assert signed_in_as(client) == member


@pytest.mark.parametrize("address", ["", "bonjour@ville.example"])
def test_the_page_of_the_code_says_whom_to_write_to(client, address):
    SiteSettings.objects.filter(site__is_default_site=True).update(contact_email=address)
    member = protected(make_user(password=PASSWORD))
    sign_in(client, member.email)

    page = client.get(reverse("mfa_authenticate")).content.decode()

    (told,) = [
        part.split("</details>")[0]
        for part in page.split("<details")[1:]
        if "codes de secours" in part
    ]
    assert "Vous n’avez plus ni téléphone, ni clé, ni codes de secours" in told
    if address:
        assert f'href="mailto:{address}"' in told
    else:
        assert "le contact est au pied de la page" in told
        assert "mailto:" not in told
