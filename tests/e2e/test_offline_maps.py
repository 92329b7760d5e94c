"""A phone in the street: what is written without the network leaves later, once, for its author."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, Route, expect

from participation.core.models import Attachment
from participation.mapping.models import Guest, MapCategory, MapContribution
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.factories.accounts import make_territory, make_user
from tests.factories.mapping import make_category, make_map
from tests.participation.mapping.pictures import photo
from tests.participation.mapping.test_writing import close

TITLE, OTHER_TITLE = "Un banc devant la gare", "Une fontaine au marché"
PLACE = "43.6040, 1.4000"


@pytest.fixture
def category(transactional_db: None) -> MapCategory:
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    map = make_map(process__perimeter=town, activity__slug="villeneuve", without_account=True)
    make_category(map, "Vélo", icon="bike", tone=3, position=1)
    return make_category(map, "Bancs et ombre", icon="trees", tone=4)


@pytest.fixture
def resident(category: MapCategory) -> Any:
    return make_user("resident@example.org", password=PASSWORD, public_name="Camille Essai")


def form_of(category: MapCategory) -> str:
    return f"/carte/villeneuve/contribuer/?categorie={category.pk}"


def open_form(visit: Visitor, category: MapCategory) -> Page:
    """The form, once the worker keeps it."""
    page = visit.page
    page.goto(visit.base_url + form_of(category))
    kept = """async () => navigator.serviceWorker.controller !== null
      && Boolean(await caches.match(location.href, { ignoreVary: true }))"""
    wait_for(page, lambda: page.evaluate(kept))
    return page


def write(page: Page, title: str = TITLE, place: str = PLACE) -> None:
    field = page.locator("[name=place_vertices]")
    expect(page.locator(".drawing.is-ready")).to_be_visible()
    if not field.is_visible():
        page.get_by_text("Points en texte (sans la carte)").click()
    field.fill(place)
    field.blur()
    page.get_by_label("Titre").fill(title)


def send(page: Page) -> None:
    page.get_by_role("button", name="Envoyer ma contribution").click()


def queue(page: Page) -> Locator:
    return page.locator("#attente")


def titles() -> list[str]:
    rows = MapContribution.objects.values_list("contribution__title", flat=True)
    return sorted(rows)


def test_sent_once_when_the_network_is_back(
    visit_phone: Visitor, category: MapCategory, resident: Any
) -> None:
    sign_in(visit_phone, resident.email)
    page = open_form(visit_phone, category)
    write(page)
    page.context.set_offline(True)
    send(page)
    expect(queue(page)).to_contain_text("1 contribution attend la connexion")
    expect(queue(page)).to_contain_text(TITLE)
    expect(queue(page)).to_be_focused()
    expect(page.locator("[data-wish-form]")).to_be_hidden()
    visit_phone.check()
    assert titles() == []
    page.context.set_offline(False)
    expect(queue(page)).to_contain_text("C’est envoyé", use_inner_text=True)
    assert titles() == [TITLE]
    visit_phone.check()
    # Other pages of the map say so too, and send nothing again.
    page.goto(visit_phone.base_url + "/carte/villeneuve/")
    expect(queue(page)).to_contain_text("C’est envoyé")
    visit_phone.press(queue(page).get_by_role("link", name="Voir le récépissé"))
    row = MapContribution.objects.get()
    expect(page.get_by_role("main")).to_contain_text(row.contribution.receipt_number)
    queue(page).get_by_role("button", name="Masquer").click()
    expect(queue(page)).to_be_hidden()
    assert titles() == [TITLE]


def test_two_written_without_the_network_are_two(
    visit_phone: Visitor, category: MapCategory, resident: Any
) -> None:
    sign_in(visit_phone, resident.email)
    page = open_form(visit_phone, category)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-copy-note]")).to_be_visible()
    write(page)
    send(page)
    expect(queue(page)).to_contain_text("1 contribution attend la connexion")
    page.get_by_role("link", name="Écrire une autre contribution").click()
    write(page, OTHER_TITLE)
    visit_phone.check()
    send(page)
    expect(queue(page)).to_contain_text("2 contributions attendent la connexion")
    visit_phone.check()
    # A page that is not kept leads to the form that is, where the queue shows.
    page.goto(visit_phone.base_url + "/carte/villeneuve/")
    page.wait_for_url("**/contribuer/**")
    expect(queue(page)).to_contain_text("2 contributions attendent la connexion")
    assert titles() == []
    page.context.set_offline(False)
    expect(queue(page)).to_contain_text("Plus rien n’attend la connexion")
    assert titles() == [TITLE, OTHER_TITLE]


def test_an_answer_that_is_lost_makes_no_second_one(
    visit_phone: Visitor, category: MapCategory, resident: Any
) -> None:
    sign_in(visit_phone, resident.email)
    page = open_form(visit_phone, category)
    write(page)
    page.context.set_offline(True)
    send(page)
    expect(queue(page)).to_contain_text("1 contribution attend")
    lost: list[int] = []

    def lose(route: Route) -> None:
        """The site takes the form, and its answer never arrives."""
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.context.route("**/contribuer/", lose)
    page.context.set_offline(False)
    wait_for(page, lambda: bool(lost))
    assert lost == [200]
    assert titles() == [TITLE]
    button = queue(page).get_by_role("button", name=re.compile("Envoyer maintenant"))
    button.click()
    expect(queue(page)).to_contain_text("C’est envoyé")
    assert titles() == [TITLE]


def test_the_network_fails_while_the_form_leaves(
    visit_phone: Visitor, category: MapCategory, resident: Any
) -> None:
    """The browser believes that it is connected: the worker catches the form, photos included."""
    sign_in(visit_phone, resident.email)
    page = open_form(visit_phone, category)
    write(page)
    page.get_by_text("Ajouter une photo (1)").click()
    attach(page)
    page.context.set_offline(True)
    page.evaluate("Object.defineProperty(navigator, 'onLine', { value: true })")
    visit_phone.press(page.get_by_role("button", name="Envoyer ma contribution"))
    page.wait_for_url("**/contribuer/?categorie=*#attente")
    expect(queue(page)).to_contain_text(TITLE)
    assert titles() == []
    page.context.set_offline(False)
    expect(queue(page)).to_contain_text("C’est envoyé")
    assert titles() == [TITLE]
    assert Attachment.objects.get().alt == "Le trottoir"


def test_nothing_leaves_once_signed_out(
    visit_phone: Visitor, category: MapCategory, resident: Any
) -> None:
    sign_in(visit_phone, resident.email)
    page = open_form(visit_phone, category)
    write(page)
    page.context.set_offline(True)
    send(page)
    expect(queue(page)).to_contain_text("1 contribution attend")
    Session.objects.all().delete()
    page.context.set_offline(False)
    page.goto(visit_phone.base_url + "/carte/villeneuve/")
    expect(queue(page)).to_contain_text("vous n’êtes plus connecté")
    visit_phone.check()
    other = make_user("voisin@example.org", password=PASSWORD)
    sign_in(visit_phone, other.email)
    page.goto(visit_phone.base_url + "/carte/villeneuve/")
    expect(queue(page)).to_contain_text("écrite avec un autre compte")
    assert titles() == []
    page.context.clear_cookies()
    sign_in(visit_phone, resident.email)
    page.goto(visit_phone.base_url + "/carte/villeneuve/")
    expect(queue(page)).to_contain_text("C’est envoyé")
    assert MapContribution.objects.get().contribution.author == resident


def test_copies_of_pages_go_with_the_person(
    visit_phone: Visitor, category: MapCategory, resident: Any
) -> None:
    sign_in(visit_phone, resident.email)
    page = open_form(visit_phone, category)
    other = MapCategory.objects.get(name="Vélo")
    forms = [form_of(category), form_of(other), "/carte/villeneuve/contribuer/"]
    wait_for(page, lambda: kept_pages(page) == sorted(forms), lambda: kept_pages(page))
    page.locator("summary", has_text="Camille Essai").click()
    visit_phone.press(page.get_by_role("button", name="Se déconnecter"))
    wait_for(page, lambda: kept_pages(page) == [], lambda: kept_pages(page))


def test_a_copy_that_failed_is_made_a_moment_later(
    visit_phone: Visitor, category: MapCategory, resident: Any
) -> None:
    choice = re.compile(r"/contribuer/$")
    tries: list[str] = []

    def fail_once(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) > 1:
            route.continue_()
        else:
            route.fulfill(status=503)

    visit_phone.context.route(choice, fail_once)
    sign_in(visit_phone, resident.email)
    page = open_form(visit_phone, category)
    wait_for(page, lambda: len(kept_pages(page)) == 3, lambda: (kept_pages(page), tries))
    assert len(tries) == 2


def test_a_guest_confirms_later(visit_phone: Visitor, category: MapCategory) -> None:
    page = open_form(visit_phone, category)
    page.context.set_offline(True)
    write(page)
    page.get_by_label("Votre nom ou un pseudonyme").fill("Lou")
    page.locator("[name=email]").fill("lou@example.org")
    page.get_by_role("button", name="Envoyer, puis confirmer par courriel").click()
    expect(queue(page)).to_contain_text("1 contribution attend la connexion")
    page.context.set_offline(False)
    expect(queue(page)).to_contain_text("Ouvrez le message que vous avez reçu")
    assert titles() == [TITLE]
    assert Guest.objects.get().email == "lou@example.org"


def test_what_is_refused_waits_to_be_mended(
    visit_phone: Visitor, category: MapCategory, resident: Any
) -> None:
    sign_in(visit_phone, resident.email)
    page = open_form(visit_phone, category)
    page.context.set_offline(True)
    write(page, place="48.1, -1.6")
    page.get_by_text("Ajouter une photo (1)").click()
    attach(page)
    send(page)
    expect(queue(page)).to_contain_text("1 contribution attend")
    page.context.set_offline(False)
    expect(queue(page)).to_contain_text("Elle n’a pas pu être envoyée")
    visit_phone.check()
    assert titles() == []
    visit_phone.press(queue(page).get_by_role("link", name="Rouvrir le formulaire"))
    expect(page.get_by_label("Titre")).to_have_value(TITLE)
    write(page)
    visit_phone.press(page.get_by_role("button", name="Envoyer ma contribution"))
    page.wait_for_url("**/recepisse/")
    expect(queue(page)).to_be_hidden()
    assert titles() == [TITLE]
    assert Attachment.objects.get().alt == "Le trottoir"


def test_a_map_that_closed_meanwhile(
    visit_phone: Visitor, category: MapCategory, resident: Any
) -> None:
    sign_in(visit_phone, resident.email)
    page = open_form(visit_phone, category)
    page.context.set_offline(True)
    write(page)
    send(page)
    expect(queue(page)).to_contain_text("1 contribution attend")
    close(category.map)
    page.context.set_offline(False)
    expect(queue(page)).to_contain_text("Elle n’a pas pu être envoyée")
    assert titles() == []
    page.on("dialog", lambda dialog: dialog.accept())
    queue(page).get_by_role("button", name="Retirer").click()
    expect(queue(page)).to_be_hidden()


def test_a_draft_is_offered_again_with_its_photo(
    visit_phone: Visitor, category: MapCategory, resident: Any
) -> None:
    sign_in(visit_phone, resident.email)
    page = open_form(visit_phone, category)
    write(page)
    page.get_by_text("Ajouter une photo (1)").click()
    attach(page)
    page.wait_for_timeout(1500)  # kept a moment after the last change
    page.goto(visit_phone.base_url + "/carte/villeneuve/a-propos/")
    page.goto(visit_phone.base_url + form_of(category))
    offer = page.locator("[data-draft-offer]")
    expect(offer).to_contain_text(TITLE)
    visit_phone.check()
    offer.get_by_role("button", name="Reprendre mon brouillon").click()
    expect(page.get_by_label("Titre")).to_have_value(TITLE)
    expect(page.locator("[name=place_vertices]")).to_have_value(re.compile("43.604"))
    visit_phone.press(page.get_by_role("button", name="Envoyer ma contribution"))
    page.wait_for_url("**/recepisse/")
    assert titles() == [TITLE]
    assert Attachment.objects.get().alt == "Le trottoir"
    page.goto(visit_phone.base_url + form_of(category))
    expect(page.get_by_label("Titre")).to_have_value("")
    page.wait_for_timeout(500)
    expect(page.locator("[data-draft-offer]")).to_be_hidden()


def attach(page: Page) -> None:
    picture = photo()
    content = {"name": "rue.jpg", "mimeType": "image/jpeg", "buffer": picture.read()}
    page.locator("[name=photo_0]").set_input_files(content)  # type: ignore[arg-type]  # a FilePayload
    page.locator("[name=photo_0_alt]").fill("Le trottoir")


def wait_for(
    page: Page, holds: Callable[[], bool], seen: Callable[[], Any] = lambda: "nothing told"
) -> None:
    """Wait up to 90 seconds: a machine may be busy with other browsers. `seen`: told on failure."""
    for _ in range(900):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"It never happened: {seen()}.")


def kept_pages(page: Page) -> list[str]:
    """The addresses that the browser keeps a copy of, without their host."""
    return page.evaluate("""async () => {
      const found = [];
      for (const name of await caches.keys()) {
        if (!name.includes("pages")) continue;
        const pages = await (await caches.open(name)).keys();
        found.push(...pages.map(({ url }) => url.slice(location.origin.length)));
      }
      return found.sort();
    }""")
