"""Small pages for the browser tests: maps with their lists, and a form with a location."""

from pathlib import Path

from django import forms
from django.contrib.gis.geos import Point
from django.http import HttpRequest, HttpResponse
from django.template import engines

from maps.forms import LocationField
from maps.geojson import Feature, geojson_response
from maps.legend import Category, ReferenceLayer
from maps.models import Territory
from maps.tiles import FeatureSource, Tile, encode, tile_response
from tests.maps.spots import Spot

THEMES = (("trees", "Nature", 4), ("bike", "Vélo", 3), ("school", "École", 2), ("", "Culture", 1))


def town() -> Territory:
    return Territory.objects.light().get(kind="municipality", code__in=["31555", "99001"])


def ideas() -> list[Feature]:
    """23 places: a grid, three at one spot, and one line."""
    from maps.queries import extent

    west, south, east, north = extent(town())
    features = []
    for place in range(23):
        x = west + (east - west) * (0.3 + 0.4 * (place % 5) / 5 + 0.011 * (place % 3))
        y = south + (north - south) * (0.3 + 0.4 * (place // 5) / 5)
        if place in (20, 21, 22):
            x, y = west + (east - west) * 0.75, south + (north - south) * 0.55
        icon, category, tone = THEMES[place % 4]
        features.append(
            Feature(
                place + 1,
                Point(x, y, srid=4326),
                {
                    "title": f"Idée numéro {place + 1}",
                    "url": f"/idees/{place + 1}/",
                    "category": category,
                    "icon": icon,
                    "tone": tone,
                    "status": "En étude" if place % 2 else "Reçue",
                    "summary": "Planter des arbres le long du canal et poser trois bancs.",
                },
            )
        )
    return features


TEMPLATES = Path(__file__).parent / "templates"


class PlaceForm(forms.Form):
    place = LocationField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].perimeter = town()


def show(request: HttpRequest, page: str, **context: object) -> HttpResponse:
    text = (TEMPLATES / page).read_text()
    return HttpResponse(engines["django"].from_string(text).render(context, request))


def map_page(request: HttpRequest) -> HttpResponse:
    parts = list(town().children.light().order_by("code"))
    return show(
        request,
        "map.html",
        town=town(),
        ideas=ideas(),
        part=parts[0],
        values={each.pk: place + 1 for place, each in enumerate(parts)},
        features_url=request.GET.get("features", "/essai/idees.geojson"),
    )


def features(request: HttpRequest) -> HttpResponse:
    return geojson_response(ideas())


def form_page(request: HttpRequest) -> HttpResponse:
    form = PlaceForm(request.GET) if "sent" in request.GET else PlaceForm()
    place = form.cleaned_data["place"] if form.is_bound and form.is_valid() else None
    said = (
        f"{place.territory} | {place.address} | {'point' if place.point else 'sans point'}"
        if place
        else ""
    )
    return show(request, "form.html", form=form, place=said)


CATEGORIES = [
    Category("arbre", "Plus d’arbres", tone=4, icon="trees"),
    Category("velo", "Piste cyclable", tone=3, icon="bike", pattern="grid"),
    Category("danger", "Danger", tone=2, letter="!", pattern="stripes"),
]


def tiles_page(request: HttpRequest) -> HttpResponse:
    return show(
        request,
        "tiles.html",
        town=town(),
        spots=list(Spot.objects.order_by("pk")[:30]),
        categories=CATEGORIES,
        references=[
            ReferenceLayer(
                "parcs", "Parcs <publics>", "/essai/idees.geojson", attribution="Ville & parcs"
            ),
            ReferenceLayer("perdu", "Couche perdue", "/essai/absent.geojson"),
        ],
        tiles_url=request.GET.get("tiles", "/essai/tuiles/{z}/{x}/{y}.mvt"),
        popup_url="/essai/fiche/{id}/",
    )


def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    square = Tile(z, x, y)
    rows = Spot.objects.all()
    if category := request.GET.get("categorie"):
        rows = rows.filter(category=category)
    source = FeatureSource(rows, properties={"title": "title", "category": "category"})
    most = int(request.GET.get("most", "2000"))
    return tile_response(
        request, square, lambda: encode(square, source, most=most), version="1", max_age=0
    )


def card(request: HttpRequest, pk: int) -> HttpResponse:
    spot = Spot.objects.get(pk=pk)
    return HttpResponse(
        f'<article class="map-card__item"><a class="map-card__title" href="/lieux/{pk}/">'
        f"{spot.title}</a><p>Fiche du lieu</p></article>"
    )
