"""What the spine holds about people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from participation.accounts.privacy import Basis, Erasure, PersonalField, holds, impersonal

_RECORD = _("As long as the process is archived")
_ACCOUNT = _("As long as the account exists")
_AUTHOR = _("Tell who speaks, answer them, let them change or withdraw their text.")


def _texts(*names: str, purpose: Any) -> tuple[PersonalField, ...]:
    return tuple(PersonalField(name, purpose, _RECORD, Erasure.CHOICE) for name in names)


def _detached(name: str, purpose: Any, *, exported: bool = True) -> PersonalField:
    return PersonalField(name, purpose, _RECORD, Erasure.DETACHED, exported=exported)


holds(
    "core.Contribution",
    _("What you submit"),
    _detached("author", _AUTHOR),
    *_texts("title", "body", purpose=_("Take part in the debate.")),
    *_texts(
        "address", "point", "territory", purpose=_("Say which place the contribution is about.")
    ),
    _detached(
        "author_label",
        _("Name the author of a contribution collected on paper or in a meeting."),
        exported=False,
    ),
)
impersonal(
    "core.Contribution",
    ["search"],
    reason="Made by PostgreSQL from the title and the body; it follows them.",
)

holds(
    "core.Attachment",
    _("Files that you join"),
    *_texts("file", "title", "alt", purpose=_("Illustrate and document a contribution.")),
)

holds(
    "core.Comment",
    _("Your comments"),
    _detached("author", _AUTHOR),
    *_texts("body", purpose=_("Take part in the debate.")),
)

holds(
    "core.Support",
    _("Your supports"),
    _detached("user", _("Count each person's support once.")),
)

holds(
    "core.Follow",
    _("What you follow"),
    PersonalField("user", _("Tell you about what happens there."), _ACCOUNT, Erasure.DELETED),
)

holds(
    "core.Notification",
    _("Your notifications"),
    PersonalField("recipient", _("Tell you what concerns you."), _ACCOUNT, Erasure.DELETED),
    PersonalField("subject", _("Tell you what concerns you."), _ACCOUNT, Erasure.DELETED),
    PersonalField("body", _("Tell you what concerns you."), _ACCOUNT, Erasure.DELETED),
    PersonalField(
        "path", _("Lead you to the page concerned."), _ACCOUNT, Erasure.DELETED, exported=False
    ),
)

holds(
    "core.Report",
    _("Your reports"),
    PersonalField(
        "reporter",
        _("Acknowledge a report and tell what was decided (DSA art. 16)."),
        _RECORD,
        Erasure.DETACHED,
        Basis.LEGAL_DUTY,
    ),
    *(
        PersonalField(
            name,
            _("Acknowledge a report and tell what was decided (DSA art. 16)."),
            _RECORD,
            Erasure.EMPTIED,
            Basis.LEGAL_DUTY,
        )
        for name in ("reporter_name", "reporter_email")
    ),
    PersonalField(
        "explanation",
        _("Examine the report."),
        _RECORD,
        Erasure.DETACHED,
        Basis.LEGAL_DUTY,
    ),
)

_STAFF = _("Say which member of staff decided; known to the administration alone.")
holds(
    "core.ModerationDecision",
    _("Decisions of moderation"),
    PersonalField(
        "decided_by", _STAFF, _RECORD, Erasure.DETACHED, Basis.LEGAL_DUTY, exported=False
    ),
    PersonalField(
        "statement",
        _("Give you the reasons of a restriction (DSA art. 17)."),
        _RECORD,
        Erasure.DETACHED,
        Basis.LEGAL_DUTY,
        exported=False,
    ),
    staff=True,
)

holds(
    "core.OfficialAnswer",
    _("Official answers"),
    _detached("answered_by", _STAFF, exported=False),
    staff=True,
)
impersonal(
    "core.OfficialAnswer", ["body"], reason="The authority's published words, not a person's."
)
impersonal(
    "core.Directorate",
    ["name", "email"],
    reason="A department and its shared mailbox.",
)
impersonal(
    "core.Process",
    ["contact_name", "contact_email", "summary", "terms", "cancellation_reason", "title"],
    reason="The published contact and texts of the authority (CRPA L131-1).",
)
