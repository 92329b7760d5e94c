"""The back office: who sees what, and an editor who publishes alone."""

import datetime
import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Collection, Locale, Page, Site
from wagtail.users.models import UserProfile

from cms.models import (
    ActivityPage,
    ContentPage,
    HomePage,
    LegalPage,
    NewsIndexPage,
    NewsPage,
    ProcessIndexPage,
    ProcessPage,
)
from tests.cms.making import (
    french,
    make_activity_page,
    make_content,
    make_news,
    make_picture,
    make_process_page,
    make_staff,
    soup,
    texts,
    words,
)
from tests.factories.accounts import make_user
from tests.factories.agenda import make_item
from tests.factories.core import make_activity, make_process

pytestmark = pytest.mark.usefixtures("roles")

NEWS = "Publier une actualité"
HOME = "Modifier la page d’accueil"
PAGE = "Écrire une page"
BUDGET = "Ouvrir un budget participatif"
MAP = "Ouvrir une carte participative"
ANSWER = "Répondre aux contributions des cartes"
PROCESSES = "Voir les démarches"
MODERATE = "Modérer"
STUDY = "Instruire les idées"
VOTE = "Conduire le vote"
DESK = "Tenir un bureau de vote"
KEYING = "Saisir des bulletins papier"
WORKS = "Suivre les réalisations"
AGENDA = "Tenir l’agenda"
VISA = "Donner votre visa"
WELCOME = "Accueillir aux rencontres"
MENUS = "Menus"
SETTINGS = "Réglages du site"


@pytest.mark.parametrize(
    ("role", "tasks"),
    [
        ("Édition", [NEWS, HOME, PAGE, MENUS, SETTINGS]),
        (
            "Participation",
            [
                *[NEWS, HOME, PAGE, BUDGET, MAP, PROCESSES, MODERATE, STUDY, ANSWER],
                *[AGENDA, VOTE, WORKS],
            ],
        ),
        ("Modération", [MODERATE]),
        ("Instruction", [STUDY, ANSWER, WORKS]),
        ("Élus de l’agenda", [VISA]),
        ("Accueil des rencontres", [WELCOME]),
        ("Agent de bureau de vote", [DESK]),
        ("Agent de dépouillement", [KEYING]),
    ],
)
def test_the_dashboard_offers_what_the_role_may_do(
    site: Site, client: Any, role: str, tasks: list[str]
) -> None:
    client.force_login(make_staff(role))
    response = client.get("/gestion/")
    assert texts(response, ".parvis-task-label") == tasks
    for link in soup(response).select(".parvis-task"):
        assert client.get(link["href"]).status_code in (200, 302), link["href"]


def test_the_visa_leads_to_what_waits_for_it(site: Site, client: Any) -> None:
    make_item(title="À viser", certainty="proposed")
    make_item(title="Déjà annoncée", certainty="announced")
    client.force_login(make_staff("Élus de l’agenda"))
    (task,) = soup(client.get("/gestion/")).select(".parvis-task")
    listed = client.get(task["href"]).content.decode()
    assert "À viser" in listed
    assert "Déjà annoncée" not in listed


def test_outsiders_do_not_enter(site: Site, client: Any) -> None:
    assert client.get("/gestion/").status_code == 302
    client.force_login(make_user())
    response = client.get("/gestion/", follow=True)
    # Neither round and round between the office and the sign-in page, nor to a bare error.
    assert [address for address, _status in response.redirect_chain] == [
        reverse("accounts:dashboard"),
        reverse("space:dashboard"),
    ]
    assert "Vous n’avez pas l’autorisation d’accéder" in response.content.decode().replace("'", "’")


def test_the_office_has_its_own_policy(site: Site, client: Any) -> None:
    client.force_login(make_staff("Édition"))
    policy = client.get("/gestion/")["Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["object-src"] == "'none'"
    assert directives["base-uri"] == "'none'"
    assert directives["form-action"] == "'self'"
    assert not [source for source in policy.split() if source.startswith(("http", "*"))]
    assert "unsafe-eval" not in policy


def new_page_data(**values: str) -> dict[str, str]:
    return {
        "title": "La halle rouvre",
        "slug": "la-halle-rouvre",
        "summary": "Samedi",
        "date": "2026-05-02",
        "image": "",
        "image_alt": "",
        "process": "",
        "body-count": "1",
        "body-0-type": "text",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-id": "",
        "body-0-value": json.dumps(
            {
                "entityMap": {
                    "0": {
                        "type": "LINK",
                        "mutability": "MUTABLE",
                        "data": {"url": "javascript:alert(1)"},
                    }
                },
                "blocks": [
                    {
                        "key": "a",
                        "text": "Venez <script>alert(1)</script>",
                        "type": "unstyled",
                        "depth": 0,
                        "inlineStyleRanges": [],
                        "entityRanges": [{"offset": 0, "length": 5, "key": 0}],
                    }
                ],
            }
        ),
        "search_description": "",
        "seo_title": "",
        "action-publish": "action-publish",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **values,
    }


def test_an_editor_publishes_a_news_item_with_a_picture(site: Site, client: Any) -> None:
    client.force_login(make_staff("Édition"))
    picture = make_picture()
    index = french(NewsIndexPage)
    response = client.post(
        f"/gestion/pages/add/cms/newspage/{index.pk}/",
        new_page_data(image=str(picture.pk), image_alt="La halle"),
    )
    assert response.status_code == 302, texts(response, ".error-message")
    page = NewsPage.objects.get()
    assert (page.live, page.title, page.owner.is_staff) == (True, "La halle rouvre", True)
    client.logout()
    shown = BeautifulSoup(client.get("/actualites/la-halle-rouvre/").content, "html.parser")
    assert shown.select_one(".news-picture img")["alt"] == "La halle"
    body = shown.select_one(".page-body")
    assert words(body) == "Venez <script>alert(1)</script>"
    assert not [link for link in body.select("a") if link.get("href")]


@pytest.mark.parametrize("role", ["Édition", "Participation"])
def test_an_editor_translates_a_page(site: Site, client: Any, role: str) -> None:
    page = make_news(1)
    client.force_login(make_staff(role))
    address = f"/gestion/translation/submit/page/{page.pk}/"
    edited = client.get(f"/gestion/pages/{page.pk}/edit/")
    assert address in edited.content.decode()
    english = Locale.objects.get(language_code="en")
    [only] = soup(client.get(address)).select("[name=locales]")
    assert only.has_attr("checked")
    response = client.post(address, {"locales": [english.pk]})
    assert response.status_code == 302, texts(response, ".error-message")
    copy = page.get_translation(english)
    assert (copy.live, copy.title, copy.get_parent().locale) == (False, page.title, english)


def test_the_editor_is_told_that_a_draft_is_not_online(site: Site, client: Any) -> None:
    page = make_news(1)
    client.force_login(make_staff("Édition"))
    address = f"/gestion/pages/{page.pk}/edit/"
    draft = new_page_data(slug=page.slug)
    del draft["action-publish"]

    def told(data: dict[str, str], **options: Any) -> str:
        client.post(address, data, **options)
        return " ".join(texts(client.get(address), ".messages li"))

    assert "les visiteurs voient toujours la version publiée" in told(draft)
    assert "visiteurs" not in told(draft, headers={"accept": "application/json"})
    page.refresh_from_db()
    page.unpublish()
    assert "les visiteurs ne voient pas cette page" in told(draft)
    assert "visiteurs" not in told({**draft, "action-publish": "action-publish"})


@pytest.mark.parametrize("language", ["fr", "en"])
def test_dates_are_read_as_they_are_shown(site: Site, client: Any, language: str) -> None:
    page = make_news(4)
    editor = make_staff("Édition")
    UserProfile.objects.update_or_create(user=editor, defaults={"preferred_language": language})
    client.force_login(editor)
    address = f"/gestion/pages/{page.pk}/edit/"
    form = soup(client.get(address))
    assert form.select_one("[name=date]")["value"] == "04/03/2026"
    typed = {"date": "05/04/2026", "go_live_at": "06/07/2036 18:00", "slug": page.slug}
    data = new_page_data(**typed)
    del data["action-publish"]
    response = client.post(address, data)
    assert response.status_code == 302, texts(response, ".error-message")
    page.refresh_from_db()
    draft = page.get_latest_revision_as_object()
    paris = datetime.datetime(2036, 7, 6, 16, tzinfo=datetime.UTC)
    assert (draft.date, draft.go_live_at) == (datetime.date(2026, 4, 5), paris)
    assert 'value="06/07/2036 18:00"' in client.get(address).content.decode()


def test_the_top_of_the_tree_has_a_name_for_editors(site: Site, client: Any) -> None:
    page = make_news(1)
    client.force_login(make_staff("Édition"))
    trail = texts(client.get(f"/gestion/pages/{page.pk}/edit/"), ".w-breadcrumbs li")
    assert trail[0].startswith("Site")
    assert Page.get_first_root_node().title == "Site"
    assert Collection.get_first_root_node().name == "Site"


def test_the_library_says_what_a_description_is_for(site: Site, client: Any) -> None:
    client.force_login(make_staff("Édition"))
    form = soup(client.get("/gestion/images/add/"))
    field = form.select_one("main #id_description").find_parent(class_="w-field__wrapper")
    assert "pour les personnes qui ne voient pas" in words(field)


def test_a_language_is_called_a_language(site: Site, client: Any) -> None:
    client.force_login(make_staff("Édition"))
    page = make_news(1)
    for address in (
        f"/gestion/translation/submit/page/{page.pk}/",
        f"/gestion/pages/{page.pk}/edit/",
    ):
        text = words(soup(client.get(address)).select_one("main")).casefold()
        assert "langue" in text
        assert "région" not in text


def test_a_moderator_cannot_touch_pages(site: Site, client: Any) -> None:
    page = make_news(1)
    client.force_login(make_staff("Modération"))
    index = french(NewsIndexPage)
    for path in (
        f"/gestion/pages/{page.pk}/edit/",
        f"/gestion/pages/add/cms/newspage/{index.pk}/",
        f"/gestion/pages/{page.pk}/delete/",
        f"/gestion/pages/{page.pk}/view_draft/",
        f"/gestion/pages/{page.pk}/history/",
    ):
        assert client.get(path).status_code in (302, 403), path
        assert client.post(path, new_page_data()).status_code in (302, 403), path
    page.refresh_from_db()
    assert (page.title, NewsPage.objects.count()) == ("Nouvelle 1", 1)


def test_only_administrators_see_reports(site: Site, client: Any) -> None:
    client.force_login(make_staff("Édition"))
    assert '"name": "reports"' not in client.get("/gestion/").content.decode()


def test_pages_go_where_they_belong(site: Site) -> None:
    home = french(HomePage)
    news = french(NewsIndexPage)
    kinds = {model.__name__ for model in type(home).creatable_subpage_models()}
    assert kinds == {"ContentPage", "NewsIndexPage", "ProcessIndexPage"}
    assert [model.__name__ for model in type(news).creatable_subpage_models()] == ["NewsPage"]
    assert not NewsIndexPage.can_create_at(home)
    assert not NewsPage.can_create_at(home)


def test_the_editor_is_told_what_the_legal_pages_lack(site: Site, client: Any) -> None:
    client.force_login(make_staff("Administration du site"))
    [told] = texts(client.get("/gestion/"), ".parvis-missing p")
    assert "directeur ou directrice de la publication" in told
    client.force_login(make_staff("Participation"))
    assert texts(client.get("/gestion/"), ".parvis-missing p") == []


def test_every_kind_of_page_opens_in_the_editor(site: Site, client: Any) -> None:
    process = make_process_page(make_process())
    make_activity_page(process, make_activity(process=process.process))
    make_content()
    make_news()
    client.force_login(make_user(is_superuser=True, is_staff=True))
    kinds = {type(page.specific) for page in Page.objects.filter(depth__gt=1)}
    assert kinds == {
        *[HomePage, NewsIndexPage, NewsPage, ContentPage, LegalPage],
        *[ProcessIndexPage, ProcessPage, ActivityPage],
    }
    for page in Page.objects.filter(depth__gt=1):
        assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
