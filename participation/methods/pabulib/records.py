"""From bytes to records: decoding, line numbers, `;` and quotes."""

import csv
from collections.abc import Callable, Iterable, Iterator

from participation.methods.pabulib.errors import PabulibError

Report = Callable[[PabulibError], None]

# A line that no file can hold (NUL characters are replaced while decoding). It follows the last
# line, so that a record which swallows it is one whose quote was never closed.
_END = "\0end of file"


class Records:
    """The records of a `.pb` file, each with the line it begins on.

    Takes the file as an iterable of lines in bytes, as a binary stream gives them. A byte order
    mark is dropped (spreadsheets add one) and blank lines are passed over. `last_line` is the last
    line read so far.
    """

    def __init__(self, source: Iterable[bytes], report: Report) -> None:
        self.last_line = 0
        self._source = source
        self._report = report

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        rows = csv.reader(self._decoded_lines(), delimiter=";")
        while True:
            start = self.last_line + 1
            try:
                row = next(rows)
            except csv.Error as error:
                raise PabulibError(start, _code_of(error)) from error
            if row == [_END]:
                return
            if row and row[-1].endswith(_END):
                raise PabulibError(start, "unclosed_quote")
            if row:
                yield start, row

    def _decoded_lines(self) -> Iterator[str]:
        for number, raw in enumerate(self._source, start=1):
            self.last_line = number
            if number == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            try:
                text = raw.decode()
            except UnicodeDecodeError as error:
                found = f"0x{raw[error.start]:02x}"
                self._report(
                    PabulibError(number, "not_utf8", {"byte": found, "position": error.start + 1})
                )
                text = raw.decode(errors="replace")
            if "\0" in text:
                self._report(PabulibError(number, "null_character"))
                text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
            yield text
        yield _END


def _code_of(error: csv.Error) -> str:
    """Python's reader complains of two things only, once NUL characters are gone."""
    if "new-line character" in str(error):
        return "bad_line_ending"
    return "unclosed_quote"  # a field above the size limit: the rest of the file was swallowed
