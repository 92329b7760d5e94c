"""A database that was away: the site comes back with it, not long after it."""

import socket
import time

from django.conf import settings
from psycopg_pool import ConnectionPool, PoolTimeout

_AWAY = 8  # seconds: psycopg's own settings would have tried after 7, and would again after 15


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def refused(pool: ConnectionPool) -> None:
    """Ask for a connection as a request does, but for a tenth of a second only."""
    try:
        pool.getconn(timeout=0.1)
    except PoolTimeout:
        return
    raise AssertionError("nothing listens there")


def test_a_database_that_was_away_is_called_as_soon_as_somebody_asks():
    port = free_port()
    address = f"host=127.0.0.1 port={port} dbname=parvis user=parvis"
    options = {**settings.DATABASE_POOL, "min_size": 0}
    with ConnectionPool(address, open=True, **options) as pool:
        began = time.monotonic()
        while time.monotonic() - began < _AWAY:
            refused(pool)
            time.sleep(0.5)
        with socket.create_server(("127.0.0.1", port)) as back:
            back.settimeout(5)  # before that second call
            refused(pool)
            caller, _address = back.accept()
            caller.close()
