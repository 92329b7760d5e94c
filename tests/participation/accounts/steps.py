"""Steps of journeys: what a person does, once, in one place."""

import base64
import hashlib
import hmac
import re
import struct
import time
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse

from participation.accounts.models import User

PASSWORD = "trois cygnes dorment au port"


def link_in_mail(subject: str = "") -> str:
    """The path of the first link of the newest mail whose subject contains `subject`."""
    newest = [message for message in mail.outbox if subject in message.subject][-1]
    found = re.search(r"https?://[^/\s]+(/compte/\S+)", newest.body)
    assert found, newest.body
    return found.group(1)


def sign_up(client: Client, email: str, **changes: Any) -> Any:
    """Fill in the sign-up form as a person does."""
    data = {"email": email, "public_name": "Ninon", "password1": PASSWORD, "terms": "on"}
    return client.post(reverse("account_signup"), data | changes)


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def prove_identity(client: Client, password: str = PASSWORD) -> Any:
    """Answer "confirm that it is you", which sensitive pages ask first."""
    return client.post(reverse("account_reauthenticate"), {"password": password})


def totp(secret: str, *, at: float | None = None) -> str:
    """The six digits of RFC 6238 (SHA-1, thirty seconds), computed apart from the site."""
    counter = int((time.time() if at is None else at) // 30)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    start = digest[-1] & 0xF
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def enrol(client: Client) -> str:
    """Set up an application that shows codes; returns its secret. Signed in and proven before."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": totp(secret)})
    assert answer.status_code == 302, answer.context["form"].errors
    return secret


def signed_in_as(client: Client) -> User | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None
