"""The journal of a poll, its signed heads, the minutes: written once, never changed."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import JournalKind, RecordKind
from participation.budgets.models.vote.poll import Poll

# The database numbers and chains, so that no writer can forge a place or a hash. The lock on the
# poll orders the writers; it lasts until they commit.
_CHAIN = """
    SELECT journal_seq + 1, journal_head INTO NEW.seq, NEW.prev
    FROM budgets_poll WHERE envelope_id = NEW.poll_id FOR NO KEY UPDATE;
    NEW.hash := encode(sha256(convert_to(
        'parvis-journal-v1|' || NEW.prev || '|' || NEW.poll_id || '|' || NEW.seq
        || '|' || NEW.kind || '|' || NEW.payload, 'UTF8')), 'hex');
    UPDATE budgets_poll SET journal_seq = NEW.seq, journal_head = NEW.hash
    WHERE envelope_id = NEW.poll_id;
    RETURN NEW;
"""


class JournalEntry(models.Model):
    """One event of a poll, chained to the one before by its hash; no time and no voter.

    Insert `poll`, `kind` and `payload`: the database gives `seq` (from 1), `prev` (64 zeros for
    the first) and `hash`, the SHA-256 of
    `parvis-journal-v1|<prev>|<poll>|<seq>|<kind>|<payload>` in lower-case hexadecimal.
    """

    pk = models.CompositePrimaryKey("poll_id", "seq")
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="journal")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=JournalKind.choices)
    payload = models.CharField(max_length=64, blank=True)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("line of the journal")
        verbose_name_plural = _("journal")
        ordering = ["poll", "seq"]
        indexes = [models.Index(fields=["payload"], name="journal_payload")]
        triggers = [
            pgtrigger.Trigger(
                name="journal_chained",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=pgtrigger.Func(_CHAIN),
            ),
            pgtrigger.Protect(
                name="journal_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id}/{self.seq} {self.kind}"


class SignedHead(models.Model):
    """The head of a journal on one day, signed with the site's key (Ed25519, hexadecimal).

    What is signed is canonical JSON of day, head, poll, seq and version. `timestamp_token` is the
    answer of a time-stamping authority (RFC 3161, DER) to that text, when one is configured; it
    may come later than the row.
    """

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="heads")
    day = models.DateField(_("day"))
    seq = models.PositiveBigIntegerField()
    head = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    timestamp_token = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("signed head")
        verbose_name_plural = _("signed heads")
        ordering = ["poll", "day", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "day", "seq"], name="signed_head_once")
        ]
        triggers = [
            pgtrigger.Protect(
                name="signed_head_append_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("poll", "day", "seq", "head", "signature"),
            ),
            pgtrigger.Protect(
                name="signed_head_stamped_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__timestamp_token__isnull=False),
            ),
            pgtrigger.Protect(name="signed_head_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id}/{self.seq}"


class OfficialRecord(models.Model):
    """Minutes (*procès-verbal*) of one step of a poll: its facts, from which the page is made."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(_("step"), max_length=12, choices=RecordKind.choices)
    body = models.JSONField(_("facts"))
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["poll", "made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "kind"], name="official_record_once")
        ]
        triggers = [
            pgtrigger.Protect(
                name="official_record_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.poll} – {self.get_kind_display()}"
