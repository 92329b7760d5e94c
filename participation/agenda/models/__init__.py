"""Rows of the citizen agenda."""

from participation.agenda.models.after import (
    EventProposal,
    Minutes,
    Outcome,
    Satisfaction,
    SatisfactionRequest,
)
from participation.agenda.models.day import (
    CheckIn,
    HeadCount,
    HeardContribution,
    LiveQuestion,
    WalkIn,
)
from participation.agenda.models.entry import AgendaEntry
from participation.agenda.models.event import Event, EventMove, Meetings, Series, Venue
from participation.agenda.models.feed import FeedKey
from participation.agenda.models.item import AgendaItem, ItemMove, ItemVersion
from participation.agenda.models.mandate import (
    CitizenAgenda,
    ProcessTheme,
    ReservedPeriod,
    Theme,
)
from participation.agenda.models.organising import (
    BudgetLine,
    EventDocument,
    LogisticsTask,
    ProgrammeEntry,
    Speaker,
    Stop,
)
from participation.agenda.models.registration import (
    Registration,
    RegistrationAnswer,
    RegistrationQuestion,
    Reminder,
    Seating,
)

__all__ = [
    "AgendaEntry",
    "AgendaItem",
    "BudgetLine",
    "CheckIn",
    "CitizenAgenda",
    "Event",
    "EventDocument",
    "EventMove",
    "EventProposal",
    "FeedKey",
    "HeadCount",
    "HeardContribution",
    "ItemMove",
    "ItemVersion",
    "LiveQuestion",
    "LogisticsTask",
    "Meetings",
    "Minutes",
    "Outcome",
    "ProcessTheme",
    "ProgrammeEntry",
    "Registration",
    "RegistrationAnswer",
    "RegistrationQuestion",
    "Reminder",
    "ReservedPeriod",
    "Satisfaction",
    "SatisfactionRequest",
    "Seating",
    "Series",
    "Speaker",
    "Stop",
    "Theme",
    "Venue",
    "WalkIn",
]
