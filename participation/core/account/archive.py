"""The archive of one's data: a ZIP with a readable letter, one JSON file and the joined files.

JSON is the structured, commonly used, machine-readable format of RGPD article 20.
"""

import datetime
import io
import json
import zipfile
from pathlib import PurePosixPath
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.template.loader import render_to_string
from django.utils import timezone, translation

from participation.accounts.models import User
from participation.core import registry
from participation.core.models import (
    Attachment,
    Comment,
    Contribution,
    Follow,
    Notification,
    Report,
    Support,
)

FORMAT_VERSION = 1


def build(*, user: User, at: datetime.datetime) -> bytes:
    """The bytes of the ZIP, in the person's language."""
    with translation.override(user.language):
        records = collect(user=user, at=at)
        letter = render_to_string("accounts/archive.txt", {"user": user, "records": records})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("LISEZMOI.txt", letter)
        bundle.writestr(
            "donnees.json", json.dumps(records, ensure_ascii=False, indent=2, sort_keys=False)
        )
        for attachment in _attachments(user):
            with attachment.file.open("rb") as file:
                bundle.writestr(_name(attachment), file.read())
    return packed.getvalue()


def collect(*, user: User, at: datetime.datetime) -> dict[str, Any]:
    """All that the site holds about one person, as plain values; times are ISO 8601."""
    return {
        "format": FORMAT_VERSION,
        "generated_at": _time(at),
        "account": _account(user),
        "second_factors": [
            {"kind": factor.type, "name": factor.data.get("name", ""), **_dates(factor)}
            for factor in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "contributions": [
            _contribution(row)
            for row in Contribution.objects.filter(author=user)
            .select_related("activity", "territory")
            .prefetch_related("attachments")
            .order_by("pk")
        ],
        "comments": [
            {
                "on": comment.contribution.title,
                "body": comment.body,
                "visibility": comment.visibility,
                "created_at": _time(comment.created_at),
            }
            for comment in Comment.objects.filter(author=user)
            .select_related("contribution")
            .order_by("pk")
        ],
        "supports": [
            {"contribution": support.contribution.title, "created_at": _time(support.created_at)}
            for support in Support.objects.filter(user=user)
            .select_related("contribution")
            .order_by("pk")
        ],
        "follows": [_follow(row) for row in _follows(user)],
        "notifications": [
            {
                "subject": told.subject,
                "body": told.body,
                "created_at": _time(told.created_at),
                "read_at": _time(told.read_at),
                "mailed_at": _time(told.mailed_at),
            }
            for told in Notification.objects.filter(recipient=user).order_by("pk")
        ],
        "reports": [
            {
                "ground": report.ground,
                "explanation": report.explanation,
                "name": report.reporter_name,
                "email": report.reporter_email,
                "state": report.state,
                "created_at": _time(report.created_at),
            }
            for report in Report.objects.filter(reporter=user).order_by("pk")
        ],
        "instruments": {
            instrument.kind: list(instrument.personal_data(user))
            for instrument in registry.all_instruments()
        },
        **registry.personal_data_of(user),
    }


def _account(user: User) -> dict[str, Any]:
    home = user.home_territory
    return {
        "email": user.email,
        "emails": [
            {"email": row.email, "verified": row.verified, "primary": row.primary}
            for row in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
        "public_name": user.public_name,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "birth_date": user.birth_date.isoformat() if user.birth_date else None,
        "home_territory": home.name if home else None,
        "language": user.language,
        "wants_mail": user.wants_mail,
        "date_joined": _time(user.date_joined),
        "last_login": _time(user.last_login),
        "terms_accepted_at": _time(user.terms_accepted_at),
        "sessions_ended_at": _time(user.sessions_ended_at),
    }


def _contribution(row: Contribution) -> dict[str, Any]:
    return {
        "number": row.receipt_number,
        "activity": row.activity.title,
        "title": row.title,
        "body": row.body,
        "neighbourhood": row.territory.name if row.territory else None,
        "address": row.address,
        "point": [row.point.x, row.point.y] if row.point else None,
        "visibility": row.visibility,
        "source": row.source,
        "created_at": _time(row.created_at),
        "submitted_at": _time(row.submitted_at),
        "published_at": _time(row.published_at),
        "files": [_name(attachment) for attachment in row.attachments.all()],
    }


def _follows(user: User) -> Any:
    return (
        Follow.objects.filter(user=user)
        .select_related("process", "activity", "contribution")
        .order_by("pk")
    )


def _follow(row: Follow) -> dict[str, Any]:
    subject = row.contribution or row.activity or row.process
    return {"what": str(subject), "since": _time(row.created_at)}


def _attachments(user: User) -> Any:
    return Attachment.objects.filter(contribution__author=user).order_by("pk")


def _name(attachment: Attachment) -> str:
    return f"fichiers/{attachment.pk}-{PurePosixPath(attachment.file.name or '').name}"


def _dates(factor: Authenticator) -> dict[str, Any]:
    return {"created_at": _time(factor.created_at), "last_used_at": _time(factor.last_used_at)}


def _time(moment: datetime.datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None
