"""Area alerts: ask to be told, confirm, stop; send digests."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.types import JSONDict

from maps.projections import in_metres
from participation.core.verdict import ALLOWED, Refused, Verdict, refuse
from participation.mapping import links, tasks
from participation.mapping.choices import Frequency
from participation.mapping.models import AlertHit, AreaAlert, MapCategory, ParticipatoryMap

RADIUS_METRES = (100, 5000)
"""The least and the most that a circle may reach."""
MAX_AREA_KM2 = 200
PER_PERSON = 20
LINK_LIFE = datetime.timedelta(days=3)
_WEEKLY_ON = 0  # Monday


@dataclass(frozen=True, slots=True)
class Watch:
    """What is followed. `area` is in WGS 84; a circle is made of `centre` and `radius_metres`."""

    label: str
    frequency: str
    map: ParticipatoryMap | None = None
    category: MapCategory | None = None
    words: str = ""
    area: MultiPolygon | None = None
    centre: Point | None = None
    radius_metres: int | None = None


def circle(centre: Point, radius_metres: int) -> MultiPolygon:
    """The disc of that radius around a place (both in WGS 84, the radius in the legal metres)."""
    disc = in_metres(centre).buffer(radius_metres, quadsegs=16)
    degrees = disc.transform(4326, clone=True)
    return MultiPolygon(degrees, srid=4326)


@transaction.atomic
def ask_for_alert(
    *,
    watch: Watch,
    user: Any,
    email: str,
    language: str,
    submission_key: uuid.UUID,
    at: datetime.datetime,
) -> AreaAlert:
    """Follow an area, a category or words. A member's alert begins at once; without an account,
    when the link that is mailed is used.

    `user` is `None` for a visitor, who gives `email`. The same key again finds the first alert.
    Refusals: `radius_out_of_bounds`, `area_too_big`, `category_elsewhere`, `nothing_followed`,
    `label_missing`, `too_many_alerts`.
    """
    known = AreaAlert.objects.filter(submission_key=submission_key).first()
    if known is not None:
        return known
    address = "" if user is not None else email.strip().lower()
    _lock(user, address)
    (_sound(watch) & _some_left(user, address)).or_refuse()
    area = watch.area
    if watch.centre is not None and watch.radius_metres is not None:
        area = circle(watch.centre, watch.radius_metres)
    alert = AreaAlert.objects.create(
        user=user,
        email=address,
        language=language,
        map=watch.map,
        category=watch.category,
        words=watch.words.strip(),
        label=watch.label.strip(),
        area=area,
        centre=watch.centre,
        radius_metres=watch.radius_metres,
        frequency=watch.frequency,
        submission_key=submission_key,
        created_at=at,
        confirmed_at=at if user is not None else None,
    )
    if user is None:
        tasks.mail_alert_link.defer(alert_id=alert.pk)
    return alert


@transaction.atomic
def confirm_alert(*, token: str, at: datetime.datetime) -> AreaAlert:
    """The mailed link was used: the alert begins. Used again, nothing changes.

    Refusals: `link_unknown` (or the alert was stopped), `link_expired`.
    """
    alert = _opened(token)
    if alert.confirmed_at is None:
        if alert.created_at + LINK_LIFE < at:
            refuse("link_expired", _("This link has expired: ask for the alert again.")).or_refuse()
        alert.confirmed_at = at
        alert.save(update_fields=["confirmed_at"])
    return alert


@transaction.atomic
def stop_alert_by_link(*, token: str) -> bool:
    """Stop the alert of a mail; whether it was still running. A link used twice is no mistake.

    Refusal: `link_unknown` for a link that the site did not sign.
    """
    key = links.opened(token, links.ALERT)
    if key is None:
        raise Refused(_unknown())
    deleted, _rows = AreaAlert.objects.filter(pk=key).delete()
    return bool(deleted)


@transaction.atomic
def stop_alert(*, alert: AreaAlert, user: Any) -> None:
    """A member stops one of their alerts. Refusal: `not_yours`."""
    if alert.user_id is None or alert.user_id != getattr(user, "pk", None):
        refuse("not_yours", _("This alert is not one of yours.")).or_refuse()
    alert.delete()


def find_alert(token: str) -> AreaAlert | None:
    """The alert of a mailed link, while it runs."""
    key = links.opened(token, links.ALERT)
    return None if key is None else AreaAlert.objects.filter(pk=key).first()


def send_digests(*, at: datetime.datetime) -> int:
    """Have the digests mailed that are due on this day; how many alerts have something to tell.

    Weekly ones go on Monday. Running it twice sends nothing twice.
    """
    due = [Frequency.AT_ONCE, Frequency.DAILY]  # at once: what a mail server refused yesterday
    if timezone.localtime(at).weekday() == _WEEKLY_ON:
        due.append(Frequency.WEEKLY)
    waiting = AlertHit.objects.filter(alert=OuterRef("pk"), sent_at__isnull=True)
    keys = list(
        AreaAlert.objects.filter(frequency__in=due)
        .filter(Exists(waiting.order_by()))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if keys:
        jobs: list[JSONDict] = [{"alert_id": key} for key in keys]
        tasks.send_alert.batch_defer(*jobs)
    return len(keys)


@transaction.atomic
def forget_unconfirmed_alerts(*, at: datetime.datetime) -> int:
    """Erase the addresses that never confirmed; how many."""
    stale = AreaAlert.objects.filter(confirmed_at__isnull=True, created_at__lt=at - LINK_LIFE)
    _deleted, by_model = stale.delete()
    return by_model.get(AreaAlert._meta.label, 0)


@transaction.atomic
def forget_alerts(*, user: Any) -> int:
    """Erase the alerts of a member who leaves, and what they were still to be told; how many."""
    _deleted, by_model = AreaAlert.objects.filter(user=user).delete()
    return by_model.get(AreaAlert._meta.label, 0)


def _opened(token: str) -> AreaAlert:
    key = links.opened(token, links.ALERT)
    found = AreaAlert.objects.select_for_update(no_key=True)
    alert = None if key is None else found.filter(pk=key).first()
    if alert is None:
        raise Refused(_unknown())
    return alert


def _unknown() -> Verdict:
    return refuse("link_unknown", _("This link is not valid."))


def _sound(watch: Watch) -> Verdict:
    verdict = ALLOWED
    low, high = RADIUS_METRES
    if not watch.label.strip():
        verdict &= refuse("label_missing", _("Give this alert a name."))
    if watch.radius_metres is not None and not low <= watch.radius_metres <= high:
        verdict &= refuse(
            "radius_out_of_bounds", _("Choose a radius from 100 metres to 5 kilometres.")
        )
    if watch.area is not None and in_metres(watch.area).area > MAX_AREA_KM2 * 1_000_000:
        verdict &= refuse(
            "area_too_big",
            _("This area is too big: %(limit)d square kilometres at most."),
            limit=MAX_AREA_KM2,
        )
    if watch.category is not None and watch.category.map_id != getattr(watch.map, "pk", None):
        verdict &= refuse("category_elsewhere", _("This category is not one of this map."))
    follows = (watch.area, watch.centre, watch.category, watch.words.strip() or None, watch.map)
    if all(each is None for each in follows):
        verdict &= refuse(
            "nothing_followed", _("Say what to follow: an area, a category or words.")
        )
    return verdict


def _some_left(user: Any, address: str) -> Verdict:
    mine = AreaAlert.objects.filter(user=user) if user else AreaAlert.objects.filter(email=address)
    if mine.count() >= PER_PERSON:
        return refuse(
            "too_many_alerts",
            _("You already have %(limit)d alerts: stop one first."),
            limit=PER_PERSON,
        )
    return ALLOWED


def _lock(user: Any, address: str) -> None:
    """One at a time per person: the number of alerts holds under concurrency."""
    who = f"user-{user.pk}" if user is not None else address
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('map-alert'), hashtext(%s))", [who])
