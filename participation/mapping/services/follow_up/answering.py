"""The authority's answer, and the state that follows it."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.core import audit
from participation.core import policies as core_policies
from participation.core.choices import Visibility
from participation.core.models import Directorate, OfficialAnswer
from participation.core.services import answer_officially
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.mapping import policies
from participation.mapping.choices import TraceKind, WishState
from participation.mapping.models import MapContribution, Trace
from participation.mapping.services.contributions import locked
from participation.mapping.services.effects import recount_cells_later
from participation.mapping.services.follow_up.telling import tell_author


@transaction.atomic
def answer(
    *,
    contribution: MapContribution,
    status: str,
    body: str,
    directorate: Directorate | None,
    actor: Any,
    at: datetime.datetime,
) -> OfficialAnswer:
    """Publish the authority's answer; `status` becomes its state; author and followers are told.

    The same answer again, or twice at once, is one answer. Codes: `not_allowed`, `not_answerer`,
    `not_public`, `joined`, `status_unknown`, `reason_missing`, `body_missing`.
    """
    row = locked(contribution)
    verdict = policies.may_follow_up(user=actor) & core_policies.may_answer(user=actor)
    (verdict & _answerable(row) & _complete(status, body)).or_refuse()
    spine = row.contribution
    last = spine.answers.order_by("-answered_at", "-pk").first()
    given = answer_officially(
        contribution=spine,
        status=status,
        body=body,
        directorate=directorate,
        actor=actor,
        at=at,
    )
    if last is not None and given.pk == last.pk:
        return given
    before, row.state = row.state, status
    row.save(update_fields=["state"])
    Trace.objects.create(
        contribution=row,
        kind=TraceKind.ANSWERED,
        state_before=before,
        state_after=status,
        actor=actor,
        happened_at=at,
    )
    audit.record(
        action="parvis.map.state", instance=spine, actor=actor, before=before, after=str(status)
    )
    if before != status:
        recount_cells_later(row.map_id)
    _tell_guests(row, given, at)
    return given


def _answerable(row: MapContribution) -> Verdict:
    if row.merged_into_id is not None:
        return refuse(
            "joined", _("It is joined to another contribution: answer the latter instead.")
        )
    if row.contribution.visibility != Visibility.PUBLISHED:
        return refuse("not_public", _("This contribution is not published: moderate it first."))
    return ALLOWED


def _complete(status: str, body: str) -> Verdict:
    if status not in WishState.values:
        return refuse("status_unknown", _("Choose the status of the answer."))
    if status == WishState.NOT_RETAINED and not body.strip():
        return refuse("reason_missing", _("Say why it is not retained: the reason is public."))
    return ALLOWED


def _tell_guests(row: MapContribution, given: OfficialAnswer, at: datetime.datetime) -> None:
    """Members are told by the spine; those without an account, here, joined contributions too."""
    joined = row.merged.filter(contribution__author__isnull=True)
    guests = [row] if row.contribution.author_id is None else []
    guests += list(joined.select_related("contribution__activity").order_by("pk"))

    for guest in guests:

        def words(guest: MapContribution = guest) -> tuple[str, str]:
            subject = gettext("Your contribution “%(title)s” has an answer") % {
                "title": guest.contribution.title
            }
            state = WishState(row.state).label
            return subject, gettext("Answer: %(state)s.\n\n%(body)s") % {
                "state": state,
                "body": given.body,
            }

        tell_author(guest, kind="map-answer", key=f"{given.pk}", words=words, at=at)
