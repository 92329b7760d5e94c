"""Import a roll of a large town and print its letters: run as a program, on the database that
DATABASE_URL names.

`python -m config.bench.proving.roll 200000 1000` prints, as JSON, seconds and peak memory: of the
preview and the import of a file of that many lines, of the same file again, of that many letters.
"""

import argparse
import contextlib
import datetime
import json
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

_HEAD = "numéro;nom;nom d’usage;prénoms;date de naissance;quartier;adresse;code postal;ville"
_FAMILIES = ("MODÈLE", "ESSAI", "SPÉCIMEN", "EXEMPLE", "FICTIF", "D’ÉPREUVE", "TÉMOIN-ESSAI")
_GIVEN = ("Alix", "Nour Lina", "Ange, Noé", "Élodie", "Jean-Marc", "Zoé", "Inès Rose", "Tom")


def roll_of(lines: int) -> bytes:
    """A file with that many people: all names differ, as do their numbers and birth dates."""
    start = datetime.date(1930, 1, 1)
    rows = [_HEAD]
    for number in range(1, lines + 1):
        born = start + datetime.timedelta(days=number * 7 % 28_000)
        family = f"{_FAMILIES[number % len(_FAMILIES)]} {_letters(number)}"
        given = _GIVEN[number % len(_GIVEN)]
        usual = f"USAGE {_letters(number + 7)}" if number % 4 == 0 else ""
        rows.append(
            f"{number};{family};{usual};{given};{born:%d/%m/%Y};;{number} rue des Essais;31000;VILLENEUVE"
        )
    return "\r\n".join(rows).encode()


def _letters(number: int) -> str:
    signs = []
    while number:
        number, place = divmod(number, 26)
        signs.append(chr(ord("A") + place))
    return "".join(reversed(signs))


@contextlib.contextmanager
def _timed(measured: dict[str, float], name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    measured[name] = round(time.perf_counter() - start, 2)
    # Kilobytes on Linux, and never less than before: the highest so far.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    measured[f"{name}_mb"] = round(peak)


def measure(lines: int, letters: int) -> dict[str, Any]:
    """Import twice, then draw and print; seconds, and megabytes at most so far, of each."""
    from django.utils import timezone

    from config.bench.proving.trial import make_activity
    from participation.electors.choices import Way
    from participation.electors.letters_pdf import letters_pdf
    from participation.electors.services import (
        draw_codes,
        electorate_of,
        hold_roll_file,
        import_roll,
        plan_letters,
    )

    measured: dict[str, Any] = {}
    now = timezone.now()
    activity, officer = make_activity(at=now)
    electorate = electorate_of(activity=activity)
    electorate.ways = [Way.LETTER]
    electorate.save()
    content = roll_of(lines)
    for name in ("first", "again"):
        with _timed(measured, f"{name}_preview"):
            held, _change = hold_roll_file(
                electorate=electorate,
                name="liste.csv",
                content=content,
                is_whole_roll=True,
                actor=officer,
                at=now,
            )
        with _timed(measured, f"{name}_import"):
            change = import_roll(held=held, actor=officer, at=now)
        measured[f"{name}_change"] = [change.added, change.changed, change.unchanged, change.gone]
    del content
    with _timed(measured, "plan"):
        batches = plan_letters(
            electorate=electorate,
            expires_at=now + datetime.timedelta(days=1),
            actor=officer,
            at=now,
        )
    measured["batches"] = len(batches)
    printed = 0
    with _timed(measured, "print"):
        for batch in batches:
            if printed >= letters:
                break
            drawn = draw_codes(batch=batch, actor=officer, at=now)
            measured["pdf_bytes"] = len(letters_pdf(batch=batch, drawn=drawn))
            printed += len(drawn)
    measured["printed"] = printed
    return measured


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("lines", type=int)
    parser.add_argument("letters", type=int)
    asked = parser.parse_args()
    django.setup()
    json.dump(measure(asked.lines, asked.letters), sys.stdout)


if __name__ == "__main__":
    main()
