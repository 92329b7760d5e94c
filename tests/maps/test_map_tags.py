"""The template tags: the map's markup and the drawn picture."""

import xml.etree.ElementTree as ElementTree

import pytest
from django.contrib.gis.geos import Point
from django.template import TemplateSyntaxError

from maps.geojson import Feature

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
    "inputs", ["", "features_url='/a' features=features", "features_url='/a' height='x'"]
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
    assert "https://data.geopf.fr/wmts?" in html
    assert "geoservices.ign.fr" in html
