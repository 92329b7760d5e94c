"""One address, one spelling."""

import unicodedata


def normalise_email(address: str) -> str:
    """The spelling under which an address is stored and looked up: NFKC, lower case, trimmed.

    `+tag` is kept: `a+b@x` and `a@x` are two mailboxes for whoever runs the mail server, and
    guessing otherwise would refuse a real person.
    """
    return unicodedata.normalize("NFKC", address).strip().lower()
