"""Forget who the electors were, some months after the results."""

import calendar
import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.core.audit import record
from participation.electors import queries
from participation.electors.models import (
    Attestation,
    Elector,
    Electorate,
    MatchRequest,
    RollImport,
    TextCode,
)
from participation.electors.services.networks import forget_networks

_DAY = datetime.timedelta(days=1)


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day some months later, or the last of its month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def erasure_due_on(*, electorate: Electorate) -> datetime.date | None:
    """When names are to be erased: the months run from the results, else from the close.

    None while neither is known.
    """
    start = electorate.results_on
    if start is None:
        close = queries.close_of_vote(electorate=electorate)
        start = timezone.localdate(close) if close else None
    return months_after(start, electorate.retention_months) if start else None


@transaction.atomic
def erase_civil_data(*, electorate: Electorate, actor: Any = None, at: datetime.datetime) -> int:
    """Empty names, birth dates, addresses and numbers; the number of electors stays, and what
    each was recognised by as a digest. Returns how many people were emptied.
    """
    day = timezone.localdate(at)
    emptied = Elector.objects.filter(electorate=electorate).update(
        family_name="",
        usual_name="",
        given_names="",
        birth_date=None,
        postal_address="",
        link="",
        roll_number="",
        roll_key="",
        family_key="",
        usual_key="",
        given_key="",
    )
    Attestation.objects.filter(elector__electorate=electorate, erased_on__isnull=True).update(
        family_name="",
        given_names="",
        birth_date=None,
        link="",
        territory=None,
        words="",
        erased_on=day,
    )
    MatchRequest.objects.filter(electorate=electorate).update(
        family_name="", given_names="", birth_date=None, email=""
    )
    MatchRequest.objects.filter(electorate=electorate).exclude(reason="").update(reason="–")
    Electorate.objects.filter(pk=electorate.pk).update(civil_data_erased_at=at)
    record(action="parvis.electorate.erase", instance=electorate, actor=actor, people=emptied)
    return emptied


def erase_what_is_due(*, at: datetime.datetime) -> dict[str, int]:
    """The nightly round: names whose time has come, files never confirmed, codes by text message.

    Returns counts by kind: `people`, `files`, `texts`.
    """
    people = 0
    today = timezone.localdate(at)
    waiting = Electorate.objects.filter(civil_data_erased_at__isnull=True).select_related(
        "activity"
    )
    for electorate in waiting.order_by("pk"):
        due = erasure_due_on(electorate=electorate)
        if due is not None and due <= today:
            people += erase_civil_data(electorate=electorate, at=at)
    # The box's opening forgets them; this is for a vote whose box nobody opened.
    for electorate in Electorate.objects.filter(network_watch__key__isnull=False):
        due = erasure_due_on(electorate=electorate)
        if due is not None and due <= today:
            forget_networks(electorate_id=electorate.pk, at=at)
    files, _kinds = RollImport.objects.filter(
        imported_at__isnull=True, sent_at__lt=at - _DAY
    ).delete()
    texts, _kinds = TextCode.objects.filter(expires_at__lt=at - _DAY).delete()
    return {"people": people, "files": files, "texts": texts}
