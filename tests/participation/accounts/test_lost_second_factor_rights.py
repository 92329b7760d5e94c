"""Who may remove somebody's lost second factor, and whose."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page

from participation.accounts.models import User
from participation.core.account import policies, recovery
from participation.core.models import Notification
from participation.core.roles import ROLES
from tests.factories.accounts import make_moderator, make_user
from tests.participation.accounts.lost import (
    ADMIN,
    ALL,
    REASON,
    in_group,
    kinds,
    lines,
    protected,
    remove,
    screen,
)
from tests.participation.accounts.steps import PASSWORD, sign_in
from tests.participation.office import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french", "roles")]


@pytest.fixture
def person() -> User:
    return protected(make_user("ninon@example.org", password=PASSWORD, public_name="Ninon"))


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
    root = Page.get_first_root_node()
    inner = root.add_child(instance=Page(title="Une page", slug="une-page"))
    branches = {}
    for name, page in (("tout", root), ("une page", inner)):
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
