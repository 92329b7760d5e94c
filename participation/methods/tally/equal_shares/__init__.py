"""The Method of Equal Shares, with every option explicit."""

from participation.methods.tally.equal_shares.options import EqualSharesOptions
from participation.methods.tally.equal_shares.rule import equal_shares

__all__ = ["EqualSharesOptions", "equal_shares"]
