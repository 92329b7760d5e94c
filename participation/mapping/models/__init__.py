"""Rows of participatory maps: their settings, contributions and follow-up, alerts."""

from participation.mapping.models.alert import AlertHit, AreaAlert
from participation.mapping.models.contribution import (
    ClusterCell,
    Guest,
    MapContribution,
    QuestionAnswer,
    Trace,
)
from participation.mapping.models.map import (
    MapCategory,
    MapLayer,
    ParticipatoryMap,
    Question,
    Zone,
)

__all__ = [
    "AlertHit",
    "AreaAlert",
    "ClusterCell",
    "Guest",
    "MapCategory",
    "MapContribution",
    "MapLayer",
    "ParticipatoryMap",
    "Question",
    "QuestionAnswer",
    "Trace",
    "Zone",
]
