"""One form makes a participatory budget; a wrong one makes nothing and forgets nothing."""

import datetime
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Site

from cms.models import ActivityPage, NewsPage, ProcessPage
from cms.wizard import defaults
from participation.budgets.models import Budget
from participation.core.models import Activity, Process
from participation.core.services.processes import publish_process
from tests.cms.making import make_staff, soup, texts
from tests.factories.accounts import make_territory, make_user
from tests.factories.core import make_directorate

pytestmark = pytest.mark.usefixtures("roles")
URL = "/gestion/nouveau-budget/"


@pytest.fixture
def officer(site: Site, client: Any) -> Any:
    user = make_staff("Participation")
    client.force_login(user)
    return user


def answers(**changes: Any) -> dict[str, Any]:
    city = changes.pop("city", None) or make_territory("Ville")
    return {
        "title": "Budget participatif 2027",
        "edition": "2027",
        "owner": str(make_directorate().pk),
        "perimeter": str(city.pk),
        "sharing": "whole",
        "amount": "1 250 000,50",
        "ideas_from": "2027-01-04",
        "ideas_until": "2027-02-14",
        "vote_from": "2027-05-03",
        "vote_until": "2027-05-23",
        "results_on": "2027-06-07",
        "ballot_kind": "approval",
        "min_choices": "1",
        "max_choices": "3",
        "minimum_age": "16",
        "residents_only": "on",
        "moderation": "before",
        "categories": "Nature\n\nMobilités\nNature",
        "contact_name": "Mission",
        "contact_email": "mission@example.org",
        "terms": "Tout le monde participe.",
        **changes,
    }


def test_the_form_comes_filled_in(officer: Any, client: Any) -> None:
    directorate = make_directorate()
    page = soup(client.get(URL))
    value = {field["name"]: field.get("value") for field in page.select("form input[name]")}
    dates = [value[name] for name in ("ideas_from", "ideas_until", "vote_from", "vote_until")]
    assert dates == sorted(dates)
    assert page.select_one("select[name=owner] option[selected]")["value"] == str(directorate.pk)
    assert "CRPA" in page.get_text()
    assert "récépissé" not in page.select_one("[name=terms]").get_text()
    assert page.select_one("[name=categories]").get_text().split("\n")[-1] == (
        "Éducation et jeunesse"
    )


def test_default_dates_begin_on_mondays_and_leave_time() -> None:
    for offset in range(7):
        today = datetime.date(2026, 3, 2) + datetime.timedelta(days=offset)
        dates = defaults.calendar(today)
        assert dates["ideas_from"].weekday() == 0
        assert dates["vote_from"].weekday() == 0
        assert (dates["ideas_from"] - today).days >= 28
        assert (dates["vote_until"] - dates["vote_from"]).days == 20


def test_one_gesture_makes_everything_as_drafts(officer: Any, client: Any) -> None:
    response = client.post(URL, answers())
    budget = Budget.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"{URL}{budget.pk}/"
    process = budget.activity.process
    assert (process.title, process.slug, process.published_at) == (
        "Budget participatif 2027",
        "budget-participatif-2027",
        None,
    )
    assert (process.minimum_age, process.residents_only, process.moderation) == (16, True, "before")
    assert list(budget.envelopes.values_list("name", "amount_cents", "territory")) == [
        ("Ville", 125_000_050, None)
    ]
    assert list(budget.categories.values_list("name", flat=True)) == ["Nature", "Mobilités"]
    phases = [
        (
            phase.step,
            f"{timezone.localtime(phase.opens_at):%Y-%m-%d %H:%M}",
            phase.closes_at and f"{timezone.localtime(phase.closes_at):%Y-%m-%d %H:%M}",
        )
        for phase in budget.activity.phases.order_by("period")
    ]
    assert phases == [
        ("collect", "2027-01-04 00:00", "2027-02-15 00:00"),
        ("examine", "2027-02-15 00:00", "2027-05-03 00:00"),
        ("decide", "2027-05-03 00:00", "2027-05-24 00:00"),
        ("report", "2027-05-24 00:00", "2027-06-07 00:00"),
        ("follow", "2027-06-07 00:00", None),
    ]
    pages = [ProcessPage.objects.get(), ActivityPage.objects.get(), NewsPage.objects.get()]
    assert [page.live for page in pages] == [False, False, False]
    assert all(page.owner == officer and page.latest_revision for page in pages)
    assert pages[1].get_parent().specific == pages[0]
    told = client.get(response["Location"])
    links = {a["href"] for a in soup(told).select("main a")}
    assert {f"/gestion/pages/{page.pk}/edit/" for page in pages} <= links
    assert "1 250 001 €" in told.content.decode().replace("\u202f", " ").replace("\u00a0", " ") or (
        "1 250 000" in told.content.decode().replace("\u202f", " ").replace("\u00a0", " ")
    )


def test_each_neighbourhood_may_have_its_vote(officer: Any, client: Any) -> None:
    city = make_territory("Ville")
    for name in ("Nord", "Sud"):
        make_territory(name, kind="neighbourhood", parent=city)
    client.post(URL, answers(city=city, sharing="each", amount="400000"))
    envelopes = Budget.objects.get().envelopes.order_by("position")
    assert [(e.name, e.amount_cents, e.territory.name) for e in envelopes] == [
        ("Nord", 40_000_000, "Nord"),
        ("Sud", 40_000_000, "Sud"),
    ]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": ""}, "title", ""),
        ({"title": "?!"}, "title", "Le titre a besoin de lettres ou de chiffres."),
        ({"amount": "0"}, "amount", ""),
        ({"amount": "beaucoup"}, "amount", ""),
        ({"ideas_until": "2027-01-01"}, "ideas_until", "Le dépôt des idées finit avant"),
        ({"vote_from": "2027-02-14"}, "vote_from", "Le vote commence après le dépôt"),
        ({"vote_until": "2027-05-01"}, "vote_until", "Le vote finit avant de commencer."),
        ({"results_on": "2027-05-23"}, "results_on", "Les résultats viennent après"),
        ({"ideas_from": "31/02/2027"}, "ideas_from", ""),
        ({"min_choices": "5"}, "max_choices", "Le maximum ne peut pas être inférieur"),
        ({"max_choices": ""}, "max_choices", "Dites combien de projets"),
        ({"sharing": "each"}, "sharing", "Aucun quartier de ce territoire"),
        ({"categories": " \n "}, "categories", ""),
        ({"categories": "x" * 81}, "categories", "80 caractères au plus"),
        ({"owner": "0"}, "owner", ""),
        ({"perimeter": "'"}, "perimeter", ""),
        ({"terms": ""}, "terms", ""),
        ({"contact_email": "mission"}, "contact_email", ""),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_makes_nothing(
    officer: Any, client: Any, changes: dict[str, Any], field: str, sentence: str
) -> None:
    data = answers(**changes)
    response = client.post(URL, data)
    assert response.status_code == 422
    assert (Process.objects.count(), Activity.objects.count(), ProcessPage.objects.count()) == (
        0,
        0,
        0,
    )
    page = soup(response)
    told = page.select_one(f".parvis-field-{field} .error-message").get_text(" ", strip=True)
    assert told
    assert sentence.replace(" :", "\u00a0:") in told
    assert len(page.select(".parvis-field .error-message")) == 1
    assert page.select_one("[name=terms]").get_text().strip() == data["terms"]
    assert page.select_one("[name=contact_name]")["value"] == "Mission"


def test_the_same_title_twice_is_refused(officer: Any, client: Any) -> None:
    client.post(URL, answers())
    response = client.post(URL, answers())
    assert response.status_code == 422
    assert "Une démarche porte déjà ce titre" in response.content.decode()
    assert Budget.objects.count() == 1


def test_its_pages_open_once_process_and_pages_are_published(officer: Any, client: Any) -> None:
    client.post(URL, answers())
    page = ProcessPage.objects.get()
    page.get_latest_revision().publish()
    assert client.get(page.get_url()).status_code == 404
    publish_process(
        process=Process.objects.get(), actor=make_user(is_superuser=True), at=timezone.now()
    )
    response = client.get(page.get_url())
    assert response.status_code == 200
    assert texts(response, "h1") == ["Budget participatif 2027"]


@pytest.mark.parametrize("role", ["Édition", "Modération", "Instruction"])
def test_others_do_not_make_budgets(site: Site, client: Any, role: str) -> None:
    client.force_login(make_staff(role))
    assert client.get(URL).status_code in (302, 403)
    assert client.post(URL, answers()).status_code in (302, 403)
    assert Budget.objects.count() == 0
    assert "nouveau-budget" not in client.get("/gestion/").content.decode()


def test_without_lists_the_budget_is_made_without_pages(officer: Any, client: Any) -> None:
    for page in (*ProcessPage.objects.all(), *NewsPage.objects.all()):
        page.delete()
    from cms.models import NewsIndexPage, ProcessIndexPage

    for model in (ProcessIndexPage, NewsIndexPage):
        for page in model.objects.order_by("-path"):
            page.delete()
    response = client.post(URL, answers(), follow=True)
    assert response.status_code == 200
    assert "du 4 janvier 2027 au 14 février 2027 inclus" in response.content.decode()
    assert Budget.objects.count() == 1
    assert ProcessPage.objects.count() == 0
