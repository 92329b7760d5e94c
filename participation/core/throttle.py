"""Limits on repeated acts, kept in the cache: approximate on purpose, and cheap."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone


def within_limit(request: HttpRequest, *, action: str, limit: int, seconds: int) -> bool:
    """Count one `action` of this person (or of this address, for visitors).

    True up to `limit` times in each window of `seconds`.
    """
    if request.user.is_authenticated:
        who = f"user-{request.user.pk}"
    else:
        who = f"ip-{get_adapter(request).get_client_ip(request)}"
    window = int(timezone.now().timestamp()) // seconds
    key = f"limit:{action}:{who}:{window}"
    if cache.add(key, 1, timeout=seconds + 5):
        return True
    try:
        return cache.incr(key) <= limit
    except ValueError:  # it expired in between: a new window begins
        return True
