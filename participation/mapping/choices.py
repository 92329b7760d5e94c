"""Vocabularies of participatory maps (domain R08)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Shape(models.TextChoices):
    """What a contribution may draw."""

    POINT = "point", _("A point")
    LINE = "line", _("A line")
    AREA = "area", _("An area")


# The kinds of PostGIS that each shape is kept as.
GEOMETRY_OF = {Shape.POINT: "Point", Shape.LINE: "LineString", Shape.AREA: "Polygon"}
SHAPE_OF = {geometry: shape for shape, geometry in GEOMETRY_OF.items()}


class Pattern(models.TextChoices):
    """How an area or a line is told from another without its colour."""

    PLAIN = "plain", pgettext_lazy("pattern", "Plain")
    STRIPES = "stripes", _("Stripes")
    DOTS = "dots", _("Dots")
    GRID = "grid", _("Grid")


class QuestionKind(models.TextChoices):
    TEXT = "text", _("A short text")
    LONG_TEXT = "long_text", _("A long text")
    CHOICE = "choice", _("One answer of a list")
    CHOICES = "choices", _("Several answers of a list")
    NUMBER = "number", _("A number")
    PHOTO = "photo", _("A photo")


class WishState(models.TextChoices):
    """What the authority makes of a contribution; values shared with official answers."""

    RECEIVED = "received", _("Received")
    UNDER_STUDY = "under_study", _("Under study")
    PLANNED = "planned", pgettext_lazy("state of a contribution", "Planned")
    DONE = "done", pgettext_lazy("state of a contribution", "Done")
    NOT_RETAINED = "not_retained", _("Not retained")


class TraceKind(models.TextChoices):
    """What happened to a contribution after it was received."""

    EDITED = "edited", _("Changed by its author")
    MOVED = "moved", _("Drawing changed by the administration")
    RECLASSIFIED = "reclassified", _("Category changed")
    ASSIGNED = "assigned", _("Given to directorates")
    ANSWERED = "answered", _("Answered")
    MERGED = "merged", _("Joined to another contribution")
    SPLIT = "split", _("Taken apart from another contribution")
    ADOPTED = "adopted", _("Taken up elsewhere on the site")


class Place(models.TextChoices):
    """What an alert follows of a map."""

    WHOLE = "whole", _("The whole map")
    AROUND = "around", _("Around a place")
    DISTRICT = "district", _("A district")
    DRAWN = "drawn", _("An area that I draw")


class Frequency(models.TextChoices):
    """When an alert is mailed."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
