"""Note from which networks people come, decide on crowds, forget."""

import datetime
import secrets
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participation.core.audit import record
from participation.core.verdict import Refused, refuse
from participation.electors import networks, policies, tasks
from participation.electors.choices import Way
from participation.electors.models import (
    Elector,
    Electorate,
    NetworkDecision,
    NetworkHour,
    NetworkMark,
    NetworkWatch,
)
from participation.electors.services.enrolment import attach

_KEY_BYTES = 32
# The hour is counted when the mark is new alone: who comes again is not counted again.
_NOTE = """
    WITH noted AS (
        INSERT INTO electors_networkmark (elector_id, electorate_id, mark)
        VALUES (%(elector)s, %(electorate)s, %(mark)s)
        ON CONFLICT DO NOTHING RETURNING mark
    )
    INSERT INTO electors_networkhour AS counted (electorate_id, mark, hour, arrivals)
    SELECT %(electorate)s, noted.mark, date_trunc('hour', clock_timestamp()), 1 FROM noted
    ON CONFLICT (electorate_id, mark, hour) DO UPDATE SET arrivals = counted.arrivals + 1
"""


def note_arrival(
    *, electorate_id: int, address: str, elector: Elector | None = None, account: Any = None
) -> None:
    """Keep a digest of the network from which an elector first came, when their way proves little.

    The elector, or that of the `account`. Nothing is kept of an `address` that is none, of somebody
    who came by a way that proves more, in an electorate without a limit, or once its box is open.
    One query when there is nothing to keep, and two otherwise.
    """
    network = networks.network_of(address)
    if not network or (elector is not None and not networks.is_weak(elector)):
        return
    who = Q(pk=elector.pk) if elector is not None else Q(account=account)
    new = (
        Elector.objects.filter(
            who,
            electorate_id=electorate_id,
            electorate__network_limit__isnull=False,
            ways__contained_by=networks.WEAK_WAYS,
            network_mark=None,
        )
        .values_list("pk", "electorate__network_watch__pk", "electorate__network_watch__key")
        .first()
    )
    if new is None:
        return
    key, watched, secret = new
    if watched is None:  # the first who comes
        secret = NetworkWatch.objects.get_or_create(
            pk=electorate_id, defaults={"key": secrets.token_bytes(_KEY_BYTES)}
        )[0].key
    if secret is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE,
            {
                "elector": key,
                "electorate": electorate_id,
                "mark": networks.mark_of(bytes(secret), network),
            },
        )


@transaction.atomic
def decide_on_network(
    *,
    electorate: Electorate,
    mark: str,
    is_held: bool,
    reason: str,
    actor: Any,
    at: datetime.datetime,
) -> NetworkDecision:
    """Hold the ballots of a crowd until each person confirms, or let them be counted.

    A held ballot stays sealed and is set aside at the opening, counted as such and published as a
    number; nothing is deleted. People with an account are told by mail how to confirm.

    Raises `Refused`: `not_allowed`, `reason_missing`, `network_unknown` (also once the marks are
    erased), `nothing_changes`.
    """
    policies.may_run_electorates(user=actor).or_refuse()
    if not reason.strip():
        raise Refused(refuse("reason_missing", _("Say why: the log keeps it.")))
    # Held, so that two officers decide one after the other, and before the box opens or not at all.
    held = Electorate.objects.select_for_update(of=("self",), no_key=True).get(pk=electorate.pk)
    crowd = next((each for each in networks.crowds(electorate=held) if each.mark == mark), None)
    if crowd is None:
        raise Refused(
            refuse("network_unknown", _("This group is not known any more: look at the list."))
        )
    if crowd.decision is not None and crowd.is_held == is_held:
        raise Refused(refuse("nothing_changes", _("This is what was decided already.")))
    decision = NetworkDecision.objects.create(
        electorate=held,
        mark=mark,
        is_held=is_held,
        reason=reason.strip(),
        people=crowd.people,
        decided_by=actor,
        decided_at=at,
    )
    record(
        action="parvis.network.hold" if is_held else "parvis.network.release",
        instance=held,
        actor=actor,
        group=mark,
        people=crowd.people,
        reason=reason.strip(),
    )
    if is_held:
        tasks.tell_held.defer(decision_id=decision.pk)
    return decision


@transaction.atomic
def confirm_in_person(*, elector: Elector, actor: Any, at: datetime.datetime) -> None:
    """An agent has seen the papers of somebody who came by a way that proves little.

    Their ballot is counted whatever was decided on their network. Raises `Refused`: `not_allowed`,
    `confirmed_already`.
    """
    policies.may_run_electorates(user=actor).or_refuse()
    held = Elector.objects.select_for_update(of=("self",), no_key=True).get(pk=elector.pk)
    if not (held.ways and networks.is_weak(held)):
        raise Refused(
            refuse("confirmed_already", _("This person came by a way that needs no confirmation."))
        )
    attach(elector=held, way=Way.DESK, proofs=())
    record(action="parvis.elector.confirm", instance=held, actor=actor)


@transaction.atomic
def forget_networks(*, electorate_id: int, at: datetime.datetime) -> int:
    """Destroy the key and the marks, once for all; how many marks were erased.

    What was decided stays, under marks that lead nowhere any more.
    """
    NetworkWatch.objects.update_or_create(
        pk=electorate_id,
        defaults={"key": None, "destroyed_at": at},
        create_defaults={"key": None, "destroyed_at": at},
    )
    NetworkHour.objects.filter(electorate_id=electorate_id).delete()
    return NetworkMark.objects.filter(electorate_id=electorate_id).delete()[0]
