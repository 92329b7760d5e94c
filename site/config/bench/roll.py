"""The roll of a large town: how long and how much memory to import it, and to print its letters."""

import json
import os
from collections.abc import Iterator

from config.bench.proving.cluster import programs
from config.bench.proving.field import proving_field
from config.bench.tables import table

LINES, LETTERS = 200_000, 1_000
_STEPS = (
    ("voir ce que le fichier changerait", "first_preview"),
    ("importer", "first_import"),
    ("voir, le même fichier une seconde fois", "again_preview"),
    ("importer, la seconde fois", "again_import"),
    ("prévoir les courriers", "plan"),
    ("tirer les codes et imprimer", "print"),
)


def run() -> Iterator[str]:
    """Import a roll twice and print a batch, on a PostgreSQL of its own; `BENCH_ROLL_LINES` lines."""
    if programs() is None:
        yield "\nListe : aucun serveur PostgreSQL sur ce poste ; mesure non faite."
        return
    lines = int(os.environ.get("BENCH_ROLL_LINES", LINES))
    with proving_field() as field:
        told = json.loads(field.program("roll", str(lines), str(LETTERS)))
    yield table(
        f"Liste de {lines} lignes et un lot de {told['printed']} courriers "
        "(voir puis importer : au plus 60 s ; Mo : le plus haut jusque-là)",
        ("étape", "s", "Mo"),
        [(title, told[name], told[f"{name}_mb"]) for title, name in _STEPS],
    )
