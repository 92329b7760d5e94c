"""Everything public that the agenda shows, in one relation made by PostgreSQL."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.agenda.models.mandate import Theme
from participation.core.models import Directorate, Process


class AgendaEntry(models.Model):
    """One line of the public agenda: an item, an event, a phase or a restitution date.

    A view: always exact, never written. `source` is `item`, `event`, `phase` or `restitution`
    and `source_id` the key of its row. `[starts_at, ends_at)` are instants; `ends_at` is null
    for a phase without an end. `precision` is that of an item, `time` for an event or a phase.
    `takes_part` says that during it the public can act (a collect or decide phase, or an event).
    """

    key = models.CharField(max_length=40, primary_key=True)
    source = models.CharField(max_length=12)
    source_id = models.BigIntegerField()
    uid = models.CharField(max_length=60)
    kind = models.CharField(max_length=15)
    title = models.CharField(max_length=200)
    summary = models.TextField()
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"), null=True)
    precision = models.CharField(max_length=8)
    certainty = models.CharField(max_length=12)
    takes_part = models.BooleanField()
    theme = models.ForeignKey(Theme, null=True, on_delete=models.DO_NOTHING, related_name="+")
    territory = models.ForeignKey(
        Territory, null=True, on_delete=models.DO_NOTHING, related_name="+"
    )
    process = models.ForeignKey(Process, null=True, on_delete=models.DO_NOTHING, related_name="+")
    directorate = models.ForeignKey(
        Directorate, null=True, on_delete=models.DO_NOTHING, related_name="+"
    )
    council_body = models.CharField(max_length=120)
    place = models.CharField(max_length=420)
    point = models.PointField(srid=4326, null=True)
    timezone = models.CharField(max_length=40)
    path_part = models.CharField(max_length=90)
    sequence = models.PositiveIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "agenda_entry"
        verbose_name = _("line of the agenda")
        verbose_name_plural = _("lines of the agenda")
        ordering = ["starts_at", "key"]

    def __str__(self) -> str:
        return self.title
