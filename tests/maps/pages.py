"""Two small pages for the browser tests: a map with its list, and a form with a location."""

from django import forms
from django.contrib.gis.geos import Point
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from maps.forms import LocationField
from maps.geojson import Feature, geojson_response
from maps.models import Territory

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


PAGE = """{% load maps static i18n %}<!doctype html>
<html lang="{{ language }}"{% if scheme %} data-scheme="{{ scheme }}"{% endif %}><head><meta charset="utf-8"><title>Carte</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{% static 'app.css' %}"></head>
<body><main class="container stack">"""
END = "</main></body></html>"

MAP_PAGE = (
    PAGE
    + """<h1>Les idées</h1>
{% map_view id="ideas-map" label="Carte des idées" features_url=features_url territory=town parts="neighbourhood" list_id="ideas" count_one="{count} idée affichée" count_many="{count} idées affichées" %}
<ul id="ideas">{% for each in ideas %}<li data-feature-id="{{ each.id }}"><a href="{{ each.properties.url }}">{{ each.properties.title }}</a></li>{% endfor %}</ul>
{% territory_svg town parts="neighbourhood" point=ideas.0.geometry highlight=part %}
{% territory_svg town parts="neighbourhood" values=values title="Idées par quartier" description="De 1 à 20 idées." %}"""
    + END
)
FORM_PAGE = (
    PAGE
    + """<h1>Où ?</h1>{% if place %}<p id="received">{{ place }}</p>{% endif %}
<form method="get"><input type="hidden" name="sent" value="1">{% if form.place.errors %}<ul id="errors">{% for error in form.place.errors %}<li>{{ error }}</li>{% endfor %}</ul>{% endif %}
{{ form.place }}<button id="send">Envoyer</button></form>"""
    + END
)


class PlaceForm(forms.Form):
    place = LocationField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].perimeter = town()


def _show(request: HttpRequest, page: str, **context: object) -> HttpResponse:
    context |= {"language": "fr", "scheme": request.GET.get("scheme", "")}
    return HttpResponse(engines["django"].from_string(page).render(context, request))


def map_page(request: HttpRequest) -> HttpResponse:
    parts = list(town().children.light().order_by("code"))
    return _show(
        request,
        MAP_PAGE,
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
    return _show(request, FORM_PAGE, form=form, place=said)


urlpatterns = [
    path("essai/carte/", map_page),
    path("essai/idees.geojson", features),
    path("essai/lieu/", form_page),
    path("cartes/", include("maps.urls")),
]
