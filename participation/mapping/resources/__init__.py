"""Contributions to maps as spreadsheets and as geographic files."""

from participation.mapping.resources.contributions import (
    CONTRIBUTION_HEADINGS,
    ContributionResource,
)
from participation.mapping.resources.features import FIELDS, contribution_features

__all__ = [
    "CONTRIBUTION_HEADINGS",
    "FIELDS",
    "ContributionResource",
    "contribution_features",
]
