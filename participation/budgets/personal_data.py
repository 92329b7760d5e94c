"""What participatory budgets hold about people."""

from django.utils.translation import gettext_lazy as _

from participation.accounts.privacy import Basis, Erasure, PersonalField, holds, impersonal

_RECORD = _("As long as the process is archived")
_STAFF = _("Say which member of staff decided; known to the administration alone.")

holds(
    "budgets.Idea",
    _("Your ideas"),
    PersonalField("contribution", _("Submit an idea to a budget."), _RECORD, Erasure.CHOICE),
    PersonalField(
        "estimated_cost_cents", _("Say what you think the idea costs."), _RECORD, Erasure.DETACHED
    ),
)

_ROLL = _("Guarantee one ballot per person, and let you change yours until the close.")
holds(
    "budgets.VoterRecord",
    _("The roll of votes"),
    PersonalField("voter", _ROLL, _RECORD, Erasure.DETACHED),
    PersonalField("voted_on", _ROLL, _RECORD, Erasure.DETACHED),
    PersonalField(
        "deposit_code",
        _("Let you check that your ballot is in the box."),
        _RECORD,
        Erasure.DETACHED,
    ),
    PersonalField("desk", _ROLL, _RECORD, Erasure.DETACHED),
    PersonalField(
        "sealed_ballot",
        _("Keep your ballot unread until the close; emptied when the box opens."),
        _("Until the box opens"),
        Erasure.DETACHED,
        exported=False,
    ),
)

holds(
    "budgets.SetAsideEnvelope",
    _("Envelopes set aside"),
    PersonalField(
        "sealed_ballot",
        _("Keep the ballot of a voter who did not confirm, unread, while it can be challenged."),
        _("Until the keys are destroyed"),
        Erasure.DETACHED,
        exported=False,
    ),
)
holds(
    "budgets.IdeaDecision",
    _("Decisions on ideas"),
    PersonalField(
        "decided_by", _STAFF, _RECORD, Erasure.DETACHED, Basis.PUBLIC_TASK, exported=False
    ),
    PersonalField(
        "reason",
        _("Give you the reasons of a decision."),
        _RECORD,
        Erasure.DETACHED,
        exported=False,
    ),
    staff=True,
)

holds(
    "budgets.DeliveryUpdate",
    _("News of deliveries"),
    PersonalField("created_by", _STAFF, _RECORD, Erasure.DETACHED, exported=False),
    staff=True,
)
impersonal(
    "budgets.DeliveryUpdate",
    ["body", "image"],
    reason="The authority's published news of a work site.",
)
_BOARD = _("Say who holds the secrets that open the box; printed in the minutes.")
holds(
    "budgets.BoardMember",
    _("Members of voting boards"),
    PersonalField("name", _BOARD, _RECORD, Erasure.DETACHED, Basis.PUBLIC_TASK, exported=False),
    PersonalField("email", _BOARD, _RECORD, Erasure.DETACHED, Basis.PUBLIC_TASK, exported=False),
    staff=True,
)
holds(
    "budgets.Board",
    _("Observers of votes"),
    PersonalField(
        "observers",
        _("Send them the signed head of the journal."),
        _RECORD,
        Erasure.DETACHED,
        Basis.PUBLIC_TASK,
        exported=False,
    ),
    staff=True,
)
holds(
    "budgets.OfficialRecord",
    _("Minutes of votes"),
    PersonalField("body", _BOARD, _RECORD, Erasure.DETACHED, Basis.PUBLIC_TASK, exported=False),
    staff=True,
)
impersonal("budgets.Tally", ["voters"], reason="A number of people, nobody in particular.")
impersonal(
    "budgets.Revision",
    ["voters", "reason"],
    reason="A number of people; why a judgment makes ballots count, published, naming nobody.",
)
impersonal(
    "budgets.Project", ["address"], reason="The place of a project that the authority studied."
)

_DESK = _("Know who held a desk or keyed a ballot, should the vote be challenged.")

holds(
    "budgets.PollingDesk",
    _("Agents of polling desks"),
    PersonalField("agents", _DESK, _RECORD, Erasure.DETACHED, exported=False),
    staff=True,
)
holds(
    "budgets.KioskCode",
    _("Codes of shared devices"),
    PersonalField(
        "elector",
        _("Let you vote on the device of a polling desk after an agent recognised you."),
        _("Five minutes, or until the code is used"),
        Erasure.DETACHED,
        exported=False,
    ),
)
for _model, _label, _names in (
    ("PaperLot", _("Lots of paper ballots"), ("first_keyer", "second_keyer")),
    ("PaperEntry", _("Keyed ballots"), ("keyed_by",)),
    ("PaperArbitration", _("Arbitrations of ballots"), ("decided_by",)),
    ("PaperExplanation", _("Explanations of differences"), ("written_by",)),
    ("PaperAudit", _("Audits of paper ballots"), ("drawn_by",)),
    ("PaperCheck", _("Compared ballots"), ("checked_by",)),
):
    holds(
        f"budgets.{_model}",
        _label,
        *(PersonalField(name, _DESK, _RECORD, Erasure.DETACHED, exported=False) for name in _names),
        staff=True,
    )
for _model in ("PaperArbitration", "PaperExplanation", "PaperCheck"):
    impersonal(f"budgets.{_model}", ["note"], reason="What was seen on a ballot or in an urn.")
