"""From the clocks of a place to instants, and the hours that its clocks skip or show twice."""

import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from participation.core.verdict import refuse

FIRST, SECOND = 0, 1
"""Which of two hours of the same name: before the clocks go back, or after."""


def instant(
    *, local: datetime.datetime, zone: ZoneInfo, fold: int | None = None
) -> datetime.datetime:
    """The instant (UTC) at which the clocks of `zone` show `local`, whose own zone does not count.

    `fold` chooses between two hours of the same name (`FIRST`, `SECOND`).
    Codes: `time_skipped` (the clocks went forward), `time_twice` (they went back, no `fold`).
    """
    bare = local.replace(tzinfo=None, fold=0)
    first = bare.replace(tzinfo=zone).astimezone(datetime.UTC)
    second = bare.replace(tzinfo=zone, fold=1).astimezone(datetime.UTC)
    if first.astimezone(zone).replace(tzinfo=None, fold=0) != bare:
        refuse(
            "time_skipped",
            _("On that day the clocks go forward: %(time)s does not exist. Choose another time."),
            time=f"{bare:%H:%M}",
        ).or_refuse()
    if first != second and fold is None:
        refuse(
            "time_twice",
            _("On that night the clocks go back: %(time)s exists twice. Say which one."),
            time=f"{bare:%H:%M}",
        ).or_refuse()
    return second if fold == SECOND else first
