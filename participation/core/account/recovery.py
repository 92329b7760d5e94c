"""Helping somebody who lost their phone and their recovery codes back into their account."""

import datetime
from collections.abc import Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from participation.accounts.models import User
from participation.accounts.naming import site_contact, site_name
from participation.accounts.policies import needs_second_factor
from participation.accounts.queries import factors_of
from participation.accounts.services import remove_factors
from participation.core import audit, mails, services
from participation.core.account import policies
from participation.core.verdict import refuse


def fingerprint(factors: Sequence[Authenticator]) -> str:
    """Names what is set up, so that nobody removes what they have not seen."""
    return "-".join(str(factor.pk) for factor in factors)


@transaction.atomic
def remove_second_factors(
    *, person: User, seen: str, reason: str, actor: Any, at: datetime.datetime
) -> bool:
    """Take away all that somebody signs in with after their password, close their sessions and
    tell them by mail. False when nothing was set up any more: then nothing is done.

    `seen` is the `fingerprint` of what the actor read, `reason` how they recognised the person.
    Refusals: `not_administrator`, `own_account`, `account_closed`, `stronger_account`,
    `reason_missing`, `factors_changed`.
    """
    row = User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    policies.may_remove_factors(actor=actor, person=row).or_refuse()
    factors = factors_of(row)
    if not factors:
        return False
    reason = reason.strip()
    if not reason:
        refuse(
            "reason_missing", _("Say how you made sure of who is asking: nothing was removed.")
        ).or_refuse()
    if seen != fingerprint(factors):
        refuse(
            "factors_changed",
            _("What is set up changed since you opened this page: read it again first."),
        ).or_refuse()
    kinds = remove_factors(user=row, factors=factors, at=at)
    audit.record(
        action="parvis.account.factors", instance=row, actor=actor, kinds=kinds, reason=reason
    )
    _tell(row, kinds=kinds, at=at)
    return True


def _tell(person: User, *, kinds: list[str], at: datetime.datetime) -> None:
    """By mail whatever the person chose: who did not ask for it must learn it at once."""
    contact = site_contact()
    with translation.override(person.language):
        password, security = reverse("account_reset_password"), reverse("mfa_index")
    subject, body = mails.render(
        "second_factor_removed",
        language=person.language,
        at=at,
        service=contact.name or site_name(),
        contact=contact.email,
        kinds=kinds,
        required=needs_second_factor(user=person),
        password_url=mails.absolute(password),
    )
    services.notify(
        recipient=person,
        kind="second_factor_removed",
        key=at.isoformat(),
        subject=subject,
        body=body,
        path=security,
        at=at,
        essential=True,
    )
