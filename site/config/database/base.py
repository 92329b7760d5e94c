"""PostGIS through a pool that never makes a request try dead connections one after the other."""

from typing import Any

from django.contrib.gis.db.backends.postgis import base
from psycopg import OperationalError
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Checks each connection that it takes from the pool.

    One that is dead says that its database went away: all the others are as old, hence dead too,
    and all are replaced at once. psycopg's own check, which is Django's `CONN_HEALTH_CHECKS`, tries
    them in turn with pauses that double: five of them cost a request its ten seconds, then an
    error, and left the others to the next request.
    """

    def get_new_connection(self, conn_params: Any) -> Any:
        connection = super().get_new_connection(conn_params)
        if self.pool and not _answers(connection):
            self.pool.putconn(connection)
            self.pool.drain()
            connection = super().get_new_connection(conn_params)
        return connection


def _answers(connection: Any) -> bool:
    try:
        ConnectionPool.check_connection(connection)
    except OperationalError:
        return False
    return True
