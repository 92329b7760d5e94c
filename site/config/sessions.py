"""Sessions kept in PostgreSQL, read by a query that is written once.

Every request of somebody who is known reads one: making Django's query anew takes longer than
PostgreSQL needs to answer it.
"""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connections, router

_READ = """
    SELECT session_data, expire_date FROM django_session
    WHERE session_key = %s AND expire_date > clock_timestamp()
"""


class SessionStore(db.SessionStore):
    """Django's own, but for how a session is read."""

    def _get_session_from_db(self) -> Session | None:
        if self.session_key is None:
            return None
        with connections[router.db_for_read(Session)].cursor() as cursor:
            cursor.execute(_READ, [self.session_key])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return None
        data, expires = row
        return Session(session_key=self.session_key, session_data=data, expire_date=expires)
