"""What the electorates hold about people."""

from django.utils.translation import gettext_lazy as _

from participation.accounts.privacy import Erasure, PersonalField, holds

_RECORD = _("As long as the process is archived")
_ROLL = _("Guarantee one ballot per person, whatever the way by which they come.")

holds(
    "electors.Elector",
    _("The roll of electors"),
    *(
        PersonalField(name, _ROLL, _RECORD, Erasure.DETACHED)
        for name in ("account", "family_name", "given_names", "birth_date", "territory")
    ),
)
holds(
    "electors.ElectorIdentity",
    _("What an elector was recognised by"),
    PersonalField("digest", _ROLL, _RECORD, Erasure.DETACHED, exported=False),
)
