"""Reads tables of events (CSV, XLSX), one line at a time."""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import tablib
from django.utils.translation import gettext

from maps import intake
from maps.intake import archives
from participation.agenda.choices import EventKind
from participation.agenda.models import Theme
from participation.agenda.services.imports.lines import (
    ADDRESS,
    BODY,
    COUNCIL,
    MOST_BYTES,
    MOST_EVENTS,
    TITLE,
    USUAL_LENGTH,
    EventPlan,
    Fault,
    FileRefused,
    LineRefused,
    Wish,
    check_length,
    cut,
    decoded,
    instant_of,
    known_as,
    point_at,
    zone_kept,
    zone_named,
)

COLUMNS = {
    "titre": "title",
    "title": "title",
    "debut": "start",
    "start": "start",
    "fin": "end",
    "end": "end",
    "lieu": "place",
    "adresse": "place",
    "place": "place",
    "description": "text",
    "theme": "theme",
    "type": "kind",
    "conseil": "council",
    "identifiant": "uid",
    "uid": "uid",
    "fuseau": "zone",
    "timezone": "zone",
    "latitude": "latitude",
    "longitude": "longitude",
}
"""Names of columns, without case or accents."""
_FORMATS = (
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %Hh%M",
    "%d/%m/%Y",
)
_ACCENTS = str.maketrans("éèêàç", "eeeac")


def read(content: bytes, plan: EventPlan) -> Iterator[list[Wish] | Fault]:
    """One event per line. Raises `FileRefused`: no title or start column, too many lines."""
    was_not_utf8 = False
    if content[:2] == b"PK":
        rows = _sheet(content)
    else:
        text, was_not_utf8 = decoded(content)
        if text.count("\n") > MOST_EVENTS + 1:
            raise _too_many(text.count("\n"))
        rows = _lines(text)
    head = next(rows, None)
    names = [_plain(cell) for cell in head[1]] if head else []
    columns = {COLUMNS[name]: place for place, name in reversed(list(enumerate(names)))
               if name in COLUMNS}  # fmt: skip
    if "title" not in columns or "start" not in columns:
        raise FileRefused(
            gettext("The first line must name the columns; “titre” and “debut” are needed.")
        )
    reader = _Reader(plan, columns)
    for number, cells in rows:
        if number > MOST_EVENTS + 1:
            raise _too_many(number - 1)
        if not any(str(cell or "").strip() for cell in cells):
            continue
        try:
            wish = reader.wish(number, cells)
        except LineRefused as fault:
            yield Fault(number, reader.cell(cells, "title")[:80], str(fault))
            continue
        if was_not_utf8 and not "".join(map(str, cells)).isascii():
            wish.notes.append(gettext("accents read as those of Windows"))
        yield [wish]


def _too_many(count: int) -> FileRefused:
    return FileRefused(
        gettext("This file holds %(count)d events; at most %(limit)d at a time: cut it.")
        % {"count": count, "limit": MOST_EVENTS}
    )


def _lines(text: str) -> Iterator[tuple[int, list[Any]]]:
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as fault:
        raise FileRefused(
            gettext("Line %(line)d can't be read: %(fault)s")
            % {"line": reader.line_num, "fault": fault}
        ) from None


def _sheet(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    try:
        with archives.opened(io.BytesIO(content), MOST_BYTES * 4):
            pass  # a bomb is refused before it is unpacked
        table = tablib.Dataset().load(content, format="xlsx", headers=False)
    except intake.FileRefused as fault:
        raise FileRefused(str(fault)) from None
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, tablib.exceptions.TablibException):
        raise FileRefused(gettext("This is not a readable XLSX file.")) from None
    yield from ((number, list(cells)) for number, cells in enumerate(table, start=1))


def _plain(cell: Any) -> str:
    return str(cell or "").strip().casefold().translate(_ACCENTS)


class _Reader:
    def __init__(self, plan: EventPlan, columns: dict[str, int]) -> None:
        self.plan, self.columns = plan, columns
        self.themes = {each.name.casefold(): each for each in Theme.objects.order_by("pk")}
        self.kinds = {str(label).casefold(): value for value, label in EventKind.choices}
        self.kinds |= {value: value for value in EventKind.values}

    def cell(self, cells: list[Any], name: str) -> str:
        place = self.columns.get(name, len(cells))
        return str(cells[place] if place < len(cells) and cells[place] is not None else "").strip()

    def wish(self, number: int, cells: list[Any]) -> Wish:
        notes: list[str] = []
        title = cut(self.cell(cells, "title"), TITLE, gettext("title"), notes)
        if not title:
            raise LineRefused(gettext("it has no title"))
        zone_name = self.cell(cells, "zone") or self.plan.timezone
        zone = zone_named(zone_name)
        if zone is None:
            raise LineRefused(
                gettext("its time zone “%(zone)s” is unknown") % {"zone": zone_name[:60]}
            )
        starts_at = self.instant(cells, "start", zone, notes)
        if starts_at is None:
            raise LineRefused(gettext("it needs one start"))
        ends_at = self.instant(cells, "end", zone, notes)
        if ends_at is None:
            notes.append(gettext("it has no end: two hours were given to it"))
            ends_at = starts_at + USUAL_LENGTH
        check_length(starts_at, ends_at)
        uid = self.cell(cells, "uid") or f"{title}|{starts_at.isoformat()}"
        return Wish(
            number=number,
            uid=known_as(uid),
            title=title,
            starts_at=starts_at,
            ends_at=ends_at,
            timezone=zone_kept(zone, self.plan, notes),
            body=cut(self.cell(cells, "text"), BODY, gettext("text"), notes),
            address=cut(self.cell(cells, "place"), ADDRESS, gettext("address"), notes),
            council_body=cut(self.cell(cells, "council"), COUNCIL, gettext("council"), notes),
            theme=self.named(self.themes, self.cell(cells, "theme"), gettext("theme")),
            kind=self.named(self.kinds, self.cell(cells, "kind"), gettext("kind")) or "",
            point=self.point(cells),
            notes=notes,
        )

    @staticmethod
    def named(known: dict[str, Any], written: str, what: str) -> Any:
        if not written:
            return None
        if written.casefold() not in known:
            raise LineRefused(
                gettext("its %(what)s “%(written)s” is unknown")
                % {"what": what, "written": written[:60]}
            )
        return known[written.casefold()]

    def instant(
        self, cells: list[Any], name: str, zone: datetime.tzinfo, notes: list[str]
    ) -> datetime.datetime | None:
        written = self.cell(cells, name)
        if not written:
            return None
        moment = _moment(written)
        if moment is None:
            raise LineRefused(
                gettext("“%(written)s” is no date: write 31/12/2027 18:30")
                % {"written": written[:40]}
            )
        if moment.tzinfo is not None:
            return moment.astimezone(datetime.UTC)
        return instant_of(moment, zone, notes)

    def point(self, cells: list[Any]) -> Any:
        written = [self.cell(cells, name).replace(",", ".") for name in ("latitude", "longitude")]
        if not any(written):
            return None
        try:
            latitude, longitude = map(float, written)
        except ValueError:
            raise LineRefused(gettext("its coordinates are no numbers")) from None
        return point_at(latitude, longitude)


def _moment(written: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(written)
    except ValueError:
        pass
    for form in _FORMATS:
        try:
            return datetime.datetime.strptime(written, form)  # noqa: DTZ007 -- the zone comes after
        except ValueError:
            continue
    return None
