"""Contributions to maps as spreadsheets and as geographic files."""

from participation.mapping.resources.contributions import ContributionResource
from participation.mapping.resources.features import FIELDS, contribution_features
from participation.mapping.resources.sheets import CONTENT_TYPES, write_sheet

__all__ = [
    "CONTENT_TYPES",
    "FIELDS",
    "ContributionResource",
    "contribution_features",
    "write_sheet",
]
