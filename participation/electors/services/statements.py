"""State who one is, on one's honour; be found on the roll, or enter the electorate."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.core.verdict import Refused, Verdict, refuse
from participation.electors import policies, queries
from participation.electors.choices import IdentityKind, Link, MatchState, Way
from participation.electors.digests import sealed
from participation.electors.models import (
    Attestation,
    Elector,
    Electorate,
    ElectorIdentity,
    MatchRequest,
)
from participation.electors.names import first_given_name, plain_name
from participation.electors.services.enrolment import (
    Proof,
    account_proofs,
    attach,
    civil_columns,
    civil_proof,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """Who somebody says they are. `link` is a `Link` or empty when the vote asks no tie."""

    family_name: str
    given_names: str
    birth_date: datetime.date
    link: str = ""
    territory: Territory | None = None


def words_of_honour(*, electorate: Electorate, statement: Statement) -> str:
    """What the person signs, in their language."""
    text = gettext(
        "I state on my honour that I am %(given)s %(family)s, born on %(day)s, and that I take "
        "part only once in the vote “%(vote)s”."
    ) % {
        "given": statement.given_names,
        "family": statement.family_name,
        "day": statement.birth_date.strftime("%d/%m/%Y"),
        "vote": electorate.activity.title,
    }
    if statement.link and electorate.perimeter is not None:
        tie = gettext("My tie to %(place)s: %(tie)s.") % {
            "place": electorate.perimeter.name,
            "tie": Link(statement.link).label,
        }
        text = f"{text} {tie}"
    return text


def state_identity(
    *,
    electorate: Electorate,
    way: Way,
    statement: Statement,
    proofs: Sequence[Proof] = (),
    account: Any = None,
    email: str = "",
    at: datetime.datetime,
) -> Elector | None:
    """The elector of somebody who says who they are, or None when an agent must look first.

    None says nothing of why: nobody of that name on a closed roll, somebody near it, two people of
    one name, or one who has already come. `proofs` and `account` are what the person holds;
    `email` is where they will be told.

    Raises `Refused`: `names_missing`, `birth_date_impossible`, `already_known`.
    """
    _check(statement, at)
    if account is not None:
        proofs = [*proofs, *account_proofs(electorate=electorate, account=account)]
    civil = civil_proof(
        electorate,
        family_name=statement.family_name,
        given_names=statement.given_names,
        birth_date=statement.birth_date,
    )
    try:
        with transaction.atomic():
            elector = _find_or_enter(electorate, way, statement, civil, proofs, account)
            if elector is not None:
                _sign(electorate, elector, statement, at)
                return elector
    except IntegrityError:
        pass  # somebody else came with one of these proofs meanwhile: an agent looks
    with transaction.atomic():
        _ask_for_a_look(electorate, way, statement, proofs, account, email, at)
    return None


def _check(statement: Statement, at: datetime.datetime) -> None:
    verdict = Verdict()
    if not plain_name(statement.family_name) or not first_given_name(statement.given_names):
        verdict &= refuse("names_missing", _("Give your family name and your given names."))
    today = timezone.localdate(at)
    if not datetime.date(today.year - 120, 1, 1) <= statement.birth_date <= today:
        verdict &= refuse("birth_date_impossible", _("This date of birth is not possible."))
    verdict.or_refuse()


def _find_or_enter(
    electorate: Electorate,
    way: Way,
    statement: Statement,
    civil: Proof,
    proofs: Sequence[Proof],
    account: Any,
) -> Elector | None:
    mine = _already_me(electorate, proofs, account)
    held = (
        Elector.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            identities__electorate=electorate,
            identities__kind=civil.kind,
            identities__digest=civil.digest,
        )
        .first()
    )
    if held is not None:
        # Names and a birth date are no secret: they open only what nobody has opened yet.
        if mine is None and (held.ways or held.account_id):
            return None
        if mine is not None and mine.pk != held.pk:
            return None
        attach(elector=held, way=way, proofs=proofs, account=account)
        return held
    if queries.near_misses(
        electorate_id=electorate.pk,
        family_name=statement.family_name,
        given_names=statement.given_names,
        birth_date=statement.birth_date,
    ):
        return None
    if mine is None and electorate.is_roll_closed:
        return None
    columns = civil_columns(
        family_name=statement.family_name,
        given_names=statement.given_names,
        birth_date=statement.birth_date,
        link=statement.link,
        territory=statement.territory,
    )
    if mine is None:
        mine = Elector.objects.create(electorate=electorate, account=account, **columns)
    elif mine.is_on_roll or mine.birth_date is not None:
        return None  # known under other names already
    else:
        for name, value in columns.items():
            setattr(mine, name, value)
        mine.save(update_fields=list(columns))
    attach(elector=mine, way=way, proofs=[*proofs, civil], account=account)
    return mine


def _already_me(electorate: Electorate, proofs: Sequence[Proof], account: Any) -> Elector | None:
    """The elector who already holds these proofs or this account."""
    found = set(
        ElectorIdentity.objects.filter(
            electorate=electorate, digest__in=[proof.digest for proof in proofs]
        ).values_list("elector_id", flat=True)
    )
    if account is not None:
        found.update(
            Elector.objects.filter(electorate=electorate, account=account).values_list(
                "pk", flat=True
            )
        )
    if len(found) > 1:
        raise Refused(Verdict((policies.ALREADY_KNOWN,)))
    if not found:
        return None
    elector = Elector.objects.select_for_update(of=("self",), no_key=True).get(pk=found.pop())
    if account is not None and elector.account_id not in (None, account.pk):
        raise Refused(Verdict((policies.ALREADY_KNOWN,)))
    return elector


def _sign(
    electorate: Electorate, elector: Elector, statement: Statement, at: datetime.datetime
) -> None:
    words = words_of_honour(electorate=electorate, statement=statement)
    day = timezone.localdate(at)
    row = Attestation(
        elector=elector,
        family_name=statement.family_name,
        given_names=statement.given_names,
        birth_date=statement.birth_date,
        link=statement.link,
        territory=statement.territory,
        words=words,
        signed_on=day,
    )
    row.seal = attestation_seal(row)
    row.save()


def attestation_seal(row: Attestation) -> str:
    """The seal of what was signed: equal to the one kept, or the row was altered."""
    return sealed(
        (
            row.elector_id,
            row.family_name,
            row.given_names,
            row.birth_date,
            row.link,
            row.territory_id or "",
            row.signed_on,
            row.words,
        )
    )


def _ask_for_a_look(
    electorate: Electorate,
    way: Way,
    statement: Statement,
    proofs: Sequence[Proof],
    account: Any,
    email: str,
    at: datetime.datetime,
) -> None:
    """One pending request per proof: asking again replaces what was stated."""
    proof = next(iter(proofs), None)
    if account is not None:
        proof = Proof.of(electorate, IdentityKind.ACCOUNT, str(account.pk))
    if proof is None:
        return
    MatchRequest.objects.update_or_create(
        electorate=electorate,
        identity_kind=proof.kind,
        identity_digest=proof.digest,
        state=MatchState.PENDING,
        defaults={
            "account": account,
            "way": way,
            "family_name": statement.family_name,
            "given_names": statement.given_names,
            "birth_date": statement.birth_date,
            "email": email or getattr(account, "email", ""),
            "language": get_language() or "fr",
            "asked_on": timezone.localdate(at),
        },
    )
