"""Paper ballots: print them, make lots, key them twice, arbitrate, audit."""

from participation.budgets.office.paper.section import PaperSection

__all__ = ["PaperSection"]
