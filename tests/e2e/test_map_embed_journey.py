"""Maps elsewhere: in a page of the site, in a frame of another site; alerts of what is new."""

import re
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core import mail
from playwright.sync_api import expect
from wagtail.blocks import StreamValue

from cms.blocks import BodyBlock
from participation.mapping import tasks
from participation.mapping.models import AreaAlert, MapCategory
from tests.cms.making import make_content
from tests.e2e.conftest import Visitor, run_queue
from tests.factories.accounts import make_territory
from tests.factories.mapping import make_category, make_map, make_map_contribution

HERE = Point(1.4, 43.604, srid=4326)


@pytest.fixture
def category(transactional_db: None) -> MapCategory:
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    make_territory("La Gare", kind="neighbourhood", parent=town, bounds=(1.38, 43.58, 1.45, 43.65))
    map = make_map(process__perimeter=town, activity__slug="villeneuve")
    category = make_category(map, "Bancs et ombre", icon="trees", tone=4)
    make_map_contribution(map, category=category, geometry=HERE, title="Planter un tilleul")
    return category


def test_in_a_page_and_in_a_frame(visit: Visitor, category: MapCategory) -> None:
    key = category.map.pk
    page = make_content()
    raw = [
        {"type": "map", "value": {"map": key, "height": "medium"}},
        {"type": "map_contributions", "value": {"map": key, "limit": 3, "heading": "À lire"}},
        {"type": "map_figure", "value": {"map": key, "figure": "contributions"}},
    ]
    type(page).objects.filter(pk=page.pk).update(body=StreamValue(BodyBlock(), raw, is_lazy=True))
    shown = visit.open(page.url.removeprefix(visit.base_url))
    expect(shown.locator(".block-map .map.is-ready")).to_be_visible()
    expect(shown.get_by_role("heading", name="Planter un tilleul")).to_be_visible()
    visit.check()

    shown = visit.open("/carte/villeneuve/a-propos/")
    shown.get_by_text("Intégrer cette carte").click()
    expect(shown.get_by_label("Code à coller")).to_have_value(re.compile("<iframe .*title="))
    visit.check()

    shown = visit.open("/carte/villeneuve/integrer/")
    expect(shown.locator(".map.is-ready")).to_be_visible()
    expect(shown.locator("[data-map-status]")).to_contain_text("1 contribution affichée")
    assert visit.context.cookies() == []
    visit.check()


def test_a_visitor_is_told_and_stops(visit: Visitor, category: MapCategory) -> None:
    page = visit.open(f"/carte/villeneuve/?categorie={category.pk}")
    visit.press(page.get_by_role("link", name="Être prévenu"))
    visit.check()
    expect(page.get_by_label("Catégorie")).to_have_value(str(category.pk))
    for place in ("Une zone que je dessine", "Un secteur", "Autour d’un lieu"):
        page.get_by_label(place).check()
        visit.check()
    page.locator("[name=around_address]").fill("La Gare")
    page.get_by_label("Tout de suite").check()
    page.locator("[name=email]").fill("lou@example.org")
    visit.press(page.get_by_role("main").get_by_role("button", name="Être prévenu"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("ouvrez votre messagerie")
    visit.check()
    run_queue()
    visit.open(link_in(mail.outbox[-1]))
    visit.press(page.get_by_role("button", name="Confirmer"))
    visit.check()
    alert = AreaAlert.objects.get()
    assert alert.confirmed_at is not None
    row = make_map_contribution(category.map, category=category, geometry=alert.centre)
    tasks.match_alerts(row.pk)
    tasks.send_alert(alert.pk)
    visit.open(link_in(mail.outbox[-1], "arreter"))
    visit.press(page.get_by_role("button", name="Arrêter l’alerte"))
    visit.check()
    assert not AreaAlert.objects.exists()


def test_asking_needs_no_script(visit_without_javascript: Visitor, category: MapCategory) -> None:
    page = visit_without_javascript.page
    page.goto(f"{visit_without_javascript.base_url}/carte/villeneuve/alertes/")
    page.get_by_label("Un secteur").check()
    page.locator("[name=district]").select_option(label="La Gare")
    page.locator("[name=email]").fill("lou@example.org")
    page.get_by_role("main").get_by_role("button", name="Être prévenu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ouvrez votre messagerie")
    assert AreaAlert.objects.get().area is not None


def link_in(message: Any, kind: str = "confirmer") -> str:
    found = re.search(rf"(/carte/alertes/{kind}/\S+)", message.body)
    assert found is not None
    return found.group(1)
