"""Send a text message, by the provider that the settings name.

`TEXT_MESSAGES` is empty (none is sent), `mailbox` (a mail to `number@sms.invalid`, which the
mailbox of the demonstration shows) or `http`: a JSON object is posted to `TEXT_MESSAGE_URL` with
`TEXT_MESSAGE_TOKEN` as its bearer, its fields named by `TEXT_MESSAGE_FIELDS`.
"""

import requests
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext

_TIMEOUT = (3, 8)  # seconds to connect, then to answer


class NotSent(Exception):
    """The provider did not take the message."""


def is_configured() -> bool:
    """Whether this site can send text messages."""
    return settings.TEXT_MESSAGES in ("mailbox", "http")


def send(*, number: str, text: str) -> None:
    """Send `text` to a number in E.164 form. Raises `NotSent`; the text is never logged."""
    if settings.TEXT_MESSAGES == "mailbox":
        subject = gettext("Text message to %(number)s") % {"number": number}
        EmailMessage(subject=subject, body=text, to=[f"{number}@sms.invalid"]).send()
    elif settings.TEXT_MESSAGES == "http":
        _post(number, text)
    else:
        raise NotSent


def _post(number: str, text: str) -> None:
    names = settings.TEXT_MESSAGE_FIELDS
    values = {
        names["to"]: number,
        names["text"]: text,
        names["from"]: settings.TEXT_MESSAGE_SENDER,
    }
    try:
        answer = requests.post(
            settings.TEXT_MESSAGE_URL,
            json=values,
            headers={"Authorization": f"Bearer {settings.TEXT_MESSAGE_TOKEN}"},
            timeout=_TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise NotSent from error
    if not 200 <= answer.status_code < 300:
        raise NotSent
