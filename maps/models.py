"""Territories, which a process is about and a resident lives in; layers, drawn for reference."""

from django.contrib.gis.db import models
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from maps.choices import LayerKind, LayerPattern, TerritoryKind
from maps.querysets import LayerFeatureQuerySet, TerritoryQuerySet


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


class Layer(models.Model):
    """A reference layer that a map may show over its base: bike lanes, flood zones, an aerial view.

    An `uploaded` layer has `LayerFeature` rows, from one file; the others an address with `{z}`,
    `{x}` and `{y}`. `version` grows with everything that changes what is drawn.
    """

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=10, choices=LayerKind.choices, default=LayerKind.UPLOADED
    )
    credit = models.CharField(
        _("credit"), max_length=200, help_text=_("Who made the data; always shown on the map.")
    )
    licence = models.CharField(
        _("licence"), max_length=200, blank=True, help_text=_("For example Licence Ouverte 2.0.")
    )
    url = models.CharField(
        _("address of the tiles"),
        max_length=500,
        blank=True,
        help_text=_("With {z}, {x} and {y}; https only."),
    )
    file_name = models.CharField(_("file"), max_length=200, blank=True, editable=False)
    tone = models.PositiveSmallIntegerField(
        _("tone"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(8)],
        help_text=_("From 1 to 8, as on the other maps."),
    )
    pattern = models.CharField(
        _("filling"), max_length=10, choices=LayerPattern.choices, default=LayerPattern.PLAIN
    )
    dashed = models.BooleanField(_("dashed line"), default=False)
    published = models.BooleanField(
        _("public"),
        default=True,
        help_text=_("When unticked, only maps in preparation may show this layer."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    updated_at = models.DateTimeField(_("updated on"), editable=False)

    class Meta:
        verbose_name = _("reference layer")
        verbose_name_plural = _("reference layers")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=LayerKind.UPLOADED, url="")
                | (~models.Q(kind=LayerKind.UPLOADED) & ~models.Q(url="")),
                name="layer_address_if_elsewhere",
                violation_error_message=_("A layer from elsewhere has an address, others none."),
            ),
            models.CheckConstraint(
                condition=models.Q(tone__gte=1, tone__lte=8),
                name="layer_tone_exists",
                violation_error_message=_("Tones go from 1 to 8."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LayerFeature(models.Model):
    """One shape of an uploaded layer, in WGS 84; `number` is its rank in the file."""

    layer = models.ForeignKey(
        Layer, verbose_name=_("layer"), on_delete=models.CASCADE, related_name="features"
    )
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    geometry = models.GeometryField(_("shape"), srid=4326)
    properties = models.JSONField(_("properties"), default=dict, blank=True)

    objects = LayerFeatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("shape of a layer")
        verbose_name_plural = _("shapes of a layer")
        ordering = ["layer", "number"]
        constraints = [
            models.UniqueConstraint(fields=["layer", "number"], name="layer_feature_number_once"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.number}"
