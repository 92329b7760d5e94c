"""What the electorates hold about people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from participation.accounts.privacy import Erasure, PersonalField, holds, impersonal

_NAMES = _("Some months after the results, 24 at most: the settings of the vote say how many")
_RECORD = _("As long as the process is archived")
_ROLL = _("Guarantee one ballot per person, whatever the way by which they come.")
_LETTER = _("Send you the code that lets you vote.")
_LOOK = _("Let an agent recognise you when the roll did not find you at once.")
_CROWD = _("Let an officer see a crowd of false accounts, without keeping an address.")
_OPENING = _("Until the box is opened")
_STAFF = _("Say which member of staff decided; known to the administration alone.")


def _field(
    name: str, purpose: Any, retention: Any = _NAMES, *, exported: bool = True
) -> PersonalField:
    return PersonalField(name, purpose, retention, Erasure.DETACHED, exported=exported)


holds(
    "electors.Elector",
    _("The roll of electors"),
    _field("account", _ROLL, _RECORD),
    *(
        _field(name, _ROLL)
        for name in (
            "family_name",
            "usual_name",
            "given_names",
            "birth_date",
            "territory",
            "link",
            "ways",
            "roll_number",
        )
    ),
    _field("postal_address", _LETTER),
    *(
        _field(name, _ROLL, exported=False)
        for name in ("family_key", "usual_key", "given_key", "roll_key")
    ),
)
holds(
    "electors.ElectorIdentity",
    _("What an elector was recognised by"),
    _field("digest", _ROLL, _RECORD, exported=False),
)
holds(
    "electors.Attestation",
    _("Your statements on your honour"),
    *(
        _field(name, _ROLL)
        for name in ("family_name", "given_names", "birth_date", "link", "territory", "words")
    ),
)
holds(
    "electors.MatchRequest",
    _("Your requests to be recognised"),
    _field("account", _LOOK, _RECORD),
    *(
        _field(name, _LOOK)
        for name in ("family_name", "given_names", "birth_date", "email", "reason")
    ),
    _field("decided_by", _STAFF, _RECORD, exported=False),
)
holds(
    "electors.TextCode",
    _("Codes sent by text message"),
    _field("phone_digest", _ROLL, _("One day"), exported=False),
)
holds(
    "electors.NetworkMark",
    _("The network from which you came, as a digest"),
    _field("mark", _CROWD, _OPENING, exported=False),
)
holds(
    "electors.NetworkDecision",
    _("Decisions on networks"),
    _field("decided_by", _STAFF, _RECORD, exported=False),
    staff=True,
)
holds(
    "electors.LetterBatch",
    _("Batches of letters"),
    _field("made_by", _STAFF, _RECORD, exported=False),
    staff=True,
)
holds(
    "electors.RollImport",
    _("Imports of the roll"),
    _field("imported_by", _STAFF, _RECORD, exported=False),
    _field("held", _ROLL, _("One day"), exported=False),
    staff=True,
)
impersonal(
    "electors.NetworkDecision",
    ["reason"],
    reason="Why an officer decided on a whole group: it names nobody.",
)
impersonal(
    "electors.RollImport", ["trouble"], reason="A sentence of the site about a file, not a person."
)
