"""What only a demonstration serves: the local mailbox and uploaded pictures."""

import email
import email.message
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.http import require_safe
from django.views.static import serve

_NEWEST = 100


@dataclass(frozen=True, slots=True)
class Mail:
    """One message that the demonstration would have sent."""

    name: str
    recipient: str
    subject: str
    sent_at: datetime
    body: str


def _read(file: Path) -> Mail:
    message = email.message_from_bytes(
        # The file backend ends each message with a ruler; a file holds one message.
        file.read_bytes().rsplit(b"\n" + b"-" * 79, 1)[0],
        policy=email.policy.default,
    )
    assert isinstance(message, email.message.EmailMessage)  # noqa: S101 -- what the policy makes
    body = message.get_body(preferencelist=("plain",))
    return Mail(
        name=file.stem,
        recipient=str(message["To"]),
        subject=" ".join(str(message["Subject"]).split()),  # a long one came folded
        sent_at=_moment(str(message["Date"])),
        body=body.get_content() if body else "",
    )


def _moment(written: str) -> datetime:
    """A date as mails write it: in UTC when it has no zone of its own."""
    moment = parsedate_to_datetime(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _files() -> list[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    files = folder.glob("*.log") if folder.is_dir() else ()
    return sorted(files, key=lambda file: file.stat().st_mtime, reverse=True)


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails of the demonstration, newest first."""
    mails = [_read(file) for file in _files()[:_NEWEST]]
    return render(request, "config/mailbox.html", {"mails": mails})


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail, its links made clickable."""
    for file in _files():
        if file.stem == name:
            return render(request, "config/mail.html", {"mail": _read(file)})
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    path("_/courrier/", mailbox, name="demo_mailbox"),
    path("_/courrier/<slug:name>/", mail, name="demo_mail"),
    re_path(
        r"^media/(?P<path>(images|original_images|projects|deliveries)/.+)$",
        serve,
        {"document_root": settings.MEDIA_ROOT},
    ),
]
