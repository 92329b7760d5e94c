"""Mails about who may vote. They decide nothing; each may run twice without harm."""

from email.utils import formatdate

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext, override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from participation.core import mails
from participation.core.services import notify
from participation.core.tasks import message_id
from participation.electors import networks
from participation.electors.choices import MatchState
from participation.electors.models import MatchRequest, NetworkDecision

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="electors.deliver_match", queue="mail", retry=_RETRY)
def deliver_match(match_id: int) -> None:
    """Tell somebody what an agent decided; nothing when they left no address."""
    match = (
        MatchRequest.objects.select_related("electorate__activity")
        .exclude(state=MatchState.PENDING)
        .filter(pk=match_id)
        .first()
    )
    if match is None or not match.email:
        return
    subject, body, path = _words(match)
    EmailMessage(
        subject=subject,
        body=mails.letter(body, name="", language=match.language, path=path),
        to=[match.email],
        headers={
            "Message-ID": message_id("match", match.pk),
            "Date": formatdate(),
            "Auto-Submitted": "auto-generated",
        },
    ).send()


@app.task(name="electors.tell_held", queue="mail", retry=_RETRY)
def tell_held(decision_id: int) -> None:
    """Ask the people of a held network who have an account to confirm, once each."""
    decision = NetworkDecision.objects.select_related("electorate__activity").get(pk=decision_id)
    held = networks.held_electors(electorate_id=decision.electorate_id)
    accounts = held.filter(network_mark__mark=decision.mark, account__isnull=False)
    people = get_user_model().objects.filter(pk__in=accounts.values("account"), is_active=True)
    activity = decision.electorate.activity
    for person in people.order_by("pk").iterator(chunk_size=500):
        with override(person.language):
            notify(
                recipient=person,
                kind="vote-to-confirm",
                key=f"{activity.pk}",
                subject=gettext("Please confirm your vote: %(vote)s") % {"vote": activity.title},
                body=networks.how_to_confirm(decision.electorate),
                path=reverse("electors:entry", args=[activity.slug]),
                at=decision.decided_at,
                essential=True,
            )


def _words(match: MatchRequest) -> tuple[str, str, str]:
    activity = match.electorate.activity
    with override(match.language):
        if match.state == MatchState.ACCEPTED:
            body = gettext(
                "We have recognised you for “%(vote)s”. Come back by the same way as the first "
                "time: you will go straight to the ballot."
            ) % {"vote": activity.title}
            return gettext("You may vote"), body, reverse("electors:entry", args=[activity.slug])
        body = gettext(
            "We could not register you for “%(vote)s”. The agent’s reason: %(reason)s"
        ) % {"vote": activity.title, "reason": match.reason}
        advice = gettext("You may come to a desk with your papers, or write to us.")
        return gettext("About your registration in the vote"), f"{body}\n\n{advice}", ""
