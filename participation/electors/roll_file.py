"""Read the file of a roll as town halls have them: CSV or XLSX, read line by line.

Headings are understood whatever their case and accents. What the vote does not need is left in
the file (data minimisation).
"""

import codecs
import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from participation.core.verdict import Refused, refuse
from participation.electors.names import (
    civil_fingerprint,
    first_given_name,
    plain_name,
)

MAX_BYTES = 60 * 1024 * 1024
MAX_LINES = 400_000
_MAX_UNPACKED = 600 * 1024 * 1024
FAULTS_KEPT = 500

COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("numero", "n", "no", "numero electeur", "numero d electeur", "identifiant"),
    "family_name": ("nom de naissance", "nom naissance", "nom de famille", "nom"),
    "usual_name": ("nom d usage", "nom usage", "nom marital", "nom d epouse"),
    "given_names": ("prenom", "prenoms", "prenom s"),
    "birth_date": ("date de naissance", "date naissance", "naissance", "ne e le", "ne le"),
    "district": ("quartier", "secteur", "district"),
    "address_1": ("adresse", "adresse 1", "voie"),
    "address_2": ("complement", "complement d adresse", "adresse 2"),
    "postal_code": ("code postal", "cp"),
    "town": ("ville", "commune"),
    "fingerprint": ("empreinte",),
}
"""What is read, and the headings (in normal form) under which it is found, the surest first."""
EXAMPLE_HEADINGS = (
    "numéro",
    "nom",
    "nom d’usage",
    "prénoms",
    "date de naissance",
    "quartier",
    "adresse",
    "complément",
    "code postal",
    "ville",
)
_LONGEST = {"number": 40, "family_name": 120, "usual_name": 120, "given_names": 120}
_DATE = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$")
_FINGERPRINT = re.compile(r"^[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be imported, numbered as in the file, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class RollLine:
    """One person as the file has them. `fingerprint` is empty when nobody could state it.

    `key` tells this line from the others across imports.
    """

    line: int
    key: str
    number: str
    family_name: str
    usual_name: str
    given_names: str
    birth_date: datetime.date | None
    postal_address: str
    territory_id: int | None
    family_key: str
    usual_key: str
    given_key: str
    fingerprint: str
    usual_fingerprint: str


@dataclass(slots=True)
class RollReader:
    """Reads one file. After `lines()` is exhausted, the rest tells what was met.

    `districts` gives the key of a territory for each name or code in normal form.
    """

    content: bytes
    districts: Mapping[str, int]
    today: datetime.date
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    read: int = 0
    left_out: tuple[str, ...] = ()
    homonyms: list[tuple[int, int]] = field(default_factory=list)

    def lines(self) -> Iterator[RollLine]:
        """The good lines in order; the others are in `faults` (the first 500) and `fault_count`.

        `homonyms` gets pairs of lines with the same names and birth date.
        Raises `Refused`: `file_too_big`, `file_unreadable`, `file_empty`, `columns_missing`,
        `too_many_lines`.
        """
        rows = _rows(self.content)
        _line, headings = next(rows, (0, []))
        places = self._places(headings)
        numbers: dict[str, int] = {}
        people: dict[str, list[int]] = {}
        for line, row in rows:
            if not any(str(cell).strip() for cell in row if cell is not None):
                continue
            self.read += 1
            if self.read > MAX_LINES:
                raise Refused(
                    refuse("too_many_lines", _("At most %(limit)s lines at once."), limit=MAX_LINES)
                )
            cells = {name: row[place] if place < len(row) else "" for name, place in places.items()}
            person = self._line(line, cells, numbers, people)
            if person is not None:
                yield person
        if self.read == 0:
            raise Refused(refuse("file_empty", _("This file has a heading and no line under it.")))

    def _places(self, headings: Sequence[Any]) -> dict[str, int]:
        if not headings:
            raise Refused(refuse("file_empty", _("This file is empty.")))
        names = [plain_name(re.sub(r"[°º\d]", _as_word, str(cell or ""))) for cell in headings]
        places: dict[str, int] = {}
        for column, spellings in COLUMNS.items():
            for spelling in spellings:
                wanted = plain_name(re.sub(r"\d", _as_word, spelling))
                if wanted in names:
                    places[column] = names.index(wanted)
                    break
        self.left_out = tuple(
            str(cell).strip()
            for place, cell in enumerate(headings)
            if place not in places.values() and str(cell or "").strip()
        )
        named = {"family_name", "given_names"} <= places.keys()
        by_letter = {"number", "address_1"} <= places.keys()
        if not (named or "fingerprint" in places or by_letter):
            raise Refused(
                refuse(
                    "columns_missing",
                    _(
                        "The first line must name the columns: “nom”, “prénoms” and “date de "
                        "naissance”, or “empreinte”, or “numéro” and “adresse”."
                    ),
                )
            )
        return places

    def _line(
        self,
        line: int,
        cells: Mapping[str, Any],
        numbers: dict[str, int],
        people: dict[str, list[int]],
    ) -> RollLine | None:
        texts = {name: _text(cell) for name, cell in cells.items() if name != "birth_date"}
        reasons: list[str] = []
        for name, longest in _LONGEST.items():
            if len(texts.get(name, "")) > longest:
                reasons.append(gettext("A cell is too long."))
        birth_date = self._date(cells.get("birth_date"), reasons)
        territory_id = self._district(texts.get("district", ""), reasons)
        number = texts.get("number", "")
        family, given = texts.get("family_name", ""), texts.get("given_names", "")
        fingerprint = self._fingerprint(texts.get("fingerprint", "").lower(), reasons)
        address = _address(texts)
        if number and number in numbers:
            reasons.append(
                gettext("The number %(number)s is already on line %(line)s.")
                % {"number": number, "line": numbers[number]}
            )
        is_named = bool(fingerprint or (plain_name(family) and first_given_name(given)))
        # A household's letter needs no name: its number and its address will do.
        if not is_named and (family or given or not (number and address)):
            reasons.append(gettext("The family name or the given names are missing."))
        if reasons:
            self.fault_count += 1
            if len(self.faults) < FAULTS_KEPT:
                self.faults.append(Fault(line, " ".join(dict.fromkeys(reasons))))
            return None
        if number:
            numbers[number] = line
        usual = texts.get("usual_name", "")
        usual_fingerprint = ""
        if birth_date is not None and family and given:
            fingerprint = civil_fingerprint(
                family_name=family, given_names=given, birth_date=birth_date
            )
            if plain_name(usual) and plain_name(usual) != plain_name(family):
                usual_fingerprint = civil_fingerprint(
                    family_name=usual, given_names=given, birth_date=birth_date
                )
        token = fingerprint or f"{plain_name(family)[:35]} {first_given_name(given)[:35]}"
        same = people.setdefault(token, [])
        if same and fingerprint:
            self.homonyms.append((same[0], line))
        same.append(line)
        return RollLine(
            line=line,
            key=f"n:{number}" if number else f"c:{token}:{len(same)}",
            number=number,
            family_name=family,
            usual_name=usual,
            given_names=given,
            birth_date=birth_date,
            postal_address=address,
            territory_id=territory_id,
            family_key=plain_name(family),
            usual_key=plain_name(usual),
            given_key=first_given_name(given),
            fingerprint=fingerprint,
            usual_fingerprint=usual_fingerprint,
        )

    def _date(self, cell: Any, reasons: list[str]) -> datetime.date | None:
        if cell is None or not str(cell).strip():
            return None
        day = read_date(cell)
        if day is None:
            reasons.append(
                gettext("“%(date)s” is not a date: write it 31/12/1980, or leave it empty.")
                % {"date": str(cell).strip()[:30]}
            )
        elif not datetime.date(self.today.year - 125, 1, 1) <= day <= self.today:
            reasons.append(
                gettext("Nobody on a roll is born on %(date)s.")
                % {"date": day.strftime("%d/%m/%Y")}
            )
        else:
            return day
        return None

    def _district(self, text: str, reasons: list[str]) -> int | None:
        if not text:
            return None
        key = self.districts.get(district_key(text))
        if key is None:
            reasons.append(
                gettext("The neighbourhood “%(name)s” is unknown here.") % {"name": text[:60]}
            )
        return key

    @staticmethod
    def _fingerprint(text: str, reasons: list[str]) -> str:
        if text and not _FINGERPRINT.match(text):
            reasons.append(gettext("A fingerprint is 64 signs, from 0 to 9 and a to f."))
            return ""
        return text


def district_key(text: str) -> str:
    """The normal form under which a neighbourhood is looked up: its name or its code."""
    return plain_name(re.sub(r"\d", _as_word, text))


def _as_word(match: re.Match[str]) -> str:
    """Digits and "n°" as letters: the normal form of names has letters alone."""
    sign = match.group()
    return f" {chr(ord('a') + int(sign)) * 2} " if sign.isdigit() else "o"


def read_date(cell: Any) -> datetime.date | None:
    """A date of a spreadsheet, or of a text `31/12/1980` or `1980-12-31`."""
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    text = str(cell).strip()
    try:
        if match := _DATE.match(text):
            day, month, year = (int(part) for part in match.groups())
        elif match := _ISO.match(text):
            year, month, day = (int(part) for part in match.groups())
        else:
            return None
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # a spreadsheet has no whole numbers
    return " ".join(str(cell).replace("\x00", " ").split())


def _address(texts: Mapping[str, str]) -> str:
    last = f"{texts.get('postal_code', '')} {texts.get('town', '')}".strip()
    lines = [texts.get("address_2", ""), texts.get("address_1", ""), last]
    return "\n".join(line for line in lines if line)[:300]


def _rows(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    if len(content) > MAX_BYTES:
        raise Refused(
            refuse(
                "file_too_big",
                _("This file is too big: %(limit)d MB at most."),
                limit=MAX_BYTES // 1024 // 1024,
            )
        )
    if content.startswith(b"PK\x03\x04"):
        return _xlsx_rows(content)
    return _csv_rows(content)


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    encoding = _encoding(content)
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    first = text.readline()
    if "\x00" in first:
        raise Refused(_unreadable())
    delimiter = max(";,\t", key=first.count)
    text.seek(0)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield reader.line_num, list(row)
    except (csv.Error, UnicodeDecodeError):
        raise Refused(
            refuse(
                "file_unreadable",
                _("This file cannot be read beyond line %(line)s."),
                line=reader.line_num,
            )
        ) from None


def _encoding(content: bytes) -> str:
    """UTF-8 when it is valid, UTF-16 when it says so, else what Windows calls ANSI."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def _xlsx_rows(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MAX_UNPACKED:
                raise Refused(_unreadable())
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0].iter_rows(values_only=True, max_col=60)
        for line, row in enumerate(sheet, start=1):
            yield line, list(row)
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        IndexError,
        OSError,
        TypeError,
    ):
        raise Refused(_unreadable()) from None


def _unreadable() -> Any:
    return refuse("file_unreadable", _("This file is damaged or cannot be read."))
