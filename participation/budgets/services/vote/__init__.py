"""The vote: hold the ceremony, seal, cast, mark, close, open the box and count, publish, destroy.

During the vote a ballot exists only as a sealed envelope in its voter's line of the roll. After
the close the envelopes are opened all at once; the roll and the box then share nothing.
"""

from participation.budgets.services.vote.boards import give_board, record_board
from participation.budgets.services.vote.casting import Receipt, cast_ballot
from participation.budgets.services.vote.closing import close_poll
from participation.budgets.services.vote.counting import count
from participation.budgets.services.vote.destruction import destroy_keys
from participation.budgets.services.vote.opening import open_box
from participation.budgets.services.vote.paper import cancel_paper_mark, mark_paper
from participation.budgets.services.vote.publishing import publish_results
from participation.budgets.services.vote.revising import revise_count
from participation.budgets.services.vote.sealing import freeze, seal_poll

__all__ = [
    "Receipt",
    "cancel_paper_mark",
    "cast_ballot",
    "close_poll",
    "count",
    "destroy_keys",
    "freeze",
    "give_board",
    "mark_paper",
    "open_box",
    "publish_results",
    "record_board",
    "revise_count",
    "seal_poll",
]
