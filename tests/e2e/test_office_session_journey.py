"""A session of the office that ends while somebody writes."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from participation.core.models import OfficialAnswer
from tests.cms.making import make_staff
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.factories.core import make_contribution

WORDS = "Nous planterons cinq tilleuls.\nLe chantier commence en mars."


@pytest.fixture
def officer(_site: None) -> Any:
    return make_staff("Participation", email="agente@example.org", password=PASSWORD)


def test_what_was_written_is_read_again_then_sent(visit: Visitor, officer: Any) -> None:
    sign_in(visit, officer.email)
    address = reverse("moderation_contributions:read", args=[make_contribution().pk])
    page = visit.open_office(address)
    answer = page.locator("form").filter(has=page.locator("[name=body]"))
    answer.locator("[name=status]").select_option("retained")
    answer.locator("[name=body]").fill(WORDS)
    Session.objects.all().delete()
    visit.press(answer.get_by_role("button"))
    expect(page.get_by_text("ce que vous avez écrit est gardé")).to_be_visible()
    visit.check()

    page.get_by_label("Adresse électronique").fill(officer.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    visit.press(page.get_by_role("main").get_by_role("button", name="Se connecter", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que vous avez écrit est gardé")
    for line in WORDS.splitlines():
        expect(page.get_by_role("blockquote")).to_contain_text(line)
    visit.check()

    visit.press(page.get_by_role("button", name="Envoyer maintenant"))
    assert page.url == visit.base_url + address
    assert OfficialAnswer.objects.get().body == WORDS
