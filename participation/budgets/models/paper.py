"""Paper ballots after the close: lots of fifty, keyed twice by two agents blind to each other,
compared rank by rank, arbitrated by a third person, audited against the paper itself.

PostgreSQL keeps the promises: a lot whose two passes differ at one rank cannot become accepted,
and nothing changes in a lot that is.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import LotState, VoidReason
from participation.budgets.models.vote import Poll

MOST_IN_A_LOT = 50

_LOT = [("lot", "budgets_paperlot%ROWTYPE")]

# Both passes whole, and every rank where they differ settled. No other way leads to the box.
_ACCEPTED_WHEN_AGREED = """
    IF OLD.state = 'accepted' THEN
        RAISE EXCEPTION 'the lot is accepted: nothing changes in it'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'accepted' AND EXISTS (
        SELECT 1
        FROM generate_series(1, NEW.sealed_count) AS ranks(rank)
        LEFT JOIN budgets_paperentry AS one
               ON one.lot_id = NEW.id AND one.rank = ranks.rank AND one.pass = 1
        LEFT JOIN budgets_paperentry AS two
               ON two.lot_id = NEW.id AND two.rank = ranks.rank AND two.pass = 2
        WHERE one.id IS NULL
           OR two.id IS NULL
           OR (ROW(one.choices, one.points, one.void_reason)
               IS DISTINCT FROM ROW(two.choices, two.points, two.void_reason)
               AND NOT EXISTS (
                   SELECT 1 FROM budgets_paperarbitration AS settled
                   WHERE settled.lot_id = NEW.id AND settled.rank = ranks.rank
               ))
    ) THEN
        RAISE EXCEPTION 'the two passes of the lot differ' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

# The roll is final after the close; the share of it that voted on paper bounds what is counted.
_NO_MORE_THAN_MARKS = """
    IF (SELECT coalesce(sum(sealed_count), 0) FROM budgets_paperlot WHERE poll_id = NEW.poll_id)
       > (SELECT count(*) FROM budgets_voterrecord
          WHERE poll_id = NEW.poll_id AND channel = 'paper') THEN
        RAISE EXCEPTION 'more paper ballots than people marked on the roll'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""

# The lot is locked first, so that its keyers and its state hold until the entry is there.
_ENTRY_BY_ITS_KEYER = """
    SELECT * INTO lot FROM budgets_paperlot WHERE id = NEW.lot_id FOR SHARE;
    IF lot.state <> 'keying' THEN
        RAISE EXCEPTION 'the lot is not being keyed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.rank > lot.sealed_count THEN
        RAISE EXCEPTION 'the lot holds fewer ballots' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.keyed_by_id IS DISTINCT FROM
       (CASE NEW.pass WHEN 1 THEN lot.first_keyer_id ELSE lot.second_keyer_id END) THEN
        RAISE EXCEPTION 'this pass belongs to another agent' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_BY_A_THIRD_PERSON = """
    SELECT * INTO lot FROM budgets_paperlot WHERE id = NEW.lot_id FOR SHARE;
    IF lot.state <> 'differing' THEN
        RAISE EXCEPTION 'the lot awaits no arbitration' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.decided_by_id IN (lot.first_keyer_id, lot.second_keyer_id) THEN
        RAISE EXCEPTION 'arbitrated by one of its keyers' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_NOT_IN_AN_ACCEPTED_LOT = """
    PERFORM 1 FROM budgets_paperlot WHERE id = OLD.lot_id FOR SHARE;
    IF EXISTS (SELECT 1 FROM budgets_paperlot WHERE id = OLD.lot_id AND state = 'accepted') THEN
        RAISE EXCEPTION 'the lot is accepted: nothing changes in it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
"""


class PaperLot(models.Model):
    """At most fifty ballots of one poll, stamped with their rank and sealed together."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="paper_lots")
    number = models.PositiveSmallIntegerField(_("number"))
    sealed_count = models.PositiveSmallIntegerField(_("ballots in the lot"))
    state = models.CharField(
        _("state"), max_length=10, choices=LotState.choices, default=LotState.KEYING
    )
    first_keyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    second_keyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    first_is_done = models.BooleanField(default=False)
    second_is_done = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("lot of paper ballots")
        verbose_name_plural = _("lots of paper ballots")
        ordering = ["poll", "number"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="paper_lot_once"),
            models.CheckConstraint(
                condition=models.Q(sealed_count__gte=1, sealed_count__lte=MOST_IN_A_LOT),
                name="paper_lot_of_fifty",
                violation_error_message=_("A lot holds between 1 and 50 ballots."),
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=999), name="paper_lot_number"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=LotState.values), name="paper_lot_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(first_keyer=models.F("second_keyer")),
                name="paper_lot_two_keyers",
                violation_error_message=_("The two passes of a lot are keyed by two agents."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="paper_lot_accepted_when_agreed",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=_ACCEPTED_WHEN_AGREED,
            ),
            pgtrigger.Trigger(
                name="paper_lot_within_marks",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("sealed_count"),
                when=pgtrigger.After,
                func=_NO_MORE_THAN_MARKS,
            ),
            pgtrigger.Protect(name="paper_lot_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.poll} – {self.number}"


class _Reading(models.Model):
    """What one person read on the ballot of one rank. A void ballot has a reason and no choice."""

    rank = models.PositiveSmallIntegerField(_("rank"))
    choices = ArrayField(models.BigIntegerField(), default=list)
    points = ArrayField(models.PositiveIntegerField(), null=True)
    void_reason = models.CharField(
        _("void because"), max_length=40, choices=VoidReason.choices, blank=True
    )

    class Meta:
        abstract = True

    @property
    def is_void(self) -> bool:
        return bool(self.void_reason)

    @property
    def content(self) -> tuple[tuple[int, ...], tuple[int, ...] | None, str]:
        """What two readings of one ballot must have in common."""
        points = None if self.points is None else tuple(self.points)
        return tuple(self.choices), points, self.void_reason


def _reading_is_sound(name: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            condition=models.Q(void_reason="")
            | models.Q(void_reason__in=VoidReason.values, choices__len=0, points__isnull=True),
            name=f"{name}_void_has_no_choice",
        ),
        models.CheckConstraint(condition=models.Q(rank__gte=1), name=f"{name}_rank_from_one"),
    ]


class PaperEntry(_Reading):
    """One ballot as one of the two passes keyed it."""

    lot = models.ForeignKey(PaperLot, on_delete=models.PROTECT, related_name="entries")
    pass_number = models.PositiveSmallIntegerField(_("pass"), db_column="pass")
    keyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("keyed ballot")
        verbose_name_plural = _("keyed ballots")
        ordering = ["lot", "pass_number", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "rank", "pass_number"], name="paper_entry_once"),
            models.CheckConstraint(
                condition=models.Q(pass_number__in=(1, 2)), name="paper_entry_two_passes"
            ),
            *_reading_is_sound("paper_entry"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="paper_entry_by_its_keyer",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=_LOT,
                func=_ENTRY_BY_ITS_KEYER,
            ),
            pgtrigger.Protect(name="paper_entry_never_rewritten", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="paper_entry_kept_once_accepted",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_NOT_IN_AN_ACCEPTED_LOT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}/{self.rank}/{self.pass_number}"


class PaperArbitration(_Reading):
    """How a third person read a ballot on which the two passes differ, and why."""

    lot = models.ForeignKey(PaperLot, on_delete=models.PROTECT, related_name="arbitrations")
    note = models.TextField(_("note"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("arbitration of a ballot")
        verbose_name_plural = _("arbitrations of ballots")
        ordering = ["lot", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "rank"], name="paper_arbitration_once"),
            models.CheckConstraint(condition=~models.Q(note=""), name="paper_arbitration_has_note"),
            *_reading_is_sound("paper_arbitration"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="paper_arbitration_by_a_third",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=_LOT,
                func=_BY_A_THIRD_PERSON,
            ),
            pgtrigger.Protect(name="paper_arbitration_never_rewritten", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="paper_arbitration_kept",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_NOT_IN_AN_ACCEPTED_LOT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}/{self.rank}"


class PaperExplanation(models.Model):
    """Why the urn held another number of ballots than the roll has marks; it goes in the minutes.

    It holds for the two numbers that it names and for no others.
    """

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="paper_explanations")
    marks = models.PositiveIntegerField(_("people marked on the roll"))
    ballots = models.PositiveIntegerField(_("ballots in the lots"))
    note = models.TextField(_("explanation"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("explanation of a difference")
        verbose_name_plural = _("explanations of differences")
        ordering = ["poll", "written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(note=""), name="paper_explanation_has_note"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="paper_explanation_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.poll_id}: {self.marks}/{self.ballots}"


class PaperAudit(models.Model):
    """A draw of ballots to take out of their lots and compare with what was recorded."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="paper_audits")
    seed = models.CharField(_("public seed"), max_length=128)
    size = models.PositiveSmallIntegerField(_("ballots to compare"))
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drawn_at = models.DateTimeField(_("drawn"))

    class Meta:
        verbose_name = _("audit of paper ballots")
        verbose_name_plural = _("audits of paper ballots")
        ordering = ["poll", "drawn_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "seed"], name="paper_audit_seed_once"),
            models.CheckConstraint(condition=models.Q(size__gte=1), name="paper_audit_of_some"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="paper_audit_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.poll_id}: {self.seed}"


class PaperCheck(models.Model):
    """One drawn ballot, compared with its paper."""

    audit = models.ForeignKey(PaperAudit, on_delete=models.PROTECT, related_name="checks")
    code = models.CharField(_("code"), max_length=10)
    agrees = models.BooleanField(_("the paper says the same"))
    note = models.TextField(_("what differs"), blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("compared ballot")
        verbose_name_plural = _("compared ballots")
        ordering = ["audit", "code"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "code"], name="paper_check_once"),
            models.CheckConstraint(
                condition=models.Q(agrees=True) | ~models.Q(note=""),
                name="paper_check_says_what_differs",
                violation_error_message=_("Say what differs."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="paper_check_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return self.code
