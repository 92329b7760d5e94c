"""The back office: what each button does, and what lists cost."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models import (
    Board,
    Budget,
    Envelope,
    Idea,
    Poll,
    Project,
    Tally,
)
from participation.budgets.services.vote.boards import Member, board_file, ceremony
from participation.budgets.services.vote.ceremony import member_public_key, new_secret
from participation.core.models import Phase
from tests.factories.accounts import make_moderator, make_territory, make_user
from tests.factories.budgets import (
    cast,
    make_budget,
    make_category,
    make_counted_poll,
    make_delivery,
    make_envelope,
    make_idea,
    make_officer,
    make_poll,
    make_project,
    make_study,
    move_to,
)
from tests.factories.core import make_directorate

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def desk(client):
    client.force_login(make_officer(public_name="Agathe Bureau"))
    return client


def queries_of(desk, url) -> int:
    desk.get(url)  # what a first visit alone reads, such as content types
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(url).status_code == 200
    return len(captured)


def test_lists_cost_the_same_with_one_row_and_with_many(desk):
    def add():
        budget = make_budget("decide")
        idea = make_idea(
            budget, category=make_category(budget), territory=make_territory(), state="in_study"
        )
        make_study(idea)
        make_study(idea)
        poll = make_poll(budget)
        make_delivery(
            make_project(
                make_envelope(make_budget("follow")), state="winner", territory=make_territory()
            ),
            directorate=make_directorate(),
        )
        cast(poll, poll.envelope.projects.order_by("pk")[:1])

    names = ("budget:index", "idea:index", "project:index", "poll:index", "delivery:index")
    add()
    one = {name: queries_of(desk, reverse(name)) for name in names}
    for _ in range(3):
        add()
    many = {name: queries_of(desk, reverse(name)) for name in names}
    assert one == many
    assert max(one.values()) <= 25, one


def test_a_list_tells_under_the_title_what_helps_to_recognise_a_row(desk):
    budget = make_budget()
    make_idea(budget, category=make_category(budget, "Nature"), territory=make_territory("Arènes"))
    make_idea(budget, title="Partout")
    listed = BeautifulSoup(desk.get(reverse("idea:index")).content, "html.parser")
    rows = {
        row.select_one("td.title a").get_text(strip=True): [
            fact.get_text() for fact in row.select(".parvis-facts span")
        ]
        for row in listed.select("tbody tr")
    }
    assert rows.pop("Partout") == []
    assert list(rows.values()) == [["Nature", "Arènes"]]


def test_the_calendar_of_a_budget_says_last_days(desk):
    budget = make_budget(None)
    days = [datetime.datetime(2027, month, day, tzinfo=PARIS) for month, day in ((1, 4), (2, 15))]
    for step, period in (("collect", tuple(days)), ("follow", (days[1], None))):
        Phase.objects.create(activity=budget.activity, step=step, title=step, period=period)
    words = desk.get(reverse("budget:board", args=[budget.pk])).content.decode()
    assert "04/01/2027 – 14/02/2027" in words
    assert "à partir du 15 février 2027" in words


def test_a_refused_form_is_told_at_the_top_and_a_cost_asked_where_one_is_needed(desk):
    received, studied = make_idea(), make_idea(state="in_study")
    pages = [desk.get(reverse("idea:read", args=[each.pk])) for each in (received, studied)]
    assert ["cost_cents" in page.context["decision_form"].fields for page in pages] == [False, True]
    refused = desk.post(reverse("idea:decide", args=[received.pk]), {"state": "ineligible"})
    assert refused.status_code == 422
    assert [str(told).strip() for told in refused.context["messages"]] == [
        "Rien n’est enregistré\u00a0: un formulaire, plus bas, dit ce qui ne va pas."
    ]
    assert desk.get(reverse("idea:decide", args=[received.pk])).url == reverse(
        "idea:read", args=[received.pk]
    )


def test_the_list_of_ideas_filters_and_searches(desk):
    budget = make_budget()
    category, territory, directorate = make_category(budget), make_territory(), make_directorate()
    one = make_idea(
        budget, title="Planter des arbres", body="x", category=category, territory=territory
    )
    two = make_idea(budget, title="Un banc", body="x", state="in_study")
    make_study(two, directorate=directorate)
    other = make_idea(title="Un abri", body="x", author=make_user(public_name="Zoé Testeuse"))
    make_idea(budget, title="Brouillon", visibility="draft")

    def found(**asked):
        response = desk.get(reverse("idea:index"), asked)
        return {idea.pk for idea in response.context["page_obj"].object_list}

    assert found() == {one.pk, two.pk, other.pk}
    assert found(budget=budget.pk) == {one.pk, two.pk}
    assert found(state="in_study") == {two.pk}
    assert found(state=["in_study", "received"]) == {one.pk, two.pk, other.pk}
    assert found(category=category.pk) == {one.pk}
    assert found(territory=territory.pk) == {one.pk}
    assert found(directorate=directorate.pk) == {two.pk}
    assert found(waiting="studies") == {two.pk}
    assert found(waiting="to_sort", budget=budget.pk) == {one.pk}
    assert found(q="arbre") == {one.pk}
    assert found(q="zoé") == {other.pk}
    assert found(q=one.contribution.receipt_number) == {one.pk}
    assert found(q="' OR 1=1") == set()
    assert found(budget="x", state="nope", territory="1 OR 1") == {one.pk, two.pk, other.pk}


def test_the_study_of_an_idea_from_end_to_end(desk):
    budget = make_budget("examine")
    envelope = make_envelope(budget)
    idea = make_idea(budget)
    directorate = make_directorate()
    page = reverse("idea:read", args=[idea.pk])

    def send(name, data, *extra):
        response = desk.post(reverse(name, args=[idea.pk, *extra]), data)
        assert (response.status_code, response["Location"]) == (302, page)

    send("idea:assign", {"directorates": [directorate.pk]})
    study = idea.studies.get()
    send("idea:study", {"verdict": "feasible", "cost_cents": "45 000,50"}, study.pk)
    study.refresh_from_db()
    assert study.cost_cents == 4_500_050
    send("idea:decide", {"state": "feasible", "cost_cents": "45 000,50", "reason": "Retenue."})
    send("idea:answer", {"status": "retained", "body": "Merci."})
    response = desk.get(page)
    assert response.context["decisions"][0].reason == "Retenue."
    assert "Retenue." in response.content.decode()
    merged = desk.post(
        reverse("idea:merge"),
        {
            "idee": [idea.pk],
            "envelope": envelope.pk,
            "title": "Un banc",
            "description": "En bois",
            "cost_cents": "45000",
        },
    )
    project = Project.objects.get()
    assert merged["Location"] == reverse("project:edit", args=[project.pk])
    assert (project.cost_cents, project.ideas.get()) == (4_500_000, idea)


def test_what_is_refused_is_shown_with_what_was_typed(desk):
    study = make_study()
    url = reverse("idea:decide", args=[study.idea.pk])
    response = desk.post(url, {"state": "feasible", "cost_cents": "1000", "reason": "Bravo"})
    assert response.status_code == 422
    form = response.context["decision_form"]
    assert len(form.non_field_errors()) == 1
    assert "Bravo" in response.content.decode()
    response = desk.post(
        reverse("idea:study", args=[study.idea.pk, study.pk]),
        {"verdict": "infeasible", "reasons": "", "cost_cents": "abc"},
    )
    assert response.status_code == 422
    assert Idea.objects.get().state == "in_study"


def test_a_draft_idea_is_nobodys_business(desk):
    draft = make_idea(visibility="draft")
    assert desk.get(reverse("idea:read", args=[draft.pk])).status_code == 404
    assert desk.get(reverse("idea:merge"), {"idee": draft.pk}).status_code == 404
    assert desk.get(reverse("idea:merge"), {"idee": "x"}).status_code == 400
    assert desk.get(reverse("idea:merge")).status_code == 404


def bulk(desk, model, action, rows, data=None):
    url = reverse("wagtail_bulk_action", args=["budgets", model, action])
    asked = "&".join(f"id={row.pk}" for row in rows)
    return desk.post(f"{url}?{asked}&next={reverse('idea:index')}", data or {})


def test_several_ideas_are_decided_at_once_and_those_that_refuse_stay(desk):
    budget = make_budget("examine")
    ideas = [make_idea(budget), make_idea(budget), make_idea(budget, state="merged")]
    directorate = make_directorate()
    response = bulk(desk, "idea", "assign", ideas, {"directorates": [directorate.pk]})
    assert response.status_code == 302
    assert [i.state for i in Idea.objects.order_by("pk")] == ["in_study", "in_study", "merged"]
    asked = bulk(desk, "idea", "ineligible", ideas[:1], {"reason": ""})
    assert "reason" in asked.context["form"].errors  # on its page, the ideas still chosen
    assert Idea.objects.get(pk=ideas[0].pk).state == "in_study"
    bulk(desk, "idea", "ineligible", ideas[:1], {"reason": "Hors compétence."})
    assert Idea.objects.get(pk=ideas[0].pk).state == "ineligible"


def test_several_projects_go_on_the_ballot_at_once(desk):
    envelope = make_envelope(make_budget("examine"))
    projects = [make_project(envelope, state="draft") for _ in range(2)]
    assert bulk(desk, "project", "put", projects).status_code == 302
    assert set(Project.objects.order_by("pk").values_list("state", flat=True)) == {"on_ballot"}


def test_bulk_actions_are_for_who_studies(client):
    idea = make_idea()
    client.force_login(make_moderator())
    response = bulk(client, "idea", "assign", [idea], {"directorates": [make_directorate().pk]})
    assert response.status_code in (302, 403)
    assert Idea.objects.get().state == "received"


def test_a_vote_from_preparation_to_publication(desk):
    budget = make_budget("decide")
    envelope = make_envelope(budget)
    project = make_project(envelope, state="draft")
    page = reverse("poll:read", args=[envelope.pk])
    assert desk.get(page).context["may_seal"].codes == ("no_project", "no_board")
    desk.post(reverse("project:put", args=[project.pk]))
    secrets = hold_ceremony(desk, budget)
    assert desk.get(page).context["may_seal"].codes == ()
    seal = reverse("poll:seal", args=[envelope.pk])
    assert desk.post(seal, {}).status_code == 422
    assert not Poll.objects.exists()
    assert desk.post(seal, {"understood": "on"})["Location"] == page
    poll = Poll.objects.get()
    cast(poll, [project])
    close = reverse("poll:close", args=[envelope.pk])
    count = reverse("poll:count", args=[envelope.pk])
    typed = {"secret_1": secrets[0], "secret_2": secrets[2].lower()}
    assert desk.post(close, {"understood": "on"}).status_code == 422
    assert desk.post(count, typed).status_code == 422
    assert not Tally.objects.exists()
    move_to(budget, "follow")
    assert desk.get(page).context["state"] == "over"
    assert desk.post(count, typed).status_code == 422
    assert desk.post(close, {"understood": "on"})["Location"] == page
    assert desk.get(page).context["state"] == "closed"
    wrong = desk.post(count, typed | {"secret_2": secrets[0]})
    assert wrong.status_code == 422
    assert secrets[0] in wrong.content.decode()  # nothing that was typed is lost
    assert "no-store" in wrong["Cache-Control"]
    sheet = SimpleUploadedFile("feuille.txt", f"Votre secret :\n\n   {secrets[2]}\n".encode())
    done = desk.post(count, {"secret_1": secrets[0], "secret_2": "", "file_2": sheet})
    assert done["Location"] == page
    assert Tally.objects.get().voters == 1
    for kind in ("opening", "count"):
        record = desk.get(reverse("poll:record", args=[envelope.pk, kind]))
        assert b"".join([record.content])[:5] == b"%PDF-"
    publish = reverse("poll:publish", args=[budget.pk])
    assert desk.get(publish).context["verdict"].codes == ()
    desk.post(publish, {"understood": "on"})
    assert Budget.objects.get().results_published_at is not None
    desk.post(reverse("delivery:start", args=[budget.pk]), {"understood": "on"})
    advance = reverse("delivery:advance", args=[project.pk])
    today = f"{timezone.localdate():%Y-%m-%d}"
    desk.post(advance, {"step": "works", "happened_on": today, "title": "C’est parti"})
    project.refresh_from_db()
    assert (project.state, project.delivery.step) == ("winner", "works")
    assert desk.get(reverse("delivery:read", args=[project.pk])).status_code == 200


def hold_ceremony(desk, budget) -> list[str]:
    """The ceremony through its pages; the three secrets as their members read them."""
    address = reverse("poll:ceremony", args=[budget.pk])
    typed = {
        "name_1": "Aïcha Ndiaye",
        "name_2": "Benoît Roux",
        "name_3": "Chloé Le Gall",
        "observers": "presse@exemple.fr",
        "challenge_days": "60",
    }
    assert desk.post(address, typed | {"name_3": "aïcha ndiaye"}).status_code == 422
    response = desk.post(address, typed)
    secrets, pages = [], []
    for rank in (1, 2, 3):
        assert "no-store" in response["Cache-Control"]
        secret, carried = response.context["secret"], response.context["carried"]
        assert secret in response.content.decode()
        data = {**typed, "public_key": [value for name, value in carried if name == "public_key"]}
        wrong = desk.post(address, {**data, "step": "typed", "secret": new_secret()})
        assert (wrong.status_code, wrong.context["rank"]) == (422, rank)
        assert secret not in wrong.content.decode()
        if rank == 2:  # badly copied: another one is made for the same member
            response = desk.post(address, {**data, "step": "again"})
            secret, carried = response.context["secret"], response.context["carried"]
            assert response.context["rank"] == rank
            data["public_key"] = [value for name, value in carried if name == "public_key"]
        secrets.append(secret)
        pages.append(str(carried))
        response = desk.post(address, {**data, "step": "typed", "secret": secret.lower()})
    assert not [secret for secret in secrets if secret in "".join(pages)]
    assert response["Location"] == reverse("poll:keys", args=[budget.pk])
    shown = desk.get(response["Location"]).content.decode()
    assert Board.objects.get(pk=budget.pk).fingerprint in shown
    return secrets


def test_a_board_made_apart_is_recorded_from_its_file(desk):
    budget = make_budget("decide")
    members = [Member(name, "", member_public_key(new_secret())) for name in "ABC"]
    text = board_file(members=members, key=ceremony(members)).encode()
    address = reverse("poll:board_file", args=[budget.pk])

    def upload(content):
        file = SimpleUploadedFile("board.json", content)
        return desk.post(address, {"file": file, "observers": "", "challenge_days": "60"})

    for wrong in (text[:-40], b"\xff", b"{}"):
        assert upload(wrong).status_code == 422
        assert not Board.objects.exists()
    assert upload(text)["Location"] == reverse("poll:keys", args=[budget.pk])
    assert Board.objects.get().origin == "offline"


def test_the_public_part_that_a_browser_made_is_recorded(desk):
    budget = make_budget("decide")
    names = {f"name_{rank}": name for rank, name in enumerate("ABC", start=1)}
    typed = names | {"observers": "", "challenge_days": "60"}
    address = reverse("poll:ceremony", args=[budget.pk])
    assert desk.post(address, typed | {"step": "browser", "name_3": ""}).status_code == 422
    sheets = desk.post(address, typed | {"step": "browser"})
    assert [sheet["name"] for sheet in sheets.context["sheets"]] == ["A", "B", "C"]
    assert "no-store" in sheets["Cache-Control"]
    members = [Member(name, "", member_public_key(new_secret())) for name in "ABC"]
    board = board_file(members=members, key=ceremony(members))
    for wrong in ("", board[:-40], board.replace("parvis-board-v1", "autre")):
        refused = desk.post(address, typed | {"step": "made", "board": wrong})
        assert refused.status_code == 422
        assert refused.context["form"].data["name_1"] == "A"  # nothing that was typed is lost
    assert not Board.objects.exists()
    desk.post(address, typed | {"step": "made", "board": board})
    assert Board.objects.get().origin == "browser"


def test_the_keys_are_destroyed_from_their_page_when_the_time_has_come(desk):
    board = make_counted_poll().poll.board
    address = reverse("poll:destroy", args=[board.pk])
    assert desk.get(address).context["may_destroy"].codes == ("challenge_period",)
    assert desk.post(address, {"understood": "on"}).status_code == 422
    Board.objects.update(challenge_days=0)
    assert desk.post(address, {}).status_code == 422
    assert desk.post(address, {"understood": "on"}).status_code == 302
    assert not board.seals.exists()


def test_no_page_of_a_running_vote_shows_votes_or_choices(desk):
    poll = make_poll(projects=3)
    first = poll.envelope.projects.order_by("pk").first()
    for _ in range(7):
        cast(poll, [first])
    response = desk.get(reverse("poll:read", args=[poll.pk]))
    assert response.context["turnout"][0].voters == 7
    assert response.context["tally"] is None
    assert {project.votes for project in response.context["projects"]} == {None}


def test_a_counted_vote_shows_its_result_and_its_fingerprints(desk):
    tally = make_counted_poll(published=False)
    response = desk.get(reverse("poll:read", args=[tally.pk]))
    page = response.content.decode()
    assert response.context["state"] == "counted"
    assert tally.input_sha256 in page
    assert tally.poll.options_sha256 in page
    assert reverse("paper:poll", args=[tally.pk]) in page  # audited after the count as well


def test_settings_of_a_budget_are_saved_in_cents(desk):
    budget = make_budget("examine")
    desk.post(
        reverse("budget:envelopes", args=[budget.pk]),
        {"name": "Centre", "amount_cents": "1 250 000,50", "position": "0"},
    )
    envelope = Envelope.objects.get()
    assert (envelope.name, envelope.slug, envelope.amount_cents) == (
        "Centre",
        "centre",
        125_000_050,
    )
    rules = {
        "ballot_kind": "knapsack",
        "min_choices": "1",
        "max_choices": "",
        "project_order": "fixed",
        "rule": "greedy",
        "satisfaction": "cost",
        "completion": "add1",
        "grouping": "district",
        "minimum_winners": "1",
        "minimum_share_percent": "5",
        "rank_scores": "3,2,1",
        "on_misfit": "stop",
        "minimum_votes": "5",
        "district_quota_cents": "",
        "remainder": "lost",
        "idea_max_cost_cents": "300000",
        "ideas_per_person": "",
    }
    assert desk.post(reverse("budget:rules", args=[budget.pk]), rules).status_code == 302
    budget.refresh_from_db()
    assert (budget.ballot_kind, budget.max_choices, budget.idea_max_cost_cents) == (
        "knapsack",
        None,
        30_000_000,
    )
    assert budget.comments_open is False
    assert (budget.minimum_winners, budget.minimum_share_percent) == (1, 5)
    assert budget.rank_scores == [3, 2, 1]

    shared = {
        **rules,
        "rule": "equal_shares",
        "minimum_winners": "0",
        "minimum_share_percent": "0",
        "minimum_votes": "1",
        "district_quota_cents": "4000",
        "remainder": "pooled",
    }
    assert desk.post(reverse("budget:rules", args=[budget.pk]), shared).status_code == 302
    budget.refresh_from_db()
    assert (budget.rule, budget.district_quota_cents, budget.remainder) == (
        "equal_shares",
        400_000,
        "pooled",
    )
    refused = desk.post(
        reverse("budget:rules", args=[budget.pk]), {**shared, "minimum_winners": "1"}
    )
    assert "cette règle n’établit pas de classement" in refused.content.decode()
    stranger = make_envelope(make_budget())
    url = reverse("budget:envelope", args=[budget.pk, stranger.pk])
    assert desk.get(url).status_code == 404


@pytest.mark.parametrize("odd", ["²", "٣", "-1", "1e3", "9" * 40, "' OR 1=1 --", "\x00", "é"])
def test_odd_numbers_in_addresses_break_nothing(desk, odd):
    for name in ("idea:index", "project:index", "poll:index", "delivery:index", "idea:export"):
        response = desk.get(reverse(name), {"budget": odd, "p": odd, "q": odd.replace("\x00", "")})
        assert response.status_code in (200, 404), name
    assert desk.get(reverse("idea:merge"), {"idee": odd}).status_code in (400, 404)
