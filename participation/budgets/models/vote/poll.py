"""The poll and its roll."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import Channel
from participation.budgets.models.budget import Envelope
from participation.budgets.models.vote.board import Board
from participation.electors.models import Elector

GENESIS = "0" * 64
"""What the first line of a journal is chained to."""

_FROZEN = (
    "envelope_id",
    "board_id",
    "public_key",
    "tie_seed",
    "options",
    "options_sha256",
    "sealed_at",
)


class Poll(models.Model):
    """The vote on one envelope. Sealing it freezes projects, rule, options, tie lot and key.

    `options` is the rule as counted, canonical JSON; `options_sha256` its published fingerprint.
    A poll without a board was imported as it was counted and has no key, or was sealed before
    boards existed and can no longer be opened. `journal_seq` and `journal_head` are the last line
    of its journal; only the journal moves them.
    """

    envelope = models.OneToOneField(
        Envelope, primary_key=True, on_delete=models.PROTECT, related_name="poll"
    )
    board = models.ForeignKey(
        Board, null=True, blank=True, on_delete=models.PROTECT, related_name="polls"
    )
    public_key = models.BinaryField()
    tie_seed = models.CharField(_("seed of the tie lot"), max_length=128)
    options = models.JSONField(_("rule and options"))
    options_sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(_("sealed"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    opened_at = models.DateTimeField(_("box opened"), null=True, blank=True)
    journal_seq = models.PositiveBigIntegerField(default=0)
    journal_head = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        triggers = [
            # What voters were told at the opening is what is counted.
            pgtrigger.Protect(
                name="poll_frozen",
                # Only when they are written: each cast moves the journal's head in this row, and
                # would compare the options, which are long, with themselves.
                operation=pgtrigger.UpdateOf(*_FROZEN),
                condition=pgtrigger.AnyChange(*_FROZEN),
            ),
            pgtrigger.Protect(
                name="poll_never_reopened",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at)"
                    " OR (OLD.opened_at IS NOT NULL"
                    " AND NEW.opened_at IS DISTINCT FROM OLD.opened_at))"
                ),
            ),
            pgtrigger.Protect(
                name="poll_head_is_the_journals",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "(pg_trigger_depth() = 0"
                    " AND (OLD.journal_seq, OLD.journal_head)"
                    " IS DISTINCT FROM (NEW.journal_seq, NEW.journal_head))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.envelope.name


# The clock of the database decides, whatever the application believes: no envelope enters the roll
# before the opening, after the close, or once the box is open. The share lock waits for a count.
_ONLY_WHILE_OPEN = """
    IF NEW.sealed_ballot IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM budgets_poll WHERE envelope_id = NEW.poll_id FOR SHARE;
    IF NOT EXISTS (
        SELECT 1
        FROM budgets_poll AS poll
        JOIN budgets_envelope AS envelope ON envelope.id = poll.envelope_id
        JOIN core_phase AS phase ON phase.activity_id = envelope.budget_id
        WHERE poll.envelope_id = NEW.poll_id
          AND poll.closed_at IS NULL
          AND poll.opened_at IS NULL
          AND phase.step = 'decide'
          AND phase.period @> clock_timestamp()
    ) THEN
        RAISE EXCEPTION 'the vote is not open' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class VoterRecord(models.Model):
    """One voter's line in the roll (*émargement*) of one poll: one per person, by its key.

    No time finer than the day and no address. `sealed_ballot`, `cast_keys` and `cast_digest` are
    emptied when the box opens.

    A form's idempotency key is 122 random bits that only the browser keeps: `cast_keys` holds the
    digests of those that were used, the last one last, and `cast_digest` that of the last key with
    its content. A retry after a lost answer is so recognised, and whoever reads the table cannot
    try out choices against it.

    Who came to a desk has the channel `paper`, the name of that `desk`, and no envelope.
    """

    pk = models.CompositePrimaryKey("poll_id", "voter_id")
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="roll")
    voter = models.ForeignKey(Elector, on_delete=models.PROTECT, related_name="voter_records")
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.WEB)
    sealed_ballot = models.BinaryField(null=True)
    deposit_code = models.CharField(_("deposit code"), max_length=32, blank=True)
    cast_keys = ArrayField(models.CharField(max_length=64), default=list)
    cast_digest = models.CharField(max_length=64, blank=True)
    casts = models.PositiveSmallIntegerField(default=1)
    desk = models.CharField(_("desk"), max_length=80, blank=True)
    voted_on = models.DateField(_("voted"))

    class Meta:
        verbose_name = _("line of the roll")
        verbose_name_plural = _("roll")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(channel=Channel.WEB, desk="")
                | models.Q(channel=Channel.PAPER, sealed_ballot=None),
                name="roll_paper_has_no_envelope",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="roll_only_while_open",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("sealed_ballot"),
                when=pgtrigger.Before,
                func=_ONLY_WHILE_OPEN,
            )
        ]

    def __str__(self) -> str:
        return f"{self.poll_id}/{self.voter_id}"
