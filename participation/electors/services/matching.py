"""The second look: an agent recognises somebody whom the roll did not find at once."""

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from participation.core.audit import record
from participation.core.verdict import Refused, Verdict, refuse
from participation.electors import policies, tasks
from participation.electors.choices import MatchState, Way
from participation.electors.models import Elector, MatchRequest
from participation.electors.services.enrolment import (
    Proof,
    account_proofs,
    attach,
    civil_columns,
    civil_proof,
)


@transaction.atomic
def accept_match(
    *, request: MatchRequest, elector: Elector | None, actor: Any, at: datetime.datetime
) -> Elector:
    """Tie what the person holds to that elector of the roll; None enters them as a new elector.

    Raises `Refused`: `not_allowed`, `already_decided`, `not_on_roll` (None on a closed roll),
    `already_known` (what they hold leads to somebody else).
    """
    held = _pending(request, actor)
    electorate = held.electorate
    if elector is None and electorate.is_roll_closed:
        raise Refused(
            refuse("not_on_roll", _("The roll is closed: choose the person in it, or refuse."))
        )
    proofs = []
    if held.account is not None:
        proofs = account_proofs(electorate=electorate, account=held.account)
    elif held.identity_digest:
        proofs = [Proof(held.identity_kind, held.identity_digest)]
    try:
        with transaction.atomic():
            if elector is None:
                elector = _enter(held)
            else:
                elector = Elector.objects.select_for_update(of=("self",), no_key=True).get(
                    pk=elector.pk, electorate=electorate
                )
            attach(elector=elector, way=Way(held.way), proofs=proofs, account=held.account)
    except IntegrityError as error:
        raise Refused(Verdict((policies.ALREADY_KNOWN,))) from error
    _decide(held, MatchState.ACCEPTED, actor, at, elector=elector)
    record(action="parvis.match.accept", instance=held, actor=actor)
    tasks.deliver_match.defer(match_id=held.pk)
    return elector


def _enter(request: MatchRequest) -> Elector:
    if request.birth_date is None:
        raise Refused(refuse("names_missing", _("What this person stated is erased.")))
    columns = civil_columns(
        family_name=request.family_name,
        given_names=request.given_names,
        birth_date=request.birth_date,
    )
    elector = Elector.objects.create(electorate=request.electorate, **columns)
    proof = civil_proof(
        request.electorate,
        family_name=request.family_name,
        given_names=request.given_names,
        birth_date=request.birth_date,
        # An agent has decided that this is another person than the one of that name.
        distinction=f"second look {request.pk}",
    )
    attach(elector=elector, way=Way(request.way), proofs=[proof])
    return elector


@transaction.atomic
def refuse_match(*, request: MatchRequest, reason: str, actor: Any, at: datetime.datetime) -> None:
    """Tell the person that they were not recognised, and why.

    Raises `Refused`: `not_allowed`, `already_decided`, `reason_missing`.
    """
    held = _pending(request, actor)
    if not reason.strip():
        raise Refused(
            refuse("reason_missing", _("A refusal needs its reason, which is sent to the person."))
        )
    _decide(held, MatchState.REFUSED, actor, at, reason=reason.strip())
    record(action="parvis.match.refuse", instance=held, actor=actor)
    tasks.deliver_match.defer(match_id=held.pk)


def _pending(request: MatchRequest, actor: Any) -> MatchRequest:
    policies.may_run_electorates(user=actor).or_refuse()
    held = (
        MatchRequest.objects.select_for_update(of=("self",))
        .select_related("electorate__activity__process", "account")
        .get(pk=request.pk)
    )
    if held.state != MatchState.PENDING:
        raise Refused(refuse("already_decided", _("Somebody has already decided on this person.")))
    return held


def _decide(
    held: MatchRequest,
    state: str,
    actor: Any,
    at: datetime.datetime,
    *,
    elector: Elector | None = None,
    reason: str = "",
) -> None:
    held.state, held.elector, held.reason = state, elector, reason
    held.decided_by, held.decided_at = actor, at
    held.save(update_fields=["state", "elector", "reason", "decided_by", "decided_at"])
