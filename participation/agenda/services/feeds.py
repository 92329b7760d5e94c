"""Private feeds: a secret address, shown once, that its owner may revoke."""

import datetime
import hashlib
import secrets
from typing import Any

from django.db import transaction

from participation.accounts.models import User
from participation.agenda.models import FeedKey
from participation.core import audit


def digest_of(secret: str) -> bytes:
    """What is kept of a secret: 32 bytes of SHA-256."""
    return hashlib.sha256(secret.encode()).digest()


@transaction.atomic
def open_feed(*, user: User, at: datetime.datetime) -> str:
    """Make a new secret address and revoke the former one; returns the secret, kept nowhere."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two clicks: one after the other
    FeedKey.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=at)
    secret = secrets.token_urlsafe(32)
    key = FeedKey.objects.create(user=user, digest=digest_of(secret), created_at=at)
    audit.record(action="parvis.agenda.feed_open", instance=key, actor=user)
    return secret


@transaction.atomic
def revoke_feed(*, user: Any, at: datetime.datetime) -> bool:
    """Close the private feed of somebody; false when there is none."""
    key = (
        FeedKey.objects.select_for_update()
        .filter(user=user, revoked_at__isnull=True)
        .order_by("pk")
        .first()
    )
    if key is None:
        return False
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    audit.record(action="parvis.agenda.feed_revoke", instance=key, actor=user)
    return True
