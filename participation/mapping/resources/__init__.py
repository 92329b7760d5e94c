"""Contributions to maps as spreadsheets and as geographic files."""

from participation.mapping.resources.contributions import ContributionResource
from participation.mapping.resources.features import FIELDS, contribution_features

__all__ = [
    "FIELDS",
    "ContributionResource",
    "contribution_features",
]
