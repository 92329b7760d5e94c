"""Sign the heads of all journals now."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from participation.budgets.services.vote.journal import sign_heads


class Command(BaseCommand):
    help = (
        "Sign the head of each vote's journal, mail it to the board and observers, and ask for "
        "the time stamps that are missing. The worker does it every night; safe to run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for head in sign_heads(day=timezone.localdate()):
            self.stdout.write(f"{head.poll_id} {head.seq} {head.head}")
