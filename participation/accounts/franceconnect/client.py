"""The OpenID Connect conversation with FranceConnect.

What differs from the common provider, and why a generic client does not do: `userinfo` answers a
JWT signed in ES256 and not JSON, a nonce is required, and `acr_values=eidas1`. Sources: OpenID
Connect Core 1.0 §3.1.3.7 and §5.3.2, RP-Initiated Logout 1.0.
"""

import functools
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from django.conf import settings
from django.core.cache import cache

SCOPE = "openid"
ASSURANCE = "eidas1"
_ACCEPTED = frozenset({"eidas1", "eidas2", "eidas3"})
_ALGORITHMS = ["ES256"]
_TIMEOUT = (3, 8)  # seconds to connect, then to answer
_LEEWAY = 10  # seconds between two clocks
_DISCOVERY_LIFETIME = 3600


class NotProven(Exception):
    """The conversation failed, or its answer does not hold. The message is for our logs alone."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who FranceConnect vouches for. `id_token` is what its logout asks for."""

    sub: str
    id_token: str


def is_configured() -> bool:
    """Whether the authority has set up its access."""
    return bool(settings.FRANCECONNECT_ISSUER and settings.FRANCECONNECT_CLIENT_ID)


def origin() -> str:
    """Scheme and host of FranceConnect, for the content policy of the page with its button."""
    parts = urlsplit(settings.FRANCECONNECT_ISSUER)
    return f"{parts.scheme}://{parts.netloc}"


def authorization_url(*, redirect_uri: str, state: str, nonce: str) -> str:
    """Where to send the person. Raises `NotProven` when FranceConnect does not answer."""
    query = {
        "response_type": "code",
        "client_id": settings.FRANCECONNECT_CLIENT_ID,
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "acr_values": ASSURANCE,
        "state": state,
        "nonce": nonce,
    }
    return f"{_discovered()['authorization_endpoint']}?{urlencode(query)}"


def logout_url(*, id_token: str, state: str, back: str) -> str:
    """Where to send the person so that their session there ends too."""
    query = {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": back}
    return f"{_discovered()['end_session_endpoint']}?{urlencode(query)}"


def prove(*, code: str, redirect_uri: str, nonce: str) -> Person:
    """Exchange the code that came back for a proven person.

    Raises `NotProven` unless both tokens are signed by FranceConnect for us, not expired, of this
    conversation (`nonce`), at the level asked, and of the same person.
    """
    found = _discovered()
    tokens = _ask(
        "post",
        found["token_endpoint"],
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": settings.FRANCECONNECT_CLIENT_ID,
            "client_secret": settings.FRANCECONNECT_CLIENT_SECRET,
        },
    )
    try:
        answer = tokens.json()
        id_token, access_token = str(answer["id_token"]), str(answer["access_token"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotProven("no tokens") from error
    claims = _verified(id_token, found, required=("exp", "iat", "iss", "aud", "sub", "nonce"))
    if not nonce or claims["nonce"] != nonce:
        raise NotProven("another nonce")
    if claims.get("acr") not in _ACCEPTED:
        raise NotProven("another level of assurance")
    told = _ask(
        "get", found["userinfo_endpoint"], headers={"Authorization": f"Bearer {access_token}"}
    )
    person = _verified(told.text.strip(), found, required=("iss", "aud", "sub"))
    if person["sub"] != claims["sub"] or not person["sub"]:
        raise NotProven("two people")
    return Person(sub=person["sub"], id_token=id_token)


def _verified(token: str, found: dict[str, Any], *, required: tuple[str, ...]) -> dict[str, Any]:
    """The claims of a token signed by FranceConnect, for us, that has not expired."""
    try:
        key = _keys(found["jwks_uri"]).get_signing_key_from_jwt(token)
        return jwt.decode(
            token,
            key=key.key,
            algorithms=_ALGORITHMS,
            audience=settings.FRANCECONNECT_CLIENT_ID,
            issuer=settings.FRANCECONNECT_ISSUER,
            leeway=_LEEWAY,
            options={"require": list(required)},
        )
    except jwt.PyJWTError as error:
        raise NotProven(type(error).__name__) from error


@functools.lru_cache(maxsize=4)
def _keys(address: str) -> jwt.PyJWKClient:
    """The published keys; one that we do not know makes them be read again."""
    return jwt.PyJWKClient(address, lifespan=300, timeout=_TIMEOUT[1])


def _discovered() -> dict[str, Any]:
    """The addresses that FranceConnect publishes, kept an hour."""
    issuer = settings.FRANCECONNECT_ISSUER.rstrip("/")
    key = f"franceconnect:{issuer}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        try:
            found = _ask("get", f"{issuer}/.well-known/openid-configuration").json()
        except ValueError as error:
            raise NotProven("no discovery") from error
        if not isinstance(found, dict) or found.get("issuer") != settings.FRANCECONNECT_ISSUER:
            raise NotProven("another issuer")
        cache.set(key, found, _DISCOVERY_LIFETIME)
    return found


def _ask(method: str, address: str, **what: Any) -> requests.Response:
    try:
        answer = requests.request(method, address, timeout=_TIMEOUT, allow_redirects=False, **what)
    except requests.RequestException as error:
        raise NotProven("no answer") from error
    if answer.status_code != 200:
        raise NotProven(f"status {answer.status_code}")
    return answer
