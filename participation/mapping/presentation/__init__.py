"""How contributions to a map are put into words for a reader."""

from participation.mapping.presentation.answers import answer_words
from participation.mapping.presentation.embedding import embed_code
from participation.mapping.presentation.features import feature_of, frame_of
from participation.mapping.presentation.history import history
from participation.mapping.presentation.legend import layers_of, legend_of, sources_of
from participation.mapping.presentation.rows import HEADS, line_of
from participation.mapping.presentation.rules import rules_of

__all__ = [
    "HEADS",
    "answer_words",
    "embed_code",
    "feature_of",
    "frame_of",
    "history",
    "layers_of",
    "legend_of",
    "line_of",
    "rules_of",
    "sources_of",
]
