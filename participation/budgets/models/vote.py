"""The vote: the poll, the roll with its sealed envelopes, the box, the tally.

During the vote a ballot exists only as a sealed envelope in its voter's row of the roll; no
partial count is possible. After the close the envelopes are opened all at once into the box,
in the order of their random codes, and removed from the roll: the two then share nothing.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import Channel
from participation.budgets.models.budget import Envelope
from participation.electors.models import Elector


class Poll(models.Model):
    """The vote on one envelope. Sealing it freezes projects, rule, options, tie lot and key.

    `options` is the rule as counted, canonical JSON; `options_sha256` its published fingerprint.
    """

    envelope = models.OneToOneField(
        Envelope, primary_key=True, on_delete=models.PROTECT, related_name="poll"
    )
    public_key = models.BinaryField()
    tie_seed = models.CharField(_("seed of the tie lot"), max_length=128)
    options = models.JSONField(_("rule and options"))
    options_sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(_("sealed"))
    opened_at = models.DateTimeField(_("box opened"), null=True, blank=True)

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        triggers = [
            # What voters were told at the opening is what is counted.
            pgtrigger.Protect(
                name="poll_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "envelope", "public_key", "tie_seed", "options", "options_sha256", "sealed_at"
                ),
            )
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
    its choices. A retry after a lost answer is so recognised, and whoever reads the table cannot
    try out choices against it.
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
    voted_on = models.DateField(_("voted"))

    class Meta:
        verbose_name = _("line of the roll")
        verbose_name_plural = _("roll")
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


class Ballot(models.Model):
    """One ballot of the box, anonymous. `choices` holds project keys, best first when ranked."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="ballots")
    code = models.CharField(max_length=64)
    choices = ArrayField(models.BigIntegerField())
    points = ArrayField(models.PositiveIntegerField(), null=True)
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.WEB)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ["poll", "code"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "code"], name="ballot_code_once"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="ballot_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="ballot_none_after_tally",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=pgtrigger.Func(
                    """
                    IF EXISTS (SELECT 1 FROM budgets_tally WHERE poll_id = NEW.poll_id) THEN
                        RAISE EXCEPTION 'the box is counted' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                    """
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Tally(models.Model):
    """The result of one poll with all that is needed to check it. Written once.

    `result` is the counting method's own account (`participation.methods.tally.Result`): winners
    in order, rounds, ties, options, where projects go by their `reference`. Sums are integer
    cents. Everyone on the roll left a ballot, valid (blank ones included) or void.
    """

    poll = models.OneToOneField(
        Poll, primary_key=True, on_delete=models.PROTECT, related_name="tally"
    )
    result = models.JSONField()
    voters = models.PositiveIntegerField(_("voters"))
    ballots = models.PositiveIntegerField(_("ballots"))
    blank = models.PositiveIntegerField(_("blank ballots"))
    void = models.PositiveIntegerField(_("void ballots"), default=0)
    spent_cents = models.PositiveBigIntegerField(_("money used (cents)"))
    input_sha256 = models.CharField(max_length=64)
    method_version = models.CharField(max_length=20)
    counted_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(voters=models.F("ballots") + models.F("void")),
                name="tally_totals_agree",
            ),
            models.CheckConstraint(
                condition=models.Q(blank__lte=models.F("ballots")), name="tally_blank_is_a_ballot"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="tally_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.poll} – {self.ballots}"
