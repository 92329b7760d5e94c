"""Official answers: they add up, none is rewritten."""

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.core import audit, mails, policies, registry
from participation.core.choices import AnswerStatus
from participation.core.models import Contribution, Directorate, OfficialAnswer
from participation.core.services.notifications import notify, notify_followers
from participation.core.verdict import ALLOWED, Verdict, refuse


def _complete(status: str, body: str) -> Verdict:
    verdict = ALLOWED
    if status not in AnswerStatus.values:
        verdict &= refuse("status_unknown", _("Choose the status of the answer."))
    if not body:
        verdict &= refuse("body_missing", _("Write the answer."))
    return verdict


@transaction.atomic
def answer_officially(
    *,
    contribution: Contribution,
    status: str,
    body: str,
    directorate: Directorate | None,
    actor: Any,
    at: datetime.datetime,
) -> OfficialAnswer:
    """Publish the authority's answer; its author and followers are told.

    Sending the same form twice gives the same answer: the last one, when it says the same.
    """
    text = body.replace("\r\n", "\n").strip()
    (policies.may_answer(user=actor) & _complete(status, text)).or_refuse()
    contribution = (
        Contribution.objects.select_for_update(of=("self",), no_key=True)
        .select_related("activity__process", "author")
        .get(pk=contribution.pk)
    )
    last = contribution.answers.order_by("-answered_at", "-pk").first()
    if last is not None and (last.status, last.body) == (status, text):
        return last
    answer = OfficialAnswer.objects.create(
        contribution=contribution,
        status=status,
        body=text,
        directorate=directorate,
        answered_by=actor,
        answered_at=at,
    )
    audit.record(
        action="parvis.contribution.answer", instance=contribution, actor=actor, status=status
    )
    path = registry.contribution_path(contribution)
    author = contribution.author
    if author is not None:
        subject, message = mails.render("answer_received", language=author.language, answer=answer)
        notify(
            recipient=author,
            kind="answer",
            key=f"answer-{answer.pk}",
            subject=subject,
            body=message,
            path=path,
            at=at,
            contribution=contribution,
            essential=True,
        )
    subject, message = mails.render(
        "answer_followed", language=settings.LANGUAGE_CODE, answer=answer
    )
    notify_followers(
        subject=contribution,
        kind="answer",
        key=f"answer-{answer.pk}",
        subject_line=subject,
        body=message,
        path=path,
        at=at,
        exclude=[author] if author is not None else (),
    )
    return answer
