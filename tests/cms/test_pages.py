"""Each kind of page shows exactly what it should, at a constant price."""

import datetime
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from cms.models import ContentPage, HomePage, NewsIndexPage, ProcessIndexPage
from participation.core.choices import Step
from tests.cms.making import (
    french,
    make_activity_page,
    make_content,
    make_news,
    make_picture,
    make_process_page,
    publish,
    soup,
    texts,
    words,
)
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import make_budget, make_idea
from tests.factories.core import make_activity, make_phase, make_process
from tests.factories.mapping import make_map, make_map_contribution


def queries_of(client: Any, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_home_without_anything(site: Site, client: Any) -> None:
    response = client.get("/")
    assert texts(response, "h1") == ["Faisons la ville ensemble"]
    assert texts(response, "main h2") == []
    button = soup(response).select_one(".hero .actions a")
    assert (words(button), button["href"]) == ("Voir les démarches", "/demarches/")


def test_home_shows_what_is_open_the_dates_the_processes_and_the_news(
    site: Site, client: Any
) -> None:
    budget = make_budget(activity__title="Budget 2026", process__title="Budget participatif 2026")
    hidden = make_budget(process__published=False, activity__title="Caché")
    make_process_page(budget.activity.process, summary="Vos idées")
    make_process_page(hidden.activity.process)
    make_news(1, image=make_picture(), image_alt="Une place")
    make_news(2, live=False).unpublish()
    response = client.get("/")
    page = soup(response)
    assert texts(response, ".open-item h3") == ["Budget 2026"]
    assert page.select_one(".open-item .button")["href"] == f"/budget/{budget.activity.slug}/"
    assert texts(response, ".dates .date-text a") == [
        phase.title for phase in budget.activity.phases.order_by("period")
    ]
    assert texts(response, "main .card-title") == ["Budget participatif 2026", "Nouvelle 1"]
    assert page.select_one(".card-image")["alt"] == "Une place"
    assert texts(response, ".key-figure") == []
    assert "Caché" not in words(page)


def test_home_tells_the_editor_s_figures_after_the_counted_ones(site: Site, client: Any) -> None:
    home = french(HomePage)
    home.figures = [("figure", {"value": "8 M€", "label": "à répartir"})]
    home.save_revision().publish()
    assert texts(client.get("/"), ".key-figure") == ["à répartir 8 M€"]


def test_home_query_count_is_constant(site: Site, client: Any) -> None:
    counts = []
    for number in range(1, 4):
        budget = make_budget()
        make_process_page(budget.activity.process, image=make_picture())
        make_news(number, image=make_picture())
        if number in (1, 3):
            counts.append(queries_of(client, "/"))
    # The cache is in memory here: in a database, the addresses of the sites are a query too.
    assert counts == [12, 12]


def test_process_and_activity_pages_have_a_constant_number_of_queries(
    site: Site, client: Any
) -> None:
    budget = make_budget()
    process = budget.activity.process
    page = make_process_page(process)
    paths = (page.get_url(), make_activity_page(page, budget.activity).get_url())
    # And one more where the cache is in a database.
    assert [queries_of(client, path) for path in paths] == [12, 10]
    for number in range(1, 4):
        make_idea(budget)
        make_news(number, process=process)
    assert [queries_of(client, path) for path in paths] == [12, 10]


def test_pictures_cost_a_process_page_two_queries_whatever_their_number(
    site: Site, client: Any
) -> None:
    process = make_budget().activity.process
    page = make_process_page(process, image=make_picture())
    assert queries_of(client, page.get_url()) == 14
    for number in range(1, 4):
        make_news(number, process=process, image=make_picture())
    assert queries_of(client, page.get_url()) == 14
    response = client.get(page.get_url())
    assert soup(response).select_one(".process-picture img")["src"].endswith(".webp")
    assert len(soup(response).select(".card-image")) == 3


def test_the_map_of_a_process_shown_by_several_blocks_is_read_once(site: Site, client: Any) -> None:
    map = make_map()
    for _number in range(2):
        make_map_contribution(map, geometry=Point(1.45, 43.6, srid=4326))
    blocks = [
        ("map", {"heading": "Sur la carte", "map": map, "height": "medium"}),
        ("map_contributions", {"heading": "", "map": map, "order": "soutiens", "limit": 3}),
    ]
    page = make_process_page(map.activity.process, body=blocks)
    assert queries_of(client, page.get_url()) == 15
    make_map_contribution(map, geometry=Point(1.46, 43.6, srid=4326))
    assert queries_of(client, page.get_url()) == 15
    response = client.get(page.get_url())
    assert texts(response, ".key-figure") == ["contributions 3", "réponse 0"]
    assert len(soup(response).select("[data-tiled-map]")) == 1
    assert len(soup(response).select(".m-rows > li")) == 3


def test_an_address_is_found_whatever_its_depth(site: Site, client: Any) -> None:
    page = make_process_page(make_budget().activity.process)
    assert client.get(page.get_url()).status_code == 200
    assert client.get("/demarches/nulle-part/").status_code == 404
    assert client.get(f"/nulle-part{page.get_url()}").status_code == 404
    page.unpublish()
    assert client.get(page.get_url()).status_code == 404


def test_content_page(site: Site, client: Any) -> None:
    page = make_content(
        summary="Une équipe", body=[("text", "<h2>Nos missions</h2><p>Écouter.</p>")]
    )
    publish(page, ContentPage(title="L’équipe", slug="equipe"))
    response = client.get("/qui-sommes-nous/")
    assert texts(response, "h1") == ["Qui sommes-nous"]
    assert texts(response, ".lead") == ["Une équipe"]
    assert texts(response, ".prose h2") == ["Nos missions"]
    assert texts(response, ".page-children a") == ["L’équipe"]
    assert texts(response, ".breadcrumbs li") == ["Accueil", "Qui sommes-nous"]


def test_news_index_and_its_filter(site: Site, client: Any) -> None:
    river, hill = make_territory("Berges"), make_territory("Coteaux")
    make_news(1, territories=[river])
    make_news(2, territories=[hill])
    make_news(3)
    make_news(4).unpublish()
    response = client.get("/actualites/")
    assert texts(response, ".card-title") == ["Nouvelle 3", "Nouvelle 2", "Nouvelle 1"]
    assert texts(response, "select option") == ["Partout", "Berges", "Coteaux"]
    response = client.get(f"/actualites/?quartier={river.pk}")
    assert texts(response, ".card-title") == ["Nouvelle 1"]
    for nonsense in ("x", "999999", "'--", "%00", "<script>alert(1)</script>"):
        response = client.get("/actualites/", {"quartier": nonsense, "page": nonsense})
        assert len(texts(response, ".card-title")) == 3
        assert "<script>alert" not in response.content.decode()


def test_news_pages_come_nine_by_nine(site: Site, client: Any) -> None:
    for number in range(1, 12):
        make_news(number)
    assert len(texts(client.get("/actualites/"), ".card-title")) == 9
    assert texts(client.get("/actualites/?page=2"), ".card-title") == ["Nouvelle 2", "Nouvelle 1"]


def test_news_index_query_count_is_constant(site: Site, client: Any) -> None:
    make_news(1, image=make_picture())
    one = queries_of(client, "/actualites/")
    make_news(2, image=make_picture())
    make_news(3, image=make_picture())
    assert queries_of(client, "/actualites/") == one


def test_news_page(site: Site, client: Any) -> None:
    process = make_process(title="Berges vertes")
    make_process_page(process)
    make_news(
        5,
        territories=[make_territory("Berges")],
        process=process,
        image=make_picture(),
        image_alt="La rive",
        body=[("text", "<p>Les travaux commencent.</p>")],
    )
    response = client.get("/actualites/nouvelle-5/")
    page = soup(response)
    assert texts(response, "h1") == ["Nouvelle 5"]
    assert texts(response, ".page-header time") == ["5 mars 2026"]
    assert texts(response, ".page-header .meta li") == ["Berges"]
    assert page.select_one(".news-picture img")["alt"] == "La rive"
    assert texts(response, ".news-process a") == ["Berges vertes"]
    assert page.select_one('meta[property="og:title"]')["content"] == "Nouvelle 5"
    assert page.select_one('meta[property="og:image"]')["content"].startswith("http://testserver/")
    assert page.select_one('link[rel="canonical"]')["href"] == (
        "http://testserver/actualites/nouvelle-5/"
    )


def test_a_picture_without_words_here_takes_those_of_the_library(site: Site, client: Any) -> None:
    picture = make_picture()
    picture.description = "Des étals sous les platanes"
    picture.save()
    make_news(1, image=picture, image_alt="Le marché du samedi")
    make_news(2, image=picture)
    cards = [card["alt"] for card in soup(client.get("/actualites/")).select(".card-image")]
    assert cards == ["Des étals sous les platanes", "Le marché du samedi"]
    page = soup(client.get("/actualites/nouvelle-2/"))
    assert page.select_one(".news-picture img")["alt"] == "Des étals sous les platanes"


def process_in_state(title: str, opens_in: int, closes_in: int, **fields: Any) -> Any:
    process = make_process(title=title, **fields)
    make_phase(make_activity(process=process), Step.COLLECT, opens_in=opens_in, closes_in=closes_in)
    make_process_page(process)
    return process


def test_process_index_and_its_filters(site: Site, client: Any) -> None:
    town = make_territory("Ville")
    process_in_state("Finie", -30, -10)
    process_in_state("Ouverte", -5, 5, perimeter=town, engagement_level="consult")
    process_in_state("À venir", 5, 15)
    process_in_state("Secrète", -5, 5, published=False)
    process_in_state(
        "Annulée", -5, 5, cancelled_at=timezone.now(), cancellation_reason="Faute de moyens"
    )
    everything = client.get("/demarches/")
    assert texts(everything, ".card-title") == ["Ouverte", "À venir", "Finie", "Annulée"]
    assert texts(everything, ".badge") == ["En cours", "À venir", "Terminée", "Annulée"]
    for query, expected in {
        "etat=open": ["Ouverte"],
        "etat=coming": ["À venir"],
        "etat=finished": ["Finie", "Annulée"],
        "niveau=consult": ["Ouverte"],
        f"territoire={town.pk}": ["Ouverte"],
        f"etat=coming&territoire={town.pk}": [],
        "etat=x&niveau=y&territoire=z": ["Ouverte", "À venir", "Finie", "Annulée"],
    }.items():
        assert texts(client.get(f"/demarches/?{query}"), ".card-title") == expected, query


def test_process_index_query_count_is_constant(site: Site, client: Any) -> None:
    process_in_state("Un", -5, 5)
    one = queries_of(client, "/demarches/")
    process_in_state("Deux", -5, 5)
    process_in_state("Trois", -5, 5)
    assert queries_of(client, "/demarches/") == one


def test_process_page(site: Site, client: Any) -> None:
    budget = make_budget(
        process__title="Budget 2026",
        process__minimum_age=16,
        process__terms="Tout le monde participe.\n\nSans exception.",
        activity__title="Le vote des projets",
    )
    process = budget.activity.process
    page = make_process_page(process, summary="Un million", body=[("text", "<p>Pourquoi.</p>")])
    make_activity_page(page, budget.activity)
    make_news(1, process=process)
    make_news(2)
    response = client.get(page.url)
    shown = soup(response)
    assert texts(response, "h1") == ["Budget 2026"]
    assert texts(response, ".process-header .badge") == [
        "En cours",
        process.get_engagement_level_display(),
        process.perimeter.name,
    ]
    assert texts(response, ".activity h2") == ["Le vote des projets"]
    assert texts(response, ".phase-title") == [
        phase.title for phase in budget.activity.phases.order_by("period")
    ]
    act = shown.select_one(".activity-act a")
    assert act["href"].startswith(f"/budget/{budget.activity.slug}/")
    assert texts(response, ".terms p") == ["Tout le monde participe.", "Sans exception."]
    assert texts(response, "main .card-title") == ["Nouvelle 1"]
    facts = dict(zip(texts(response, ".facts dt"), texts(response, ".facts dd"), strict=True))
    assert facts["Ouverte à"] == "Tout le monde, à partir de 16 ans"
    assert facts["Contact"] == "Mission participation"
    assert shown.select_one(".facts a")["href"] == "mailto:participation@example.org"


def test_a_page_is_public_only_when_its_process_is(site: Site, client: Any) -> None:
    budget = make_budget(process__published=False, process__title="Projet secret")
    page = make_process_page(budget.activity.process)
    child = make_activity_page(page, budget.activity)
    make_news(1)
    for url in (page.url, child.url):
        assert client.get(url).status_code == 404
    for path in ("/", "/demarches/", "/recherche/?q=projet", "/sitemap-pages.xml"):
        html = client.get(path).content.decode()
        assert "Projet secret" not in html, path
        assert budget.activity.process.slug not in html, path
        assert "nouvelle-1" in html or path in ("/demarches/", "/recherche/?q=projet"), path


def test_a_cancelled_process_says_why(site: Site, client: Any) -> None:
    process = make_process(cancelled_at=timezone.now(), cancellation_reason="Faute de moyens.")
    page = make_process_page(process)
    response = client.get(page.url)
    assert "Faute de moyens." in words(soup(response).select_one("main"))
    assert texts(response, ".process-header .badge")[0] == "Annulée"


def test_activity_page(site: Site, client: Any) -> None:
    budget = make_budget(activity__title="Les idées de 2026")
    parent = make_process_page(budget.activity.process)
    page = make_activity_page(parent, budget.activity, body=[("text", "<p>Racontons.</p>")])
    response = client.get(page.url)
    assert texts(response, "h1") == ["Les idées de 2026"]
    assert texts(response, "aside .phase-title") == [
        phase.title for phase in budget.activity.phases.order_by("period")
    ]
    assert texts(response, ".page-body p") == ["Racontons."]
    assert f"/budget/{budget.activity.slug}/" in {
        a["href"] for a in soup(response).select(".process-main a")
    }


def test_an_activity_of_an_unknown_instrument_still_has_its_page(site: Site, client: Any) -> None:
    activity = make_activity(kind="unheard", title="Mystère")
    page = make_process_page(activity.process)
    response = client.get(page.url)
    assert texts(response, ".activity h2") == ["Mystère"]
    assert soup(response).select(".activity a") == []


def test_a_process_has_one_page_per_language(site: Site) -> None:
    process = make_process()
    first = make_process_page(process)
    copy = first.copy(update_attrs={"slug": "copie", "title": "Copie"}, keep_live=False)
    with pytest.raises(Exception, match=r"présente déjà|already tells"):
        copy.full_clean()


def test_restricted_pages_stay_out_of_lists(site: Site, client: Any) -> None:
    open_news, closed_news = make_news(1), make_news(2)
    PageViewRestriction.objects.create(page=closed_news, restriction_type="login")
    assert texts(client.get("/actualites/"), ".card-title") == [open_news.title]
    PageViewRestriction.objects.create(page=french(NewsIndexPage), restriction_type="login")
    assert texts(client.get("/"), "main .card-title") == []


@pytest.mark.parametrize("number_of_pages", [0, 1])
def test_an_unknown_address_is_404(site: Site, client: Any, number_of_pages: int) -> None:
    for number in range(number_of_pages):
        make_news(number + 1)
    assert client.get("/actualites/inconnue/").status_code == 404


def test_without_any_page_the_site_answers_404(db: None, client: Any) -> None:
    assert client.get("/nulle-part/").status_code == 404
    assert client.get("/recherche/").status_code == 200


def test_previews_show_the_draft(site: Site, client: Any) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    budget = make_budget(process__published=False)
    process_page = make_process_page(budget.activity.process)
    pages = [
        french(HomePage),
        french(NewsIndexPage),
        french(ProcessIndexPage),
        make_content(),
        make_news(1),
        process_page,
        make_activity_page(process_page, budget.activity),
    ]
    for page in pages:
        page.title = f"Brouillon {page.pk}"
        if isinstance(page, HomePage):
            page.hero_title = page.title
        page.save_revision()
        response = client.get(f"/gestion/pages/{page.pk}/view_draft/")
        assert response.status_code == 200, page
        assert texts(response, "h1") == [f"Brouillon {page.pk}"]
        assert "unsafe" not in response["Content-Security-Policy"]


def test_closing_dates_are_told_as_the_last_whole_day(site: Site, client: Any) -> None:
    process = make_process()
    activity = make_activity(process=process, kind="unheard")
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    closes = midnight + datetime.timedelta(days=3)
    make_phase(activity, Step.COLLECT).delete()
    activity.phases.create(
        step=Step.COLLECT, title="Dépôt", period=(midnight - datetime.timedelta(days=1), closes)
    )
    make_process_page(process)
    response = client.get("/")
    day = midnight + datetime.timedelta(days=2)
    assert texts(response, ".dates .date-number") == [str(day.day)]
    assert f"Jusqu’au {day.day} " in words(soup(response).select_one(".open-item"))
