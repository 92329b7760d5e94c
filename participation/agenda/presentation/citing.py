"""A meeting as a page cites it: when, where, how many came, what was decided, what is written."""

from dataclasses import dataclass

from participation.agenda.models import Event, EventDocument, Minutes, Outcome
from participation.agenda.presentation.dates import moment_words
from participation.agenda.queries.citing import is_citable
from participation.agenda.queries.events import parts_of


@dataclass(frozen=True, slots=True)
class Citation:
    """`people` is 0 when nobody counted."""

    event: Event
    minutes: Minutes
    when: str
    people: int
    outcomes: list[Outcome]
    documents: list[EventDocument]


def citation(event: Event | None) -> Citation | None:
    """What everybody may read of a row of `with_follow_up`; None while its minutes, or the
    meeting itself, are not public."""
    if event is None or not is_citable(event):
        return None
    return Citation(
        event=event,
        minutes=event.minutes,
        when=moment_words(event.starts_at, event.ends_at, event.timezone),
        people=getattr(event, "people", 0),
        outcomes=list(event.outcomes.all()),
        documents=parts_of(event).documents,
    )
