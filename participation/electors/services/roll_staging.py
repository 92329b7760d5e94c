"""A file of the roll beside the roll: compared and applied by sets of rows, not one by one."""
# ruff: noqa: S608 -- statements are made of our own column names alone

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from maps.models import Territory
from participation.electors.choices import IdentityKind
from participation.electors.digests import identity_digest
from participation.electors.models import Electorate
from participation.electors.roll_file import Fault, RollLine, RollReader, district_key

_STAGE = """
    CREATE TEMPORARY TABLE electors_staging (
        roll_key varchar(90) PRIMARY KEY,
        roll_number varchar(40),
        family_name varchar(120),
        usual_name varchar(120),
        given_names varchar(120),
        birth_date date,
        postal_address varchar(300),
        territory_id bigint,
        family_key varchar(120),
        usual_key varchar(120),
        given_key varchar(120),
        civil varchar(64),
        usual_civil varchar(64),
        number_digest varchar(64),
        is_homonym boolean
    ) ON COMMIT DROP
"""
_COPIED = (
    "roll_number",
    "family_name",
    "usual_name",
    "given_names",
    "birth_date",
    "postal_address",
    "territory_id",
    "family_key",
    "usual_key",
    "given_key",
)
_NOW_IS = ", ".join(f"{name} = s.{name}" for name in _COPIED)
_DIFFERS = (
    f"({', '.join(f'e.{name}' for name in _COPIED)}, e.is_on_roll)"
    f" IS DISTINCT FROM ({', '.join(f's.{name}' for name in _COPIED)}, true)"
)
# Whoever came before the roll, and stated the same names and birth date, is that line of the roll.
_ADOPTS = """
    SELECT DISTINCT ON (i.elector_id) i.elector_id, s.roll_key
    FROM electors_staging s
    JOIN electors_electoridentity i
      ON i.electorate_id = %(electorate)s AND i.kind = 'civil'
     AND i.digest IN (s.civil, s.usual_civil)
    JOIN electors_elector e ON e.id = i.elector_id AND e.roll_key = ''
    WHERE NOT s.is_homonym
      AND NOT EXISTS (
          SELECT 1 FROM electors_elector known
          WHERE known.electorate_id = %(electorate)s AND known.roll_key = s.roll_key
      )
    ORDER BY i.elector_id, s.roll_key
"""


@dataclass(frozen=True, slots=True)
class RollChange:
    """What a file changes, or would change. Counts of people; `faults` are its bad lines, of which
    `fault_count` may be more; `homonyms` are pairs of lines with one name and birth date."""

    lines: int
    added: int
    changed: int
    unchanged: int
    gone: int
    faults: tuple[Fault, ...] = ()
    fault_count: int = 0
    homonyms: tuple[tuple[int, int], ...] = ()
    left_out: tuple[str, ...] = field(default=())


def districts_of(electorate: Electorate) -> dict[str, int]:
    """Territories inside the perimeter (or all, without one), by name and by code."""
    territories = Territory.objects.defer("geometry").order_by("pk")
    if electorate.perimeter_id is not None:
        territories = territories.filter(parent_id=electorate.perimeter_id)
    found: dict[str, int] = {}
    for territory in territories:
        for text in (territory.name, territory.short_name, territory.code):
            if text and district_key(text):
                found.setdefault(district_key(text), territory.pk)
    return found


def stage_and_measure(
    electorate: Electorate, content: bytes, is_whole_roll: bool, at: datetime.datetime
) -> RollChange:
    """Put the lines of a file beside the roll and tell what they would change; write nothing.

    Raises `Refused`: those of `RollReader.lines`.
    """
    reader = RollReader(content, districts_of(electorate), timezone.localdate(at))
    _copy(electorate.pk, reader)
    values = {"electorate": electorate.pk}
    with connection.cursor() as cursor:
        # The statistics of the roll may be those of an empty table: nested loops would be taken,
        # whose time grows with the square of the roll.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute("ANALYZE electors_staging")
        cursor.execute(
            f"""
            SELECT
                count(*) FILTER (WHERE e.id IS NULL),
                count(*) FILTER (WHERE e.id IS NOT NULL AND {_DIFFERS}),
                count(*) FILTER (WHERE e.id IS NOT NULL AND NOT {_DIFFERS})
            FROM electors_staging s
            LEFT JOIN (
                SELECT id, roll_key FROM electors_elector
                WHERE electorate_id = %(electorate)s AND roll_key <> ''
                UNION ALL
                SELECT elector_id, roll_key FROM ({_ADOPTS}) AS adopted
            ) AS known ON known.roll_key = s.roll_key
            LEFT JOIN electors_elector e ON e.id = known.id
            """,
            values,
        )
        added, changed, unchanged = cursor.fetchone()
        cursor.execute(_COUNT_GONE, values)
        (gone,) = cursor.fetchone()
    return RollChange(
        lines=reader.read,
        added=added,
        changed=changed,
        unchanged=unchanged,
        gone=gone if is_whole_roll else 0,
        faults=tuple(reader.faults),
        fault_count=reader.fault_count,
        homonyms=tuple(reader.homonyms),
        left_out=reader.left_out,
    )


_GONE = """
    e.electorate_id = %(electorate)s AND e.is_on_roll AND e.roll_key <> ''
    AND NOT EXISTS (SELECT 1 FROM electors_staging s WHERE s.roll_key = e.roll_key)
"""
_STEPS = (
    f"""
    UPDATE electors_elector e SET roll_key = adopted.roll_key
    FROM ({_ADOPTS}) AS adopted WHERE e.id = adopted.elector_id
    """,
    f"""
    UPDATE electors_elector e SET {_NOW_IS}, is_on_roll = true, is_homonym = s.is_homonym
    FROM electors_staging s
    WHERE e.electorate_id = %(electorate)s AND e.roll_key = s.roll_key
      AND ({_DIFFERS} OR e.is_homonym <> s.is_homonym)
    """,
    f"""
    INSERT INTO electors_elector
        (electorate_id, roll_key, {", ".join(_COPIED)}, is_on_roll, is_homonym, ways, link)
    SELECT %(electorate)s, s.roll_key, {", ".join(f"s.{name}" for name in _COPIED)},
           true, s.is_homonym, ARRAY[]::varchar[], ''
    FROM electors_staging s
    WHERE NOT EXISTS (
        SELECT 1 FROM electors_elector e
        WHERE e.electorate_id = %(electorate)s AND e.roll_key = s.roll_key
    )
    """,
    # Names that are no longer theirs recognise nobody; names that two share, neither.
    """
    DELETE FROM electors_electoridentity i
    USING electors_elector e, electors_staging s
    WHERE i.elector_id = e.id AND e.electorate_id = %(electorate)s
      AND e.roll_key = s.roll_key AND i.kind = 'civil'
      AND (s.is_homonym OR i.digest NOT IN (s.civil, s.usual_civil))
    """,
    """
    INSERT INTO electors_electoridentity (elector_id, electorate_id, kind, digest)
    SELECT e.id, e.electorate_id, named.kind, named.digest
    FROM electors_staging s
    JOIN electors_elector e
      ON e.electorate_id = %(electorate)s AND e.roll_key = s.roll_key
    CROSS JOIN LATERAL (VALUES
        ('civil', CASE WHEN s.is_homonym THEN '' ELSE s.civil END),
        ('civil', CASE WHEN s.is_homonym THEN '' ELSE s.usual_civil END),
        ('roll_number', s.number_digest)
    ) AS named (kind, digest)
    WHERE named.digest <> ''
    ON CONFLICT DO NOTHING
    """,
    # Somebody else is known by these names already: to look at again; neither opens by them.
    """
    WITH taken AS (
        SELECT e.id AS mine, i.id AS identity, i.elector_id AS other
        FROM electors_staging s
        JOIN electors_elector e
          ON e.electorate_id = %(electorate)s AND e.roll_key = s.roll_key
        JOIN electors_electoridentity i
          ON i.electorate_id = %(electorate)s AND i.kind = 'civil'
         AND i.digest = s.civil AND i.elector_id <> e.id
        WHERE NOT s.is_homonym AND s.civil <> ''
    ), freed AS (
        DELETE FROM electors_electoridentity i USING taken, electors_elector o
        WHERE i.id = taken.identity AND o.id = taken.other AND o.ways = '{}'
    )
    UPDATE electors_elector e SET is_homonym = true
    FROM taken WHERE e.id IN (taken.mine, taken.other)
    """,
)
_REMOVE_GONE = f"UPDATE electors_elector e SET is_on_roll = false WHERE {_GONE}"
_COUNT_GONE = f"SELECT count(*) FROM electors_elector e WHERE {_GONE}"


def _copy(electorate_id: int, reader: RollReader) -> None:
    columns = (
        *("roll_key", *_COPIED),
        *("civil", "usual_civil", "number_digest", "is_homonym"),
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS electors_staging")
        cursor.execute(_STAGE)
        with cursor.copy(f"COPY electors_staging ({', '.join(columns)}) FROM STDIN") as copy:
            for line in reader.lines():
                copy.write_row(_row(electorate_id, line))
        cursor.execute(
            """
            UPDATE electors_staging s SET is_homonym = true
            FROM (SELECT civil FROM electors_staging WHERE civil <> ''
                  GROUP BY civil HAVING count(*) > 1) AS shared
            WHERE s.civil = shared.civil
            """
        )


def _row(electorate_id: int, line: RollLine) -> tuple[Any, ...]:
    def digest(kind: str, value: str) -> str:
        return identity_digest(electorate_id, kind, value) if value else ""

    return (
        line.key,
        line.number,
        line.family_name,
        line.usual_name,
        line.given_names,
        line.birth_date,
        line.postal_address,
        line.territory_id,
        line.family_key,
        line.usual_key,
        line.given_key,
        digest(IdentityKind.CIVIL, line.fingerprint),
        digest(IdentityKind.CIVIL, line.usual_fingerprint),
        digest(IdentityKind.ROLL_NUMBER, line.number),
        False,
    )


def drop_staging() -> None:
    """Forget the lines before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS electors_staging")


def apply_staging(electorate: Electorate, is_whole_roll: bool) -> None:
    """Make the roll what the staged lines say."""
    steps = [*_STEPS, *([_REMOVE_GONE] if is_whole_roll else [])]
    with connection.cursor() as cursor:
        for step in steps:
            cursor.execute(step, {"electorate": electorate.pk})
        cursor.execute("ANALYZE electors_elector, electors_electoridentity")
        cursor.execute("SET LOCAL enable_nestloop = on")
