"""Files for spreadsheets."""

from participation.agenda.resources.registrations import (
    REGISTRATION_HEADINGS,
    RegistrationResource,
)

__all__ = ["REGISTRATION_HEADINGS", "RegistrationResource"]
