"""Files for spreadsheets."""

from participation.agenda.resources.registrations import RegistrationResource

__all__ = ["RegistrationResource"]
