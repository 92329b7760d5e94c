"""Reads whose SQL is written once per process and whose plan PostgreSQL keeps.

Making a query anew from its models costs more than PostgreSQL needs to answer it, and planning it
costs the rest: the pages that everybody reads ask theirs this way. What changes from one reading
to the next is a `Given`; everything else is part of the text.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.backends.postgresql.base import Cursor, ServerBindingCursor
from django.db.models import BooleanField, Expression, F, Field, Func, Model, QuerySet
from django.db.models.query import get_related_populators
from psycopg.sql import Literal

M = TypeVar("M", bound=Model)


class Given(Expression):
    """A value that each reading brings by its name: `filter(pk=Given("pk", BigIntegerField()))`."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class Among(Func):
    """Whether a key is one of a `Given` list: one text whatever its length, unlike `__in`."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, key: str, given: Given) -> None:
        super().__init__(F(key), given)


class _PlanKeeper(ServerBindingCursor):
    """Values go apart from the text, which is all that PostgreSQL plans."""

    def _send_query_prepared(self, name: bytes, pgq: Any, *, binary: bool | None = None) -> None:
        self._query = pgq  # psycopg forgets it once prepared, and Django's log of queries asks it
        super()._send_query_prepared(name, pgq, binary=binary)  # type: ignore[misc]  # untyped there


@dataclass(frozen=True, slots=True)
class _Text:
    """The query in SQL, the names of its values in order, and how its rows become objects."""

    database: str
    sql: str
    names: tuple[str, ...]
    model: type[Model]
    columns: slice
    attributes: list[str]
    related: list[Any]
    annotations: dict[str, int]
    converters: list[tuple[int, list[Any], Any]]


class Written(Generic[M]):
    """A query made once by `make`, which depends on nothing but its `Given` values.

    Its rows come in its order (a query without one is refused), with what it selects, defers and
    annotates; `prefetch_related` is not followed. With `planned` false PostgreSQL plans each
    reading: for values on which the right plan depends. With `cut` true each reading brings a
    `limit` (None: all) and an `offset` too.
    """

    def __init__(
        self, make: Callable[[], QuerySet[M]], *, planned: bool = True, cut: bool = False
    ) -> None:
        self._make = make
        self._cut = cut
        self._cursor: Any = _PlanKeeper if planned else Cursor

    def read(self, **values: Any) -> list[M]:
        """The objects, in one query."""
        text = self._text
        connection: Any = connections[text.database]
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        # The wrapper counts and guards this query like any other.
        with connection._prepare_cursor(self._cursor(connection.connection)) as cursor:
            cursor.execute(text.sql, [values[name] for name in text.names])
            rows = cursor.fetchall()
        return [_object(text, row, connection) for row in rows]

    def first(self, **values: Any) -> M | None:
        """The first of them, or None."""
        return next(iter(self.read(**values)), None)

    @cached_property
    def _text(self) -> _Text:
        queryset = self._make()
        if not queryset.ordered:
            raise ValueError("A written query has an order.")
        compiler = queryset.query.get_compiler(using=queryset.db)
        template, params = compiler.as_sql()
        pieces = template.split("%s")
        sql = pieces[0]
        for param, piece in zip(params, pieces[1:], strict=True):
            sql += ("%s" if isinstance(param, Given) else _literal(param)) + piece
        populators: Any = get_related_populators  # its types are those of a later Django
        names = tuple(param.name for param in params if isinstance(param, Given))
        if self._cut:
            sql, names = f"{sql} LIMIT %s OFFSET %s", (*names, "limit", "offset")
        fields = compiler.klass_info["select_fields"]
        columns = slice(fields[0], fields[-1] + 1)
        return _Text(
            database=queryset.db,
            sql=sql,
            names=names,
            model=compiler.klass_info["model"],
            columns=columns,
            attributes=[column[0].target.attname for column in compiler.select[columns]],
            related=populators(compiler.klass_info, compiler.select, queryset.db),
            annotations=dict(compiler.annotation_col_map or {}),
            converters=[
                (position, converters, expression)
                for position, (converters, expression) in compiler.get_converters(
                    [column[0] for column in compiler.select]
                ).items()
            ],
        )


def attach(owner: Model, relation: str, rows: list[Any], model: type[Model]) -> None:
    """Give `owner` the rows of a relation of its own, as `prefetch_related` would have."""
    found: Any = model._default_manager.all()
    found._result_cache = rows
    found._prefetch_done = True
    prefetched = owner.__dict__.setdefault("_prefetched_objects_cache", {})
    prefetched[relation] = found


def _literal(value: Any) -> str:
    """A value that never changes, as SQL: PostgreSQL plans for it."""
    return Literal(value).as_string().replace("%", "%%")


def _object(text: _Text, row: tuple[Any, ...], connection: Any) -> Any:
    """What Django's own iterable makes of a row."""
    values = list(row)
    for position, converters, expression in text.converters:
        for convert in converters:
            values[position] = convert(values[position], expression, connection)
    made = text.model.from_db(text.database, text.attributes, values[text.columns])
    for populator in text.related:
        populator.populate(values, made)
    for name, position in text.annotations.items():
        setattr(made, name, values[position])
    return made
