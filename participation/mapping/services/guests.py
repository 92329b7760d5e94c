"""Contributions without an account: an address, a link, and nothing public before it is used."""

import datetime
import uuid
from functools import partial

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from participation.core import audit
from participation.core.choices import Visibility
from participation.core.models import Process
from participation.core.verdict import Refused, refuse
from participation.mapping import links, policies, tasks
from participation.mapping.models import Guest, MapContribution, ParticipatoryMap
from participation.mapping.services.contributions import (
    create,
    find_by_key,
    locked,
    publish_or_wait,
)
from participation.mapping.services.wishes import Wish, complete

LINK_LIFE = datetime.timedelta(days=3)
"""An unconfirmed contribution is forgotten after that time."""
PER_DAY = 10
"""Contributions that one address may start in a day, confirmed or not, on all maps."""


@transaction.atomic
def send_as_guest(
    *,
    map: ParticipatoryMap,
    email: str,
    name: str,
    language: str,
    wish: Wish,
    submission_key: uuid.UUID,
    at: datetime.datetime,
) -> MapContribution:
    """Keep a guest's contribution unseen and mail the link that confirms it.

    The same key again finds the first one, without a second mail. Raises `Refused`: those of
    `policies.may_contribute`, `guests_not_taken`, `too_many_contributions`, `too_many_today`.
    """
    known = find_by_key(submission_key)
    if known is not None and known.map_id == map.pk and hasattr(known, "guest"):
        return known
    if not policies.takes_guests(map):
        refuse("guests_not_taken", _("Sign in to contribute to this map.")).or_refuse()
    verdict = policies.may_contribute(map=map, user=None, at=at) & complete(map, wish)
    verdict.or_refuse()
    address = email.strip().lower()
    _lock_address(address)
    recent = Guest.objects.filter(email=address, created_at__gt=at - datetime.timedelta(days=1))
    if recent.count() >= PER_DAY:
        refuse(
            "too_many_today", _("This address has sent a lot today: come back tomorrow.")
        ).or_refuse()
    policies.within_limit(map, _sent(map, address)).or_refuse()
    row = create(
        map=map, author=None, wish=wish, submission_key=submission_key, at=at, author_label=name
    )
    Guest.objects.create(contribution=row, email=address, language=language, created_at=at)
    tasks.mail_guest_link.defer(contribution_id=row.pk)
    return row


@transaction.atomic
def confirm_guest(*, token: str, at: datetime.datetime) -> MapContribution:
    """The link was used: the contribution is sent. Used again, it finds the same contribution.

    Raises `Refused`: `link_unknown`, `link_expired`, and the map's own reasons when it closed
    meanwhile (`collect_closed`).
    """
    guest = find_guest(token)
    if guest is None:
        raise Refused(refuse("link_unknown", _("This link is not valid.")))
    row = locked(guest.contribution)
    if row.contribution.visibility != Visibility.DRAFT:
        return row
    if guest.created_at + LINK_LIFE < at:
        refuse(
            "link_expired", _("This link has expired: send your contribution again.")
        ).or_refuse()
    policies.collecting(row.contribution.activity, at).or_refuse()
    _lock_address(guest.email)
    policies.within_limit(row.map, _sent(row.map, guest.email)).or_refuse()
    guest.confirmed_at = at
    guest.save(update_fields=["confirmed_at"])
    publish_or_wait(row, at)
    audit.record(action="parvis.map.contribute", instance=row.contribution, actor=None)
    return row


def find_guest(token: str) -> Guest | None:
    """Whose secret link this is; `None` for one that the site did not sign."""
    key = links.opened(token, links.GUEST)
    if key is None:
        return None
    return (
        Guest.objects.select_related(
            "contribution__contribution__activity__process", "contribution__map"
        )
        .filter(pk=key)
        .first()
    )


@transaction.atomic
def forget_unconfirmed(*, at: datetime.datetime) -> int:
    """Erase what was never confirmed, with its files; how many."""
    stale = Guest.objects.filter(confirmed_at__isnull=True, created_at__lt=at - LINK_LIFE)
    rows = list(stale.select_related("contribution__contribution").order_by("pk"))
    for guest in rows:
        row, spine = guest.contribution, guest.contribution.contribution
        files = [(each.file.storage, str(each.file.name)) for each in spine.attachments.all()]
        row.question_answers.all().delete()
        guest.delete()
        row.delete()
        spine.attachments.all().delete()
        spine.delete()
        for storage, name in files:
            transaction.on_commit(partial(storage.delete, name))
    return len(rows)


@transaction.atomic
def forget_guests(*, process: Process) -> int:
    """Erase the addresses of who contributed without an account to a process; how many.

    Their contributions stay; the links that were mailed open nothing any more.
    """
    guests = Guest.objects.filter(contribution__contribution__activity__process=process)
    return guests.delete()[0]


def _sent(map: ParticipatoryMap, address: str) -> int:
    return (
        Guest.objects.filter(contribution__map=map, email=address, confirmed_at__isnull=False)
        .exclude(contribution__contribution__visibility=Visibility.WITHDRAWN)
        .count()
    )


def _lock_address(address: str) -> None:
    """One at a time per address: the number per person holds under concurrency."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('map-guest'), hashtext(%s))", [address]
        )
