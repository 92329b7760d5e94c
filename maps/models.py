"""Territories: the places a process is about and a resident lives in."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from maps.choices import TerritoryKind
from maps.querysets import TerritoryQuerySet


class Territory(models.Model):
    """A commune, an EPCI, a département, a canton or a neighbourhood, with its boundary.

    `geometry` is a MultiPolygon in WGS 84 (SRID 4326); areas and distances are measured in a
    projected system (2154, or 2975 for La Réunion), never in degrees.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=TerritoryKind.choices)
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("inside"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    geometry = models.MultiPolygonField(_("boundary"), srid=4326)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source and licence"), max_length=200, blank=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        ordering = ["kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code", "valid_from"],
                nulls_distinct=False,
                name="territory_code_once",
                violation_error_message=_("This code already exists for this kind of territory."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="territory_validity_in_order",
                violation_error_message=_("The end of validity must come after its start."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
