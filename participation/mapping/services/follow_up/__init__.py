"""What the administration does with contributions once they are received."""

from participation.mapping.services.follow_up.adopting import adopt
from participation.mapping.services.follow_up.answering import answer
from participation.mapping.services.follow_up.merging import merge_duplicates, split
from participation.mapping.services.follow_up.sorting import assign, move_geometry, reclassify

__all__ = [
    "adopt",
    "answer",
    "assign",
    "merge_duplicates",
    "move_geometry",
    "reclassify",
    "split",
]
