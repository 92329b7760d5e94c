"""Importing a very large election: time and memory of the whole command."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from config.bench.tables import table

FILE = "Poland_Lodz_2022.pb"


def run() -> Iterator[str]:
    """Import Łódź 2022 (90,494 ballots) in a process of its own; says so when it is not there."""
    folder = Path(
        os.environ.get("PABULIB_DIR", settings.ROOT.parent / "shared" / "data" / "pabulib")
    )
    file = folder / FILE
    if not file.exists():
        yield f"\nImport : {FILE} absent de {folder} (variable PABULIB_DIR) ; mesure non faite."
        return
    command = [
        sys.executable,
        str(settings.SITE_DIR / "manage.py"),
        "import_pabulib",
        str(file),
        "--slug",
        f"lodz-2022-{int(time.time())}",
    ]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- our own command
    seconds = time.perf_counter() - start
    # Kilobytes on Linux; the largest child so far, which this command is.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield table(
        "Import de Łódź 2022, 90 494 bulletins (au plus 60 s et 400 Mo)",
        ("secondes", "Mo au plus"),
        [(f"{seconds:.1f}", f"{peak:.0f}")],
    )
