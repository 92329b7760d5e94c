"""What a map says as a whole: each picture with its table, each table with its files."""

from collections.abc import Iterator
from typing import Any

import tablib
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from maps.geojson import Feature, feature_collection
from maps.models import Territory
from participation.core.dates import date_format
from participation.core.sheets import CONTENT_TYPES, write_sheet
from participation.core.viewsets.shared import Guarded
from participation.mapping import policies
from participation.mapping.models import ParticipatoryMap
from participation.mapping.office import pictures
from participation.mapping.office.lookups import map_or_404
from participation.mapping.office.shared import MapScreen
from participation.mapping.queries import synthesis as queries

TABLES = ("croisement", "etats", "mois", "chaleur", "groupes", "habitants")
MAPS = ("chaleur", "groupes", "habitants")
SQUARES_SHOWN = 15


class Synthesis(MapScreen):
    policy = staticmethod(policies.may_enter_office)
    page_title = _("Synthesis")
    header_icon = "history"
    template_name = "mapping_admin/synthesis.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        map = self.map
        counts = queries.counts(map=map)
        box = queries.box_of(map)
        squares = queries.heat(map=map, box=box) if box else []
        clusters = queries.clusters(map=map)
        frame = pictures.frame_of(map, box) if box else None
        months = queries.months(map=map)
        return super().get_context_data(
            counts=counts,
            states=_bars(counts.states, counts.total),
            months=_bars(
                [(date_format(day, "F Y"), number) for day, number in months],
                max((number for _day, number in months), default=0),
            ),
            perimeter=map.activity.process.perimeter,
            values={
                share.territory.pk: share.per_thousand
                for share in counts.shares
                if share.per_thousand is not None
            },
            frame=frame,
            patches=pictures.patches(frame, squares) if frame else [],
            squares=squares[:SQUARES_SHOWN],
            side=queries.square_side(box, frame.srid) if box and frame else 0,
            discs=pictures.discs(frame, clusters) if frame else [],
            clusters=clusters,
            metres=queries.CLUSTER_METRES,
            least=queries.CLUSTER_LEAST,
            files={what: _addresses(map, what) for what in TABLES},
            **kwargs,
        )


def _bars(lines: Any, most: int) -> list[tuple[str, int, int]]:
    """(label, number, percent of the longest) for bars."""
    return [
        (str(getattr(label, "label", label)), number, round(100 * number / most) if most else 0)
        for label, number in lines
    ]


def _addresses(map: ParticipatoryMap, what: str) -> list[tuple[str, str]]:
    formats = ("csv", "xlsx", "geojson") if what in MAPS else ("csv", "xlsx")
    return [
        (
            {"csv": "CSV", "xlsx": "XLSX", "geojson": "GeoJSON"}[each],
            reverse("participatory_map:synthesis_file", args=[map.pk, what, each]),
        )
        for each in formats
    ]


class SynthesisFile(Guarded, View):
    """One table of the synthesis as CSV, XLSX or, when it has places, GeoJSON."""

    policy = staticmethod(policies.may_enter_office)
    http_method_names = ["get", "head"]

    def get(
        self, request: HttpRequest, pk: int, what: str, format: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if what not in TABLES or format not in (*CONTENT_TYPES, "geojson"):
            raise Http404(what)
        map = map_or_404(pk)
        name = f"{map.activity.slug}-{what}.{format}"
        if format == "geojson":
            if what not in MAPS:
                raise Http404(what)
            content: bytes | str = feature_collection(list(features(map, what)))
            kind = "application/geo+json"
        else:
            content, kind = write_sheet(table(map, what), format), CONTENT_TYPES[format]
        return HttpResponse(
            content,
            content_type=kind,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def table(map: ParticipatoryMap, what: str) -> tablib.Dataset:
    """The lines of one table, headings first."""
    match what:
        case "croisement":
            cross = queries.counts(map=map).cross
            names = [category.name for category in cross.categories]
            data = tablib.Dataset(headers=[gettext("District"), *names, gettext("Total")])
            for territory, line, total in cross.rows:
                data.append([territory.name if territory else gettext("Not known"), *line, total])
            data.append([gettext("Total"), *cross.totals, cross.total])
        case "etats":
            data = tablib.Dataset(headers=[gettext("State"), gettext("Contributions")])
            for state, number in queries.counts(map=map).states:
                data.append([str(state.label), number])
        case "mois":
            data = tablib.Dataset(headers=[gettext("Month"), gettext("Contributions")])
            for day, number in queries.months(map=map):
                data.append([f"{day:%Y-%m}", number])
        case "habitants":
            data = tablib.Dataset(
                headers=[
                    gettext("Code"),
                    gettext("District"),
                    gettext("Contributions"),
                    gettext("Residents"),
                    gettext("Per 1,000 residents"),
                ]
            )
            for share in queries.counts(map=map).shares:
                place = share.territory
                rate = "" if share.per_thousand is None else share.per_thousand
                data.append([place.code, place.name, share.count, place.population or "", rate])
        case "groupes":
            data = tablib.Dataset(
                headers=[
                    gettext("Group"),
                    pgettext("participatory map", "Category"),
                    gettext("Contributions"),
                    gettext("Latitude"),
                    gettext("Longitude"),
                ]
            )
            for cluster in queries.clusters(map=map):
                y, x = round(cluster.centre.y, 6), round(cluster.centre.x, 6)
                data.append([cluster.name, cluster.category, cluster.count, y, x])
        case _:
            data = tablib.Dataset(
                headers=[gettext("Latitude"), gettext("Longitude"), gettext("Contributions")]
            )
            for square in _squares(map):
                middle = square.outline.centroid
                data.append([round(middle.y, 5), round(middle.x, 5), square.count])
    return data


def features(map: ParticipatoryMap, what: str) -> Iterator[Feature]:
    """The places of one table."""
    match what:
        case "habitants":
            counts = queries.counts(map=map)
            shares = {share.territory.pk: share for share in counts.shares}
            rows = Territory.objects.filter(pk__in=shares).order_by("code", "pk")
            for territory in rows:
                share = shares[territory.pk]
                yield Feature(
                    territory.pk,
                    territory.geometry,
                    {
                        "code": territory.code,
                        "nom": territory.name,
                        "contributions": share.count,
                        "habitants": territory.population,
                        "pour_1000_habitants": share.per_thousand,
                    },
                )
        case "groupes":
            for rank, cluster in enumerate(queries.clusters(map=map), start=1):
                yield Feature(
                    rank,
                    cluster.outline,
                    {
                        "nom": cluster.name,
                        "categorie": cluster.category,
                        "contributions": cluster.count,
                    },
                )
        case _:
            for rank, square in enumerate(_squares(map), start=1):
                yield Feature(rank, square.outline, {"contributions": square.count})


def _squares(map: ParticipatoryMap) -> list[queries.Square]:
    box = queries.box_of(map)
    return queries.heat(map=map, box=box) if box else []
