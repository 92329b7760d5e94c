"""Join contributions that say the same."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.core.choices import Visibility
from participation.core.verdict import refuse
from participation.mapping import policies
from participation.mapping.models import MapContribution
from participation.mapping.office.forms import MergeForm
from participation.mapping.office.lookups import whole_number
from participation.mapping.office.shared import Screen, map_trail
from participation.mapping.queries import nearby
from participation.mapping.services.follow_up import merge_duplicates

_ALIKE_METRES = 200


class Merge(Screen):
    """`?contribution=1&contribution=2…`: these, and others close to them, into one of them."""

    policy = staticmethod(policies.may_follow_up)
    page_title = _("Join contributions")
    header_icon = "group"
    template_name = "mapping_admin/merge.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        source = request.POST if request.method == "POST" else request.GET
        numbers = {whole_number(key) for key in source.getlist("contribution")}
        if None in numbers:
            raise BadRequest
        self.rows = list(
            MapContribution.objects.filter(pk__in=numbers)
            .exclude(contribution__visibility=Visibility.DRAFT)
            .select_related(
                "contribution__author", "category", "map__activity__process", "merged_into"
            )
            .defer("tile_geometry", "merged_into__geometry", "merged_into__tile_geometry")
            .order_by("-contribution__supports_count", "pk")
        )
        if not self.rows or len(self.rows) != len(numbers):
            raise Http404

    def trail(self) -> list[tuple[str, str]]:
        map = self.rows[0].map
        contributions = f"{reverse('map_contribution:index')}?map={map.pk}"
        return [*map_trail(map), (contributions, gettext("Contributions"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", MergeForm())
        kwargs.setdefault("into", self.rows[0].pk)
        return super().get_context_data(rows=self.rows, alike=self._alike(), **kwargs)

    def _alike(self) -> list[MapContribution]:
        first, chosen = self.rows[0], {row.pk for row in self.rows}
        if first.geometry is None:
            return []
        found = nearby(
            map=first.map,
            category=first.category,
            geometry=first.geometry,
            metres=_ALIKE_METRES,
            limit=10 + len(chosen),
        )
        return [row for row in found if row.pk not in chosen][:10]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MergeForm(request.POST)
        key = whole_number(request.POST.get("into", ""))
        main = next((row for row in self.rows if row.pk == key), None)

        def act() -> None:
            if main is None:
                refuse("no_main", _("Choose which one stays.")).or_refuse()
            assert main is not None  # noqa: S101 -- refused just above
            merge_duplicates(
                into=main,
                duplicates=[row for row in self.rows if row.pk != main.pk],
                note=form.cleaned_data["note"],
                actor=request.user,
                at=timezone.now(),
            )

        return self.attempt(
            act,
            form=form,
            done=gettext("They are joined. Their authors are told."),
            to=reverse("map_contribution:read", args=[(main or self.rows[0]).pk]),
        )

    def show(self, **context: Any) -> HttpResponse:
        key = whole_number(self.request.POST.get("into", ""))
        return super().show(into=key, **context)
