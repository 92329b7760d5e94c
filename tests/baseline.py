"""What migrations put into the database, kept aside and put back after a test that truncated it.

Django's transactional tests empty every table, the site's root page and locales included. The
rows are copied once into a schema of their own inside the test database, which is reused.
"""

from django.db import connection, transaction

_KEPT_BY_DJANGO = ("django_migrations", "spatial_ref_sys")
# Django empties the tables that it manages only: a job would wait in the tests that follow.
_LEFT_BY_DJANGO = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs")


def keep() -> None:
    """Copy the rows that migrations made; or, in a reused database, put them back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'baseline'")
        if cursor.fetchone():
            restore()
            return
        tables = [
            table
            for table in connection.introspection.django_table_names(only_existing=True)
            if table not in _KEPT_BY_DJANGO
        ]
        with transaction.atomic():
            cursor.execute("CREATE SCHEMA baseline")
            for table in tables:
                cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')  # noqa: S608 -- our own table names
                if cursor.fetchone()[0]:
                    cursor.execute(f'CREATE TABLE baseline."{table}" AS TABLE public."{table}"')


def restore() -> None:
    """Bring every table with kept rows back to exactly these rows, and forget what jobs wait."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _LEFT_BY_DJANGO:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- names of the list above
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'baseline'")
        tables = [table for (table,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f'DELETE FROM public."{table}"')  # noqa: S608 -- our own table names
        for table in tables:
            # Foreign keys are checked at the end of the transaction: the order does not matter.
            cursor.execute(
                f'INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE TABLE baseline."{table}"'
            )
