"""Who may vote in an activity."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.core.models import Activity
from participation.electors.choices import Link, PaperPolicy, Way


def only_accounts() -> list[str]:
    """The way that every site offers."""
    return [Way.ACCOUNT.value]


USUAL_NETWORK_LIMIT = 100
"""A block of flats, a school or an office stays below; a crowd of false accounts does not."""

_SETTLED = (
    "activity_id",
    "minimum_age",
    "age_on",
    "perimeter_id",
    "links",
    "ways",
    "is_roll_closed",
    "paper_policy",
    "network_limit",
    "frozen_at",
)
_FROZEN_AND_CHANGED = "OLD.frozen_at IS NOT NULL AND ({old}) IS DISTINCT FROM ({new})".format(
    old=", ".join(f"OLD.{name}" for name in _SETTLED),
    new=", ".join(f"NEW.{name}" for name in _SETTLED),
)


class Electorate(models.Model):
    """The people who may vote in one activity, and the ways by which they may come.

    A participatory vote is free to be open to minors, foreigners and people who only work there:
    the regulation says so (domain §0.4), hence every condition is a column. An empty `links` asks
    no tie to `perimeter`. With `is_roll_closed` only the people of the imported roll may vote.
    Beyond `network_limit` people from one network, by ways that prove little, an officer decides
    before the box opens (`electors.networks`); None keeps nothing of networks.
    """

    activity = models.OneToOneField(
        Activity,
        verbose_name=_("activity"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="electorate",
    )
    minimum_age = models.PositiveSmallIntegerField(_("minimum age"), null=True, blank=True)
    age_on = models.DateField(_("age reached on"), null=True, blank=True)
    perimeter = models.ForeignKey(
        Territory,
        verbose_name=_("perimeter"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    links = ArrayField(
        models.CharField(max_length=10, choices=Link.choices),
        verbose_name=_("ties to the perimeter"),
        default=list,
        blank=True,
    )
    ways = ArrayField(
        models.CharField(max_length=15, choices=Way.choices),
        verbose_name=_("ways to come"),
        default=only_accounts,
    )
    is_roll_closed = models.BooleanField(_("only the people of the roll"), default=False)
    paper_policy = models.CharField(
        _("who already voted online and comes to a desk"),
        max_length=15,
        choices=PaperPolicy.choices,
        default=PaperPolicy.PAPER_PREVAILS,
    )
    network_limit = models.PositiveIntegerField(
        _("people from one network before an officer looks"),
        null=True,
        blank=True,
        default=USUAL_NETWORK_LIMIT,
    )
    shows_turnout = models.BooleanField(
        _("the number of voters is public during the vote"), default=True
    )
    retention_months = models.PositiveSmallIntegerField(
        _("months after the results before names are erased"), default=6
    )
    # Set when the vote is sealed: what voters were told is what holds.
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True, editable=False)
    results_on = models.DateField(_("results published"), null=True, blank=True, editable=False)
    civil_data_erased_at = models.DateTimeField(
        _("names erased"), null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("electorate")
        verbose_name_plural = _("electorates")
        ordering = ["activity"]
        permissions = [("run_electorate", "Decide who may vote and manage the roll")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ways__len__gte=1),
                name="electorate_has_a_way",
                violation_error_message=_("Choose at least one way to come and vote."),
            ),
            models.CheckConstraint(
                condition=models.Q(links__len=0) | models.Q(perimeter__isnull=False),
                name="electorate_tied_to_somewhere",
                violation_error_message=_("To ask for a tie, say to which perimeter."),
            ),
            models.CheckConstraint(
                condition=models.Q(ways__contained_by=Way.values),
                name="electorate_ways_known",
            ),
            models.CheckConstraint(
                condition=models.Q(links__contained_by=Link.values),
                name="electorate_links_known",
            ),
            models.CheckConstraint(
                condition=models.Q(paper_policy__in=PaperPolicy.values),
                name="electorate_paper_policy_known",
            ),
            models.CheckConstraint(
                condition=models.Q(retention_months__lte=24),
                name="electorate_names_not_for_ever",
                violation_error_message=_("Names are kept 24 months at most after the results."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="electorate_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(_FROZEN_AND_CHANGED),
            ),
            pgtrigger.Protect(
                name="electorate_frozen_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__frozen_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.activity.title
