"""From bytes to records: decoding, line numbers, `;` and quotes."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from participation.methods.pabulib.errors import PabulibError

Report = Callable[[PabulibError], None]

# A line that no file can hold (NUL characters are replaced while decoding). It follows the last
# line, so that a record which swallows it is one whose quote was never closed.
_END = "\0end of file"

# Lines decoded at a time: few calls, and a large file never lies whole in memory.
_LINES = 1000


class Records:
    """The records of a `.pb` file, each with the line it begins on.

    Takes the file as an iterable of lines in bytes, as a binary stream gives them. A byte order
    mark is dropped (spreadsheets add one) and blank lines are passed over, be they blanks alone or
    empty cells alone. `last_line` is the number of lines, once all are read.
    """

    def __init__(self, source: Iterable[bytes], report: Report) -> None:
        self.last_line = 0
        self._source = source
        self._report = report

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        rows = csv.reader(self._decoded_lines(), delimiter=";")
        start = 1
        try:
            for row in rows:
                # Two cells and a first one that says something: nearly every record, told at once.
                if (len(row) > 1 and row[0]) or not _is_blank(row):
                    if row[-1].endswith(_END):
                        break
                    yield start, row
                start = rows.line_num + 1
        except csv.Error as error:
            raise PabulibError(start, _code_of(error)) from error
        if row != [_END]:
            raise PabulibError(start, "unclosed_quote")
        self.last_line = start - 1

    def _decoded_lines(self) -> Iterator[str]:
        source = iter(self._source)
        number = 1
        while lines := list(islice(source, _LINES)):
            if number == 1:
                lines[0] = lines[0].removeprefix(b"\xef\xbb\xbf")
            yield from _sound_lines(lines) or self._line_by_line(number, lines)
            number += len(lines)
        yield _END

    def _line_by_line(self, number: int, lines: Iterable[bytes]) -> Iterator[str]:
        """Decode lines of which one may be wrong, and say which when its turn comes."""
        for line, raw in enumerate(lines, start=number):
            try:
                text = raw.decode()
            except UnicodeDecodeError as error:
                found = f"0x{raw[error.start]:02x}"
                self._report(
                    PabulibError(line, "not_utf8", {"byte": found, "position": error.start + 1})
                )
                text = raw.decode(errors="replace")
            if "\0" in text:
                self._report(PabulibError(line, "null_character"))
                text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
            yield text


def _is_blank(row: list[str]) -> bool:
    """Whether a record has nothing to say; the writer makes none of a single cell of blanks."""
    return not any(row) or (len(row) == 1 and row[0].isspace())


def _sound_lines(lines: list[bytes]) -> list[str] | None:
    """All these lines decoded at once; None when one is wrong, or they are cut otherwise than at
    line feeds."""
    try:
        text = b"".join(lines).decode()
    except UnicodeDecodeError:
        return None
    decoded = list(io.StringIO(text, newline="\n"))
    return decoded if len(decoded) == len(lines) and "\0" not in text else None


def _code_of(error: csv.Error) -> str:
    """Python's reader complains of two things only, once NUL characters are gone."""
    if "new-line character" in str(error):
        return "bad_line_ending"
    return "unclosed_quote"  # a field above the size limit: the rest of the file was swallowed
