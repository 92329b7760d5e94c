"""The vote as a voter lives it: choose, review, confirm, receipt.

The choice stays in forms, never in a session, an address or a log. With JavaScript it does not
even leave the browser: it is sealed there and only the envelope is sent. Answers about a ballot
are not stored by caches.
"""

from participation.budgets.views.vote.ballot import ballot
from participation.budgets.views.vote.deposit import ballot_deposit
from participation.budgets.views.vote.home import vote_home
from participation.budgets.views.vote.receipt import ballot_receipt
from participation.budgets.views.vote.review import ballot_review

__all__ = ["ballot", "ballot_deposit", "ballot_receipt", "ballot_review", "vote_home"]
