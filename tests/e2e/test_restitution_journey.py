"""An editor cites a meeting in a restitution; a resident reads it, and finds the way back."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cms.models import NewsPage
from participation.agenda.choices import MinutesState
from tests.cms.making import make_staff
from tests.cms.test_meeting_block import make_meeting
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.e2e.test_editor_journey import add_block, open_window, publish

TITLE = "Le port : ce que vous avez dit"


@pytest.fixture
def editor(_site: None) -> Any:
    return make_staff("Édition", email="redaction@example.org", password=PASSWORD)


def test_a_meeting_is_found_cited_and_read(
    visit_desktop: Visitor, visit_phone: Visitor, editor: Any
) -> None:
    event = make_meeting("Réunion du port")
    make_meeting("Réunion des quais")
    make_meeting("Réunion du port, sans compte rendu", minutes=MinutesState.DRAFT)
    visit = visit_desktop
    sign_in(visit, editor.email)
    page = visit.open_office("/gestion/")
    page.get_by_role("main").get_by_role("link", name="Publier une actualité").click()
    page.wait_for_url("**/pages/add/cms/newspage/**")
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_summary").fill("La restitution de la réunion publique.")
    add_block(page, "Une rencontre et son compte rendu")
    window = open_window(page, "Choisir une rencontre")
    expect(window.get_by_role("link", name="Réunion des quais")).to_be_visible()
    window.get_by_label("Mots à chercher").fill("port")
    expect(window.get_by_role("link", name="Réunion des quais")).to_have_count(0)
    expect(window.get_by_role("link", name="Réunion du port, sans compte rendu")).to_have_count(0)
    window.get_by_role("link", name="Réunion du port").click()
    expect(page.get_by_text("Réunion du port (").first).to_be_visible()
    publish(page)
    expect(page.get_by_text("publiée").first).to_be_visible()
    news = NewsPage.objects.get(live=True)
    assert news.body[0].value["meeting"] == event
    assert news.date == timezone.localdate()

    for reader in (visit_phone, visit_desktop):
        read = reader.open(news.url)
        main = read.get_by_role("main")
        expect(main).to_contain_text("Le quai devient piéton.")
        expect(main).to_contain_text("À faire")
        assert read.evaluate("document.documentElement.scrollWidth <= innerWidth")
        reader.press(main.get_by_role("link", name="Compte rendu : Réunion du port"))
        reader.check()
        back = read.get_by_role("region", name="Cité dans")
        reader.press(back.get_by_role("link", name=TITLE))
        expect(read.get_by_role("heading", level=1)).to_have_text(TITLE)
