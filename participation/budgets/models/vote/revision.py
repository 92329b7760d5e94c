"""A second count, after a judgment: what was set aside is opened and counted with the rest.

The first count stays as it was, with its files. There is one revision of a poll at most: it opens
all the envelopes that were set aside.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.budgets.models.vote.box import Counted
from participation.budgets.models.vote.poll import Poll

_NONE_AFTER_REVISION = """
    IF EXISTS (SELECT 1 FROM budgets_revision WHERE poll_id = NEW.poll_id) THEN
        RAISE EXCEPTION 'the box is counted again' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class AddedBallot(models.Model):
    """A ballot of an envelope that was set aside, opened after a judgment. Anonymous.

    With the ballots of the box (`Ballot`) it makes the box of the revision.
    """

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="added_ballots")
    code = models.CharField(max_length=64)
    choices = ArrayField(models.BigIntegerField())
    points = ArrayField(models.PositiveIntegerField(), null=True)

    class Meta:
        verbose_name = _("ballot added after a judgment")
        verbose_name_plural = _("ballots added after a judgment")
        ordering = ["poll", "code"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "code"], name="added_ballot_code_once"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="added_ballot_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="added_ballot_none_after_revision",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=pgtrigger.Func(_NONE_AFTER_REVISION),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Revision(Counted):
    """The result in force after a judgment: its `reference`, why, and the second count.

    `void_ballots`: `[code, reason]` of each envelope that was opened for it and does not count.
    """

    poll = models.OneToOneField(
        Poll, primary_key=True, on_delete=models.PROTECT, related_name="revision"
    )
    reference = models.CharField(_("reference of the judgment"), max_length=200)
    reason = models.TextField(_("reason"))
    void_ballots = models.JSONField(default=list)

    class Meta(Counted.Meta):
        verbose_name = _("revised tally")
        verbose_name_plural = _("revised tallies")
        constraints = [
            *Counted.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(reference="") & ~models.Q(reason=""),
                name="revision_says_why",
                violation_error_message=_("Give the judgment and the reason: they are published."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="revision_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
