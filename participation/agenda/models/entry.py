"""Everything public that the agenda shows, in one relation made by PostgreSQL."""

from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.agenda.models.mandate import Theme
from participation.core.models import Directorate, Process


def _link(to: Any) -> Any:
    """What a line is about. Its source holds the constraint: the line goes with its source."""
    return models.ForeignKey(
        to,
        null=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )


class AgendaEntry(models.Model):
    """One line of the public agenda: an item, an event, a phase or a restitution date.

    PostgreSQL keeps it exact: whatever changes an item, an event, a phase, a process or what they
    are told with, triggers write its lines again from the view `agenda_entry_source` in the same
    transaction. No Python writes here. `source` is `item`, `event`, `phase` or `restitution`
    and `source_id` the key of its row. `[starts_at, ends_at)` are instants; `ends_at` is null
    for a phase without an end. `precision` is that of an item, `time` for an event or a phase.
    `first_quarter` and `last_quarter` are the first days of those of its start and of its last
    instant (an end is exclusive), by the clocks of its place. `mark` is another number each time
    that something of the line changes, the names of its theme and territory included.
    `takes_part` says that during it the public can act (a collect or decide phase, or an event).
    """

    key = models.CharField(max_length=40, primary_key=True)
    source = models.CharField(max_length=12)
    source_id = models.BigIntegerField()
    uid = models.CharField(max_length=60)
    kind = models.CharField(max_length=15)
    title = models.CharField(max_length=400)
    summary = models.TextField()
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"), null=True)
    precision = models.CharField(max_length=8)
    certainty = models.CharField(max_length=12)
    takes_part = models.BooleanField()
    theme = _link(Theme)
    territory = _link(Territory)
    process = _link(Process)
    directorate = _link(Directorate)
    council_body = models.CharField(max_length=120)
    place = models.CharField(max_length=420)
    point = models.PointField(srid=4326, null=True, spatial_index=False)
    timezone = models.CharField(max_length=40)
    path_part = models.CharField(max_length=90)
    sequence = models.PositiveIntegerField()
    updated_at = models.DateTimeField()
    first_quarter = models.DateField(editable=False)
    last_quarter = models.DateField(null=True, editable=False)
    mark = models.BigIntegerField(editable=False)

    class Meta:
        db_table = "agenda_entry"
        verbose_name = _("line of the agenda")
        verbose_name_plural = _("lines of the agenda")
        ordering = ["starts_at", "key"]
        indexes = [
            models.Index(fields=["source", "source_id"], name="agenda_entry_of_source"),
            models.Index(fields=["starts_at", "key"], name="agenda_entry_start"),
            models.Index(fields=["ends_at"], name="agenda_entry_end"),
            models.Index(fields=["-updated_at", "-key"], name="agenda_entry_updated"),
            models.Index(fields=["theme", "starts_at", "key"], name="agenda_entry_theme"),
            models.Index(fields=["territory", "starts_at", "key"], name="agenda_entry_territory"),
            models.Index(fields=["process", "starts_at", "key"], name="agenda_entry_process"),
            models.Index(fields=["directorate", "starts_at"], name="agenda_entry_directorate"),
            models.Index(
                fields=["theme", "source", "first_quarter", "last_quarter"],
                include=["starts_at", "ends_at"],
                name="agenda_entry_quarters",
            ),
            GistIndex(fields=["point"], name="agenda_entry_point"),
        ]

    def __str__(self) -> str:
        return self.title
