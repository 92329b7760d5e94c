"""Explain what does not agree; compare drawn ballots with their paper."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.budgets.models import PaperAudit, PaperCheck, PaperExplanation, Poll
from participation.budgets.policies import paper as policies
from participation.budgets.queries.paper import drawn_ballots, paper_balance
from participation.core import audit
from participation.core.verdict import Refused, refuse


@transaction.atomic
def explain_difference(
    *, poll: Poll, note: str, actor: Any, at: datetime.datetime
) -> PaperExplanation:
    """Say why the lots do not hold as many ballots as the roll has marks: it goes in the minutes.

    Raises `Refused`: codes of `policies.may_explain`, `note_missing`.
    """
    verdict = policies.may_explain(poll=poll, user=actor, at=at)
    if not note.strip():
        verdict &= refuse("note_missing", _("Say what happened: the minutes will say it."))
    verdict.or_refuse()
    balance = paper_balance(poll=poll)
    explanation = PaperExplanation.objects.create(
        poll=poll,
        marks=balance.marks,
        ballots=balance.ballots,
        note=note.strip(),
        written_by=actor,
        written_at=at,
    )
    audit.record(
        action="parvis.paper.explain",
        instance=poll.envelope,
        actor=actor,
        marks=balance.marks,
        ballots=balance.ballots,
    )
    return explanation


@transaction.atomic
def draw_audit(
    *, poll: Poll, seed: str, size: int, actor: Any, at: datetime.datetime
) -> PaperAudit:
    """Draw `size` ballots from a seed made in public once all lots are accepted.

    Raises `Refused`: codes of `policies.may_audit_paper`, `seed_missing`, `seed_used`,
    `size_wrong`.
    """
    verdict = policies.may_audit_paper(poll=poll, user=actor)
    named = seed.strip()
    if not named:
        verdict &= refuse("seed_missing", _("Type the seed that was drawn in public."))
    elif PaperAudit.objects.filter(poll=poll, seed=named).exists():
        verdict &= refuse("seed_used", _("An audit was already drawn from this seed."))
    most = paper_balance(poll=poll).ballots
    if not 1 <= size <= most:
        verdict &= refuse("size_wrong", _("Draw between 1 and %(most)s ballots."), most=most)
    verdict.or_refuse()
    drawn = PaperAudit.objects.create(poll=poll, seed=named, size=size, drawn_by=actor, drawn_at=at)
    audit.record(
        action="parvis.paper.audit", instance=poll.envelope, actor=actor, seed=named, size=size
    )
    return drawn


@transaction.atomic
def record_check(
    *, drawn: PaperAudit, code: str, agrees: bool, note: str, actor: Any
) -> PaperCheck:
    """Write down what the comparison of one drawn ballot with its paper found.

    Raises `Refused`: codes of `policies.may_audit_paper`, `not_drawn`, `already_checked`,
    `note_missing`.
    """
    policies.may_audit_paper(poll=drawn.poll, user=actor).or_refuse()
    wanted = {each.ballot.code: each for each in drawn_ballots(audit=drawn)}.get(code)
    if wanted is None:
        raise Refused(refuse("not_drawn", _("This ballot was not drawn.")))
    if wanted.check is not None:
        raise Refused(refuse("already_checked", _("This ballot was already compared.")))
    if not agrees and not note.strip():
        raise Refused(refuse("note_missing", _("Say what differs.")))
    check, made = PaperCheck.objects.get_or_create(
        audit=drawn,
        code=code,
        defaults={"agrees": agrees, "note": note.strip(), "checked_by": actor},
    )
    if not made:
        raise Refused(refuse("already_checked", _("This ballot was already compared.")))
    audit.record(
        action="parvis.paper.check",
        instance=drawn.poll.envelope,
        actor=actor,
        code=code,
        agrees=agrees,
    )
    return check
