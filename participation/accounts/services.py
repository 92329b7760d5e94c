"""Verbs of accounts."""

import datetime
import uuid
from collections.abc import Sequence

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from participation.accounts.models import DataExport, User


def in_site_language(words: str) -> str:
    """`words`, marked for translation, in the site's language: they will be written in a row."""
    with translation.override(settings.LANGUAGE_CODE):
        return gettext(words)


def former_member() -> str:
    """How somebody who left is called."""
    return in_site_language(gettext_noop("A former member"))


@transaction.atomic
def empty_account(*, user: User, at: datetime.datetime) -> User:
    """Leave of an account a row that tells nothing and opens to nobody.

    Addresses, second factors and archives go; open sessions are worthless from here on, since
    they depend on the password and on the account being active. The caller audits.
    """
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    DataExport.objects.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
    return _blank(user, at)


@transaction.atomic
def remove_factors(
    *, user: User, factors: Sequence[Authenticator], at: datetime.datetime
) -> list[str]:
    """Forget these second factors of a person, who is locked, and close all their sessions.

    The kinds of them, each once, in alphabetical order. One that the person sets up meanwhile
    stays: nobody saw it. The caller judges and audits.
    """
    Authenticator.objects.filter(user=user, pk__in=[each.pk for each in factors]).delete()
    user.sessions_ended_at = at
    user.save(update_fields=["sessions_ended_at"])
    return sorted({each.type for each in factors})


def make_former_member(*, at: datetime.datetime) -> User:
    """An account that is nobody's and always was empty, to sign what lost its author's name."""
    return _blank(User(), at)


def _blank(user: User, at: datetime.datetime) -> User:
    # Unique, and not to be guessed from the number of the row.
    user.email = f"{uuid.uuid4().hex}@compte-supprime.invalid"
    user.public_name = former_member()
    user.first_name = user.last_name = ""
    user.birth_date = user.home_territory = user.last_login = user.terms_accepted_at = None
    user.sessions_ended_at = None  # the password changes, and with it what sessions must hold
    user.language = settings.LANGUAGE_CODE
    user.date_joined = user.erased_at = at
    user.is_active = user.wants_mail = False
    user.set_unusable_password()
    user.save()
    return user
