"""Vocabularies of geography."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TerritoryKind(models.TextChoices):
    """Kinds of territory; the code of each is INSEE's (communes, cantons) or SIREN (EPCI)."""

    MUNICIPALITY = "municipality", _("Municipality")
    INTERCOMMUNALITY = "intercommunality", _("Intercommunality")
    DEPARTMENT = "department", _("Department")
    CANTON = "canton", _("Canton")
    NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood")
    BOROUGH = "borough", _("Borough")


class BaseLayer(models.TextChoices):
    """What lies under the data. `none` draws our own boundaries and asks nothing of anyone."""

    NONE = "none", _("Our own boundaries")
    IGN = "ign", _("IGN map")
    AERIAL = "aerial", _("IGN aerial photographs")
    OSM = "osm", _("OpenStreetMap")


class GeometryKind(models.TextChoices):
    """What the public may draw."""

    POINT = "point", pgettext_lazy("drawing", "Point")
    LINE = "line", pgettext_lazy("drawing", "Line")
    AREA = "area", pgettext_lazy("drawing", "Area")


class LayerKind(models.TextChoices):
    """Where a reference layer's shapes come from."""

    UPLOADED = "uploaded", _("Uploaded file")
    RASTER = "raster", _("Pictures from elsewhere (WMTS, XYZ)")
    VECTOR = "vector", _("Vector tiles from elsewhere")


class LayerPattern(models.TextChoices):
    """How an area of a layer is filled, so that colour is never alone to tell layers apart."""

    PLAIN = "plain", _("Plain")
    HATCHED = "hatched", _("Hatched")
    CROSSED = "crossed", _("Cross-hatched")
    DOTTED = "dotted", _("Dotted")
    EMPTY = "empty", _("Outline only")
