"""What makes a published vote checkable: the journal, the signed statements, the checks.

Everything here works on bytes and values: it is used to publish, and by whoever verifies.
"""

from participation.methods.proof.codes import grouped_code, plain_code
from participation.methods.proof.disclosure import SMALLEST_CELL, Cell, merged
from participation.methods.proof.journal import (
    GENESIS,
    BrokenJournalError,
    Entry,
    Movements,
    check_chain,
    entry_hash,
    movements,
    read_journal,
    write_journal,
)
from participation.methods.proof.publication import (
    CONTENT_FILES,
    FILES,
    Check,
    Void,
    is_sound,
    read_void,
    verify,
    write_void,
)
from participation.methods.proof.recount import recount
from participation.methods.proof.statements import (
    Head,
    head_statement,
    manifest_statement,
    read_canonical,
    read_heads,
    write_heads,
)

__all__ = [
    "CONTENT_FILES",
    "FILES",
    "GENESIS",
    "SMALLEST_CELL",
    "BrokenJournalError",
    "Cell",
    "Check",
    "Entry",
    "Head",
    "Movements",
    "Void",
    "check_chain",
    "entry_hash",
    "grouped_code",
    "head_statement",
    "is_sound",
    "manifest_statement",
    "merged",
    "movements",
    "plain_code",
    "read_canonical",
    "read_heads",
    "read_journal",
    "read_void",
    "recount",
    "verify",
    "write_heads",
    "write_journal",
    "write_void",
]
