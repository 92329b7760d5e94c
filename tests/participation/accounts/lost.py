"""What the office reads and does when somebody lost their second factor."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from participation.accounts.models import User
from tests.factories.accounts import make_user

ADMIN = "Administration du site"
REASON = "Venue à la mairie avec sa carte d’identité"
ALL = ["recovery_codes", "totp", "webauthn"]


def in_group(name: str, **fields: Any) -> User:
    person = make_user(is_staff=True, **fields)
    person.groups.add(Group.objects.get(name=name))
    return person


def protected(person: User) -> User:
    """What somebody sets up: an application, its recovery codes and a key."""
    for kind in ("totp", "recovery_codes", "webauthn"):
        data = {"name": "Clé du bureau"} if kind == "webauthn" else {}
        Authenticator.objects.create(user=person, type=kind, data=data)
    return person


def screen(person: User) -> str:
    return reverse("core_second_factor", args=[person.pk])


def kinds(person: User) -> list[str]:
    return sorted(Authenticator.objects.filter(user=person).values_list("type", flat=True))


def remove(office: Client, person: User, **changes: str) -> Any:
    """Read the page, then send its form as it is, but for `changes`."""
    seen = office.get(screen(person)).context["seen"]
    return office.post(screen(person), {"seen": seen, "reason": REASON} | changes)


def lines(person: User) -> list[ModelLogEntry]:
    found = ModelLogEntry.objects.filter(action="parvis.account.factors", object_id=str(person.pk))
    return list(found.order_by("pk"))
