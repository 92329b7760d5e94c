"""What participatory maps hold about people."""

from django.utils.translation import gettext_lazy as _

from participation.accounts.privacy import Basis, Erasure, PersonalField, holds, impersonal

_RECORD = _("As long as the process is archived")
_ACCOUNT = _("As long as the account exists")
_WHERE = _("Say which place the contribution is about.")
_ASKED = _("Answer the questions of the map.")
_STAFF = _("Say which member of staff decided; known to the administration alone.")

holds(
    "mapping.MapContribution",
    _("What you draw on maps"),
    PersonalField("contribution", _("Contribute to a map."), _RECORD, Erasure.CHOICE),
    PersonalField("geometry", _WHERE, _RECORD, Erasure.CHOICE),
)
impersonal(
    "mapping.MapContribution",
    ["tile_geometry"],
    reason="Made by PostgreSQL from the drawing; it follows it.",
)
holds(
    "mapping.QuestionAnswer",
    _("Your answers to the questions of maps"),
    PersonalField("text", _ASKED, _RECORD, Erasure.CHOICE),
    PersonalField("photo", _ASKED, _RECORD, Erasure.CHOICE),
)
holds(
    "mapping.Trace",
    _("The history of contributions to maps"),
    PersonalField("geometry_before", _WHERE, _RECORD, Erasure.CHOICE, exported=False),
    PersonalField("note", _STAFF, _RECORD, Erasure.CHOICE, Basis.PUBLIC_TASK, exported=False),
    PersonalField("actor", _STAFF, _RECORD, Erasure.DETACHED, Basis.PUBLIC_TASK, exported=False),
    staff=True,
)
_LINK = _("Confirm a contribution sent without an account, answer it, let it be withdrawn.")
holds(
    "mapping.Guest",
    _("Addresses of people who contribute without an account"),
    PersonalField(
        "email",
        _LINK,
        _("Three days when it is not confirmed; else as long as the process is archived"),
        Erasure.DETACHED,
        exported=False,
    ),
)
_FOLLOW = _("Tell you of what is contributed where you asked to be told.")
holds(
    "mapping.AreaAlert",
    _("Your area alerts"),
    PersonalField("user", _FOLLOW, _ACCOUNT, Erasure.DELETED, Basis.CONSENT),
    PersonalField("email", _FOLLOW, _("Until you unsubscribe"), Erasure.DELETED, Basis.CONSENT),
    PersonalField("area", _FOLLOW, _("Until you unsubscribe"), Erasure.DELETED, Basis.CONSENT),
    PersonalField("centre", _FOLLOW, _("Until you unsubscribe"), Erasure.DELETED, Basis.CONSENT),
)
impersonal("mapping.Zone", ["geometry"], reason="Drawn by the authority.")
impersonal("mapping.ParticipatoryMap", ["drawn_perimeter"], reason="Drawn by the authority.")
