"""Import the roll: what would change, then the change."""

import datetime
import hashlib
import zlib
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from participation.core.audit import record
from participation.core.verdict import Refused, refuse
from participation.electors import policies
from participation.electors.models import (
    Elector,
    Electorate,
    ElectorIdentity,
    RollImport,
    VotingCode,
)
from participation.electors.services.enrolment import civil_proof
from participation.electors.services.roll_staging import (
    RollChange,
    apply_staging,
    drop_staging,
    stage_and_measure,
)


@transaction.atomic
def hold_roll_file(
    *,
    electorate: Electorate,
    name: str,
    content: bytes,
    is_whole_roll: bool,
    actor: Any,
    at: datetime.datetime,
) -> tuple[RollImport, RollChange]:
    """Read a file and tell what it would change; keep it, compressed, until it is confirmed.

    A file with a bad line is not kept: it is corrected and sent again.

    Raises `Refused`: `not_allowed`, `roll_sealed` and those of `RollReader.lines`.
    """
    _may_import(electorate, actor, is_whole_roll)
    change = stage_and_measure(electorate, content, is_whole_roll, at)
    drop_staging()
    RollImport.objects.filter(electorate=electorate, imported_at__isnull=True).delete()
    held = RollImport(
        electorate=electorate,
        file_name=name[:200],
        file_sha256=hashlib.sha256(content).hexdigest(),
        is_whole_roll=is_whole_roll,
        held=zlib.compress(content, 6),
        imported_by=actor,
        sent_at=at,
        lines=change.lines,
    )
    if change.fault_count == 0:
        held.save()
    return held, change


@transaction.atomic
def ask_import(*, held: RollImport, actor: Any, at: datetime.datetime) -> RollImport:
    """Let the worker import a file that is too long for one answer; asked again, it waits anew.

    Raises `Refused`: `not_allowed`, `roll_sealed`, `already_imported`.
    """
    locked = RollImport.objects.select_for_update(of=("self",)).get(pk=held.pk)
    _may_import(locked.electorate, actor, locked.is_whole_roll)
    if locked.imported_at is not None or locked.held is None:
        raise Refused(refuse("already_imported", _("This file was already imported.")))
    locked.asked_at, locked.imported_by, locked.trouble = at, actor, ""
    locked.save(update_fields=["asked_at", "imported_by", "trouble"])
    app.configure_task("electors.import_roll").defer(import_id=locked.pk)
    return locked


def import_asked(*, import_id: int, at: datetime.datetime) -> None:
    """What the worker does: import a file that was asked for, or note why not. Twice is once."""
    held = RollImport.objects.filter(pk=import_id, imported_at=None).first()
    if held is None:
        return
    try:
        import_roll(held=held, actor=held.imported_by, at=at)
    except Refused as refused:
        RollImport.objects.filter(pk=import_id, imported_at=None).update(
            asked_at=None, trouble=str(refused)
        )


@transaction.atomic
def import_roll(*, held: RollImport, actor: Any, at: datetime.datetime) -> RollChange:
    """Write what was shown; the file is read and judged again, since people came meanwhile.

    Raises `Refused`: `not_allowed`, `roll_sealed`, `already_imported`, `lines_wrong`.
    """
    locked = RollImport.objects.select_for_update(of=("self",)).get(pk=held.pk)
    electorate = Electorate.objects.select_related("activity__process").get(pk=locked.electorate_id)
    _may_import(electorate, actor, locked.is_whole_roll)
    if locked.imported_at is not None or locked.held is None:
        raise Refused(refuse("already_imported", _("This file was already imported.")))
    content = zlib.decompress(bytes(locked.held))
    change = stage_and_measure(electorate, content, locked.is_whole_roll, at)
    if change.fault_count:
        raise Refused(refuse("lines_wrong", _("Some lines are wrong now: send the file again.")))
    apply_staging(electorate, locked.is_whole_roll)
    drop_staging()
    locked.held = None
    locked.imported_at = at
    locked.imported_by = actor
    locked.lines, locked.added, locked.changed = change.lines, change.added, change.changed
    locked.unchanged, locked.gone = change.unchanged, change.gone
    locked.homonyms = len(change.homonyms)
    locked.save()
    record(
        action="parvis.roll.import",
        instance=electorate,
        actor=actor,
        file_sha256=locked.file_sha256,
        added=change.added,
        changed=change.changed,
        gone=change.gone,
    )
    return change


def _may_import(electorate: Electorate, actor: Any, is_whole_roll: bool) -> None:
    verdict = policies.may_run_electorates(user=actor)
    if electorate.frozen_at is not None and is_whole_roll:
        verdict &= refuse(
            "roll_sealed",
            _("The vote is sealed: a file may add people to the roll, and take nobody off it."),
        )
    verdict.or_refuse()


@transaction.atomic
def take_off_roll(*, elector: Elector, reason: str, actor: Any, at: datetime.datetime) -> None:
    """Somebody who is on the roll by mistake, or twice. Their codes stop working.

    When they shared names and birth date with one other person alone, that person can be found
    by them again.

    Raises `Refused`: `not_allowed`, `reason_missing`, `not_on_roll`.
    """
    policies.may_run_electorates(user=actor).or_refuse()
    if not reason.strip():
        raise Refused(refuse("reason_missing", _("Say why: the log keeps it.")))
    held = Elector.objects.select_for_update(of=("self",), no_key=True).get(pk=elector.pk)
    if not held.is_on_roll:
        raise Refused(refuse("not_on_roll", _("This person is not on the roll.")))
    held.is_on_roll = False
    held.save(update_fields=["is_on_roll"])
    VotingCode.objects.filter(elector=held, cancelled_at__isnull=True).update(cancelled_at=at)
    if held.is_homonym and held.birth_date is not None:
        _tell_apart(held)
    record(action="parvis.elector.off_roll", instance=held, actor=actor, reason=reason.strip())


def _tell_apart(gone: Elector) -> None:
    others = list(
        Elector.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            electorate=gone.electorate,
            is_on_roll=True,
            is_homonym=True,
            birth_date=gone.birth_date,
            family_key=gone.family_key,
            given_key=gone.given_key,
        )
        .order_by("pk")
    )
    if len(others) != 1 or others[0].birth_date is None:
        return
    (last,) = others
    last.is_homonym = False
    last.save(update_fields=["is_homonym"])
    proof = civil_proof(
        last.electorate,
        family_name=last.family_name,
        given_names=last.given_names,
        birth_date=others[0].birth_date,
    )
    ElectorIdentity.objects.get_or_create(
        electorate=last.electorate,
        kind=proof.kind,
        digest=proof.digest,
        defaults={"elector": last},
    )
