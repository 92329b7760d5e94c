"""The vote: the poll, the roll with its sealed envelopes, the box, the tally.

During the vote a ballot exists only as a sealed envelope in its voter's row of the roll; no
partial count is possible. After the close the envelopes are opened all at once into the box,
in the order of their random codes, and removed from the roll: the two then share nothing.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import Channel
from participation.budgets.models.budget import Envelope


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


class VoterRecord(models.Model):
    """One voter's line in the roll (*émargement*) of one poll: one per person, by its key.

    No time finer than the day and no address. `sealed_ballot` is emptied when the box opens.
    `cast_key` is the form's idempotency key: a retry after a lost answer gives the same receipt.
    """

    pk = models.CompositePrimaryKey("poll_id", "voter_id")
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="roll")
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="voter_records"
    )
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.WEB)
    sealed_ballot = models.BinaryField(null=True)
    deposit_code = models.CharField(_("deposit code"), max_length=32, blank=True)
    cast_key = models.UUIDField()
    casts = models.PositiveSmallIntegerField(default=1)
    voted_on = models.DateField(_("voted"))

    class Meta:
        verbose_name = _("line of the roll")
        verbose_name_plural = _("roll")

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
            )
        ]

    def __str__(self) -> str:
        return self.code


class Tally(models.Model):
    """The result of one poll with all that is needed to check it. Written once.

    `result` is the counting method's own account: winners in order, rounds, ties, options.
    Sums are integer cents.
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
        triggers = [
            pgtrigger.Protect(
                name="tally_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.poll} – {self.ballots}"
