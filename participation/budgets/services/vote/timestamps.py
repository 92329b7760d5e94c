"""Time stamps of a third party (RFC 3161): a closed journal existed at that hour."""

import hashlib
import logging
import urllib.request

from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    decode_timestamp_response,
)

logger = logging.getLogger(__name__)

_SECONDS = 10
_LONGEST = 100_000


def ask_timestamp(text: str) -> bytes | None:
    """The answer of the time-stamping authority to the SHA-256 of a text, DER; None without one.

    Whatever goes wrong there is logged and never raised: a close does not wait for a third party.
    The certificate of the authority is not checked here but by who verifies the publication.
    """
    data = text.encode()
    asked = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        request = urllib.request.Request(  # noqa: S310 -- the address is a setting of the operator
            settings.TSA_URL,
            data=asked.as_bytes(),
            headers={"Content-Type": "application/timestamp-query"},
        )
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 -- same
            held = answer.read(_LONGEST)
        response = decode_timestamp_response(held)
        if response.status not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
            raise ValueError(f"refused with status {response.status}")
        info = response.tst_info
        if info.message_imprint.message != hashlib.sha256(data).digest():
            raise ValueError("the stamp is of another text")
        if info.nonce != asked.nonce:
            raise ValueError("the stamp answers another request")
    except Exception as error:  # a parser of foreign bytes may raise anything
        logger.warning("no time stamp from %s: %s", settings.TSA_URL, error)
        return None
    return held
