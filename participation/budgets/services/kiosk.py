"""The shared device of a desk: codes that an agent gives, and that serve once."""

import datetime
import hashlib
import hmac
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.budgets.models import KioskCode, PollingDesk
from participation.budgets.policies import paper as policies
from participation.core import audit
from participation.core.verdict import Refused, refuse
from participation.electors.choices import Way
from participation.electors.models import Elector
from participation.electors.policies import admission
from participation.electors.services import mark_way

CODE_LASTS = datetime.timedelta(minutes=5)
_DIGITS = 6


@transaction.atomic
def give_code(*, desk: PollingDesk, elector: Elector, actor: Any, at: datetime.datetime) -> str:
    """Six digits, in two groups, for an elector whom the agent has identified. A new code of the
    same person replaces the one before; codes that have expired go.

    Raises `Refused`: codes of `policies.may_use_desk` and of `electors.policies.admission`,
    `other_electorate`.
    """
    verdict = policies.may_use_desk(desk=desk, user=actor)
    if elector.electorate_id != desk.budget_id:
        verdict &= refuse("other_electorate", _("This person belongs to another roll."))
    verdict.or_refuse()
    mark_way(elector=elector, way=Way.DESK)
    admission(electorate=elector.electorate, elector=elector, account=None, at=at).or_refuse()
    PollingDesk.objects.select_for_update().get(pk=desk.pk)
    KioskCode.objects.filter(desk=desk, expires_at__lte=at).delete()
    KioskCode.objects.filter(desk=desk, elector=elector).delete()
    taken = set(KioskCode.objects.filter(desk=desk).values_list("digest", flat=True))
    while True:
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        digest = _digest(desk, code)
        if digest not in taken:
            break
    KioskCode.objects.create(desk=desk, elector=elector, digest=digest, expires_at=at + CODE_LASTS)
    audit.record(
        action="parvis.kiosk.code",
        instance=desk.budget.activity,
        actor=actor,
        desk=desk.name,
        elector=elector.pk,
    )
    return f"{code[:3]} {code[3:]}"


@transaction.atomic
def redeem_code(*, desk: PollingDesk, typed: str, at: datetime.datetime) -> Elector:
    """The elector of a code typed on the device of its desk; the code is spent.

    Spaces and signs between the digits do not matter. Raises `Refused`: `kiosk_code_wrong`,
    whether the code is unknown, used or too old, in the same words.
    """
    digits = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    found = (
        KioskCode.objects.select_for_update(of=("self",))
        .select_related("elector__electorate")
        .filter(desk=desk, digest=_digest(desk, digits), expires_at__gt=at)
        .first()
    )
    if found is None:
        raise Refused(
            refuse(
                "kiosk_code_wrong",
                _("This code is wrong, already used or more than five minutes old."),
            )
        )
    found.delete()
    return found.elector


def note_start(*, desk: PollingDesk, actor: Any) -> None:
    """Write in the audit log that a browser became the device of the desk.

    Raises `Refused` with the codes of `policies.may_use_desk`.
    """
    policies.may_use_desk(desk=desk, user=actor).or_refuse()
    audit.record(
        action="parvis.kiosk.start", instance=desk.budget.activity, actor=actor, desk=desk.name
    )


def exit_code(*, desk: PollingDesk, day: datetime.date) -> str:
    """What turns the device of the desk into an ordinary browser again, that day."""
    number = int(_digest(desk, f"exit|{day.isoformat()}")[:12], 16) % 10**8
    return f"{number:08d}"


def _digest(desk: PollingDesk, code: str) -> str:
    text = f"parvis-kiosk-v1|{desk.pk}|{code}"
    return hmac.digest(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hex()
