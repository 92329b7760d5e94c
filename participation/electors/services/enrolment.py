"""Make people electors: one person, one elector, whatever the ways by which they come."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.core.audit import record
from participation.core.verdict import Refused, Verdict, refuse
from participation.electors import policies, queries
from participation.electors.choices import IdentityKind, Way
from participation.electors.digests import identity_digest
from participation.electors.models import Elector, Electorate, ElectorIdentity
from participation.electors.names import civil_fingerprint, first_given_name, plain_name

_TRIES = 5  # a twin that commits between our read and our write is read at the next try


@dataclass(frozen=True, slots=True)
class Proof:
    """Something that a person proved to hold, as a keyed digest of one electorate.

    `kind` is an `IdentityKind`.
    """

    kind: str
    digest: str

    @classmethod
    def of(cls, electorate: Electorate, kind: str, value: str) -> "Proof":
        return cls(kind, identity_digest(electorate.pk, kind, value))


def civil_proof(
    electorate: Electorate,
    *,
    family_name: str,
    given_names: str,
    birth_date: datetime.date,
    distinction: str = "",
) -> Proof:
    """Names and birth date as an identity; `distinction` (birth place) tells homonyms apart."""
    value = civil_fingerprint(
        family_name=family_name, given_names=given_names, birth_date=birth_date
    )
    if distinction.strip():
        value = f"{value}|{' '.join(distinction.casefold().split())}"
    return Proof.of(electorate, IdentityKind.CIVIL, value)


def arrive(
    *,
    electorate: Electorate,
    way: Way,
    proofs: Sequence[Proof] = (),
    account: Any = None,
    civil: dict[str, Any] | None = None,
) -> Elector | None:
    """The elector whom these proofs and this account lead to, made when there is none.

    All proofs are tied to that elector. None when the roll is closed and nobody on it is known by
    these proofs: the person must first be found there. `civil` fills the columns of a new elector.

    Raises `Refused` `already_known` when they lead to two people: nobody is ever merged.
    """
    for attempt in range(_TRIES):
        try:
            with transaction.atomic():
                return _arrive(electorate, way, proofs, account, civil or {})
        except IntegrityError:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _arrive(
    electorate: Electorate,
    way: Way,
    proofs: Sequence[Proof],
    account: Any,
    civil: dict[str, Any],
) -> Elector | None:
    known = _led_to(electorate, proofs, account)
    if len(known) > 1:
        raise Refused(Verdict((policies.ALREADY_KNOWN,)))
    if not known and electorate.is_roll_closed:
        return None
    if known:
        elector = Elector.objects.select_for_update(of=("self",), no_key=True).get(pk=known.pop())
    else:
        elector = Elector.objects.create(electorate=electorate, account=account, **civil)
    attach(elector=elector, way=way, proofs=proofs, account=account)
    return elector


def _led_to(electorate: Electorate, proofs: Sequence[Proof], account: Any) -> set[int]:
    known: set[int] = set()
    for proof in proofs:
        known.update(
            ElectorIdentity.objects.filter(
                electorate=electorate, kind=proof.kind, digest=proof.digest
            ).values_list("elector_id", flat=True)
        )
    if account is not None:
        known.update(
            Elector.objects.filter(electorate=electorate, account=account).values_list(
                "pk", flat=True
            )
        )
    return known


def attach(*, elector: Elector, way: Way, proofs: Sequence[Proof], account: Any = None) -> None:
    """Tie proofs, an account and a way to an elector held by the caller's transaction.

    Raises `Refused` `already_known` when the elector has another account; `IntegrityError` when a
    proof is somebody else's.
    """
    if account is not None and elector.account_id not in (None, account.pk):
        raise Refused(Verdict((policies.ALREADY_KNOWN,)))
    changed = []
    if account is not None and elector.account_id is None:
        elector.account = account
        changed.append("account")
    if way not in elector.ways:
        elector.ways = [*elector.ways, way.value]
        changed.append("ways")
    if changed:
        elector.save(update_fields=changed)
    mine = set(
        ElectorIdentity.objects.filter(
            elector=elector, digest__in=[proof.digest for proof in proofs]
        ).values_list("kind", "digest")
    )
    for proof in proofs:
        if (proof.kind, proof.digest) not in mine:
            ElectorIdentity.objects.create(
                elector=elector,
                electorate_id=elector.electorate_id,
                kind=proof.kind,
                digest=proof.digest,
            )


def account_proofs(*, electorate: Electorate, account: Any) -> list[Proof]:
    """The mailboxes of an account: two accounts of one mailbox are one person."""
    return [
        Proof(IdentityKind.EMAIL, digest)
        for digest in queries.mailbox_digests(electorate_id=electorate.pk, account=account)
    ]


def enrol_account(*, electorate: Electorate, account: Any) -> Elector:
    """The elector in whose name this account votes, made on first use. Decides no right to vote.

    Raises `Refused`: `already_known`, `not_on_roll`.
    """
    elector = arrive(
        electorate=electorate,
        way=Way.ACCOUNT,
        proofs=account_proofs(electorate=electorate, account=account),
        account=account,
    )
    if elector is None:
        raise Refused(Verdict((policies.NOT_ON_ROLL,)))
    return elector


@transaction.atomic(savepoint=False)
def enrol_newcomer(*, electorate: Electorate, account: Any) -> Elector:
    """Make an account an elector where `policies.admission` found nobody of it or its mailboxes.

    Two statements, within the caller's transaction. Raises `IntegrityError` when somebody came in
    between whom the account or a mailbox of it leads to: to be asked again from the start.
    """
    elector = Elector.objects.create(
        electorate=electorate, account=account, ways=[Way.ACCOUNT.value]
    )
    ElectorIdentity.objects.bulk_create(
        ElectorIdentity(
            elector=elector,
            electorate_id=electorate.pk,
            kind=proof.kind,
            digest=proof.digest,
        )
        for proof in account_proofs(electorate=electorate, account=account)
    )
    return elector


@transaction.atomic
def enrol_at_desk(
    *,
    electorate: Electorate,
    family_name: str,
    given_names: str,
    birth_date: datetime.date,
    actor: Any,
    at: datetime.datetime,
    link: str = "",
    territory: Territory | None = None,
    distinction: str = "",
) -> Elector:
    """Somebody whose papers an agent has seen, for an electorate without a closed roll.

    The same names and birth date lead to the same elector, whatever the way they came first: what
    the roll of votes says of them then tells whether they already voted. `distinction` tells a
    true homonym apart. The agent answers for `link`; the age is checked by `policies.admission`.

    Raises `Refused`: `not_on_roll`, `way_not_accepted`, `names_missing`.
    """
    if Way.DESK not in electorate.ways:
        raise Refused(refuse("way_not_accepted", _("This vote has no desk: its settings say so.")))
    if not plain_name(family_name) or not first_given_name(given_names):
        raise Refused(refuse("names_missing", _("Give the family name and the given names.")))
    proof = civil_proof(
        electorate,
        family_name=family_name,
        given_names=given_names,
        birth_date=birth_date,
        distinction=distinction,
    )
    elector = arrive(
        electorate=electorate,
        way=Way.DESK,
        proofs=[proof],
        civil=civil_columns(
            family_name=family_name,
            given_names=given_names,
            birth_date=birth_date,
            link=link,
            territory=territory,
        ),
    )
    if elector is None:
        raise Refused(
            refuse("not_on_roll", _("Nobody of that name and birth date is on the roll."))
        )
    record(action="parvis.elector.desk", instance=elector, actor=actor)
    return elector


def civil_columns(
    *,
    family_name: str,
    given_names: str,
    birth_date: datetime.date | None,
    link: str = "",
    territory: Territory | None = None,
) -> dict[str, Any]:
    """The columns of an elector that hold who they are, with their normal forms."""
    return {
        "family_name": " ".join(family_name.split()),
        "given_names": " ".join(given_names.split()),
        "birth_date": birth_date,
        "link": link,
        "territory": territory,
        "family_key": plain_name(family_name),
        "given_key": first_given_name(given_names),
    }


@transaction.atomic
def mark_way(*, elector: Elector, way: Way) -> None:
    """Note that somebody of the roll came by `way`; nothing changes when it is known already."""
    held = Elector.objects.select_for_update(of=("self",), no_key=True).get(pk=elector.pk)
    attach(elector=held, way=way, proofs=())
    elector.ways = held.ways
