"""Rows of a participatory budget: its settings, ideas and their study, projects, the vote,
the result and the delivery of the winners."""

from participation.budgets.models.budget import Budget, Category, Envelope
from participation.budgets.models.delivery import Delivery, DeliveryUpdate
from participation.budgets.models.desk import KioskCode, PollingDesk
from participation.budgets.models.idea import FeasibilityStudy, Idea, IdeaDecision
from participation.budgets.models.paper import (
    PaperArbitration,
    PaperAudit,
    PaperCheck,
    PaperEntry,
    PaperExplanation,
    PaperLot,
)
from participation.budgets.models.project import Project, ProjectIdea
from participation.budgets.models.vote import (
    AddedBallot,
    Ballot,
    Board,
    BoardMember,
    BoardSeal,
    JournalEntry,
    OfficialRecord,
    Poll,
    Revision,
    SetAsideEnvelope,
    SignedHead,
    Tally,
    VoidBallot,
    VoterRecord,
)

__all__ = [
    "AddedBallot",
    "Ballot",
    "Board",
    "BoardMember",
    "BoardSeal",
    "Budget",
    "Category",
    "Delivery",
    "DeliveryUpdate",
    "Envelope",
    "FeasibilityStudy",
    "Idea",
    "IdeaDecision",
    "JournalEntry",
    "KioskCode",
    "OfficialRecord",
    "PaperArbitration",
    "PaperAudit",
    "PaperCheck",
    "PaperEntry",
    "PaperExplanation",
    "PaperLot",
    "Poll",
    "PollingDesk",
    "Project",
    "ProjectIdea",
    "Revision",
    "SetAsideEnvelope",
    "SignedHead",
    "Tally",
    "VoidBallot",
    "VoterRecord",
]
