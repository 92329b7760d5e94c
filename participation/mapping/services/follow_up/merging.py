"""Contributions that say the same become one; nothing is lost, and it can be undone."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.core import audit
from participation.core.choices import Visibility
from participation.core.models import Contribution, Follow, Support
from participation.core.services.supports import recount_later
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.mapping import policies
from participation.mapping.choices import TraceKind
from participation.mapping.models import MapContribution, Trace
from participation.mapping.services.effects import recount_cells_later
from participation.mapping.services.follow_up.telling import public_path, tell_author

# Supports and follows of a joined contribution stay its own, and are copied with their date to the
# one it is joined to: the same person and the same microsecond tell a copy from a click.
_PEOPLE = (Support, Follow)
_COPY = """
    INSERT INTO {table} ({columns})
    SELECT {values} FROM {table} AS own
    WHERE own.contribution_id = ANY(%(sources)s)
      AND own.user_id IS DISTINCT FROM %(author)s
    ORDER BY own.created_at, own.user_id
    ON CONFLICT DO NOTHING
"""
_TAKE_BACK = """
    DELETE FROM {table} AS copy USING {table} AS own
    WHERE copy.contribution_id = %(into)s AND own.contribution_id = %(source)s
      AND copy.user_id = own.user_id AND copy.created_at = own.created_at
    RETURNING copy.user_id
"""


@transaction.atomic
def merge_duplicates(
    *,
    into: MapContribution,
    duplicates: Iterable[MapContribution],
    note: str,
    actor: Any,
    at: datetime.datetime,
) -> MapContribution:
    """Join contributions to another one that says the same; their authors are told.

    Those who support or follow a joined contribution support and follow the other, once each;
    what was joined to a joined one follows it. Sent twice, the second finds nothing to do. Codes:
    `not_allowed`, `no_duplicate`, `into_itself`, `other_map`, `joined` when `into` is itself
    joined, `joined_elsewhere`, `not_public` (each must be published), `changed`.
    """
    policies.may_follow_up(user=actor).or_refuse()
    keys = {row.pk for row in duplicates}
    inner = MapContribution.objects.filter(merged_into__in=keys).order_by("pk")
    rows = _locked({into.pk, *keys, *inner.values_list("pk", flat=True)})
    main = rows[into.pk]
    wanted = [rows[key] for key in sorted(keys) if rows[key].merged_into_id != main.pk]
    if keys and not wanted:
        return main
    _may_merge(main, wanted, into_itself=main.pk in keys).or_refuse()
    if set(inner.values_list("pk", flat=True)) - rows.keys():
        refuse("changed", _("Somebody has just joined others to these: try again.")).or_refuse()
    for row in wanted:
        for each in rows.values():
            if each.merged_into_id == row.pk:
                _take_back(each, row)
                _join(each, main, note, actor, at)
                recount_later(row.pk)
        _join(row, main, note, actor, at)
        audit.record(
            action="parvis.map.merge",
            instance=row.contribution,
            actor=actor,
            into=main.contribution.receipt_number,
        )
    recount_later(main.pk)
    recount_cells_later(main.map_id)
    return main


@transaction.atomic
def split(
    *, contribution: MapContribution, note: str, actor: Any, at: datetime.datetime
) -> MapContribution:
    """Undo: it stands by itself again, with its own supports; its author is told.

    Codes: `not_allowed`, `not_joined`.
    """
    policies.may_follow_up(user=actor).or_refuse()
    into = MapContribution.objects.filter(pk=contribution.pk).values_list("merged_into", flat=True)
    main_key = into.first()
    rows = _locked({contribution.pk, *([main_key] if main_key else [])})
    row = rows[contribution.pk]
    if row.merged_into_id is None or row.merged_into_id not in rows:
        refuse("not_joined", _("This contribution is not joined to another.")).or_refuse()
    main = rows[row.merged_into_id]  # type: ignore[index]  # just refused otherwise
    _take_back(row, main)
    row.merged_into = None
    row.save(update_fields=["merged_into"])
    trace = _trace(row, TraceKind.SPLIT, main, note, actor, at)
    _trace(main, TraceKind.SPLIT, row, note, actor, at)
    audit.record(
        action="parvis.map.split",
        instance=row.contribution,
        actor=actor,
        out_of=main.contribution.receipt_number,
    )
    recount_later(main.pk)
    recount_cells_later(row.map_id)

    def words() -> tuple[str, str]:
        subject = gettext("Your contribution “%(title)s” stands by itself again") % {
            "title": row.contribution.title
        }
        return subject, gettext("It is no longer joined to “%(other)s”.") % {
            "other": main.contribution.title
        }

    tell_author(row, kind="map-split", key=f"{trace.pk}", words=words, at=at)
    return row


def _locked(keys: Iterable[int]) -> dict[int, MapContribution]:
    """The rows as they are now, by key, held in one order: mergers never deadlock."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    list(
        Contribution.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=wanted)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    rows = (
        MapContribution.objects.select_for_update(of=("self",), no_key=True)
        .select_related("contribution__activity", "contribution__author")
        .defer("geometry", "tile_geometry")
        .filter(pk__in=wanted)
        .order_by("pk")
    )
    return {row.pk: row for row in rows}


def _may_merge(main: MapContribution, rows: list[MapContribution], *, into_itself: bool) -> Verdict:
    verdict = ALLOWED
    if into_itself:
        verdict &= refuse("into_itself", _("A contribution can't be joined to itself."))
    if not rows:
        verdict &= refuse("no_duplicate", _("Choose at least one contribution to join."))
    if main.merged_into_id is not None:
        verdict &= refuse(
            "joined", _("“%(title)s” is itself joined to another."), title=main.contribution.title
        )
    for row in rows:
        if row.map_id != main.map_id:
            verdict &= refuse("other_map", _("Only contributions of one map can be joined."))
        if row.merged_into_id is not None:
            verdict &= refuse(
                "joined_elsewhere",
                _("“%(title)s” is already joined to another contribution."),
                title=row.contribution.title,
            )
    if any(row.contribution.visibility != Visibility.PUBLISHED for row in (main, *rows)):
        verdict &= refuse(
            "not_public", _("Only published contributions can be joined: moderate them first.")
        )
    return verdict


def _join(
    row: MapContribution, main: MapContribution, note: str, actor: Any, at: datetime.datetime
) -> None:
    row.merged_into = main
    row.save(update_fields=["merged_into"])
    _give(row.pk, main)
    trace = _trace(row, TraceKind.MERGED, main, note, actor, at)
    _trace(main, TraceKind.MERGED, row, note, actor, at)

    def words() -> tuple[str, str]:
        subject = gettext("Your contribution “%(title)s” is joined to another") % {
            "title": row.contribution.title
        }
        body = gettext(
            "It says the same as “%(other)s”: both are now handled together, and you will be told"
            " of the answer. Those who supported yours support the other. Yours can still be read."
        ) % {"other": main.contribution.title}
        return subject, "\n\n".join(part for part in (body, note.strip()) if part)

    tell_author(
        row, kind="map-merged", key=f"{trace.pk}", words=words, at=at, path=public_path(main)
    )


def _trace(
    row: MapContribution,
    kind: str,
    other: MapContribution,
    note: str,
    actor: Any,
    at: datetime.datetime,
) -> Trace:
    return Trace.objects.create(
        contribution=row, kind=kind, other=other, note=note.strip(), actor=actor, happened_at=at
    )


def _give(source: int, main: MapContribution) -> None:
    """Copy the people of a contribution to the one it is joined to, each once, never its author."""
    for model in _PEOPLE:
        _run(
            _COPY,
            model,
            columns="contribution_id, user_id, created_at",
            values="%(into)s, own.user_id, own.created_at",
            params={
                "into": main.pk,
                "sources": [source],
                # One may follow one's own contribution, not support it.
                "author": main.contribution.author_id if model is Support else None,
            },
        )


def _take_back(row: MapContribution, main: MapContribution) -> None:
    """Take the copies of `row` off `main`; whoever also comes by another joined one stays."""
    others = [key for key in main.merged.values_list("pk", flat=True) if key != row.pk]
    model: Any
    for model in _PEOPLE:
        gone = _run(_TAKE_BACK, model, params={"into": main.pk, "source": row.pk})
        if not gone or not others:
            continue
        copies = model.objects.filter(contribution__in=others, user__in=gone).order_by(
            "created_at", "pk"
        )
        model.objects.bulk_create(
            [
                model(contribution_id=main.pk, user_id=copy.user_id, created_at=copy.created_at)
                for copy in copies
            ],
            ignore_conflicts=True,
        )


def _run(sql: str, model: Any, *, params: dict[str, Any], **parts: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(table=model._meta.db_table, **parts), params)
        return [key for (key,) in cursor.fetchall()] if cursor.description else []
