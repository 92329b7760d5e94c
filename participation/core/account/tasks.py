"""Effects after commit of the personal space. Each may run twice without harm."""

from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from participation.accounts.models import DataExport
from participation.core.account import archive

_RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.task(name="space.build_export", queue="exports", retry=_RETRY)
def build_export(key: str) -> None:
    """Make the archive of one request, unless it is made or withdrawn already."""
    export = DataExport.objects.select_related("user").filter(pk=key, ready_at=None).first()
    if export is None or export.user.erased_at is not None:
        return
    content = archive.build(user=export.user, at=timezone.now())
    DataExport.objects.filter(pk=key, ready_at=None).update(
        archive=content, size=len(content), ready_at=timezone.now()
    )


@app.task(name="space.forget_export", queue="exports", retry=_RETRY)
def forget_export(key: str) -> None:
    """Remove an archive whose seven days are over."""
    DataExport.objects.filter(pk=key).delete()


@app.task(name="space.forget_sessions", queue="exports", retry=_RETRY)
def forget_sessions(user_id: int) -> None:
    """Remove what browsers left in the table of sessions for a person who is gone.

    Their sessions are already worthless (the account is closed); this removes what they say.
    """
    gone = [
        session.pk
        for session in Session.objects.order_by("pk").iterator(chunk_size=2000)
        if str(session.get_decoded().get("_auth_user_id")) == str(user_id)
    ]
    Session.objects.filter(pk__in=gone).delete()
