"""Reads whose SQL is written once per process and whose plan PostgreSQL keeps.

Making a query anew from its models costs more than PostgreSQL needs to answer it, and planning it
costs the rest: the pages that everybody reads ask theirs this way. What changes from one reading
to the next is a `Given`; everything else is part of the text.
"""

from collections import namedtuple
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.backends.postgresql.base import Cursor, ServerBindingCursor
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Expression,
    F,
    Field,
    Func,
    Model,
    QuerySet,
)
from django.db.models.query import get_related_populators
from psycopg.sql import Literal

R = TypeVar("R")
K = TypeVar("K", bound=Hashable)


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
    """The query in SQL, its values in order (a `Given`, or what it always is), and how its rows
    become what is read: `made` from the row's values and the database's name."""

    database: str
    sql: str
    values: tuple[Any, ...]
    made: Callable[[list[Any], str], Any]
    converted: list[tuple[int, Any]]


class Written(Generic[R]):
    """A query made once by `make`, which depends on nothing but its `Given` values.

    Its rows come in its order (a query without one is refused), with what it selects, defers and
    annotates; `prefetch_related` is not followed. Those of `values_list(…, named=True)` are named
    tuples. With `planned` false PostgreSQL plans each reading: for values on which the right plan
    depends. With `cut` true each reading brings a `limit` (None: all) and an `offset` too.
    """

    def __init__(
        self, make: Callable[[], QuerySet[Any, R]], *, planned: bool = True, cut: bool = False
    ) -> None:
        self._make = make
        self._cut = cut
        self._planned = planned

    def read(self, **values: Any) -> list[R]:
        """The objects, in one query."""
        text = self._text
        connection: Any = connections[text.database]
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        cursor_class: Any = _PlanKeeper if self._planned else Cursor
        # The wrapper counts and guards this query like any other.
        with connection._prepare_cursor(cursor_class(connection.connection)) as cursor:
            cursor.execute(
                text.sql,
                [values[each.name] if isinstance(each, Given) else each for each in text.values],
            )
            rows = cursor.fetchall()
        converters = _converters(text, connection)
        return [text.made(_converted(row, converters, connection), text.database) for row in rows]

    def first(self, **values: Any) -> R | None:
        """The first of them, or None."""
        return next(iter(self.read(**values)), None)

    @cached_property
    def _text(self) -> _Text:
        queryset = self._make()
        if not queryset.ordered:
            raise ValueError("A written query has an order.")
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
        if self._planned:
            sql, params = _with_literals(sql, params)
        if self._cut:
            sql += " LIMIT %s OFFSET %s"
            params = (*params, _LIMIT, _OFFSET)
        return _Text(
            database=queryset.db,
            sql=sql,
            values=tuple(params),
            made=_modelled(queryset, compiler) if _fields(queryset) is None else _named(queryset),
            converted=[
                (position, expression)
                for position, (_converters, expression) in compiler.get_converters(
                    [column[0] for column in compiler.select]
                ).items()
            ],
        )


class WrittenFor(Generic[K, R]):
    """A query that also depends on what `make` is told, which is hashable: written once for each,
    and the `most` asked last are kept. PostgreSQL plans each reading."""

    def __init__(
        self, make: Callable[[K], QuerySet[Any, R]], *, cut: bool = False, most: int = 64
    ) -> None:
        def written(told: K) -> Written[R]:
            return Written(lambda: make(told), planned=False, cut=cut)

        self._written = lru_cache(maxsize=most)(written)

    def read(self, told: K, **values: Any) -> list[R]:
        """The objects, in one query."""
        return self._written(told).read(**values)


def attach(owner: Model, relation: str, rows: list[Any], model: type[Model]) -> None:
    """Give `owner` the rows of a relation of its own, as `prefetch_related` would have."""
    found: Any = model._default_manager.all()
    found._result_cache = rows
    found._prefetch_done = True
    prefetched = owner.__dict__.setdefault("_prefetched_objects_cache", {})
    prefetched[relation] = found


_LIMIT, _OFFSET = (Given(name, BigIntegerField()) for name in ("limit", "offset"))


def _with_literals(template: str, params: tuple[Any, ...]) -> tuple[str, tuple[Given, ...]]:
    """The text with what never changes written in it: PostgreSQL plans for that."""
    pieces = template.split("%s")
    sql = pieces[0]
    for param, piece in zip(params, pieces[1:], strict=True):
        sql += ("%s" if isinstance(param, Given) else _literal(param)) + piece
    return sql, tuple(param for param in params if isinstance(param, Given))


def _literal(value: Any) -> str:
    return Literal(value).as_string().replace("%", "%%")


def _converters(text: _Text, connection: Any) -> list[tuple[int, list[Any], Any]]:
    """What turns columns into Python's values, for this reading alone: that of a geometry holds a
    reader of GEOS, which is the thread's own, and two threads at once would mix their geometries.
    """
    return [
        (
            position,
            [
                *connection.ops.get_db_converters(expression),
                *expression.get_db_converters(connection),
            ],
            expression,
        )
        for position, expression in text.converted
    ]


def _converted(
    row: tuple[Any, ...], converters: list[tuple[int, list[Any], Any]], connection: Any
) -> list[Any]:
    values = list(row)
    for position, converts, expression in converters:
        for convert in converts:
            values[position] = convert(values[position], expression, connection)
    return values


def _fields(queryset: Any) -> tuple[str, ...] | None:
    """What `values_list` named, or None for objects."""
    return queryset._fields


def _named(queryset: Any) -> Callable[[list[Any], str], Any]:
    """Rows as the named tuples of `values_list(…, named=True)`."""
    made: Any = namedtuple("Row", [*queryset._fields])  # type: ignore[misc]  # fields of the query
    return lambda values, _database: made._make(values)


def _modelled(queryset: Any, compiler: Any) -> Callable[[list[Any], str], Any]:
    """Rows as the objects that Django's own iterable makes of them."""
    fields = compiler.klass_info["select_fields"]
    columns = slice(fields[0], fields[-1] + 1)
    model: type[Model] = compiler.klass_info["model"]
    attributes = [column[0].target.attname for column in compiler.select[columns]]
    populators: Any = get_related_populators  # its types are those of a later Django
    related = populators(compiler.klass_info, compiler.select, queryset.db)
    annotations = dict(compiler.annotation_col_map or {})

    def made(values: list[Any], database: str) -> Any:
        one = model.from_db(database, attributes, values[columns])
        for populator in related:
            populator.populate(values, one)
        for name, position in annotations.items():
            setattr(one, name, values[position])
        return one

    return made
