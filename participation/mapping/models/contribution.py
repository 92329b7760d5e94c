"""What people draw on a map, what they answer, and what became of it."""

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from participation.core.models import Attachment, Contribution, Directorate
from participation.mapping.choices import SHAPE_OF, Shape, TraceKind, WishState
from participation.mapping.models.map import MapCategory, ParticipatoryMap, Question
from participation.mapping.querysets import MapContributionQuerySet

# What no check constraint can say, since it spans three tables.
_KEEP = """
    IF NOT EXISTS (
        SELECT 1 FROM mapping_mapcategory AS category
        WHERE category.id = NEW.category_id AND category.map_id = NEW.map_id
          AND (NEW.geometry IS NULL OR (
              CASE GeometryType(NEW.geometry)
                  WHEN 'POINT' THEN 'point'
                  WHEN 'LINESTRING' THEN 'line'
                  WHEN 'POLYGON' THEN 'area'
              END = ANY (category.shapes)))
    ) THEN
        RAISE EXCEPTION 'this category of this map does not take such a drawing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'map_contribution_fits_category';
    END IF;
    IF NEW.geometry IS NOT NULL AND NOT ST_IsValid(NEW.geometry) THEN
        RAISE EXCEPTION 'this drawing crosses itself'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'map_contribution_valid';
    END IF;
    NEW.is_public := NEW.merged_into_id IS NULL AND (
        SELECT visibility = 'published' FROM core_contribution WHERE id = NEW.contribution_id
    );
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
"""


class MapContribution(models.Model):
    """The map's side of a contribution: its drawing (WGS 84), category and state.

    `geometry` is a Point, a LineString or a Polygon, or nothing when only a territory or an
    address was given; the contribution's `point` is then empty too, else it is a point on the
    drawing. `tile_geometry` (EPSG:3857) is kept by PostgreSQL for vector tiles. Triggers keep
    `is_public` (published and not joined to another) and `changed_at`, and refuse a drawing that
    its category does not take.
    """

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.PROTECT, related_name="map_contribution"
    )
    map = models.ForeignKey(
        ParticipatoryMap, on_delete=models.PROTECT, related_name="contributions"
    )
    category = models.ForeignKey(
        MapCategory,
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        related_name="contributions",
    )
    geometry = models.GeometryField(_("drawing"), srid=4326, null=True, blank=True)
    tile_geometry = models.GeneratedField(
        expression=Transform("geometry", 3857),
        output_field=models.GeometryField(srid=3857, null=True, spatial_index=False),
        db_persist=True,
    )
    state = models.CharField(
        _("state"), max_length=12, choices=WishState.choices, default=WishState.RECEIVED
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("joined to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
    )
    directorates = models.ManyToManyField(
        Directorate, verbose_name=_("directorates"), blank=True, related_name="map_contributions"
    )
    is_public = models.BooleanField(default=False, editable=False)
    changed_at = models.DateTimeField(editable=False, db_default=Now())

    objects = MapContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution to a map")
        verbose_name_plural = _("contributions to maps")
        ordering = ["-contribution"]
        indexes = [
            GistIndex(fields=["map", "tile_geometry"], name="map_contribution_tiles"),
            models.Index(
                fields=["map", "is_public", "category", "state"], name="map_contribution_list"
            ),
            models.Index(fields=["map", "-changed_at"], name="map_contribution_changed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=WishState.values), name="map_contribution_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | ~models.Q(merged_into=models.F("contribution")),
                name="map_contribution_not_into_itself",
                violation_error_message=_("A contribution can't be joined to itself."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="map_contribution_keep",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=pgtrigger.Func(_KEEP),
            )
        ]

    def __str__(self) -> str:
        return self.contribution.title

    @property
    def shape(self) -> Shape | None:
        """Point, line or area; `None` when nothing is drawn."""
        return SHAPE_OF[self.geometry.geom_type] if self.geometry else None


class QuestionAnswer(models.Model):
    """What one contribution answers to one question: a text, a number, choices or a photo."""

    contribution = models.ForeignKey(
        MapContribution, on_delete=models.CASCADE, related_name="question_answers"
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(_("text"), max_length=4000, blank=True)
    number = models.DecimalField(
        _("number"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    chosen = ArrayField(
        models.CharField(max_length=120), verbose_name=_("choices"), default=list, blank=True
    )
    photo = models.ForeignKey(
        Attachment, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        verbose_name = _("answer to a question")
        verbose_name_plural = _("answers to questions")
        ordering = ["contribution", "question__position", "question"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "question"], name="map_question_answered_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(text="", number__isnull=True, chosen=[], photo__isnull=True),
                name="map_question_answer_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.text or self.number or ', '.join(self.chosen)}"


class Trace(models.Model):
    """One thing that happened to a contribution after it was received: its history.

    Rows add up. Only what tells of a person's place or words can be emptied, when they leave.
    """

    contribution = models.ForeignKey(
        MapContribution, on_delete=models.PROTECT, related_name="traces"
    )
    kind = models.CharField(_("what happened"), max_length=12, choices=TraceKind.choices)
    geometry_before = models.GeometryField(srid=4326, null=True, blank=True, spatial_index=False)
    state_before = models.CharField(max_length=12, choices=WishState.choices, blank=True)
    state_after = models.CharField(max_length=12, choices=WishState.choices, blank=True)
    other = models.ForeignKey(
        MapContribution, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(_("reason"), blank=True)
    path = models.CharField(_("address of what was made of it"), max_length=300, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    happened_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("trace of a contribution")
        verbose_name_plural = _("traces of contributions")
        ordering = ["contribution", "-happened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=TraceKind.values), name="map_trace_kind_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["merged", "split"]) | models.Q(other__isnull=False),
                name="map_trace_names_the_other",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="map_trace_kept", exclude=["geometry_before", "note"]),
            pgtrigger.Protect(name="map_trace_not_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.contribution} – {self.get_kind_display()}"


class Guest(models.Model):
    """Who sent a contribution without an account: an address, proved by a link.

    The link is signed by the site, not kept: it opens, changes and withdraws the contribution.
    """

    contribution = models.OneToOneField(
        MapContribution, primary_key=True, on_delete=models.CASCADE, related_name="guest"
    )
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(max_length=10, default="fr")
    created_at = models.DateTimeField(_("sent"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("author without an account")
        verbose_name_plural = _("authors without an account")
        indexes = [models.Index(fields=["email"], name="map_guest_email")]

    def __str__(self) -> str:
        return self.email


class ClusterCell(models.Model):
    """How many public contributions a square of the map holds: what low zooms show.

    `column` and `row` count squares of `2 ** -level` of the world (EPSG:3857) from the north-west;
    `sum_x` and `sum_y` add up their points (metres), for the middle. Counted anew after changes,
    never incremented: see `services.recount_cells`.
    """

    LEVELS = (12, 14, 16, 17)  # in France, about 7 km, 1.8 km, 440 and 220 metres

    map = models.ForeignKey(ParticipatoryMap, on_delete=models.CASCADE, related_name="cells")
    category = models.ForeignKey(MapCategory, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=12, choices=WishState.choices)
    level = models.PositiveSmallIntegerField()
    column = models.PositiveIntegerField()
    row = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    sum_x = models.FloatField()
    sum_y = models.FloatField()

    class Meta:
        verbose_name = _("counted square")
        verbose_name_plural = _("counted squares")
        constraints = [
            models.UniqueConstraint(
                fields=["map", "level", "column", "row", "category", "state"], name="map_cell_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.column}/{self.row}: {self.count}"
