"""The end of a large election, timed: run as a program, on the database that DATABASE_URL names.

`python -m config.bench.proving.ending --poll 7 --secret … --secret …` fills the roll of a vote that
is open, closes it, opens its box, publishes it, and has the published script check it. Prints JSON.
"""

import argparse
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from pathlib import Path
from typing import Any

import django

_CAST = "SELECT outcome FROM budgets_cast(%s, %s, %s, %s, %s, %s, 'Europe/Paris', 100)"

_BATCH = 100  # in one transaction the line of the poll would have thousands of versions to walk


def fill(poll: Any) -> int:
    """Cast one sealed ballot for every elector; how many."""
    from django.db import connection, transaction

    from participation.budgets.services.vote.envelopes import ballot_code, deposit_code, seal
    from participation.electors.models import Elector

    rng = random.Random(poll.pk)  # noqa: S311 -- invented votes
    projects = [project["id"] for project in poll.options["projects"]]
    electors = Elector.objects.filter(electorate=poll.envelope.budget_id).order_by("pk")
    keys = list(electors.values_list("pk", flat=True))
    for start in range(0, len(keys), _BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            for voter in keys[start : start + _BATCH]:
                key = uuid.UUID(int=rng.getrandbits(128))
                sealed = seal(
                    public_key=bytes(poll.public_key),
                    poll_id=poll.pk,
                    choices=sorted(rng.sample(projects, rng.randint(1, 3))),
                    points=None,
                    code=ballot_code(poll_id=poll.pk, cast_key=key),
                    length=poll.options["padded_length"],
                )
                cursor.execute(
                    _CAST, [poll.pk, voter, sealed, deposit_code(sealed), key.hex, key.hex]
                )
    return len(keys)


def _seconds_of_backend() -> float:
    """Processor time of the process of PostgreSQL that serves us; it runs on this machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    fields = Path(f"/proc/{backend}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def end(poll: Any, secrets: list[str]) -> dict[str, float]:
    """Close, open and count, publish, check: the seconds of each, and how many ballots.

    `open_site` and `open_database`: the processor time of the opening, ours and the database's.
    """
    from django.utils import timezone

    from participation.accounts.models import User
    from participation.budgets.models import Budget
    from participation.budgets.services.vote import close_poll, open_box, publish_results
    from participation.budgets.services.vote.publication.keeping import ARCHIVE, publication_of
    from participation.core.models import Phase

    officer = User.objects.filter(is_superuser=True).order_by("-pk")[0]
    now = timezone.now()
    Phase.objects.filter(activity=poll.envelope.budget_id).update(
        period=(now - datetime.timedelta(hours=1), now)
    )
    seconds = {}
    close_poll(poll=poll, actor=officer, at=timezone.now())
    since, ours, database = time.perf_counter(), time.process_time(), _seconds_of_backend()
    tally = open_box(poll=poll, secrets=secrets[:2], actor=officer, at=timezone.now())
    seconds["open"] = time.perf_counter() - since
    seconds["open_site"] = time.process_time() - ours
    seconds["open_database"] = _seconds_of_backend() - database
    since = time.perf_counter()
    publish_results(
        budget=Budget.objects.get(pk=poll.envelope.budget_id), actor=officer, at=timezone.now()
    )
    seconds["publish"] = time.perf_counter() - since
    poll.refresh_from_db()
    with tempfile.TemporaryDirectory() as folder:
        archive = publication_of(poll).file(ARCHIVE)
        if archive is None:
            raise FileNotFoundError(ARCHIVE)
        zipfile.ZipFile(archive.path).extractall(folder)
        since = time.perf_counter()
        checked = subprocess.run(  # noqa: S603 -- the script that we publish
            [sys.executable, f"{folder}/publication/recompte.py", f"{folder}/publication"],
            capture_output=True,
            check=False,
        )
        seconds["check"] = time.perf_counter() - since
    return {**seconds, "ballots": tally.ballots, "sound": checked.returncode == 0}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--poll", type=int, required=True)
    parser.add_argument("--secret", action="append", required=True)
    asked = parser.parse_args()
    django.setup()
    from participation.budgets.models import Poll

    poll = Poll.objects.select_related("envelope__budget__activity__process").get(pk=asked.poll)
    cast = fill(poll)
    json.dump({"cast": cast, **end(poll, asked.secret)}, sys.stdout)


if __name__ == "__main__":
    main()
