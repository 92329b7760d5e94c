"""The template tags: the map's markup and the drawn picture."""

import xml.etree.ElementTree as ElementTree

import pytest
from django.contrib.gis.geos import Point
from django.template import TemplateSyntaxError

from maps.geojson import Feature
from maps.legend import Category, ReferenceLayer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]

MAP = "{% load maps %}{% map_view id='carte' label='Carte des idées' "


def test_the_map_is_data_and_no_inline_script(render, town):
    html = render(
        MAP + "features_url='/x.geojson' territory=town parts='neighbourhood' %}", town=town
    )
    assert "<style" not in html
    assert "style=" not in html
    scripts = [part.split(">")[0] for part in html.split("<script")[1:]]
    assert all('type="application/json"' in each or "src=" in each for each in scripts), scripts
    assert 'data-features-url="/x.geojson"' in html
    assert "parent=municipality:99001&amp;kind=neighbourhood" in html
    assert "[1.4, 43.58]" not in html  # latitude first, as Leaflet wants
    assert "[43.58, 1.4]" in html


def test_features_may_be_written_in_the_page(render, town):
    features = [Feature(7, Point(1.42, 43.6, srid=4326), {"title": "</script><b>"})]
    html = render(MAP + "features=features %}", features=features)
    assert "</script><b>" not in html
    assert '"id": 7' in html


@pytest.mark.parametrize(
    "inputs",
    [
        "",
        "features_url='/a' features=features",
        "features_url='/a' height='x'",
        "features_url='/a' tiles_url='/b'",
        "features_url='/a' popup_url='/b'",
    ],
)
def test_wrong_inputs_fail_at_once(render, inputs):
    with pytest.raises(TemplateSyntaxError):
        render(MAP + inputs + " %}", features=[])


def test_the_picture_is_sound_svg(render, town, neighbourhoods, django_assert_num_queries):
    with django_assert_num_queries(1):
        html = render(
            "{% load maps %}"
            "{% territory_svg town parts='neighbourhood' point=point highlight=part %}",
            town=town,
            point=Point(1.42, 43.6, srid=4326),
            part=neighbourhoods[0],
        )
    svg = ElementTree.fromstring(html[html.index("<svg") :].strip())  # noqa: S314 -- our own output
    roles = [path.get("class") for path in svg.iter("path") if path.get("class")]
    assert sorted(roles) == [
        "territory-picture__highlight",
        "territory-picture__outline",
        *["territory-picture__part"] * 3,
    ]
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == "Emplacement\u00a0: Les Minimes, à Villebelle"
    assert len(html) < 4_000


def test_shades_follow_values(render, town, neighbourhoods):
    values = {each.pk: float(place) for place, each in enumerate(neighbourhoods)}
    html = render(
        "{% load maps %}{% territory_svg town parts='neighbourhood' values=values %}",
        town=town,
        values=values,
    )
    assert [f"shade-{shade}" in html for shade in (1, 2, 3, 4, 5)] == [
        True,
        True,
        False,
        True,
        True,
    ]


def test_a_base_map_comes_with_its_credit(render, town, settings):
    plain = render(MAP + "features_url='/x' territory=town %}", town=town)
    assert "https://" not in plain
    settings.MAP_BASE_LAYER = "ign"
    html = render(MAP + "features_url='/x' territory=town %}", town=town)
    assert "/cartes/fonds/ign/{z}/{x}/{y}" in html  # through this site: nobody else is asked
    assert "geopf.fr" not in html
    assert "geoservices.ign.fr" in html
    settings.MAP_TILES_PROXY = False
    html = render(MAP + "features_url='/x' territory=town %}", town=town)
    assert "https://data.geopf.fr/wmts?" in html


def test_a_map_of_tiles_has_its_legend_and_its_layers(render, town, settings):
    settings.MAP_EXTRA_LAYERS = ["aerial"]
    html = render(
        MAP + "tiles_url='/t/{z}/{x}/{y}.mvt' popup_url='/f/{id}/' categories=categories"
        " references=references around_me=True territory=town %}",
        town=town,
        categories=[Category("1", "<Arbres>", tone=4, icon="trees")],
        references=[ReferenceLayer("a", "Parcs", "/parcs.geojson", attribution="<b>Ville</b>")],
    )
    assert 'data-tiles-url="/t/{z}/{x}/{y}.mvt"' in html
    assert "data-map-view" not in html
    assert "&lt;Arbres&gt;" in html
    assert '"pattern": "grid"' in html  # tone 4's own
    # Text, escaped once for the page and once for the map's credit; our own credits are HTML.
    assert 'data-attribution="&amp;lt;b&amp;gt;Ville' in html
    assert 'data-attribution="© &lt;a href=' in html
    assert "<style" not in html
    assert "style=" not in html


@pytest.mark.parametrize("wrong", [{"tone": 9}, {"pattern": "zebra"}])
def test_a_category_looks_like_something_that_exists(wrong):
    with pytest.raises(ValueError, match="not"):
        Category("1", "Arbres", **wrong)
