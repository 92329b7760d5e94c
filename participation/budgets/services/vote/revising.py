"""After a judgment, open what was set aside, count again, publish the result in force."""

import datetime
import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext_lazy, override
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import JournalKind, VoidReason
from participation.budgets.models import (
    AddedBallot,
    Ballot,
    Board,
    Poll,
    Revision,
    SetAsideEnvelope,
    VoidBallot,
)
from participation.budgets.policies.board import may_revise
from participation.budgets.services.vote.boards import open_key
from participation.budgets.services.vote.counting import CountError, recount, write_results
from participation.budgets.services.vote.journal import append, sign_head
from participation.budgets.services.vote.minutes import write_revision_record
from participation.budgets.services.vote.publication import publish_revision
from participation.budgets.services.vote.unsealing import unseal_all
from participation.core import audit
from participation.core.queries import database_now
from participation.core.services import notify_followers
from participation.core.verdict import Refused, refuse
from participation.methods.proof import SMALLEST_CELL
from participation.methods.tally import METHOD_VERSION

_BATCH = 2000


@transaction.atomic
def revise_count(
    *,
    poll: Poll,
    secrets: Sequence[str],
    reference: str,
    reason: str,
    accepts_small_group: bool = False,
    actor: Any,
    at: datetime.datetime,
) -> Revision:
    """Open all that was set aside with two secrets of the board, count again, publish. Or nothing.

    The first count and its files stay; the new ones are in force. The envelopes are read by their
    digests, their ballots written by their codes, and the envelopes go in the same transaction.
    Both versions being public, so is what the group chose as a whole: with fewer than
    `SMALLEST_CELL` envelopes, `accepts_small_group` says that this was weighed.

    Raises `Refused`: codes of `policies.board.may_revise` and of `boards.open_key`;
    `judgment_missing`, `small_group` with `count`.
    """
    reference, reason = reference.strip(), reason.strip()
    # In the order of the destruction of the keys: one of the two waits for the other.
    board = Board.objects.select_for_update(of=("self",), no_key=True).get(polls=poll)
    locked = (
        Poll.objects.select_for_update(of=("self",))
        .select_related("tally", "envelope__budget__activity__process__perimeter")
        .get(pk=poll.pk)
    )
    locked.board = board
    may_revise(poll=locked, user=actor, at=database_now()).or_refuse()
    if not reference or not reason:
        raise Refused(
            refuse("judgment_missing", _("Give the judgment and the reason: they are published."))
        )
    key = open_key(board=board, secrets=secrets)
    envelopes = [bytes(one.sealed_ballot) for one in SetAsideEnvelope.objects.filter(poll=locked)]
    if len(envelopes) < SMALLEST_CELL and not accepts_small_group:
        raise Refused(_small_group(len(envelopes)))
    opened, void = unseal_all(
        poll=locked,
        key=key.private,
        envelopes=envelopes,
        taken=set(Ballot.objects.filter(poll=locked).values_list("code", flat=True)),
    )
    AddedBallot.objects.bulk_create(
        [
            AddedBallot(
                poll=locked,
                code=ballot.code,
                choices=list(ballot.choices),
                points=None if ballot.points is None else list(ballot.points),
            )
            for ballot in opened
        ],
        batch_size=_BATCH,
    )
    SetAsideEnvelope.objects.filter(poll=locked).delete()
    revision = _counted(locked, len(envelopes), void, reference, reason, at)
    append(poll=locked, kind=JournalKind.RECOUNT, payload=revision.input_sha256)
    sign_head(poll=locked, day=timezone.localdate(at))
    locked.revision = revision
    write_revision_record(
        poll=locked, opened=len(envelopes), members=key.members, actor=actor, at=at
    )
    publish_revision(poll=locked, actor=actor, at=at)
    audit.record(
        action="parvis.poll.revise",
        instance=locked.envelope,
        actor=actor,
        reference=reference,
        reason=reason,
        opened=len(envelopes),
        input_sha256=revision.input_sha256,
    )
    _tell(locked, at)
    return revision


def _counted(
    poll: Poll,
    envelopes: int,
    void: Sequence[tuple[str, str]],
    reference: str,
    reason: str,
    at: datetime.datetime,
) -> Revision:
    """Count the whole box, check the totals against the first count, write the revision."""
    before = poll.tally
    aside = VoidBallot.objects.filter(poll=poll, reason=VoidReason.SET_ASIDE).count()
    result, has_points = recount(poll=poll, with_added=True)
    if aside != envelopes or result.voters != before.ballots + envelopes - len(void):
        raise CountError(
            f"{aside} envelopes were set aside and {envelopes} opened; {result.voters} ballots"
            f" where {before.ballots} were, {len(void)} void"
        )
    write_results(poll=poll, result=result, has_points=has_points)
    return Revision.objects.create(
        poll=poll,
        reference=reference,
        reason=reason,
        void_ballots=[[code, str(why)] for code, why in void],
        result=json.loads(result.to_json()),
        voters=before.voters,
        ballots=result.voters,
        blank=result.blank,
        void=before.void - envelopes + len(void),
        gap=before.gap,
        gap_explanation=before.gap_explanation,
        spent_cents=result.spent,
        input_sha256=result.input_sha256,
        method_version=METHOD_VERSION,
        counted_at=at,
    )


def _small_group(envelopes: int) -> Any:
    return refuse(
        "small_group",
        ngettext_lazy(
            "Only %(count)s envelope was set aside: its ballot would be known to whoever compares "
            "the two results. Say that you have weighed it.",
            "Only %(count)s envelopes were set aside: what this small group chose would be known "
            "to whoever compares the two results. Say that you have weighed it.",
            envelopes,
        ),
        count=envelopes,
    )


def _tell(poll: Poll, at: datetime.datetime) -> None:
    activity = poll.envelope.budget.activity
    with override(settings.LANGUAGE_CODE):
        notify_followers(
            subject=activity,
            kind="results-revised",
            key=f"{poll.pk}",
            subject_line=gettext("%(budget)s: a result is revised after a judgment")
            % {"budget": activity.title},
            body=gettext(
                "Ballots that had been set aside in the vote “%(envelope)s” are now counted. See "
                "the result in force and the former one."
            )
            % {"envelope": poll.envelope.name},
            path=reverse("budgets:results", args=[activity.slug]),
            at=at,
        )
