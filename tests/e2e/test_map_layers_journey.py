"""Reference layers: prepared in the back office, then laid under a public map by its readers."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Polygon
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from maps.models import Layer, LayerFeature, Territory
from maps.services import add_external_layer, add_uploaded_layer
from maps.tiles import FeatureSource, Tile, encode
from participation.mapping.models import MapContribution, ParticipatoryMap
from tests.cms.making import make_staff
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.factories.accounts import make_territory
from tests.factories.mapping import make_category, make_map, make_map_contribution

ELSEWHERE = "https://vecteurs.example.org"
LAYERS = "Couches de la carte"


@pytest.fixture
def map(transactional_db: None) -> ParticipatoryMap:
    town: Territory = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    made = make_map(process__perimeter=town, activity__slug="villeneuve")
    category = make_category(made, "Ombre", icon="trees", tone=4, pattern="stripes")
    make_map_contribution(
        made,
        category=category,
        geometry=Polygon.from_bbox((1.35, 43.55, 1.5, 43.65)),
        title="Ombrager la place",
    )
    return made


def shade(layer: Layer) -> None:
    """An area in the middle of the town."""
    LayerFeature.objects.create(
        layer=layer, number=1, geometry=Polygon.from_bbox((1.4, 43.55, 1.5, 43.65))
    )


def attach(map: ParticipatoryMap, *layers: Layer, at_start: bool = False) -> None:
    for position, layer in enumerate(layers):
        map.map_layers.create(layer=layer, position=position, shown_at_start=at_start)


def painted(page: Page, where: str) -> int:
    """How many pixels of the canvases of a pane are not transparent."""
    return int(
        page.evaluate(
            "(where) => [...document.querySelectorAll(where)].reduce((total, canvas) => total +"
            " canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
            ".filter((value, place) => place % 4 === 3 && value > 0).length, 0)",
            where,
        )
    )


def test_an_area_of_a_layer_has_its_pattern_and_its_credit(
    visit: Visitor, map: ParticipatoryMap
) -> None:
    flood = add_uploaded_layer(
        name="Zones inondables",
        credit="La préfecture",
        tone=2,
        pattern="crossed",
        dashed=True,
        at=timezone.now(),
    )
    outline = add_uploaded_layer(
        name="Secteur", credit="La ville", pattern="empty", at=timezone.now()
    )
    for layer in (flood, outline):
        shade(layer)
    attach(map, flood, outline)
    page = visit.open("/carte/villeneuve/")
    expect(page.locator(".map.is-ready")).to_be_visible()
    group = page.get_by_role("group", name=LAYERS)
    expect(group.locator("svg.map-swatch")).to_have_count(2)
    credit = page.locator(".leaflet-control-attribution")
    expect(credit).not_to_contain_text("La préfecture")
    group.get_by_label("Zones inondables").check()
    area = page.locator(".map-references path.map-reference")
    expect(area).to_have_count(1)
    expect(credit).to_contain_text("La préfecture")
    fill = area.evaluate("element => getComputedStyle(element).fill")
    name = fill.removeprefix('url("#').removesuffix('")')
    marks = page.locator(f"pattern#{name} .map-fill__line")
    expect(marks).to_have_count(1)
    assert area.evaluate("element => getComputedStyle(element).strokeDasharray") != "none"
    stroke = "element => getComputedStyle(element).stroke"
    assert marks.evaluate(stroke) == area.evaluate(stroke)
    group.get_by_label("Zones inondables").uncheck()
    group.get_by_label("Secteur").check()
    expect(area).to_have_count(1)
    expect(credit).to_contain_text("La ville")
    assert area.evaluate("element => getComputedStyle(element).fillOpacity") == "0"
    visit.check()
    assert visit.console_errors == []


def test_the_pattern_of_a_category_is_on_its_areas_and_in_the_legend(
    visit_desktop: Visitor, map: ParticipatoryMap
) -> None:
    page = visit_desktop.open("/carte/villeneuve/")
    expect(page.locator(".map.is-ready")).to_be_visible()
    expect(page.locator(".map-legend__picture--area")).to_have_count(1)
    row = MapContribution.objects.get(map=map)
    page = visit_desktop.open(f"/carte/villeneuve/{row.pk}/")
    area = page.locator("path.map-shape")
    expect(area).to_have_count(1)
    fill = area.evaluate("element => getComputedStyle(element).fill")
    name = fill.removeprefix('url("#').removesuffix('")')
    expect(page.locator(f"pattern#{name} .map-fill__line")).to_have_count(1)
    assert visit_desktop.console_errors == []


def test_vector_tiles_from_elsewhere_are_drawn_where_the_site_allows_third_parties(
    visit_desktop: Visitor, map: ParticipatoryMap, settings: Any
) -> None:
    settings.MAP_ALLOW_THIRD_PARTIES = True
    roads = add_external_layer(
        kind="vector",
        url=f"{ELSEWHERE}/voirie/{{z}}/{{x}}/{{y}}.pbf",
        name="Voirie",
        credit="Le département",
        licence="Licence Ouverte 2.0",
        tone=5,
        pattern="hatched",
        at=timezone.now(),
    )
    attach(map, roads)
    asked: list[Tile] = []
    headers: list[dict[str, str]] = []

    def answer(route: Route) -> None:
        """The other site: it has an area, in a layer of its own name."""
        z, x, y = route.request.url.removesuffix(".pbf").split("/")[-3:]
        asked.append(Tile(int(z), int(x), int(y)))
        headers.append(route.request.headers)
        route.fulfill(
            status=200,
            body=encode(asked[-1], FeatureSource(MapContribution.objects.all())),
            headers={"Access-Control-Allow-Origin": "*"},
        )

    page = visit_desktop.page
    visit_desktop.context.route(f"{ELSEWHERE}/**", answer)
    page.goto(f"{visit_desktop.base_url}/carte/villeneuve/")
    expect(page.locator(".map.is-ready")).to_be_visible()
    assert asked == []  # nothing before the reader asks for it
    credit = page.locator(".leaflet-control-attribution")
    box = page.get_by_role("group", name=LAYERS).get_by_label("Voirie")
    box.check()
    expect(credit).to_contain_text("Le département – Licence Ouverte 2.0")
    drawn = ".map-references canvas"
    expect(page.locator(drawn).first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert painted(page, drawn) > 1000
    assert not any("cookie" in each for each in headers)
    # Beyond the last zoom of such services, their tiles are drawn larger.
    closer = page.get_by_role("button", name="Agrandir", exact=True)
    while closer.get_attribute("aria-disabled") != "true":
        closer.click()
        page.wait_for_load_state("networkidle")
    assert max(tile.z for tile in asked) == 14
    assert painted(page, drawn) > 1000
    box.uncheck()
    expect(page.locator(drawn)).to_have_count(0)
    expect(credit).not_to_contain_text("Le département")
    assert visit_desktop.console_errors == []

    settings.MAP_ALLOW_THIRD_PARTIES = False
    page = visit_desktop.page
    page.goto(f"{visit_desktop.base_url}/carte/villeneuve/")
    expect(page.locator(".map.is-ready")).to_be_visible()
    expect(page.get_by_text("Voirie")).to_have_count(0)


def test_a_site_that_does_not_answer_is_said(
    visit_desktop: Visitor, map: ParticipatoryMap, settings: Any
) -> None:
    settings.MAP_ALLOW_THIRD_PARTIES = True
    roads = add_external_layer(
        kind="vector",
        url=f"{ELSEWHERE}/{{z}}/{{x}}/{{y}}.pbf",
        name="Voirie",
        credit="Le département",
        at=timezone.now(),
    )
    attach(map, roads)
    page = visit_desktop.page
    visit_desktop.context.route(f"{ELSEWHERE}/**", lambda route: route.abort())
    page.goto(f"{visit_desktop.base_url}/carte/villeneuve/")
    expect(page.locator(".map.is-ready")).to_be_visible()
    page.get_by_role("group", name=LAYERS).get_by_label("Voirie").check()
    expect(page.locator("[data-layers] [role=alert]")).to_have_text(
        "Cette couche n’a pas pu être chargée."
    )


def test_the_office_prepares_a_layer_and_gives_it_to_a_map(
    visit_desktop: Visitor, map: ParticipatoryMap, tmp_path: Path
) -> None:
    make_staff("Participation", email="agente@example.org", password=PASSWORD)
    visit = visit_desktop
    sign_in(visit, "agente@example.org")
    page = visit.open_office("/gestion/couches/")
    page = visit.open_office("/gestion/couches/new/")
    main = page.get_by_role("main")
    main.locator("[name=name]").fill("Pistes cyclables")
    main.locator("[name=credit]").fill("La ville")
    main.locator("[name=pattern]").select_option("dotted")
    visit.press(main.get_by_role("button", name="Créer"))
    visit.check_office()
    layer = Layer.objects.get()
    page.get_by_role("main").locator("[type=file]").set_input_files(written(tmp_path))
    visit.press(main.get_by_role("button", name="Lire le fichier"))
    visit.check_office()
    expect(main).to_contain_text("1 forme conservée")
    expect(main).to_contain_text("1 élément refusé")
    assert not LayerFeature.objects.exists()
    main.get_by_label("Importer les autres sans les éléments refusés", exact=False).check()
    visit.press(main.locator("button[name=confirm]"))
    visit.check_office()
    expect(page.locator(".messages")).to_contain_text("1 forme importée.")
    assert layer.features.count() == 1
    visit.open_office(f"/gestion/couches/edit/{layer.pk}/")
    page = visit.open_office(f"/gestion/cartes/{map.pk}/couches/")
    main = page.get_by_role("main")
    main.get_by_label("Pistes cyclables – Sur cette carte", exact=False).check()
    main.get_by_label("Pistes cyclables – Affichée au départ", exact=False).check()
    visit.press(main.get_by_role("button", name="Enregistrer"))
    visit.check_office()
    given = map.map_layers.get()
    assert (given.layer, given.shown_at_start) == (layer, True)
    page = visit.open("/carte/villeneuve/")
    expect(page.locator(".map-references path.map-reference")).to_have_count(1)
    visit.open_office(f"/gestion/couches/delete/{layer.pk}/")


def written(folder: Path) -> Path:
    """A file of two features, of which one is nowhere on Earth."""
    shapes = [Polygon.from_bbox((1.4, 43.55, 1.5, 43.65)), Polygon.from_bbox((400, 1, 401, 2))]
    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shape.geojson)}
        for shape in shapes
    ]
    path = folder / "pistes.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path
