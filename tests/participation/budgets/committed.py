"""Tests of concurrency commit for real, on several connections, and clean up after themselves.

Django's own transactional tests truncate every table, what migrations put there included; here
only the rows of the test go.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pgtrigger
from django.db import connection, connections

_TABLES = (
    "budgets_deliveryupdate",
    "budgets_delivery",
    "budgets_officialrecord",
    "budgets_signedhead",
    "budgets_tally",
    "budgets_setasideenvelope",
    "budgets_voidballot",
    "budgets_ballot",
    "budgets_papercheck",
    "budgets_paperaudit",
    "budgets_paperexplanation",
    "budgets_paperarbitration",
    "budgets_paperentry",
    "budgets_paperlot",
    "budgets_kioskcode",
    "budgets_pollingdesk_agents",
    "budgets_pollingdesk",
    "budgets_journalentry",
    "budgets_voterrecord",
    "electors_matchrequest",
    "electors_attestation",
    "electors_votingcode",
    "electors_letterrecipient",
    "electors_letterbatch",
    "electors_rollimport",
    "electors_textcode",
    "electors_networkmark",
    "electors_networkhour",
    "electors_networkdecision",
    "electors_networkwatch",
    "electors_electoridentity",
    "electors_elector",
    "electors_electorate",
    "budgets_poll",
    "budgets_boardseal",
    "budgets_boardmember",
    "budgets_board",
    "budgets_projectidea",
    "budgets_project",
    "budgets_ideadecision",
    "budgets_feasibilitystudy",
    "budgets_idea",
    "budgets_category",
    "budgets_envelope",
    "budgets_budget",
    "core_notification",
    "core_follow",
    "core_support",
    "core_moderationdecision",
    "core_officialanswer",
    "core_comment",
    "core_attachment",
    "core_contribution",
    "core_phase",
    "core_activity",
    "core_process",
    "core_directorate",
    "procrastinate_events",
    "procrastinate_jobs",
    "wagtailcore_modellogentry",
    "account_emailaddress",
    "accounts_user_user_permissions",
    "accounts_user",
    "maps_territory",
)


@contextmanager
def really_committed(blocker: Any) -> Iterator[None]:
    """Open the database for real commits, and delete what the test left."""
    with blocker.unblock():
        try:
            yield
        finally:
            _clean()


def _clean() -> None:
    with pgtrigger.ignore(), connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- names of the list above


def at_once(calls: list[Callable[[], Any]], *, threads: int = 8) -> list[Any]:
    """Run calls together, each thread on its own connection; results, or the errors raised.

    The first calls of all threads wait for one another, so that they really compete.
    """
    gate = threading.Barrier(min(threads, len(calls)))
    waited = threading.local()

    def run(call: Callable[[], Any]) -> Any:
        if not getattr(waited, "done", False):
            waited.done = True
            gate.wait(timeout=20)
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(max_workers=threads) as pool:
        return list(pool.map(run, calls))
