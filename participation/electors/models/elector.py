"""People of an electorate, and what each was recognised by."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.electors.choices import IdentityKind
from participation.electors.models.electorate import Electorate


class Elector(models.Model):
    """One person of one electorate, whatever the way by which they come: one roll for all.

    The names and the birth date are those of the imported roll or of a signed statement, empty
    when nobody asked them. `account` is the account that votes in this person's name, if any.
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
    given_names = models.CharField(_("given names"), max_length=120, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    territory = models.ForeignKey(
        Territory,
        verbose_name=_("neighbourhood"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_on_roll = models.BooleanField(_("on the imported roll"), default=False)

    class Meta:
        verbose_name = _("elector")
        verbose_name_plural = _("electors")
        ordering = ["electorate", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["electorate", "account"], name="elector_account_once"),
        ]

    def __str__(self) -> str:
        return f"{self.family_name} {self.given_names}".strip() or f"#{self.pk}"


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
