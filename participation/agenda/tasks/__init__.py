"""Effects after commit. They decide nothing; each may run twice without harm.

Each module is imported here, so that the worker knows its tasks.
"""

from participation.agenda.tasks.satisfaction import mail_satisfaction

__all__ = ["mail_satisfaction"]
