"""What the citizen agenda holds about people."""

from django.utils.translation import gettext_lazy as _

from participation.accounts.privacy import Basis, Erasure, PersonalField, holds, impersonal

_SOME_MONTHS = _("Some months after the event: twelve unless the authority chose otherwise")
_RECORD = _("As long as the process is archived")
_ACCOUNT = _("As long as the account exists")
_SEAT = _("Keep your seat at an event, and tell you when it changes.")
_WELCOME = _("Welcome you as you need.")
_PROPOSE = _("Study the event that you propose, and answer you.")
_STAFF = _("Say which member of staff decided; known to the administration alone.")

holds(
    "agenda.Registration",
    _("Your registrations to events"),
    PersonalField("user", _SEAT, _SOME_MONTHS, Erasure.EMPTIED),
    PersonalField("name", _SEAT, _SOME_MONTHS, Erasure.EMPTIED),
    PersonalField("email", _SEAT, _SOME_MONTHS, Erasure.EMPTIED),
    PersonalField("guardian", _WELCOME, _SOME_MONTHS, Erasure.EMPTIED),
    PersonalField("closed_reason", _SEAT, _SOME_MONTHS, Erasure.EMPTIED),
    PersonalField("needs", _WELCOME, _SOME_MONTHS, Erasure.EMPTIED, Basis.CONSENT),
)
holds(
    "agenda.RegistrationAnswer",
    _("Your answers at registration"),
    PersonalField("text", _WELCOME, _SOME_MONTHS, Erasure.DELETED),
)
holds(
    "agenda.EventProposal",
    _("Events that you propose"),
    PersonalField("proposer", _PROPOSE, _RECORD, Erasure.DETACHED),
    *(
        PersonalField(name, _PROPOSE, _RECORD, Erasure.EMPTIED)
        for name in ("organisation", "body", "wished_dates", "place", "answer")
    ),
)
holds(
    "agenda.FeedKey",
    _("The private address of your agenda"),
    PersonalField(
        "user", _("Show your agenda in your calendar."), _ACCOUNT, Erasure.DELETED, Basis.CONSENT
    ),
)
holds(
    "agenda.LiveQuestion",
    _("Questions asked in the room"),
    PersonalField(
        "author_label",
        _("Say who asks, when they wish."),
        _RECORD,
        Erasure.DETACHED,
        exported=False,
    ),
)
holds(
    "agenda.WalkIn",
    _("People who came without registering"),
    PersonalField("name", _WELCOME, _SOME_MONTHS, Erasure.EMPTIED, exported=False),
)
for _model, _label, _name in (
    ("EventMove", _("Moved events"), "moved_by"),
    ("ItemMove", _("Moved announcements"), "moved_by"),
    ("ItemVersion", _("Versions of announcements"), "saved_by"),
    ("AgendaItem", _("Announcements"), "endorsed_by"),
    ("HeadCount", _("Head counts"), "counted_by"),
    ("CheckIn", _("Arrivals at events"), "noted_by"),
    ("WalkIn", _("Arrivals without registration"), "noted_by"),
    ("Minutes", _("Minutes of events"), "approved_by"),
):
    holds(
        f"agenda.{_model}",
        _label,
        PersonalField(_name, _STAFF, _RECORD, Erasure.DETACHED, exported=False),
        staff=True,
    )
impersonal("agenda.Venue", ["address"], reason="A room of the authority.")
impersonal("agenda.Event", ["address"], reason="Where a public event takes place.")
for _model, _names in (
    ("EventMove", ["reason"]),
    ("ItemMove", ["reason"]),
    ("AgendaItem", ["summary", "drop_reason"]),
    ("Minutes", ["body", "correction"]),
):
    impersonal(f"agenda.{_model}", _names, reason="Published words of the authority.")
