"""Questions sent from phones during an event: asked, read by staff, shown on the screen."""

import datetime
import uuid
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import QuestionState
from participation.agenda.models import Event, LiveQuestion
from participation.agenda.policies import may_ask, may_welcome
from participation.core import audit
from participation.core.verdict import Refused, refuse

LONGEST = 500
"""Characters of a question."""
PER_EVENT = 2000
"""Questions that one event keeps: past it a room is not asking, somebody is flooding."""
_MOVES: dict[str, tuple[str, ...]] = {
    QuestionState.PENDING: (QuestionState.SHOWN, QuestionState.DISMISSED),
    QuestionState.SHOWN: (
        QuestionState.ANSWERED,
        QuestionState.PENDING,
        QuestionState.DISMISSED,
    ),
    QuestionState.ANSWERED: (QuestionState.SHOWN,),
    QuestionState.DISMISSED: (QuestionState.PENDING,),
}


@transaction.atomic
def ask(
    *, event: Event, body: str, author_label: str, submission_key: uuid.UUID, at: datetime.datetime
) -> LiveQuestion:
    """Keep a question that nobody sees before it is read; the same key again finds the first.

    Raises `Refused`: those of `may_ask`, `no_question`, `too_long`, `too_many`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('agenda-live'), hashtext(%s))",
            [str(submission_key)],
        )
    known = LiveQuestion.objects.filter(submission_key=submission_key).first()
    if known is not None:
        return known
    may_ask(event=event, at=at).or_refuse()
    body = " ".join(body.split())
    if not body:
        raise Refused(refuse("no_question", _("Write your question.")))
    if len(body) > LONGEST:
        raise Refused(refuse("too_long", _("A question holds 500 characters at most.")))
    if LiveQuestion.objects.filter(event=event).count() >= PER_EVENT:
        raise Refused(refuse("too_many", _("This event takes no more questions.")))
    return LiveQuestion.objects.create(
        event=event,
        body=body,
        author_label=" ".join(author_label.split())[:60],
        submission_key=submission_key,
        asked_at=at,
    )


@transaction.atomic
def sort_question(
    *, question: LiveQuestion, state: str, actor: Any, at: datetime.datetime
) -> LiveQuestion:
    """Show a question, mark it as answered, set it aside or take it back.

    Raises `Refused`: `not_allowed`, `already_so`, `wrong_move` (another agent was faster).
    """
    may_welcome(user=actor).or_refuse()
    row = LiveQuestion.objects.select_for_update(no_key=True).get(pk=question.pk)
    if row.state == state:
        refuse("already_so", _("Somebody has just done it.")).or_refuse()
    if state not in _MOVES[row.state]:
        refuse("wrong_move", _("This is not possible in this state.")).or_refuse()
    row.state, row.moderated_at = state, at
    row.save(update_fields=["state", "moderated_at"])
    audit.record(
        action="parvis.event.question",
        instance=row.event,
        actor=actor,
        question=row.pk,
        state=state,
    )
    return row
