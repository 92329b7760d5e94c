"""Verbs of the personal space."""

import datetime
from typing import Any

from django.db import transaction

from participation.accounts.models import DataExport, User
from participation.accounts.services import empty_account
from participation.core import audit, registry
from participation.core.account import erasure, policies, tasks

_AGAIN_AFTER = datetime.timedelta(hours=24)


@transaction.atomic
def update_profile(*, user: User, changes: dict[str, Any], at: datetime.datetime) -> User:
    """Change one's own profile. The audit log tells which fields changed, never their values."""
    row = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    changed = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    if not changed:
        return row
    for name in changed:
        setattr(row, name, changes[name])
    row.save(update_fields=changed)
    audit.record(action="parvis.account.profile", instance=row, actor=row, fields=changed)
    return row


@transaction.atomic
def request_export(*, user: User, at: datetime.datetime) -> DataExport:
    """Ask for the archive of one's data; within a day, the same request answers again."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    recent = DataExport.objects.filter(user=user, requested_at__gt=at - _AGAIN_AFTER).defer(
        "archive"
    )
    known = recent.order_by("-requested_at", "pk").first()
    if known is not None:
        return known
    export = DataExport.objects.create(user=user, requested_at=at)
    audit.record(action="parvis.account.export", instance=user, actor=user)
    tasks.build_export.defer(key=str(export.pk))
    tasks.forget_export.configure(schedule_at=export.expires_at).defer(key=str(export.pk))
    return export


@transaction.atomic
def delete_account(*, user: User, withdraw: bool, at: datetime.datetime) -> None:
    """Empty an account for good; its row stays, so that nothing published points nowhere.

    `withdraw` erases published texts too. Votes already cast stay counted: once the box is
    open nobody can find them, and before that the roll alone says that somebody voted.
    Refusals: `staff_account`.
    """
    row = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if row.erased_at is not None:
        return
    policies.may_delete_account(user=row).or_refuse()
    empty_member(user=row, withdraw=withdraw, at=at)
    audit.record(action="parvis.account.delete", instance=row, actor=row, withdrawn=withdraw)


@transaction.atomic
def empty_member(*, user: User, withdraw: bool, at: datetime.datetime) -> None:
    """Empty everywhere what is held of a member, who is locked; the caller judges and audits."""
    erasure.erase_texts(user=user, published_too=withdraw)
    erasure.erase_traces(user=user)
    for instrument in registry.all_instruments():
        if instrument.left is not None:
            instrument.left(user, at)
    empty_account(user=user, at=at)
    tasks.forget_sessions.defer(user_id=user.pk)
