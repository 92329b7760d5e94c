"""People of an electorate, and what each was recognised by."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.electors.choices import IdentityKind, Link, Way
from participation.electors.models.electorate import Electorate


class Elector(models.Model):
    """One person of one electorate, whatever the way by which they come: one roll for all.

    The names and the birth date are those of the imported roll or of a signed statement, empty
    when nobody asked them. `account` is the account that votes in this person's name, if any.
    `ways` are those by which the person did come, in no order of time; empty for somebody of the
    roll who has not come yet.

    `family_key`, `usual_key` and `given_key` are normal forms for matching (`electors.names`).
    `roll_key` tells one line of the roll from another across imports. `is_homonym`: somebody else
    of the roll has the same names and birth date, so that stating them proves nothing.
    """

    electorate = models.ForeignKey(Electorate, on_delete=models.PROTECT, related_name="electors")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="electors",
    )
    family_name = models.CharField(_("family name"), max_length=120, blank=True)
    usual_name = models.CharField(_("name in use"), max_length=120, blank=True)
    given_names = models.CharField(_("given names"), max_length=120, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    postal_address = models.CharField(_("postal address"), max_length=300, blank=True)
    territory = models.ForeignKey(
        Territory,
        verbose_name=_("neighbourhood"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    link = models.CharField(
        _("tie to the perimeter"), max_length=10, choices=Link.choices, blank=True
    )
    ways = ArrayField(
        models.CharField(max_length=15, choices=Way.choices),
        verbose_name=_("came"),
        default=list,
        blank=True,
    )
    is_on_roll = models.BooleanField(_("on the imported roll"), default=False)
    roll_number = models.CharField(_("number in the roll"), max_length=40, blank=True)
    roll_key = models.CharField(max_length=90, blank=True)
    is_homonym = models.BooleanField(_("somebody else has the same names"), default=False)
    family_key = models.CharField(max_length=120, blank=True)
    usual_key = models.CharField(max_length=120, blank=True)
    given_key = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("elector")
        verbose_name_plural = _("electors")
        ordering = ["electorate", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["electorate", "account"], name="elector_account_once"),
            models.UniqueConstraint(
                fields=["electorate", "roll_key"],
                condition=models.Q(roll_key__gt=""),
                name="elector_roll_line_once",
                violation_error_message=_("This line of the roll is already known."),
            ),
            models.CheckConstraint(
                condition=models.Q(ways__contained_by=Way.values), name="elector_ways_known"
            ),
            models.CheckConstraint(
                condition=models.Q(link__in=["", *Link.values]), name="elector_link_known"
            ),
        ]
        indexes = [
            models.Index(fields=["electorate", "birth_date"], name="elector_by_birth"),
            models.Index(fields=["electorate", "family_key", "given_key"], name="elector_by_name"),
            models.Index(fields=["electorate", "usual_key", "given_key"], name="elector_by_usual"),
        ]

    def __str__(self) -> str:
        return f"{self.usual_name or self.family_name} {self.given_names}".strip() or f"#{self.pk}"


class ElectorIdentity(models.Model):
    """One thing that an elector was recognised by, as a keyed digest: it cannot be read back.

    The same thing never leads to two electors of one electorate: the database refuses.
    """

    elector = models.ForeignKey(Elector, on_delete=models.CASCADE, related_name="identities")
    electorate = models.ForeignKey(Electorate, on_delete=models.PROTECT, related_name="identities")
    kind = models.CharField(_("kind"), max_length=15, choices=IdentityKind.choices)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("identity of an elector")
        verbose_name_plural = _("identities of electors")
        ordering = ["elector", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["electorate", "kind", "digest"], name="identity_one_elector"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=IdentityKind.values), name="identity_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.elector_id}: {self.kind}"


class Attestation(models.Model):
    """What somebody stated of themselves on their honour: kept as signed, changed by nobody.

    `seal` is a keyed digest of all that was signed: a row altered behind our back is seen. Only the
    erasure of civil data empties it, once, leaving the seal.
    """

    elector = models.ForeignKey(Elector, on_delete=models.CASCADE, related_name="attestations")
    family_name = models.CharField(_("family name"), max_length=120)
    given_names = models.CharField(_("given names"), max_length=120)
    birth_date = models.DateField(_("date of birth"), null=True)
    link = models.CharField(_("tie to the perimeter"), max_length=10, blank=True)
    territory = models.ForeignKey(
        Territory,
        verbose_name=_("neighbourhood"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    words = models.TextField(_("words signed"))
    signed_on = models.DateField(_("signed"))
    seal = models.CharField(max_length=64)
    erased_on = models.DateField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        ordering = ["elector", "pk"]
        triggers = [
            # The one change allowed is the erasure.
            pgtrigger.Protect(
                name="attestation_as_signed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__erased_on__isnull=False)
                | pgtrigger.Q(new__erased_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.family_name} {self.given_names}".strip() or f"#{self.pk}"
