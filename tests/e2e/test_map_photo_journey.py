"""The place of a photo, read on the visitor's own device and offered."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import Page, expect

from maps.photo_position import position_of
from participation.core.models import Attachment
from participation.mapping.models import MapCategory, MapContribution
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.factories.accounts import make_territory, make_user
from tests.factories.mapping import make_category, make_map
from tests.participation.mapping.pictures import photo

PLACE = (43.604, 1.4)  # latitude, longitude


@pytest.fixture
def category(transactional_db: None) -> MapCategory:
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    map = make_map(process__perimeter=town, activity__slug="villeneuve")
    return make_category(map, "Bancs", icon="trees", tone=4)


def choose(page: Page, folder: Path, **options: Any) -> None:
    """Add a photo of the device."""
    path = folder / ("there.jpg" if options else "nowhere.jpg")
    path.write_bytes(photo(**options).read())
    field = page.locator("input[type=file]").first
    if not field.is_visible():
        page.get_by_text("Ajouter une photo (1)").click()
    field.set_input_files(path)


def test_the_place_of_a_photo_is_offered_then_sent_and_erased_from_the_file(
    visit: Visitor, category: MapCategory, tmp_path: Path
) -> None:
    resident = make_user("resident@example.org", password=PASSWORD)
    sign_in(visit, resident.email)
    page = visit.open(f"/carte/villeneuve/contribuer/?categorie={category.pk}")
    expect(page.locator(".drawing.is-ready")).to_be_visible()
    offer = page.locator("[data-photo-place]")
    posts: list[str] = []
    page.on("request", lambda asked: posts.append(asked.url) if asked.method == "POST" else None)
    choose(page, tmp_path)
    expect(offer).to_be_hidden()
    choose(page, tmp_path, place=PLACE)
    expect(offer).to_be_visible()
    expect(offer).to_contain_text("Cette photo dit où elle a été prise.")
    assert posts == []  # read here: nothing was sent to know it
    visit.check()
    offer.get_by_role("button", name="Utiliser cet endroit").click()
    expect(offer).to_contain_text("Le lieu de la photo est sur la carte.")
    assert page.locator("[name=place_vertices]").input_value().startswith("43.604")
    visit.check()
    page.get_by_label("Titre").fill("Un banc devant la gare")
    page.locator("[name=photo_0_alt]").fill("La place vide")
    visit.press(page.get_by_role("button", name="Envoyer ma contribution"))
    page.wait_for_url("**/recepisse/")
    row = MapContribution.objects.get()
    assert isinstance(row.geometry, Point)
    assert (row.geometry.y, row.geometry.x) == pytest.approx(PLACE, abs=1e-5)
    with Attachment.objects.get().file.open() as kept:
        assert position_of(kept) is None


def test_a_place_already_given_is_not_asked_again(
    visit_desktop: Visitor, category: MapCategory, tmp_path: Path
) -> None:
    resident = make_user("resident@example.org", password=PASSWORD)
    sign_in(visit_desktop, resident.email)
    page = visit_desktop.open(f"/carte/villeneuve/contribuer/?categorie={category.pk}")
    expect(page.locator(".drawing.is-ready")).to_be_visible()
    text = page.locator("[name=place_vertices]")
    if not text.is_visible():
        page.get_by_text("Points en texte (sans la carte)").click()
    text.fill("43.6100, 1.4100")
    text.blur()
    choose(page, tmp_path, place=PLACE)
    page.wait_for_timeout(300)
    expect(page.locator("[data-photo-place]")).to_be_hidden()
