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

    RECEIVED = "received", pgettext_lazy("state of a contribution", "Received")
    UNDER_STUDY = "under_study", _("Under study")
    PLANNED = "planned", pgettext_lazy("state of a contribution", "Planned")
    DONE = "done", pgettext_lazy("state of a contribution", "Done")
    NOT_RETAINED = "not_retained", pgettext_lazy("state of a contribution", "Not retained")


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


# Icons of the sprite that a category may have, in the order they are shown.
ICONS = {
    "map-pin": pgettext_lazy("icon", "Marker"),
    "bike": pgettext_lazy("icon", "Bike"),
    "walk": pgettext_lazy("icon", "Walking"),
    "wheelchair": pgettext_lazy("icon", "Wheelchair"),
    "bus": pgettext_lazy("icon", "Bus"),
    "car": pgettext_lazy("icon", "Car"),
    "parking": pgettext_lazy("icon", "Parking"),
    "road": pgettext_lazy("icon", "Road"),
    "barrier-block": pgettext_lazy("icon", "Barrier"),
    "alert-triangle": pgettext_lazy("icon", "Danger"),
    "hammer": pgettext_lazy("icon", "Works"),
    "tree": pgettext_lazy("icon", "Tree"),
    "trees": pgettext_lazy("icon", "Trees"),
    "plant": pgettext_lazy("icon", "Plant"),
    "droplet": pgettext_lazy("icon", "Water"),
    "sun": pgettext_lazy("icon", "Sun"),
    "umbrella": pgettext_lazy("icon", "Shelter"),
    "moon": pgettext_lazy("icon", "Night"),
    "bulb": pgettext_lazy("icon", "Light, idea"),
    "armchair": pgettext_lazy("icon", "Seat"),
    "toilet-paper": pgettext_lazy("icon", "Toilets"),
    "trash": pgettext_lazy("icon", "Waste"),
    "school": pgettext_lazy("icon", "School"),
    "building-community": pgettext_lazy("icon", "Public building"),
    "home": pgettext_lazy("icon", "Home"),
    "ball-football": pgettext_lazy("icon", "Sport"),
    "palette": pgettext_lazy("icon", "Culture"),
    "photo": pgettext_lazy("icon", "View"),
    "heart": pgettext_lazy("icon", "Heart"),
    "star": pgettext_lazy("icon", "Star"),
    "eye": pgettext_lazy("icon", "Eye"),
    "flag": pgettext_lazy("icon", "Flag"),
}
