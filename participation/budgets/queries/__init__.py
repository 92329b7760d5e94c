"""Reads of participatory budgets that span tables, ready for lists: no query per row."""

from participation.budgets.queries.ideas import (
    for_cards,
    idea_cards,
    published_contributions,
    published_ideas,
    similar_ideas,
    with_pictures,
)
from participation.budgets.queries.projects import ballot_projects, projects
from participation.budgets.queries.publication import FoundBallot, published_ballot
from participation.budgets.queries.results import (
    BudgetFigures,
    DistrictResult,
    EnvelopeResult,
    budget_figures,
    results,
    turnout,
)
from participation.budgets.queries.vote import Turnout, polls

__all__ = [
    "BudgetFigures",
    "DistrictResult",
    "EnvelopeResult",
    "FoundBallot",
    "Turnout",
    "ballot_projects",
    "budget_figures",
    "for_cards",
    "idea_cards",
    "polls",
    "projects",
    "published_ballot",
    "published_contributions",
    "published_ideas",
    "results",
    "similar_ideas",
    "turnout",
    "with_pictures",
]
