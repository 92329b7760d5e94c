"""Pabulib `.pb` files: the exchange format of participatory-budget elections.

The format is described at https://pabulib.org/format. `read` gives an `Election` or raises the
first `PabulibError`; `inspect` and `check` list what is wrong, line by line, for a preview;
`write`, `write_to` and `lines` do the opposite of `read`.
"""

from participation.methods.pabulib.errors import MESSAGES, PabulibError
from participation.methods.pabulib.model import Election, Project, Vote
from participation.methods.pabulib.reading import Report, check, inspect, read
from participation.methods.pabulib.values import format_amount, parse_amount, parse_whole
from participation.methods.pabulib.writing import lines, write, write_to

__all__ = [
    "MESSAGES",
    "Election",
    "PabulibError",
    "Project",
    "Report",
    "Vote",
    "check",
    "format_amount",
    "inspect",
    "lines",
    "parse_amount",
    "parse_whole",
    "read",
    "write",
    "write_to",
]
