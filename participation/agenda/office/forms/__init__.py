"""Forms of the back office of events. They gather what a service needs; the service judges it."""

from participation.agenda.office.forms.events import (
    CopyForm,
    EventForm,
    MoveForm,
    ReasonForm,
    VenueForm,
)
from participation.agenda.office.forms.parts import (
    BudgetLineForm,
    DocumentForm,
    LogisticsForm,
    ProgrammeForm,
    QuestionForm,
    SeatingForm,
    SpeakerForm,
    StopForm,
)

__all__ = [
    "BudgetLineForm",
    "CopyForm",
    "DocumentForm",
    "EventForm",
    "LogisticsForm",
    "MoveForm",
    "ProgrammeForm",
    "QuestionForm",
    "ReasonForm",
    "SeatingForm",
    "SpeakerForm",
    "StopForm",
    "VenueForm",
]
