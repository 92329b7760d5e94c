"""Crowds of one network: what is seen of them, and who is held.

A town hall, a school or a mobile operator is a crowd too: nothing here judges, an officer does.
"""

import datetime
import hashlib
import hmac
import ipaddress
from collections import Counter
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from participation.electors.choices import Way
from participation.electors.models import (
    Elector,
    Electorate,
    NetworkDecision,
    NetworkHour,
    NetworkMark,
)
from participation.electors.models.networks import MARK_LENGTH

WEAK_WAYS = (Way.ACCOUNT.value, Way.ATTESTATION.value, Way.SMS.value)
"""Ways that one person can come by many times, with enough addresses, names or telephones."""
_DOMAINS = 12


def is_weak(elector: Elector) -> bool:
    """Whether this person came by no way that proves that they are one person."""
    return set(elector.ways) <= set(WEAK_WAYS)


def network_of(address: str) -> str:
    """The network of an address: /24 for IPv4, /48 for IPv6; empty for what is no address."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((int(found), 48), strict=False))
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((int(found), 24), strict=False))


def mark_of(key: bytes, network: str) -> str:
    """What is kept of a network: nothing without the key, which no backup of later holds."""
    return hmac.digest(key, network.encode(), hashlib.sha256).hex()[:MARK_LENGTH]


@dataclass(frozen=True, slots=True)
class Crowd:
    """People who came from one network by weak ways alone. `hours` are (hour, first arrivals);
    `domains` (domain, people) of their mail, the most frequent first; `decision` the last one."""

    mark: str
    people: int
    hours: tuple[tuple[datetime.datetime, int], ...]
    domains: tuple[tuple[str, int], ...]
    decision: NetworkDecision | None

    @property
    def is_held(self) -> bool:
        return self.decision is not None and self.decision.is_held


def crowds(*, electorate: Electorate) -> list[Crowd]:
    """Networks from which more people came than the electorate allows without a look, and those
    already decided on; the largest first. Four queries."""
    decisions = {
        each.mark: each
        for each in NetworkDecision.objects.filter(electorate_id=electorate.pk)
        .select_related("decided_by")
        .order_by("pk")
    }
    counted = dict(
        _unconfirmed(electorate.pk).order_by().values_list("mark").annotate(people=Count("pk"))
    )
    shown = {
        mark: people
        for mark, people in counted.items()
        if mark in decisions or _is_crowd(electorate, people)
    }
    hours: dict[str, list[tuple[datetime.datetime, int]]] = {mark: [] for mark in shown}
    for row in NetworkHour.objects.filter(electorate_id=electorate.pk, mark__in=shown):
        hours[row.mark].append((row.hour, row.arrivals))
    domains = _domains(electorate.pk, list(shown))
    return [
        Crowd(mark, people, tuple(hours[mark]), domains.get(mark, ()), decisions.get(mark))
        for mark, people in sorted(shown.items(), key=lambda item: (-item[1], item[0]))
    ]


def _is_crowd(electorate: Electorate, people: int) -> bool:
    return electorate.network_limit is not None and people > electorate.network_limit


def _domains(electorate_id: int, marks: list[str]) -> dict[str, tuple[tuple[str, int], ...]]:
    accounts = (
        _unconfirmed(electorate_id)
        .filter(mark__in=marks, elector__account__isnull=False)
        .values_list("elector__account", "mark")
    )
    of_account: dict[Any, str] = dict(accounts)
    counts: dict[str, Counter[str]] = {mark: Counter() for mark in marks}
    addresses = EmailAddress.objects.filter(
        verified=True,
        user__in=_unconfirmed(electorate_id).filter(mark__in=marks).values("elector__account"),
    )
    for user, email in addresses.values_list("user_id", "email"):
        counts[of_account[user]][email.rpartition("@")[2].lower()] += 1
    return {mark: tuple(count.most_common(_DOMAINS)) for mark, count in counts.items()}


def _unconfirmed(electorate_id: int) -> QuerySet[NetworkMark]:
    return NetworkMark.objects.filter(
        electorate_id=electorate_id, elector__ways__contained_by=WEAK_WAYS
    )


def waiting_crowds(*, electorate_id: int) -> int:
    """How many networks passed the limit and nobody has decided on: in one query."""
    return (
        _unconfirmed(electorate_id)
        .filter(~Exists(_decisions()))
        .order_by()
        .values("electorate__network_limit", "mark")
        .annotate(people=Count("pk"))
        .filter(people__gt=F("electorate__network_limit"))
        .count()
    )


def _decisions() -> QuerySet[NetworkDecision]:
    return NetworkDecision.objects.filter(
        electorate_id=OuterRef("electorate_id"), mark=OuterRef("mark")
    )


def held_electors(*, electorate_id: int) -> QuerySet[Elector]:
    """People whose ballots are set aside at the opening: of a held network, and who have come by
    no way that proves more since."""
    last = Subquery(_decisions().order_by("-pk").values("is_held")[:1])
    marks = _unconfirmed(electorate_id).annotate(is_held=last).filter(is_held=True)
    return Elector.objects.filter(pk__in=marks.values("elector_id"))


def is_held(*, elector: Elector | None) -> bool:
    """Whether this person is asked to confirm by another way or at a desk."""
    return (
        elector is not None
        and is_weak(elector)
        and held_electors(electorate_id=elector.electorate_id).filter(pk=elector.pk).exists()
    )


def how_to_confirm(electorate: Electorate) -> str:
    """What a held person reads: neutral, since most people of a crowd have done nothing wrong."""
    others = [
        str(Way(way).label)
        for way in Way.values
        if way in electorate.ways and way not in (*WEAK_WAYS, Way.DESK)
    ]
    text = gettext(
        "Many people voted from the same network as you. Before the close, please confirm that you "
        "are you: show your papers at a desk or at the town hall. Your ballot stays as it is: it "
        "is then counted with the others. Without a confirmation it is not opened: it is set "
        "aside, and counted as such in the minutes and in the results."
    )
    if others:
        ways = ", ".join(other[0].lower() + other[1:] for other in others)
        text += " " + gettext("You may also come again this way: %(ways)s.") % {"ways": ways}
    return text
