"""Polling desks: set up by the officer, held by agents who see nothing else of the vote."""

from participation.budgets.office.desks.section import PollingSection

__all__ = ["PollingSection"]
