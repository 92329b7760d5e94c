"""Asks other services, within bounds: a slow, huge or lost answer costs a known time and size."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import requests
from urllib3.exceptions import HTTPError

# Only what the request needs: no cookie, nothing of the visitor for whom we ask.
USER_AGENT = "Parvis (participation citoyenne)"
_PIECE = 16_384


class Unreachable(Exception):
    """The service did not answer in time, or its answer is too large."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: its status, media type (lower case, without parameters), headers and body."""

    status: int
    media_type: str
    headers: Mapping[str, str]
    body: bytes


def fetch(
    url: str,
    *,
    seconds: float,
    max_bytes: int,
    accept: str,
    params: Mapping[str, str] | None = None,
) -> Fetched:
    """GET `url`: `seconds` for everything, `max_bytes` of body; redirections are not followed.

    Raises `Unreachable`.
    """
    deadline = time.monotonic() + seconds
    try:
        with requests.get(
            url,
            params=params,
            timeout=(seconds / 2, seconds),
            stream=True,
            allow_redirects=False,
            headers={"Accept": accept, "User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        ) as response:
            body = bytearray()
            # read1 and not read: an answer that drips must not hold us beyond the deadline.
            while piece := response.raw.read1(_PIECE, decode_content=True):
                body += piece
                if len(body) > max_bytes:
                    raise Unreachable("too large")
                if time.monotonic() > deadline:
                    raise Unreachable("too slow")
            media_type = response.headers.get("Content-Type", "").partition(";")[0]
            return Fetched(
                status=response.status_code,
                media_type=media_type.strip().lower(),
                headers=response.headers,
                body=bytes(body),
            )
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        raise Unreachable(type(error).__name__) from error
