"""The demonstration's accounts and its invented residents."""

from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.accounts.models import User

PASSWORD = "parvis-demo-2026"  # noqa: S105 -- printed for all to see, on 127.0.0.1 only


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account that a visitor of the demonstration can use."""

    role: object
    email: str
    public_name: str
    group: str | None = None
    superuser: bool = False


ACCOUNTS = (
    DemoAccount(_("Resident"), "habitante@demo.example", "Alix Exemple"),
    DemoAccount(_("Voter"), "votant@demo.example", "Sacha Fictif"),
    DemoAccount(_("Communications editor"), "edition@demo.example", "Noa Modèle", "Édition"),
    DemoAccount(
        _("Participation officer"), "participation@demo.example", "Maé Gabarit", "Participation"
    ),
    DemoAccount(_("Council member"), "conseil@demo.example", "Lou Témoin"),
    DemoAccount(_("Elected official"), "elue@demo.example", "Dany Maquette", "Élus de l’agenda"),
    DemoAccount(_("Administrator"), "administration@demo.example", "Eden Démo", superuser=True),
)
# Surnames that nobody bears: a reader sees at once that these residents are invented.
_FIRST = (
    "Camille",
    "Dominique",
    "Charlie",
    "Andrea",
    "Morgan",
    "Claude",
    "Yaël",
    "Sasha",
    "Ange",
    "Maxime",
    "Inès",
    "Karim",
    "Rosa",
    "Hugo",
    "Fatou",
    "Lina",
    "Paul",
    "Nour",
    "Zoé",
    "Tom",
)
_LAST = ("Exemple", "Fictif", "Inventé", "Imaginaire", "Spécimen", "Gabarit", "Maquette", "Essai")


def make_accounts(city: Territory) -> dict[str, User]:
    """The demonstration's accounts, made once; keys are their addresses."""
    people = {}
    homes = list(city.children.order_by("code"))
    for position, account in enumerate(ACCOUNTS):
        user = User.objects.filter(email=account.email).first()
        if user is None:
            user = User.objects.create_user(
                account.email,
                PASSWORD,
                public_name=account.public_name,
                birth_date=date(1985, 3, 1 + position),
                home_territory=homes[position % len(homes)],
                is_staff=account.superuser or account.group is not None,
                is_superuser=account.superuser,
            )
            if account.group:
                user.groups.add(Group.objects.get(name=account.group))
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        people[account.email] = user
    return people


def make_residents(city: Territory, count: int) -> list[User]:
    """`count` invented residents spread over the districts; none can sign in."""
    homes = list(city.children.order_by("code"))
    wanted = [f"habitant-{number:05d}@demo.example" for number in range(count)]
    known = set(User.objects.filter(email__in=wanted).values_list("email", flat=True))
    unusable = make_password(None)
    fresh = User.objects.bulk_create(
        [
            User(
                email=email,
                password=unusable,
                public_name=f"{_FIRST[number % len(_FIRST)]} {_LAST[number // len(_FIRST) % len(_LAST)]}",
                birth_date=date(1950 + number % 55, 1 + number % 12, 1 + number % 28),
                home_territory=homes[number % len(homes)],
                wants_mail=False,
            )
            for number, email in enumerate(wanted)
            if email not in known
        ],
        batch_size=2000,
    )
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in fresh],
        batch_size=2000,
    )
    return list(User.objects.filter(email__in=wanted).order_by("email"))
