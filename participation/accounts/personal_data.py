"""What accounts hold about people."""

from django.utils.translation import gettext_lazy as _

from participation.accounts.privacy import Basis, Erasure, PersonalField, holds

_ACCOUNT = _("As long as you use the account, and two years after your last sign-in at most")
_EMPTIED = Erasure.EMPTIED


def _profile(name: str, purpose: object, *, basis: Basis = Basis.PUBLIC_TASK) -> PersonalField:
    return PersonalField(name, purpose, _ACCOUNT, _EMPTIED, basis)


holds(
    "accounts.User",
    _("Your account"),
    _profile("email", _("Sign in, receive receipts and answers. Never shown.")),
    PersonalField(
        "password",
        _("Sign in. Only a fingerprint is kept, from which it cannot be read."),
        _ACCOUNT,
        _EMPTIED,
        exported=False,
    ),
    _profile("public_name", _("Sign what you publish.")),
    _profile(
        "first_name", _("Let the staff who answer you address you by name."), basis=Basis.CONSENT
    ),
    _profile(
        "last_name", _("Let the staff who answer you address you by name."), basis=Basis.CONSENT
    ),
    _profile("birth_date", _("Check the minimum age of a process. Never shown.")),
    _profile("home_territory", _("Check that a process for residents is yours. Never shown.")),
    _profile("language", _("Write to you in your language.")),
    _profile("wants_mail", _("Respect your choice about notifications."), basis=Basis.CONSENT),
    _profile("last_login", _("Detect intrusions.")),
    _profile("date_joined", _("Date the start of the account.")),
    _profile(
        "sessions_ended_at", _("Keep closed what was open when your second factor was removed.")
    ),
    _profile("terms_accepted_at", _("Prove that the terms were accepted.")),
    PersonalField(
        "groups", _("Give staff their rights."), _ACCOUNT, Erasure.DELETED, exported=False
    ),
    PersonalField(
        "user_permissions", _("Give staff their rights."), _ACCOUNT, Erasure.DELETED, exported=False
    ),
)

holds(
    "accounts.DataExport",
    _("Archives of your data"),
    PersonalField(
        "user",
        _("Give the archive to its owner alone."),
        _("Seven days"),
        Erasure.DELETED,
        exported=False,
    ),
    PersonalField(
        "archive",
        _("Give you a copy of your data."),
        _("Seven days"),
        Erasure.DELETED,
        exported=False,
    ),
)
