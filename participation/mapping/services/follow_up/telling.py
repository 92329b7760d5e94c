"""Telling the author of a contribution, with or without an account, what became of it."""

import datetime
from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import override

from participation.core.services import notify
from participation.mapping import tasks
from participation.mapping.models import Guest, MapContribution

Words = Callable[[], tuple[str, str]]
"""Gives the subject and the body, in the language in force."""


def public_path(row: MapContribution) -> str:
    """Where anyone reads a contribution."""
    return reverse("mapping:contribution", args=[row.contribution.activity.slug, row.pk])


def tell_author(
    row: MapContribution,
    *,
    kind: str,
    key: str,
    words: Words,
    at: datetime.datetime,
    path: str = "",
) -> None:
    """One notification to the member, or one mail to the guest, in their language, once per `key`.

    A guest who never confirmed is told nothing.
    """
    path = path or public_path(row)
    author = row.contribution.author
    if author is not None:
        with override(author.language):
            subject, body = words()
        notify(
            recipient=author,
            kind=kind,
            key=key,
            subject=subject,
            body=body,
            path=path,
            at=at,
            contribution=row.contribution,
            essential=True,
        )
        return
    guest = Guest.objects.filter(contribution=row, confirmed_at__isnull=False).first()
    if guest is None:
        return
    with override(guest.language):
        subject, body = words()
    tasks.mail_guest_news.defer(
        contribution_id=row.pk, key=f"{kind}-{key}", subject=subject, body=body, path=path
    )
