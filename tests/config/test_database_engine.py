"""A database that went away and came back: none of the connections that the pool kept is alive."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from config.database.base import DatabaseWrapper

KEPT = 8


@pytest.fixture
def own(transactional_db: None) -> Iterator[Any]:
    """The site's database, through a pool of the test's own."""
    pool = {"min_size": KEPT, "max_size": KEPT, "timeout": 10}
    options = {**connection.settings_dict["OPTIONS"], "pool": pool}
    wrapper = DatabaseWrapper({**connection.settings_dict, "OPTIONS": options}, alias="own")
    connections["own"] = wrapper  # those who listen to new connections look for it there
    yield wrapper
    wrapper.close()
    wrapper.close_pool()
    del connections["own"]


def kept(own: Any) -> list[int]:
    """Server processes of the connections that the pool keeps, once the site has served."""
    own.ensure_connection()
    own.close()
    own.pool.wait()
    taken = [own.pool.getconn() for _place in range(KEPT)]
    for each in taken:
        own.pool.putconn(each)
    return [each.info.backend_pid for each in taken]


def end(processes: list[int]) -> None:
    """What a restart of PostgreSQL does to them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [processes])
        assert all(ended for (ended,) in cursor.fetchall())


def test_the_first_request_after_a_restart_is_served_at_once(own: Any):
    dead = kept(own)
    end(dead)

    # psycopg's own check would search for ten seconds, then raise an error.
    with own.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()

    assert process not in dead


def test_a_connection_that_lives_is_kept(own: Any):
    alive = kept(own)
    with own.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] in alive
