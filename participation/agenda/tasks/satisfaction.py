"""The mail that asks people what they thought."""

from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from participation.agenda import links
from participation.agenda.models import SatisfactionRequest
from participation.core import mails
from participation.core.tasks import message_id, send

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="agenda.mail_satisfaction", queue="mail", retry=_RETRY)
def mail_satisfaction(registration_id: int) -> None:
    """Mail the link of the form to somebody who came."""
    request = (
        SatisfactionRequest.objects.select_related("registration__event")
        .filter(registration=registration_id, answered=False)
        .first()
    )
    if request is None or not request.registration.name:  # forgotten
        return
    row = request.registration
    if not row.email:
        return  # registered by telephone
    subject, body = mails.render("agenda_satisfaction", language=row.language, event=row.event)
    path = reverse("agenda:satisfaction", args=[links.signed(row.pk, links.SATISFACTION)])
    send(
        to=row.email,
        subject=subject,
        body=mails.letter(body, name=row.name, language=row.language, path=path),
        identity=message_id("agenda-satisfaction", row.pk),
    )
