"""Decisions on several contributions at once, from the list."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from wagtail.admin.views.bulk_action import BulkAction

from participation.core import policies as core_policies
from participation.core.choices import Visibility
from participation.core.verdict import Refused
from participation.mapping import policies
from participation.mapping.models import MapContribution, ParticipatoryMap
from participation.mapping.office.filters import ContributionFilter
from participation.mapping.office.forms import AnswerForm, AssignForm, ReclassifyForm
from participation.mapping.queries.office import listed_contributions, matching
from participation.mapping.services.follow_up import answer, assign, reclassify

MOST = 500  # lines at once: each is one service call, and some people are mailed


class _Several(BulkAction):
    """One service call per row; a row that refuses is left as it is, and its reason is shown."""

    models = [MapContribution]
    template_name = "mapping_admin/bulk.html"
    question: Any = ""
    policy: Any = staticmethod(policies.may_follow_up)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not type(self).policy(user=request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=self.question, button=self.display_name, **kwargs)

    def get_execution_context(self) -> dict[str, Any]:
        self.reasons: list[str] = []
        return {
            **super().get_execution_context(),
            "actor": self.request.user,
            "data": self.cleaned_form.cleaned_data if self.cleaned_form else {},
            "reasons": self.reasons,
        }

    @classmethod
    def one(cls, row: Any, data: dict[str, Any], actor: Any) -> None:
        raise NotImplementedError

    @classmethod
    def execute_action(cls, objects: Any, **kwargs: Any) -> tuple[int, int]:
        done = 0
        for row in objects:
            try:
                cls.one(row, kwargs["data"], kwargs["actor"])
                done += 1
            except Refused as refused:
                kwargs["reasons"].append(f"{row} : {refused}")
        return done, len(kwargs["reasons"])

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        message = ngettext(
            "%(count)s line handled.", "%(count)s lines handled.", num_parent_objects
        ) % {"count": num_parent_objects}
        if num_child_objects:
            left = ngettext(
                "%(count)s left as it was: %(reasons)s",
                "%(count)s left as they were: %(reasons)s",
                num_child_objects,
            ) % {"count": num_child_objects, "reasons": " – ".join(self.reasons[:5])}
            message = f"{message} {left}"
        return message


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

    policy: Any = staticmethod(core_policies.may_moderate)
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
