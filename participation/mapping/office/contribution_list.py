"""The list of contributions, with its filters and files."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    DateColumn,
    StatusTagColumn,
)

from participation.core.choices import Visibility
from participation.core.viewsets.columns import FactsColumn
from participation.mapping import policies
from participation.mapping.choices import WishState
from participation.mapping.models import MapContribution
from participation.mapping.office.filters import ContributionFilter
from participation.mapping.office.shared import Listing
from participation.mapping.queries.office import (
    listed_contributions,
    matching,
)

_DONE = (WishState.PLANNED, WishState.DONE)
AROUND_METRES = 200


class ContributionListing(Listing):
    policy = staticmethod(policies.may_follow_up)
    page_title = _("Contributions to maps")
    filterset_class = ContributionFilter
    is_searchable = True
    selectable = True
    export_url_name = "map_contribution:export"

    def get_base_queryset(self) -> Any:
        return listed_contributions()

    def search_queryset(self, queryset: Any) -> Any:
        return matching(queryset, self.search_query) if self.is_searching else queryset

    @cached_property
    def columns(self) -> list[Any]:
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="mapcontribution"),
            FactsColumn(
                "title",
                width="45%",
                label=_("Contribution"),
                facts=lambda row: (
                    row.category.name,
                    row.contribution.territory,
                    row.map.activity.title,
                ),
                accessor="contribution.title",
                get_url=lambda row: reverse("map_contribution:read", args=[row.pk]),
                get_title_id=lambda row: f"mapcontribution_{row.pk}_title",
                sort_key="contribution__title",
            ),
            Column(
                "directorates",
                label=_("Directorates"),
                accessor=lambda row: ", ".join(each.name for each in row.directorates.all()) or "–",
            ),
            Column(
                "supports",
                label=_("Supports"),
                accessor="contribution.supports_count",
                sort_key="contribution__supports_count",
            ),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor=state_label,
                primary=lambda row: row.state in _DONE,
            ),
            DateColumn(
                "submitted_at",
                label=_("Received"),
                accessor="contribution.submitted_at",
                sort_key="contribution__submitted_at",
            ),
        ]


def state_label(row: MapContribution) -> str:
    """The state of the answer; what is not online by itself says so first."""
    if row.contribution.visibility != Visibility.PUBLISHED:
        return str(row.contribution.get_visibility_display())
    if row.merged_into_id is not None:
        return gettext("Joined to another")
    return str(row.get_state_display())
