"""Decisions on several contributions at once, from the list."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participation.core import policies as core_policies
from participation.core.choices import Visibility
from participation.core.viewsets.bulk import Several
from participation.mapping import policies
from participation.mapping.models import MapContribution, ParticipatoryMap
from participation.mapping.office.filters import ContributionFilter
from participation.mapping.office.forms import AnswerForm, AssignForm, ReclassifyForm
from participation.mapping.queries.office import listed_contributions, matching
from participation.mapping.services.follow_up import answer, assign, reclassify

MOST = 500  # lines at once: each is one service call, and some people are mailed


class _Several(Several):
    models = [MapContribution]
    policy = staticmethod(policies.may_follow_up)

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> Any:
        return list(
            MapContribution.objects.exclude(contribution__visibility=Visibility.DRAFT)
            .filter(pk__in=object_ids)
            .select_related("contribution", "map")
            .defer("geometry", "tile_geometry", "map__drawn_perimeter")
            .order_by("pk")
        )

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[int]:
        """All the lines of the list as it was filtered, never of the whole table."""
        asked = QueryDict(urlsplit(self.next_url).query)
        rows = ContributionFilter(asked, queryset=listed_contributions(), request=self.request).qs
        if text := asked.get("q", "").strip():
            rows = matching(rows, text)
        return list(rows.values_list("pk", flat=True)[:MOST])

    def state_of(self, row: MapContribution) -> str:
        return row.get_state_display()


class AnswerSelected(_Several):
    display_name = pgettext_lazy("verb", "Answer")
    aria_label = _("Answer the selected contributions")
    action_type = "answer"
    question = _("Give these contributions the same answer? Their authors and followers are told.")
    form_class = AnswerForm
    action_priority = 10

    @classmethod
    def one(cls, row: MapContribution, data: dict[str, Any], actor: Any) -> None:
        answer(contribution=row, actor=actor, at=timezone.now(), **data)


class AssignSelected(_Several):
    display_name = _("Assign")
    aria_label = _("Assign the selected contributions to directorates")
    action_type = "assign"
    question = _("Which directorates handle these contributions?")
    form_class = AssignForm
    action_priority = 20

    @classmethod
    def one(cls, row: MapContribution, data: dict[str, Any], actor: Any) -> None:
        assign(contribution=row, directorates=data["directorates"], actor=actor, at=timezone.now())


class ReclassifySelected(_Several):
    display_name = _("Change the category")
    aria_label = _("Change the category of the selected contributions")
    action_type = "reclassify"
    question = _("In which category are these contributions? Their authors are told.")
    form_class = ReclassifyForm
    action_priority = 30

    def get_form(self, form_class: Any = None) -> Any:
        objects, _without_access = self.get_actionable_objects()
        maps = ParticipatoryMap.objects.filter(pk__in={row.map_id for row in objects})
        chosen = list(maps.defer("drawn_perimeter").order_by("pk"))
        data = self.request.POST if self.request.method == "POST" else None
        return ReclassifyForm(data, maps=chosen)

    @classmethod
    def one(cls, row: MapContribution, data: dict[str, Any], actor: Any) -> None:
        reclassify(contribution=row, actor=actor, at=timezone.now(), **data)


class _Elsewhere(_Several):
    """Goes to another screen with the chosen rows; nothing is done here."""

    def address(self, keys: list[int]) -> str:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        objects, _without_access = self.get_actionable_objects()
        return HttpResponseRedirect(self.address([row.pk for row in objects]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.get(request)


class MergeSelected(_Elsewhere):
    display_name = _("Join")
    aria_label = _("Join the selected contributions, which say the same")
    action_type = "merge"
    action_priority = 40

    def address(self, keys: list[int]) -> str:
        return (
            f"{reverse('map_contribution:merge')}?{urlencode([('contribution', k) for k in keys])}"
        )


class _Moderation(_Elsewhere):
    """The spine's own act, on the same keys."""

    policy = staticmethod(core_policies.may_moderate)
    act = ""

    def address(self, keys: list[int]) -> str:
        there = reverse("wagtail_bulk_action", args=["core", "contribution", self.act])
        asked = [*(("id", key) for key in keys), ("next", self.next_url)]
        return f"{there}?{urlencode(asked)}"


class PublishSelected(_Moderation):
    display_name = _("Publish")
    aria_label = _("Publish the selected contributions")
    action_type = "publish"
    act = "moderation_publish"
    action_priority = 50


class RestrictSelected(_Moderation):
    display_name = _("Refuse or hide")
    aria_label = _("Refuse or hide the selected contributions")
    action_type = "restrict"
    act = "moderation_restrict"
    action_priority = 60
    classes = {"serious"}


ACTIONS = (
    AnswerSelected,
    AssignSelected,
    ReclassifySelected,
    MergeSelected,
    PublishSelected,
    RestrictSelected,
)
