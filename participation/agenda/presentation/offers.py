"""What an event offers so that everybody can take part."""

from django.utils.translation import gettext

from participation.agenda.models import Event


def offers(row: Event) -> list[str]:
    """Each in words, as its page and its poster say it."""
    wheelchair = row.wheelchair or (row.venue is not None and row.venue.wheelchair)
    offered = (
        (wheelchair, gettext("Accessible by wheelchair")),
        (row.sign_language, gettext("French sign language interpreter")),
        (row.captions, gettext("Live captions")),
        (row.child_care, gettext("Child care during the event")),
    )
    return [words for is_offered, words in offered if is_offered]
