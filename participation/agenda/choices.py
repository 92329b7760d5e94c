"""Closed vocabularies of the citizen agenda (domain R11, R13)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Certainty(models.TextChoices):
    """How sure it is that something takes place. The public reads from `ANNOUNCED` on.

    `MOVED` was announced, and its date changed since: the former one stays visible.
    """

    IDEA = "idea", pgettext_lazy("certainty", "Idea")
    PROPOSED = "proposed", pgettext_lazy("certainty", "Proposed")
    VALIDATED = "validated", pgettext_lazy("certainty", "Validated")
    ANNOUNCED = "announced", pgettext_lazy("certainty", "Announced")
    IN_PROGRESS = "in_progress", pgettext_lazy("certainty", "In progress")
    DONE = "done", pgettext_lazy("certainty", "Done")
    MOVED = "moved", pgettext_lazy("certainty", "Moved")
    DROPPED = "dropped", pgettext_lazy("certainty", "Dropped")


PRIVATE = (Certainty.IDEA, Certainty.PROPOSED, Certainty.VALIDATED)
"""What only the administration and its elected officials see."""


class Precision(models.TextChoices):
    """How finely a window is known: its bounds are then those of that season, month or day."""

    YEAR = "year", pgettext_lazy("precision of a date", "Year")
    SEASON = "season", pgettext_lazy("precision of a date", "Season")
    MONTH = "month", pgettext_lazy("precision of a date", "Month")
    DAY = "day", pgettext_lazy("precision of a date", "Days")


class ItemKind(models.TextChoices):
    """What an officer announces."""

    CONSULTATION = "consultation", _("Consultation")
    BUDGET = "budget", _("Participatory budget")
    SURVEY = "survey", _("Survey")
    MEETINGS = "meetings", _("Meetings")
    COUNCIL = "council", _("Council")
    RESTITUTION = "restitution", _("Restitution")
    OTHER = "other", pgettext_lazy("kind of agenda item", "Other")


class EventKind(models.TextChoices):
    PUBLIC_MEETING = "public_meeting", _("Public meeting")
    WORKSHOP = "workshop", _("Workshop")
    NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood meeting")
    VISIT = "visit", _("Neighbourhood visit")
    MAYOR = "mayor", _("Exchange with the mayor")
    PLENARY = "plenary", _("Council plenary")
    WORKING_GROUP = "working_group", _("Working group")
    OTHER = "other", pgettext_lazy("kind of event", "Other")


class Attendance(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("In person and online")


class EventState(models.TextChoices):
    """Registration, and "full", follow from dates and seats; they are no states."""

    DRAFT = "draft", pgettext_lazy("state of an event", "Draft")
    SCHEDULED = "scheduled", pgettext_lazy("state of an event", "Scheduled")
    POSTPONED = "postponed", pgettext_lazy("state of an event", "Postponed")
    CANCELLED = "cancelled", pgettext_lazy("state of an event", "Cancelled")
    HELD = "held", pgettext_lazy("state of an event", "Held")


class Scope(models.TextChoices):
    """Which dates of a series a change is for."""

    ONE = "one", _("This date only")
    FOLLOWING = "following", _("This date and the following ones")
    ALL = "all", _("All the dates to come")


class RegistrationState(models.TextChoices):
    """`UNCONFIRMED` waits for a mail's link, without a seat; `OFFERED` holds one for a time."""

    UNCONFIRMED = "unconfirmed", pgettext_lazy("registration", "Address to confirm")
    CONFIRMED = "confirmed", pgettext_lazy("registration", "Registered")
    WAITING = "waiting", pgettext_lazy("registration", "On the waiting list")
    OFFERED = "offered", pgettext_lazy("registration", "A seat is offered")
    CANCELLED = "cancelled", pgettext_lazy("registration", "Cancelled")
    LAPSED = "lapsed", pgettext_lazy("registration", "Offer lapsed")


SEATED = (RegistrationState.CONFIRMED, RegistrationState.OFFERED)
"""States that hold seats."""
LIVE = (*SEATED, RegistrationState.UNCONFIRMED, RegistrationState.WAITING)
"""One registration of these states per address and event."""


class QuestionKind(models.TextChoices):
    TEXT = "text", _("Text")
    CHOICE = "choice", _("Choice")
    YES_NO = "yes_no", _("Yes or no")


class DocumentKind(models.TextChoices):
    DOCUMENT = "document", _("Document")
    PRESENTATION = "presentation", _("Presentation")
    PHOTO = "photo", _("Photo")


class QuestionState(models.TextChoices):
    """Where a question asked from the room is."""

    PENDING = "pending", pgettext_lazy("live question", "To read")
    SHOWN = "shown", pgettext_lazy("live question", "On the screen")
    ANSWERED = "answered", pgettext_lazy("live question", "Answered")
    DISMISSED = "dismissed", pgettext_lazy("live question", "Set aside")


class MinutesState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("minutes", "Draft")
    APPROVED = "approved", pgettext_lazy("minutes", "Approved")
    PUBLISHED = "published", pgettext_lazy("minutes", "Published")


class OutcomeKind(models.TextChoices):
    DECISION = "decision", _("Decision")
    ACTION = "action", _("Action")


class ProposalState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("proposed event", "Received")
    CHANGES = "changes", pgettext_lazy("proposed event", "Changes asked for")
    ACCEPTED = "accepted", pgettext_lazy("proposed event", "Accepted")
    REFUSED = "refused", pgettext_lazy("proposed event", "Refused")


class SchoolZone(models.TextChoices):
    """Zones of the French school calendar (Code de l'éducation D521-2)."""

    A = "A", _("Zone A")
    B = "B", _("Zone B")
    C = "C", _("Zone C")
    CORSE = "corse", _("Corsica")
    GUADELOUPE = "guadeloupe", "Guadeloupe"
    GUYANE = "guyane", "Guyane"
    MARTINIQUE = "martinique", "Martinique"
    MAYOTTE = "mayotte", "Mayotte"
    REUNION = "reunion", "La Réunion"


class TimeZone(models.TextChoices):
    """Time zones of French authorities; the values are those of the IANA database."""

    PARIS = "Europe/Paris", _("Metropolitan France")
    REUNION = "Indian/Reunion", "La Réunion"
    MAYOTTE = "Indian/Mayotte", "Mayotte"
    GUADELOUPE = "America/Guadeloupe", "Guadeloupe"
    MARTINIQUE = "America/Martinique", "Martinique"
    GUYANE = "America/Cayenne", "Guyane"
