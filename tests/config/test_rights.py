"""The running site's role, really connected: it adds to journals and ballots, and no more."""

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config.rights import APP_ROLE, APPEND_ONLY
from participation.budgets.services.vote import cast_ballot, close_poll, mark_paper, open_box
from tests.factories.accounts import make_user
from tests.factories.budgets import (
    elector_of,
    make_officer,
    make_poll,
    move_to,
    secrets_of,
)
from tests.participation.budgets.committed import really_committed


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with really_committed(django_db_blocker):
        call_command("grant_rights")
        yield


def as_the_site() -> psycopg.Connection:
    """A new connection of the site's own role to the test database."""
    settings = connection.settings_dict
    try:
        return psycopg.connect(
            host=settings["HOST"],
            port=settings["PORT"] or None,
            dbname=settings["NAME"],
            user=APP_ROLE,
            autocommit=True,
        )
    except psycopg.OperationalError:
        if settings["HOST"].startswith("/"):
            raise
        pytest.skip(f"{APP_ROLE} cannot connect to a PostgreSQL of the user's own without password")


@pytest.fixture
def as_the_role(committed: None) -> Iterator[None]:
    """The test's own connection is the site's, until its rows are cleaned up."""
    as_the_site().close()
    owner = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = APP_ROLE
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = owner


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_site_adds_to_a_table_of_record_and_changes_nothing_there(table, verb):
    with as_the_site() as site, site.cursor() as cursor:
        columns = [
            name
            for (name,) in cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
            ).fetchall()
            if name not in APPEND_ONLY[table]
        ]
        statements = {
            "UPDATE": [f"UPDATE {table} SET {name} = {name}" for name in columns],  # noqa: S608 -- the catalogue's own names
            "DELETE": [f"DELETE FROM {table}"],  # noqa: S608 -- names of the list
            "TRUNCATE": [f"TRUNCATE {table} CASCADE"],
        }[verb]
        assert statements
        for statement in statements:
            # Switching the triggers off does not help: the right itself is missing.
            cursor.execute("SET pgtrigger.ignore = '{}'")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                cursor.execute(statement)


@pytest.mark.usefixtures("committed")
def test_the_site_empties_no_table_and_owns_nothing():
    with as_the_site() as site:
        tables = site.execute(
            "SELECT relname, has_table_privilege(oid, 'TRUNCATE'), relowner = current_user::regrole"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        assert len(tables) > 50
        assert [name for name, may_empty, owns in tables if may_empty or owns] == []
        for statement in (
            "CREATE TABLE mine (id int)",
            "DROP TRIGGER pgtrigger_journal_append_only ON budgets_journalentry",
            "ALTER TABLE budgets_ballot DISABLE TRIGGER ALL",
            "UPDATE django_migrations SET name = name",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(psycopg.Error):
                site.execute(statement)


@pytest.mark.django_db
def test_every_table_that_a_trigger_keeps_is_kept_by_rights_too():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname LIKE 'pgtrigger%%append_only%%'"
            " AND tgqual IS NULL AND tgtype & 24 = 24"  # for both updates and deletes
        )
        kept = {table for (table,) in cursor.fetchall()}
    assert "budgets_journalentry" in kept
    assert kept <= set(APPEND_ONLY)


@pytest.mark.usefixtures("as_the_role")
def test_a_whole_vote_runs_as_the_sites_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APP_ROLE,)
    poll = make_poll()
    key = poll.envelope.projects.order_by("reference")[0].pk
    officer = make_officer()
    for _ in range(3):
        cast_ballot(
            poll=poll,
            voter=elector_of(poll, make_user()),
            choices=[key],
            cast_key=uuid.uuid4(),
        )
    mark_paper(
        poll=poll,
        voter=elector_of(poll, make_user()),
        desk_label="Mairie",
        actor=officer,
        at=timezone.now(),
    )
    move_to(poll.envelope.budget, "follow")
    close_poll(poll=poll, actor=officer, at=timezone.now())
    tally = open_box(
        poll=poll,
        secrets=secrets_of(poll)[:2],
        gap_explanation="Une personne est repartie avec son bulletin.",
        actor=officer,
        at=timezone.now(),
    )
    assert (tally.voters, tally.ballots, tally.gap) == (4, 3, 1)
