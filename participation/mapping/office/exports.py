"""Lists as files: the same filters as on the screen; maps as geographic files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views import View

from maps.exporting import FORMATS, download
from participation.core.sheets import CONTENT_TYPES, write_sheet
from participation.core.viewsets.shared import Guarded
from participation.mapping import policies
from participation.mapping.office.filters import ContributionFilter
from participation.mapping.office.lookups import map_or_404
from participation.mapping.queries import public_contributions
from participation.mapping.queries.office import listed_contributions, matching
from participation.mapping.resources import (
    CONTRIBUTION_HEADINGS,
    FIELDS,
    ContributionResource,
    contribution_features,
)


class ContributionExport(Guarded, View):
    """The list as CSV or XLSX, with every answer to the questions, public or not."""

    policy = staticmethod(policies.may_follow_up)
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
        rows: Any = listed_contributions()
        filters = ContributionFilter(request.GET, queryset=rows, request=request)
        if filters.is_valid():
            rows = filters.filter_queryset(rows)
        if text := request.GET.get("q", "").strip():
            rows = matching(rows, text)
        rows = rows.select_related("merged_into__contribution").defer(
            "geometry",
            "tile_geometry",
            "map__drawn_perimeter",
            "contribution__territory__geometry",
            "merged_into__geometry",
            "merged_into__tile_geometry",
        )
        content = write_sheet(
            ContributionResource().export(rows), kind, headings=CONTRIBUTION_HEADINGS
        )
        name = f"contributions-{timezone.localdate():%Y-%m-%d}.{kind}"
        return HttpResponse(
            content,
            content_type=CONTENT_TYPES[kind],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class GeoExport(Guarded, View):
    """What is online on one map, for GIS tools, sent as it is written."""

    policy = staticmethod(policies.may_enter_office)
    http_method_names = ["get", "head"]

    def get(
        self, request: HttpRequest, pk: int, format: str, *args: Any, **kwargs: Any
    ) -> StreamingHttpResponse:
        if format not in FORMATS:
            raise Http404(format)
        map = map_or_404(pk)
        rows = public_contributions(map=map).filter(geometry__isnull=False).order_by("pk")
        return download(
            contribution_features(rows, slug=map.activity.slug),
            format=format,
            fields=FIELDS,
            name=map.activity.slug,
        )
