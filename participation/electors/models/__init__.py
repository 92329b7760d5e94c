"""Rows of electorates and electors."""

from participation.electors.models.elector import Elector, ElectorIdentity
from participation.electors.models.electorate import Electorate

__all__ = ["Elector", "ElectorIdentity", "Electorate"]
