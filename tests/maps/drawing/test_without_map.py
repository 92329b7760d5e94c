"""The drawing field without JavaScript, without a map; what its tools weigh."""

import gzip

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor
from tests.maps.drawing.hands import (
    FORM,
    choose,
    send,
)

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.urls("tests.maps.drawing_urls"),
    pytest.mark.usefixtures("neighbourhoods"),
]
COMPRESSED_LIMIT = 75_000


def test_an_area_without_script(visit_without_javascript: Visitor):
    visitor = visit_without_javascript
    visitor.page.goto(visitor.base_url + FORM)
    page = visitor.page
    expect(page.locator(".drawing__stage")).to_be_hidden()
    choose(page, "Surface")
    page.get_by_label("Un point par ligne").fill("43,60 1,42\n43,60 1,45\nAtlantide\n43,62 1,45")
    page.get_by_label("Adresse ou nom du lieu").fill("Le grand pré")
    visitor.press(page.get_by_role("button", name="Envoyer"))
    expect(page.locator(".field-invalid .error")).to_contain_text("Point 3 : « Atlantide »")
    expect(page.get_by_role("radio", name="Surface")).to_be_checked()
    expect(page.get_by_label("Adresse ou nom du lieu")).to_have_value("Le grand pré")
    text = page.get_by_label("Un point par ligne")
    text.fill(text.input_value().replace("Atlantide", "L’Été"))
    visitor.press(page.get_by_role("button", name="Envoyer"))
    expect(page.locator("#received")).to_contain_text("area | 5 |")
    expect(page.locator("#received")).to_contain_text("| Le grand pré")
    expect(page.get_by_label("Un point par ligne")).to_be_visible()


def test_a_map_that_does_not_come_leaves_the_text(visit_desktop: Visitor):
    visit_desktop.page.route("**/leaflet.js", lambda route: route.abort())
    page = visit_desktop.page
    page.goto(visit_desktop.base_url + FORM)
    expect(page.get_by_text("La carte n’a pas pu s’afficher.")).to_be_visible()
    expect(page.get_by_label("Un point par ligne")).to_be_visible()
    expect(page.locator(".drawing__stage")).to_be_hidden()
    visit_desktop.check()
    choose(page, "Ligne")
    page.get_by_label("Un point par ligne").fill("43.60, 1.42\n43.61, 1.42")
    expect(send(visit_desktop)).to_contain_text("line | 2 | 1,11")


def test_the_weight_of_the_drawing_tools():
    """Scripts and styles of a page with a drawing field, compressed, Leaflet included."""
    sizes = {}
    for name in (
        "leaflet/leaflet.js",
        "leaflet/leaflet.css",
        "map.css",
        "drawing.js",
        "drawing.css",
    ):
        path = finders.find(name)
        assert path, f"{name} is missing: run npm run build"
        with open(path, "rb") as file:
            sizes[name] = len(gzip.compress(file.read(), 9))
    assert sum(sizes.values()) <= COMPRESSED_LIMIT, sizes
