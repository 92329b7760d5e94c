"""FranceConnect v2: prove that one is one person, and say nothing else of oneself.

Only the scope `openid` is asked: the answer is a `sub`, stable for this site and meaningless
elsewhere. No account is made of it.
"""

from participation.accounts.franceconnect.client import (
    NotProven,
    Person,
    authorization_url,
    is_configured,
    logout_url,
    origin,
    prove,
)

__all__ = [
    "NotProven",
    "Person",
    "authorization_url",
    "is_configured",
    "logout_url",
    "origin",
    "prove",
]
