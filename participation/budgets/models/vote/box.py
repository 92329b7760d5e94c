"""The box: ballots without voters, void ballots, the tally."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import Channel, VoidReason
from participation.budgets.models.vote.poll import Poll

_NONE_AFTER_TALLY = """
    IF EXISTS (SELECT 1 FROM budgets_tally WHERE poll_id = NEW.poll_id) THEN
        RAISE EXCEPTION 'the box is counted' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Ballot(models.Model):
    """One ballot of the box, anonymous. `choices` holds project keys, best first when ranked.

    `code` is the ballot code of a voter online, `P-<lot>-<rank>` for a paper ballot.
    """

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
                func=pgtrigger.Func(_NONE_AFTER_TALLY),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class VoidBallot(models.Model):
    """A ballot that does not count, and why. Published.

    `code` is its ballot code, or the digest of its envelope when that could not be read.
    """

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="void_ballots")
    code = models.CharField(max_length=64)
    reason = models.CharField(_("reason"), max_length=40, choices=VoidReason.choices)
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.WEB)

    class Meta:
        verbose_name = _("void ballot")
        verbose_name_plural = _("void ballots")
        ordering = ["poll", "code", "pk"]
        triggers = [
            pgtrigger.Protect(
                name="void_ballot_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="void_ballot_none_after_tally",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=pgtrigger.Func(_NONE_AFTER_TALLY),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}"


class SetAsideEnvelope(models.Model):
    """A sealed envelope that was not opened, since nobody confirmed that its voter is one person.

    Kept until the keys are destroyed: whoever decides on a challenge can ask for it. `code` is the
    digest of the envelope, as the journal and the published list of void ballots give it.
    """

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="set_aside")
    code = models.CharField(max_length=64)
    sealed_ballot = models.BinaryField()

    class Meta:
        verbose_name = _("envelope set aside")
        verbose_name_plural = _("envelopes set aside")
        ordering = ["poll", "code"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "code"], name="set_aside_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="set_aside_as_sealed", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return self.code


class Counted(models.Model):
    """A result of one poll with all that is needed to check it. Written once.

    `result` is the counting method's own account (`participation.methods.tally.Result`): winners
    in order, rounds, ties, options, where projects go by their `reference`. Sums are integer
    cents. Everyone on the roll left a ballot, valid (blank ones included) or void, but for `gap`
    people who were marked at a desk and put no ballot in the urn: a gap needs its explanation,
    which the minutes publish.
    """

    result = models.JSONField()
    voters = models.PositiveIntegerField(_("voters"))
    ballots = models.PositiveIntegerField(_("ballots"))
    blank = models.PositiveIntegerField(_("blank ballots"))
    void = models.PositiveIntegerField(_("void ballots"), default=0)
    gap = models.PositiveIntegerField(_("marked without a ballot"), default=0)
    gap_explanation = models.TextField(_("explanation of the difference"), blank=True)
    spent_cents = models.PositiveBigIntegerField(_("money used (cents)"))
    input_sha256 = models.CharField(max_length=64)
    method_version = models.CharField(max_length=20)
    counted_at = models.DateTimeField(_("counted"))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(voters=models.F("ballots") + models.F("void") + models.F("gap")),
                name="%(class)s_totals_agree",
            ),
            models.CheckConstraint(
                condition=models.Q(gap=0) | ~models.Q(gap_explanation=""),
                name="%(class)s_gap_explained",
                violation_error_message=_("Explain the difference: the minutes publish it."),
            ),
            models.CheckConstraint(
                condition=models.Q(blank__lte=models.F("ballots")),
                name="%(class)s_blank_is_a_ballot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.poll} – {self.ballots}"  # type: ignore[attr-defined]  # each has its poll


class Tally(Counted):
    """The result of the count that opened the box."""

    poll = models.OneToOneField(
        Poll, primary_key=True, on_delete=models.PROTECT, related_name="tally"
    )

    class Meta(Counted.Meta):
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        triggers = [
            pgtrigger.Protect(
                name="tally_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
