"""A participatory map: what may be drawn on it, and what is asked."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from maps.choices import TerritoryKind
from maps.models import Layer
from participation.core.choices import ModerationMode
from participation.core.models import Activity
from participation.mapping.choices import Pattern, QuestionKind, Shape


class ParticipatoryMap(models.Model):
    """One map activity and its rules.

    Its perimeter is `drawn_perimeter` (WGS 84), or else that of its process. What is open and
    closed is said by the activity's phases.
    """

    activity = models.OneToOneField(
        Activity,
        verbose_name=_("activity"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="map",
    )
    drawn_perimeter = models.MultiPolygonField(
        _("drawn perimeter"), srid=4326, null=True, blank=True
    )
    parts = models.CharField(
        _("contributions are sorted by"),
        max_length=20,
        choices=TerritoryKind.choices,
        default=TerritoryKind.NEIGHBOURHOOD,
    )
    introduction = models.TextField(_("introduction"), blank=True)
    moderation = models.CharField(
        _("moderation"),
        max_length=10,
        choices=ModerationMode.choices,
        default=ModerationMode.AFTER,
    )
    without_account = models.BooleanField(
        _("contributions without an account, confirmed by e-mail"), default=False
    )
    per_person = models.PositiveSmallIntegerField(
        _("contributions per person"), null=True, blank=True
    )
    shows_others = models.BooleanField(
        _("others' contributions are shown while the map is open"), default=True
    )
    comments_open = models.BooleanField(_("comments are open"), default=True)
    source_note = models.TextField(_("source of the data"), blank=True)
    cells_counted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("participatory map")
        verbose_name_plural = _("participatory maps")
        ordering = ["activity"]
        permissions = [
            ("follow_up_map", _("Can sort, answer and merge contributions of maps")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(per_person__isnull=True) | models.Q(per_person__gt=0),
                name="map_per_person_positive",
                violation_error_message=_("Give at least one contribution per person."),
            ),
            models.CheckConstraint(
                condition=models.Q(moderation__in=ModerationMode.values),
                name="map_moderation_known",
            ),
        ]

    def __str__(self) -> str:
        return self.activity.title


class MapCategory(models.Model):
    """A kind of contribution: told by its icon and pattern as well as its colour."""

    map = models.ForeignKey(ParticipatoryMap, on_delete=models.CASCADE, related_name="categories")
    name = models.CharField(_("name"), max_length=60)
    description = models.CharField(_("what it is for"), max_length=200, blank=True)
    icon = models.CharField(_("icon"), max_length=40, default="map-pin")
    tone = models.PositiveSmallIntegerField(_("colour"), default=1)
    pattern = models.CharField(
        _("pattern"), max_length=10, choices=Pattern.choices, default=Pattern.PLAIN
    )
    shapes = ArrayField(
        models.CharField(max_length=5, choices=Shape.choices),
        verbose_name=_("what is drawn"),
        default=list,
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("category of a map")
        verbose_name_plural = _("categories of maps")
        ordering = ["map", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["map", "name"],
                name="map_category_once",
                violation_error_message=_("This category already exists."),
            ),
            models.CheckConstraint(
                condition=models.Q(tone__gte=1, tone__lte=8), name="map_category_tone_known"
            ),
            models.CheckConstraint(
                condition=models.Q(shapes__len__gt=0)
                & models.Q(shapes__contained_by=list(Shape.values)),
                name="map_category_draws_something",
                violation_error_message=_("Choose at least one of point, line and area."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """One thing that is asked of those who contribute to a category."""

    category = models.ForeignKey(MapCategory, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(_("kind of answer"), max_length=10, choices=QuestionKind.choices)
    label = models.CharField(_("question"), max_length=200)
    help_text = models.CharField(_("help"), max_length=250, blank=True)
    is_required = models.BooleanField(_("an answer is required"), default=False)
    options = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("answers to choose from"),
        default=list,
        blank=True,
    )
    minimum = models.DecimalField(
        _("lowest number"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    maximum = models.DecimalField(
        _("highest number"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    is_public = models.BooleanField(_("answers are public"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("question of a map")
        verbose_name_plural = _("questions of maps")
        ordering = ["category", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind__in=["choice", "choices"]) | models.Q(options__len__gt=1),
                name="map_question_has_options",
                violation_error_message=_("A list needs at least two answers to choose from."),
            ),
            models.CheckConstraint(
                condition=models.Q(minimum__isnull=True)
                | models.Q(maximum__isnull=True)
                | models.Q(minimum__lte=models.F("maximum")),
                name="map_question_numbers_in_order",
                violation_error_message=_("The highest number must not be under the lowest."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Zone(models.Model):
    """A zone of interest that the authority draws on the map, with what to know about it."""

    map = models.ForeignKey(ParticipatoryMap, on_delete=models.CASCADE, related_name="zones")
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("what to know"), max_length=300, blank=True)
    geometry = models.MultiPolygonField(_("outline"), srid=4326)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("zone of interest")
        verbose_name_plural = _("zones of interest")
        ordering = ["map", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["map", "name"],
                name="map_zone_once",
                violation_error_message=_("This zone already exists."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MapLayer(models.Model):
    """A reference layer that a map shows under its contributions, in order."""

    map = models.ForeignKey(ParticipatoryMap, on_delete=models.CASCADE, related_name="map_layers")
    layer = models.ForeignKey(
        Layer, verbose_name=_("layer"), on_delete=models.PROTECT, related_name="participatory_maps"
    )
    shown_at_start = models.BooleanField(_("shown at start"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("layer of a map")
        verbose_name_plural = _("layers of maps")
        ordering = ["map", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["map", "layer"],
                name="map_layer_once",
                violation_error_message=_("This layer is already on the map."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.map} – {self.layer}"
