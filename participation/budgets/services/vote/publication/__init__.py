"""The published files of a vote: made and signed once, kept, made again identical if lost."""

from participation.budgets.services.vote.publication.keeping import (
    Publication,
    PublicationLostError,
    PublishedFile,
    publication_of,
    publish_files,
    publish_revision,
)
from participation.budgets.services.vote.publication.rules import rule_name
from participation.budgets.services.vote.publication.statement import published_rolls

__all__ = [
    "Publication",
    "PublicationLostError",
    "PublishedFile",
    "publication_of",
    "publish_files",
    "publish_revision",
    "published_rolls",
    "rule_name",
]
