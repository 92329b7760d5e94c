"""Normal forms of what people say of themselves: one person, one spelling."""

import contextlib
import datetime
import hashlib
import re
import unicodedata

import phonenumbers
from django.conf import settings

from participation.accounts.emails import normalise_email

_LETTERS_ALONE = {"œ": "oe", "æ": "ae", "ø": "o", "ð": "d", "þ": "th", "ł": "l", "đ": "d"}
_NOT_A_LETTER = re.compile(r"[^a-z]+")


def plain_name(text: str) -> str:
    """A name in lower case without accents; hyphens, apostrophes and spaces are one space.

    "Noël-D’Arc" and "NOEL D ARC" are the same name.
    """
    folded = text.casefold()
    if folded.isascii():  # most of a roll, and many times faster
        return _NOT_A_LETTER.sub(" ", folded).strip()
    for sign, letters in _LETTERS_ALONE.items():
        folded = folded.replace(sign, letters)
    decomposed = unicodedata.normalize("NFKD", folded)
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _NOT_A_LETTER.sub(" ", bare).strip()


def first_given_name(given_names: str) -> str:
    """The first of the given names, which is all that many people give.

    A comma or a space ends it, a hyphen does not: "Jean-Marc, Paul" gives "jean marc". Rolls often
    separate given names by spaces alone, hence "Jean Marc" gives "jean": such people are
    near misses of "Jean-Marc", for an officer to look at.
    """
    parts = [part for part in re.split(r"[,;\s]+", given_names.strip()) if part]
    return plain_name(parts[0]) if parts else ""


def civil_fingerprint(*, family_name: str, given_names: str, birth_date: datetime.date) -> str:
    """SHA-256 in lower hexadecimal of `family|first given name|YYYY-MM-DD` in normal form.

    An authority that does not want to hand over names computes the same thing on its side and
    imports the fingerprints alone (`docs/electors.md`).
    """
    text = f"{plain_name(family_name)}|{first_given_name(given_names)}|{birth_date.isoformat()}"
    return hashlib.sha256(text.encode()).hexdigest()


def one_mailbox(address: str) -> str:
    """The mailbox behind an address, so that `a+1@x` and `A@X` are one person here.

    Stricter than what signs in (`accounts.emails`): there both are accounts, here one vote.
    """
    local, _at, domain = normalise_email(address).rpartition("@")
    with contextlib.suppress(UnicodeError):  # a domain that IDNA cannot write stays as it is
        domain = domain.encode("idna").decode()
    return f"{local.partition('+')[0]}@{domain}"


def mobile_number(text: str) -> str | None:
    """A mobile number in E.164 form (`+33612345678`), or None when it cannot receive a code.

    Numbers without a country are French. Countries are those of `TEXT_MESSAGE_REGIONS`: a text
    sent far away is paid for, and fraudsters know it.
    """
    regions = settings.TEXT_MESSAGE_REGIONS
    try:
        number = phonenumbers.parse(text, regions[0])
    except phonenumbers.NumberParseException:
        return None
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    # A number typed as in France may be of an overseas territory, whose prefix is its own.
    for region in regions:
        local = number
        if region != regions[0] and not text.strip().startswith(("+", "00")):
            try:
                local = phonenumbers.parse(text, region)
            except phonenumbers.NumberParseException:
                continue
        if (
            phonenumbers.is_valid_number_for_region(local, region)
            and phonenumbers.number_type(local) in kinds
        ):
            return phonenumbers.format_number(local, phonenumbers.PhoneNumberFormat.E164)
    return None
