"""Effects after commit. They decide nothing; each may run twice without harm."""

from email.utils import formatdate

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from participation.mapping.models import ClusterCell, Guest, MapContribution

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)
_WORLD_METRES = 40_075_016.68557849  # the side of EPSG:3857
_HALF = _WORLD_METRES / 2
_SIDE = _WORLD_METRES / 2**ClusterCell.LEVEL

_COUNT = f"""
    INSERT INTO {ClusterCell._meta.db_table}
        (map_id, category_id, state, "column", "row", count, sum_x, sum_y)
    SELECT map_id, category_id, state,
           floor((ST_X(spot) + %(half)s) / %(side)s), floor((%(half)s - ST_Y(spot)) / %(side)s),
           count(*), sum(ST_X(spot)), sum(ST_Y(spot))
    FROM (
        SELECT map_id, category_id, state, ST_PointOnSurface(tile_geometry) AS spot
        FROM {MapContribution._meta.db_table}
        WHERE map_id = %(map)s AND is_public AND geometry IS NOT NULL
    ) AS located
    GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 -- the names of our own tables


@app.task(name="mapping.recount_cells", queue="counts", retry=_RETRY)
def recount_cells(map_id: int) -> None:
    """Count the squares of a map anew, from its public contributions; one at a time per map."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('map-cells'), %s)", [map_id])
        ClusterCell.objects.filter(map=map_id).delete()
        cursor.execute(_COUNT, {"map": map_id, "half": _HALF, "side": _SIDE})


@app.task(name="mapping.mail_guest_link", queue="mail", retry=_RETRY)
def mail_guest_link(contribution_id: int, token: str) -> None:
    """Mail the link that confirms a contribution sent without an account."""
    guest = (
        Guest.objects.select_related("contribution__map__activity", "contribution__contribution")
        .filter(pk=contribution_id, confirmed_at__isnull=True)
        .first()
    )
    if guest is None:
        return
    row = guest.contribution
    with override(guest.language):
        path = reverse("mapping:guest", args=[row.map.activity.slug, token])
        EmailMessage(
            subject=gettext("Confirm your contribution to “%(map)s”")
            % {"map": row.map.activity.title},
            body=gettext(
                "You wrote a contribution, “%(title)s”, on the map “%(map)s”.\n\n"
                "It will be sent when you open this link and confirm, within three days:\n"
                "%(url)s\n\n"
                "Keep this message: the same link lets you read, change or withdraw it.\n"
                "If you did not write it, do nothing: it will be erased."
            )
            % {
                "title": row.contribution.title,
                "map": row.map.activity.title,
                "url": f"{settings.SITE_URL}{path}",
            },
            to=[guest.email],
            headers={"Auto-Submitted": "auto-generated", "Date": formatdate()},
        ).send()
