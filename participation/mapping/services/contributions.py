"""Residents' contributions: keep a draft, send, change, withdraw."""

import datetime
import uuid
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from participation.core import audit
from participation.core.choices import ModerationMode, Visibility
from participation.core.models import Attachment, Contribution
from participation.core.services import follow, notify
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.mapping import policies
from participation.mapping.choices import TraceKind
from participation.mapping.models import (
    MapContribution,
    ParticipatoryMap,
    QuestionAnswer,
    Trace,
)
from participation.mapping.services.effects import match_alerts_later, recount_cells_later
from participation.mapping.services.photos import join_photos
from participation.mapping.services.wishes import Wish, complete, point_on


def send_contribution(
    *,
    map: ParticipatoryMap,
    author: Any,
    wish: Wish,
    submission_key: uuid.UUID,
    at: datetime.datetime,
) -> MapContribution:
    """Send a contribution: a number, a receipt by mail. The same key again finds the first one.

    The map says whether it is read before its publication or afterwards. Raises `Refused`.
    """
    with transaction.atomic():
        # One at a time per person: the number per person holds under concurrency.
        get_user_model().objects.select_for_update(of=("self",), no_key=True).get(pk=author.pk)
        known = find_by_key(submission_key)
        if known is not None and known.contribution.visibility != Visibility.DRAFT:
            _same_place(known, map, author).or_refuse()
            return known
        verdict = policies.may_contribute(map=map, user=author, at=at)
        (verdict & complete(map, wish)).or_refuse()
        if known is not None:
            _same_place(known, map, author).or_refuse()
            row = write(known, wish)
        else:
            row = create(map=map, author=author, wish=wish, submission_key=submission_key, at=at)
        publish_or_wait(row, at)
        audit.record(action="parvis.map.contribute", instance=row.contribution, actor=author)
        follow(user=author, subject=row.contribution, at=at)
        _send_receipt(row, author, at)
        return row


@transaction.atomic
def keep_draft(
    *,
    map: ParticipatoryMap,
    author: Any,
    wish: Wish,
    submission_key: uuid.UUID,
    at: datetime.datetime,
) -> MapContribution:
    """Keep a draft that only its author sees; the same key again updates the same draft.

    A draft may still lack required answers. Raises `Refused` when nothing could be sent now.
    """
    known = find_by_key(submission_key)
    policies.may_contribute(map=map, user=author, at=at).or_refuse()
    if known is None:
        return create(map=map, author=author, wish=wish, submission_key=submission_key, at=at)
    _same_place(known, map, author).or_refuse()
    if known.contribution.visibility != Visibility.DRAFT:
        return known  # it was sent meanwhile: nothing to keep
    return write(known, wish)


@transaction.atomic
def change_contribution(
    *,
    contribution: MapContribution,
    wish: Wish,
    actor: Any,
    at: datetime.datetime,
    as_guest: bool = False,
) -> MapContribution:
    """Its author changes it; the former drawing stays in its history.

    Where contributions are read before publication, it is read again.
    """
    row = locked(contribution)
    verdict = policies.may_edit(contribution=row, user=actor, at=at, as_guest=as_guest)
    (verdict & complete(row.map, wish)).or_refuse()
    before = row.contribution.visibility
    if before != Visibility.DRAFT:
        moved = row.geometry if row.geometry != wish.geometry else None
        Trace.objects.create(
            contribution=row,
            kind=TraceKind.EDITED,
            geometry_before=moved,
            actor=None if as_guest else actor,
            happened_at=at,
        )
    write(row, wish)
    if before == Visibility.PUBLISHED and row.map.moderation == ModerationMode.BEFORE:
        row.contribution.visibility = Visibility.PENDING
        row.contribution.save(update_fields=["visibility"])
    audit.record(
        action="parvis.map.change",
        instance=row.contribution,
        actor=None if as_guest else actor,
    )
    recount_cells_later(row.map_id)
    return row


@transaction.atomic
def withdraw_contribution(
    *, contribution: MapContribution, actor: Any, at: datetime.datetime, as_guest: bool = False
) -> None:
    """Its author takes it back: it leaves the site, its number and history stay."""
    row = locked(contribution)
    policies.may_withdraw(contribution=row, user=actor, at=at, as_guest=as_guest).or_refuse()
    spine = row.contribution
    spine.submitted_at = spine.submitted_at or at
    spine.visibility = Visibility.WITHDRAWN
    spine.save(update_fields=["visibility", "submitted_at"])
    audit.record(action="parvis.map.withdraw", instance=spine, actor=None if as_guest else actor)
    recount_cells_later(row.map_id)


def find_by_key(submission_key: uuid.UUID) -> MapContribution | None:
    """The contribution that this form already made."""
    return (
        MapContribution.objects.select_related("contribution__activity__process", "map")
        .filter(contribution__submission_key=submission_key)
        .first()
    )


def locked(contribution: MapContribution) -> MapContribution:
    """The rows as they are now, held until the end of the transaction: the spine's first."""
    Contribution.objects.select_for_update(of=("self",), no_key=True).get(pk=contribution.pk)
    return (
        MapContribution.objects.select_for_update(of=("self",), no_key=True)
        .select_related("contribution__activity__process__perimeter", "map__activity", "category")
        .get(pk=contribution.pk)
    )


def create(
    *,
    map: ParticipatoryMap,
    author: Any,
    wish: Wish,
    submission_key: uuid.UUID,
    at: datetime.datetime,
    author_label: str = "",
) -> MapContribution:
    """A draft with that key. Raises `Refused` (`key_reused`) when a twin request made it."""
    spine, created = Contribution.objects.get_or_create(
        submission_key=submission_key,
        defaults={
            "activity_id": map.pk,
            "author": author,
            "author_label": author_label,
            "created_at": at,
            **_spine_columns(wish),
        },
    )
    if not created:
        refuse("key_reused", _("This form was already used: open a new one.")).or_refuse()
    row = MapContribution.objects.create(
        contribution=spine, map=map, category=wish.category, geometry=wish.geometry
    )
    _write_replies(row, join_photos(row, wish))
    return row


def write(row: MapContribution, wish: Wish) -> MapContribution:
    """Replace what is written and drawn."""
    for name, value in _spine_columns(wish).items():
        setattr(row.contribution, name, value)
    row.contribution.save(update_fields=list(_spine_columns(wish)))
    row.category = wish.category
    row.geometry = wish.geometry
    row.save(update_fields=["category", "geometry"])
    _write_replies(row, join_photos(row, wish))
    return row


def _spine_columns(wish: Wish) -> dict[str, Any]:
    return {
        "title": wish.title.strip(),
        "body": wish.body.strip(),
        "territory": wish.territory,
        "point": point_on(wish.geometry),
        "address": wish.address.strip(),
    }


def _write_replies(row: MapContribution, wish: Wish) -> None:
    given = [reply for reply in wish.replies if reply]
    row.question_answers.exclude(question__in=[reply.question for reply in given]).delete()
    for reply in given:
        QuestionAnswer.objects.update_or_create(
            contribution=row,
            question=reply.question,
            defaults={
                "text": reply.text,
                "number": reply.number,
                "chosen": list(reply.chosen),
                "photo": reply.photo if isinstance(reply.photo, Attachment) else None,
            },
        )


def publish_or_wait(row: MapContribution, at: datetime.datetime) -> None:
    """It is sent: published at once, or waiting to be read, as the map says."""
    after = row.map.moderation == ModerationMode.AFTER
    spine = row.contribution
    spine.visibility = Visibility.PUBLISHED if after else Visibility.PENDING
    spine.submitted_at = at
    spine.published_at = at if after else None
    spine.save(update_fields=["visibility", "submitted_at", "published_at"])
    recount_cells_later(row.map_id)
    if after:
        match_alerts_later(row.pk)


def _same_place(row: MapContribution, map: ParticipatoryMap, author: Any) -> Verdict:
    if row.map_id == map.pk and row.contribution.author_id == author.pk:
        return ALLOWED
    return refuse("key_reused", _("This form was already used: open a new one."))


def _send_receipt(row: MapContribution, author: Any, at: datetime.datetime) -> None:
    spine = row.contribution
    with override(author.language):
        notify(
            recipient=author,
            kind="map-received",
            key=f"{spine.pk}",
            subject=gettext("Your contribution is registered under number %(number)s")
            % {"number": spine.receipt_number},
            body=receipt_text(row),
            path=reverse("mapping:contribution", args=[row.map.activity.slug, row.pk]),
            at=at,
            contribution=spine,
            essential=True,
        )


def receipt_text(row: MapContribution) -> str:
    """The body of the receipt, in the language in force."""
    spine = row.contribution
    received = gettext(
        "We have received your contribution “%(title)s” to “%(map)s”, under number %(number)s. "
        "Keep this number."
    ) % {
        "title": spine.title,
        "map": row.map.activity.title,
        "number": spine.receipt_number,
    }
    if spine.visibility == Visibility.PENDING:
        then = gettext("It will be read by the moderation team before its publication.")
    else:
        then = gettext("It is published. You can change it until the map closes.")
    return f"{received}\n\n{then}"


@transaction.atomic
def forget_contributions(*, keys: list[int]) -> None:
    """Empty the drawings, answers and past drawings of these contributions: their author leaves.

    Their texts, files and places are emptied by the spine.
    """
    rows = MapContribution.objects.filter(pk__in=keys)
    QuestionAnswer.objects.filter(contribution__in=rows).delete()
    Trace.objects.filter(contribution__in=rows).update(geometry_before=None, note="")
    maps = set(rows.order_by("map_id").values_list("map_id", flat=True))
    rows.update(geometry=None)
    for map_id in sorted(maps):
        recount_cells_later(map_id)
