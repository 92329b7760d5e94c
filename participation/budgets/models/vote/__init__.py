"""The vote: the poll, the roll with its sealed envelopes, the box, the journal, the board.

During the vote a ballot exists only as a sealed envelope in its voter's row of the roll; no
partial count is possible. After the close the envelopes are opened all at once into the box,
in the order of their random codes, and removed from the roll: the two then share nothing.
"""

from participation.budgets.models.vote.board import Board, BoardMember, BoardSeal
from participation.budgets.models.vote.box import Ballot, SetAsideEnvelope, Tally, VoidBallot
from participation.budgets.models.vote.journal import JournalEntry, OfficialRecord, SignedHead
from participation.budgets.models.vote.poll import Poll, VoterRecord
from participation.budgets.models.vote.revision import AddedBallot, Revision

__all__ = [
    "AddedBallot",
    "Ballot",
    "Board",
    "BoardMember",
    "BoardSeal",
    "JournalEntry",
    "OfficialRecord",
    "Poll",
    "Revision",
    "SetAsideEnvelope",
    "SignedHead",
    "Tally",
    "VoidBallot",
    "VoterRecord",
]
