"""Give the running site's role its rights, and no more: after each migration."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

from config.rights import APP_ROLE, APPEND_ONLY, NOT_THE_SITES

_KINDS = ("r", "p", "v", "m")
_OURS = """
    SELECT class.relname FROM pg_class AS class
    JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
    LEFT JOIN pg_depend AS extension
           ON extension.objid = class.oid AND extension.deptype = 'e'
    WHERE namespace.nspname = 'public' AND class.relkind = ANY(%s) AND extension.objid IS NULL
    ORDER BY class.relname
"""


class Command(BaseCommand):
    help = (
        f"Give the role {APP_ROLE} its rights on this database. Run it as the owner of the tables, "
        "after each migration; safe to run again. The role is made if it may be."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--if-possible",
            action="store_true",
            help="say so and go on when the role is missing and cannot be made",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not self._has_role():
            message = (
                f"Le rôle {APP_ROLE} n’existe pas et ce compte ne peut pas le créer : le site "
                f"tournera avec tous les droits du propriétaire. Pour y remédier, en "
                f"superutilisateur : CREATE ROLE {APP_ROLE} LOGIN PASSWORD '…';"
            )
            if options["if_possible"]:
                self.stderr.write(message)
                return
            raise CommandError(message)
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in _statements(cursor):
                cursor.execute(statement)

    def _has_role(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
            if cursor.fetchone():
                return True
            cursor.execute(
                "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"
            )
            (may_create,) = cursor.fetchone()
            if may_create:
                cursor.execute(
                    sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APP_ROLE)).as_string()
                )
            return bool(may_create)


def _statements(cursor: Any) -> list[str]:
    """From no right at all to the rights of today, in order."""
    role = sql.Identifier(APP_ROLE)
    cursor.execute(_OURS, [list(_KINDS)])
    tables = [name for (name,) in cursor.fetchall()]
    found = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role),
    ]
    for table in tables:
        rights = "SELECT, INSERT, UPDATE, DELETE"
        if table in NOT_THE_SITES:
            rights = "SELECT"
        elif table in APPEND_ONLY:
            rights = "SELECT, INSERT"
        found.append(sql.SQL("REVOKE ALL ON {} FROM {}").format(sql.Identifier(table), role))
        found.append(
            sql.SQL("GRANT " + rights + " ON {} TO {}").format(sql.Identifier(table), role)
        )
        if columns := APPEND_ONLY.get(table):
            found.append(
                sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(
                    sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table), role
                )
            )
    return [statement.as_string() for statement in found]
