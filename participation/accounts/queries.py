"""Reads about people."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from participation.accounts.emails import normalise_email
from participation.accounts.models import User

# Recovery codes replace a lost factor; alone they are none.
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def person_with_email(address: str) -> User | None:
    """Whose address it is: the one that signs in, or one still to be confirmed."""
    address = normalise_email(address)
    person = User.objects.filter(email=address).first()
    if person is None:
        row = EmailAddress.objects.select_related("user").filter(email=address).first()
        person = row.user if row else None
    return person


def has_second_factor(user: Any) -> bool:
    """An authenticator application or a key; recovery codes alone do not count."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=_FACTORS).exists()


def other_factors(authenticator: Authenticator) -> int:
    """How many second factors its owner has besides this one."""
    return (
        Authenticator.objects.filter(user_id=authenticator.user_id, type__in=_FACTORS)
        .exclude(pk=authenticator.pk)
        .count()
    )


def factors_of(user: Any) -> list[Authenticator]:
    """All that is set up for signing in after the password, recovery codes too; oldest first."""
    return list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at", "pk"))


def count_factors(*, user: Any, kind: str) -> int:
    return Authenticator.objects.filter(user_id=user.pk, type=kind).count()
