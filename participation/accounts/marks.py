"""A mark of who is signed in, that tells a browser when that changes and tells nothing else."""

from typing import Any

from django.utils.crypto import salted_hmac

_SALT = "parvis.person-mark"
_LENGTH = 32


def person_mark(user: Any) -> str:
    """32 hexadecimal digits, always the same for one account; empty when nobody is signed in.

    What a browser keeps (a form written offline, the copy of a page) carries it, so that nothing is
    shown or sent under another account.
    """
    if user is None or not user.is_authenticated:
        return ""
    return salted_hmac(_SALT, str(user.pk)).hexdigest()[:_LENGTH]
