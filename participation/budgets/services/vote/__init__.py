"""The vote: seal the ballot, cast, open the box and count, publish.

During the vote a ballot exists only as a sealed envelope in its voter's line of the roll. After
the close the envelopes are opened all at once; the roll and the box then share nothing.
"""

from participation.budgets.services.vote.casting import Receipt, cast_ballot
from participation.budgets.services.vote.counting import count, open_and_count
from participation.budgets.services.vote.publishing import publish_results
from participation.budgets.services.vote.sealing import freeze, seal_poll

__all__ = [
    "Receipt",
    "cast_ballot",
    "count",
    "freeze",
    "open_and_count",
    "publish_results",
    "seal_poll",
]
