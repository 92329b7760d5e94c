"""Effects after commit. They decide nothing; each may run twice without harm."""

import datetime

from django.contrib.postgres.search import SearchQuery
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from participation.core import mails
from participation.core.tasks import message_id, send
from participation.mapping import links, policies
from participation.mapping.choices import Frequency
from participation.mapping.models import (
    AlertHit,
    AreaAlert,
    ClusterCell,
    Guest,
    MapContribution,
    ParticipatoryMap,
)

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)
_WORLD_METRES = 40_075_016.68557849  # the side of EPSG:3857
_HALF = _WORLD_METRES / 2
_BATCH = 2000
_SHOWN = 30
"""Contributions that one mail of an alert describes; the page has them all."""

_COUNT = f"""
    INSERT INTO {ClusterCell._meta.db_table}
        (map_id, category_id, state, level, "column", "row", count, sum_x, sum_y)
    SELECT map_id, category_id, state, %(level)s,
           floor((ST_X(spot) + %(half)s) / %(side)s), floor((%(half)s - ST_Y(spot)) / %(side)s),
           count(*), sum(ST_X(spot)), sum(ST_Y(spot))
    FROM (
        SELECT map_id, category_id, state, ST_PointOnSurface(tile_geometry) AS spot
        FROM {MapContribution._meta.db_table}
        WHERE map_id = %(map)s AND is_public AND geometry IS NOT NULL
    ) AS located
    GROUP BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 -- the names of our own tables


@app.task(name="mapping.recount_cells", queue="counts", retry=_RETRY)
def recount_cells(map_id: int) -> None:
    """Count the squares of a map anew, from its public contributions; one at a time per map."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('map-cells'), %s)", [map_id])
        ClusterCell.objects.filter(map=map_id).delete()
        for level in ClusterCell.LEVELS:
            side = _WORLD_METRES / 2**level
            cursor.execute(_COUNT, {"map": map_id, "level": level, "half": _HALF, "side": side})
        # Tiles made from the former squares are no longer the same.
        ParticipatoryMap.objects.filter(pk=map_id).update(cells_counted_at=timezone.now())


@app.task(name="mapping.mail_guest_link", queue="mail", retry=_RETRY)
def mail_guest_link(contribution_id: int) -> None:
    """Mail the link that confirms a contribution sent without an account."""
    guest = (
        Guest.objects.select_related("contribution__map__activity", "contribution__contribution")
        .filter(pk=contribution_id, confirmed_at__isnull=True)
        .first()
    )
    if guest is None:
        return
    row = guest.contribution
    subject, body = mails.render("map_guest", language=guest.language, contribution=row)
    path = reverse(
        "mapping:guest", args=[row.map.activity.slug, links.signed(guest.pk, links.GUEST)]
    )
    send(
        to=guest.email,
        subject=subject,
        body=mails.letter(
            body, name=row.contribution.author_label, language=guest.language, path=path
        ),
        identity=message_id("map-guest", guest.pk),
    )


@app.task(name="mapping.mail_alert_link", queue="mail", retry=_RETRY)
def mail_alert_link(alert_id: int) -> None:
    """Mail the link that confirms an alert asked for without an account."""
    alert = AreaAlert.objects.filter(pk=alert_id, confirmed_at__isnull=True).first()
    if alert is None or not alert.email:
        return
    subject, body = mails.render("map_alert_confirm", language=alert.language, alert=alert)
    path = reverse("mapping:alert_confirm", args=[links.signed(alert.pk, links.ALERT)])
    send(
        to=alert.email,
        subject=subject,
        body=mails.letter(body, name="", language=alert.language, path=path),
        identity=message_id("map-alert-link", alert.pk),
    )


@app.task(name="mapping.match_alerts", queue="default", retry=_RETRY)
def match_alerts(contribution_id: int) -> None:
    """Note which alerts a contribution that became public concerns; mail those that won't wait."""
    row = (
        MapContribution.objects.public()
        .select_related("contribution")
        .filter(pk=contribution_id)
        .first()
    )
    if row is None:
        return
    found = _alerts_on(row.map_id).filter(Q(category=row.category_id) | Q(category__isnull=True))
    drawn = row.geometry or row.contribution.point
    if drawn is None:
        found = found.filter(area__isnull=True)
    else:
        found = found.filter(Q(area__isnull=True) | Q(area__intersects=drawn))
    if row.contribution.author_id is not None:
        found = found.exclude(user=row.contribution.author_id)
    with transaction.atomic():
        for alert in found.order_by("pk").only("pk", "words", "frequency"):
            if alert.words and not _says(row, alert.words):
                continue
            _hit, is_new = AlertHit.objects.get_or_create(
                alert=alert, contribution=row, defaults={"found_at": timezone.now()}
            )
            if is_new and alert.frequency == Frequency.AT_ONCE:
                send_alert.defer(alert_id=alert.pk)


@app.task(name="mapping.match_import", queue="default", retry=_RETRY)
def match_import(map_id: int, source_system: str, imported_at: str) -> None:
    """Note which alerts an import concerns: one mail for each that won't wait, whatever the number
    of rows. `imported_at` (ISO 8601) is the moment of the import, which its rows have in common."""
    rows = (
        MapContribution.objects.public()
        .filter(
            map=map_id,
            contribution__source_system=source_system,
            contribution__created_at=datetime.datetime.fromisoformat(imported_at),
        )
        .order_by()
    )
    with transaction.atomic():
        # One at a time per alert: a second run must find what the first has noted.
        for alert in _alerts_on(map_id).select_for_update(of=("self",), no_key=True).order_by("pk"):
            if _note(alert, rows) and alert.frequency == Frequency.AT_ONCE:
                send_alert.defer(alert_id=alert.pk)


def _alerts_on(map_id: int) -> QuerySet[AreaAlert]:
    """The alerts that may concern contributions to a map."""
    return AreaAlert.objects.filter(Q(map=map_id) | Q(map__isnull=True), confirmed_at__isnull=False)


def _note(alert: AreaAlert, rows: QuerySet[MapContribution]) -> int:
    """Keep as hits those of `rows` that the alert looks for and has not noted; how many."""
    if alert.category_id is not None:
        rows = rows.filter(category=alert.category_id)
    if alert.area is not None:
        rows = rows.filter(
            Q(geometry__intersects=alert.area)
            | Q(geometry__isnull=True, contribution__point__intersects=alert.area)
        )
    if alert.words:
        rows = rows.filter(contribution__search=_query(alert.words))
    if alert.user_id is not None:
        rows = rows.exclude(contribution__author=alert.user_id)
    noted = AlertHit.objects.filter(alert=alert, contribution=OuterRef("pk"))
    keys = rows.exclude(Exists(noted.order_by())).order_by("pk").values_list("pk", flat=True)
    now = timezone.now()
    hits = [AlertHit(alert=alert, contribution_id=key, found_at=now) for key in keys]
    AlertHit.objects.bulk_create(hits, batch_size=_BATCH, ignore_conflicts=True)
    return len(hits)


def _query(words: str) -> SearchQuery:
    return SearchQuery(words, config="parvis_fr", search_type="websearch")


def _says(row: MapContribution, words: str) -> bool:
    return MapContribution.objects.filter(pk=row.pk, contribution__search=_query(words)).exists()


@app.task(name="mapping.send_alert", queue="mail", retry=_RETRY)
def send_alert(alert_id: int) -> None:
    """Mail what one alert has found and not told yet, once: the alert's row is held meanwhile.

    A worker killed in between resends the same Message-ID.
    """
    with transaction.atomic():
        alert = (
            AreaAlert.objects.select_for_update(of=("self",), no_key=True)
            .select_related("user")
            .filter(pk=alert_id, confirmed_at__isnull=False)
            .first()
        )
        if alert is None or (alert.user is not None and not alert.user.is_active):
            return
        waiting = AlertHit.objects.filter(alert=alert, sent_at__isnull=True)
        # What was hidden or withdrawn since is not told.
        waiting.filter(contribution__is_public=False).delete()
        hits = list(
            waiting.select_related(
                "contribution__contribution", "contribution__map__activity"
            ).order_by("found_at", "pk")
        )
        # What a map keeps back while it is open waits: the digest tells it afterwards.
        hits = [hit for hit in hits if _is_shown(hit)]
        if not hits:
            return
        _mail_hits(alert, hits)
        now = timezone.now()
        AlertHit.objects.filter(pk__in=[hit.pk for hit in hits]).update(sent_at=now)
        alert.sent_at = now
        alert.save(update_fields=["sent_at"])


def _is_shown(hit: AlertHit) -> bool:
    shown = policies.may_see_others(map=hit.contribution.map, user=None, at=timezone.now())
    return bool(shown)


def _mail_hits(alert: AreaAlert, hits: list[AlertHit]) -> None:
    token = links.signed(alert.pk, links.ALERT)
    stop = mails.absolute(reverse("mapping:alert_stop", args=[token]))
    places = [
        {
            "title": hit.contribution.contribution.title,
            "map": hit.contribution.map.activity.title,
            "url": mails.absolute(
                reverse(
                    "mapping:contribution",
                    args=[hit.contribution.map.activity.slug, hit.contribution_id],
                )
            ),
        }
        for hit in hits[:_SHOWN]
    ]
    language = alert.user.language if alert.user else alert.language
    subject, body = mails.render(
        "map_alert",
        language=language,
        alert=alert,
        places=places,
        total=len(hits),
        others=len(hits) - len(places),
        stop=stop,
    )
    name = alert.user.public_name if alert.user else ""
    send(
        to=alert.user.email if alert.user else alert.email,
        subject=subject,
        body=mails.letter(body, name=name, language=language),
        identity=message_id(f"map-alert-{alert.pk}", hits[-1].pk),
        # RFC 8058: one click in the mail program is enough.
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


@app.task(name="mapping.mail_guest_news", queue="mail", retry=_RETRY)
def mail_guest_news(contribution_id: int, key: str, subject: str, body: str, path: str) -> None:
    """Mail somebody without an account what became of their contribution."""
    guest = (
        Guest.objects.select_related("contribution__contribution")
        .filter(pk=contribution_id, confirmed_at__isnull=False)
        .first()
    )
    if guest is None:
        return
    name = guest.contribution.contribution.author_label
    send(
        to=guest.email,
        subject=subject,
        body=mails.letter(body, name=name, language=guest.language, path=path),
        identity=message_id(key, contribution_id),
    )
