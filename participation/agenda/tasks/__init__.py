"""Effects after commit. They decide nothing; each may run twice without harm.

Each module is imported here, so that the worker knows its tasks.
"""

from participation.agenda.tasks.registration import mail_registration, tell_registered
from participation.agenda.tasks.satisfaction import mail_satisfaction

__all__ = ["mail_registration", "mail_satisfaction", "tell_registered"]
