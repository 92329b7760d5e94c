"""Who proposes an event, and who answers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import ProposalState
from participation.agenda.models import EventProposal
from participation.agenda.policies.rights import may_run_events
from participation.core import policies as core_policies
from participation.core.verdict import ALLOWED, Verdict, refuse


def may_propose(*, user: Any) -> Verdict:
    """Propose an event, in the name of an organisation or a group. Code: `sign_in`."""
    if core_policies.known(user):
        return ALLOWED
    return refuse("sign_in", _("Sign in to propose an event."))


def may_correct_proposal(*, proposal: EventProposal, user: Any) -> Verdict:
    """Its proposer changes it when asked to. Codes: `not_yours`, `not_asked`."""
    verdict = ALLOWED
    if not core_policies.known(user) or proposal.proposer_id != user.pk:
        verdict &= refuse("not_yours", _("Only those who proposed this event may change it."))
    if proposal.state != ProposalState.CHANGES:
        verdict &= refuse("not_asked", _("No change was asked for: this proposal stays as it is."))
    return verdict


def may_answer_proposal(*, proposal: EventProposal, user: Any) -> Verdict:
    """Accept, refuse or send back a proposal. Codes: `not_allowed`, `already_answered`."""
    verdict = may_run_events(user=user)
    if proposal.state != ProposalState.RECEIVED:
        verdict &= refuse("already_answered", _("This proposal was already answered."))
    return verdict
