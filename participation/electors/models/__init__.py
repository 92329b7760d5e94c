"""Rows of electorates and electors."""

from participation.electors.models.elector import Attestation, Elector, ElectorIdentity
from participation.electors.models.electorate import Electorate
from participation.electors.models.letters import LetterBatch, LetterRecipient, VotingCode
from participation.electors.models.networks import (
    NetworkDecision,
    NetworkHour,
    NetworkMark,
    NetworkWatch,
)
from participation.electors.models.roll import MatchRequest, RollImport
from participation.electors.models.texts import TextCode

__all__ = [
    "Attestation",
    "Elector",
    "ElectorIdentity",
    "Electorate",
    "LetterBatch",
    "LetterRecipient",
    "MatchRequest",
    "NetworkDecision",
    "NetworkHour",
    "NetworkMark",
    "NetworkWatch",
    "RollImport",
    "TextCode",
    "VotingCode",
]
