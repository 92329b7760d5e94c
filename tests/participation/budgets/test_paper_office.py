"""The screens of desks and paper: who opens which, and what is never shown to whom."""

import html
import re
import subprocess

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models import PaperEntry, VoterRecord
from participation.budgets.office.voting_forms import OpenBoxForm
from participation.budgets.queries.paper import accepted_paper_ballots, drawn_ballots
from participation.budgets.services.paper.audits import draw_audit
from participation.electors.choices import Way
from tests.factories.accounts import make_moderator, make_user
from tests.factories.budgets import make_officer, move_to
from tests.factories.paper import (
    key,
    lot_of,
    make_agent,
    make_desk,
    make_desk_vote,
    make_keyer,
    make_paper_poll,
    make_person,
    mark,
)

pytestmark = pytest.mark.django_db
PUBLIC_NOTE = (
    "Ce que vous écrivez est public\N{NO-BREAK SPACE}: le procès-verbal le publie tel quel."
)


def opens(client, user, name, *args, method="get", data=None):
    """Whether this person reaches the screen at all: neither refused nor sent to sign in."""
    client.logout()
    if user is not None:
        client.force_login(user)
    response = getattr(client, method)(reverse(name, args=args), data or {})
    assert response.status_code in (200, 302, 403, 422), response.status_code
    away = response.status_code == 302 and (
        response.url.startswith("/compte/") or response.url == reverse("wagtailadmin_home")
    )
    return response.status_code != 403 and not away


def test_each_role_opens_its_own_screens_only(client):
    poll = make_paper_poll(3)
    budget = poll.envelope.budget
    holder, keyer, officer = make_agent(), make_keyer(), make_officer()
    desk, person = make_desk(budget, holder), make_person(budget)
    lot = lot_of(poll)
    of_desk = [
        ("desk:hold", desk.pk),
        ("desk:enrol", desk.pk),
        ("desk:kiosk", desk.pk),
        ("desk:person", desk.pk, person.pk),
        ("desk:take_back", desk.pk, person.pk, poll.pk),
        ("desk:code", desk.pk, person.pk),
    ]
    of_keyer = [("paper:key", lot.pk)]
    of_officer = [
        ("desk:add", budget.pk),
        ("desk:edit", desk.pk),
        ("paper:poll", poll.pk),
        ("paper:lot", lot.pk),
        ("paper:ballot", poll.pk, "a4"),
        ("paper:poster", poll.pk),
    ]
    people = {
        "anonymous": (None, []),
        "resident": (make_user(), []),
        "moderator": (make_moderator(), []),
        "agent": (holder, [("desk:index",), *of_desk]),
        "agent of another desk": (make_agent(), [("desk:index",)]),
        "keyer": (keyer, [("paper:index",), *of_keyer]),
        "officer": (officer, [("desk:index",), ("paper:index",), *of_officer]),
    }
    every = [("desk:index",), ("paper:index",), *of_desk, *of_keyer, *of_officer]
    for who, (user, expected) in people.items():
        found = [address for address in every if opens(client, user, *address)]
        assert sorted(map(str, found)) == sorted(map(str, expected)), who


def test_acts_are_refused_by_post_too(client):
    poll = make_desk_vote()
    budget = poll.envelope.budget
    desk, person = make_desk(budget, make_agent()), make_person(budget)
    for user in (make_agent(), make_keyer(), make_officer()):
        data = {"polls": [poll.pk]}
        assert not opens(client, user, "desk:person", desk.pk, person.pk, method="post", data=data)
    assert not VoterRecord.objects.exists()


def test_no_address_shows_one_pass_to_the_keyer_of_the_other(client):
    """Blind: not on the keying screen, its acts, the arbitration, the lot or the home."""
    poll = make_paper_poll(3)
    lot, first, second = lot_of(poll), make_keyer(), make_keyer()
    key(lot, first, ["1 2", "3", "n7"])
    client.force_login(second)
    client.post(reverse("paper:take", args=[lot.pk]))
    for name in ("paper:key", "paper:undo", "paper:finish", "paper:settle", "paper:lot"):
        for method in ("get", "post"):
            response = getattr(client, method)(reverse(name, args=[lot.pk]), follow=True)
            text = response.content.decode()
            assert "<kbd>001 002</kbd>" not in text
            assert not any(f"<td>{project}" in text for project in ("001 ", "003 "))
    page = client.get(reverse("paper:key", args=[lot.pk]) + "?rang=1").content.decode()
    assert 'name="line" value=""' in page
    assert PaperEntry.objects.filter(pass_number=2).count() == 0


def test_a_keyer_cannot_open_the_arbitration_of_their_own_lot(client):
    poll = make_paper_poll(3)
    lot, first, second = lot_of(poll), make_keyer(), make_keyer()
    key(lot, first, ["1", "2", "3"])
    key(lot, second, ["1", "2", "4"])
    for user in (first, second):
        assert not opens(client, user, "paper:settle", lot.pk)
        data = {"rank": 3, "line": "3", "note": "Lu"}
        assert not opens(client, user, "paper:settle", lot.pk, method="post", data=data)
    assert opens(client, make_keyer(), "paper:settle", lot.pk)
    assert opens(client, make_officer(), "paper:settle", lot.pk)


def test_what_is_typed_wrong_stays_in_the_field(client):
    poll = make_paper_poll(3)
    lot, agent = lot_of(poll), make_keyer()
    client.force_login(agent)
    client.post(reverse("paper:take", args=[lot.pk]))
    response = client.post(reverse("paper:key", args=[lot.pk]), {"rank": 1, "line": "1 99"})
    assert response.status_code == 422
    assert 'value="1 99"' in response.content.decode()
    for rank in ("", "0", "51", "abc", "²"):
        response = client.post(reverse("paper:key", args=[lot.pk]), {"rank": rank, "line": "1"})
        assert response.status_code == 422
    assert not PaperEntry.objects.exists()


def test_a_name_searched_is_in_no_address_and_no_page_is_kept(client):
    poll = make_desk_vote()
    budget, agent = poll.envelope.budget, make_agent()
    desk = make_desk(budget, agent)
    make_person(budget, "Dupont", "Marie")
    client.force_login(agent)
    address = reverse("desk:hold", args=[desk.pk])
    assert "Dupont Marie" not in client.get(address, {"q": "dupont"}).content.decode()
    response = client.post(address, {"q": "dupont"})
    assert "Dupont Marie" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_the_search_asks_a_constant_number_of_queries(client, django_assert_max_num_queries):
    poll = make_desk_vote()
    budget, agent = poll.envelope.budget, make_agent()
    desk = make_desk(budget, agent)
    for _ in range(20):
        make_person(budget, "Martin")
    client.force_login(agent)
    client.post(reverse("desk:hold", args=[desk.pk]), {"q": "martin"})
    with django_assert_max_num_queries(25):
        client.post(reverse("desk:hold", args=[desk.pk]), {"q": "martin"})


def test_a_person_without_a_roll_is_added_with_papers_in_hand(client):
    poll = make_desk_vote()
    budget, agent = poll.envelope.budget, make_agent()
    desk = make_desk(budget, agent)
    client.force_login(agent)
    address = reverse("desk:enrol", args=[desk.pk])
    data = {"family_name": "Nouvelle", "given_names": "Zoé", "birth_date": "31/02/1999"}
    response = client.post(address, data)
    assert response.status_code == 422
    assert "Écrivez la date" in response.content.decode()
    data["birth_date"] = "28/02/1999"
    first = client.post(address, data)
    assert first.status_code == 302
    again = client.post(address, data | {"family_name": "NOUVELLE", "given_names": "zoe"})
    assert again.url == first.url
    assert "Nouvelle Zoé" in client.get(first.url).content.decode()


def test_the_audit_list_is_printed(client):
    poll = make_paper_poll(1)
    lot = lot_of(poll, 1)
    for agent in (make_keyer(), make_keyer()):
        key(lot, agent, ["1"])
    officer = make_officer()
    audit = draw_audit(poll=poll, seed="415", size=1, actor=officer, at=timezone.now())
    client.force_login(officer)
    response = client.get(reverse("paper:audit_list", args=[audit.pk]))
    assert response.content.startswith(b"%PDF")


def test_the_command_of_a_draw_is_safe_and_right_whatever_the_seed_holds(client, tmp_path):
    """Copied from the screen into a shell, it draws what the site drew."""
    poll = make_paper_poll(3)
    lot = lot_of(poll, 3)
    for agent in (make_keyer(), make_keyer()):
        key(lot, agent, ["1", "2", "3"])
    officer, seed = make_officer(), 'l\'été $(echo 4) "2"'
    audit = draw_audit(poll=poll, seed=seed, size=2, actor=officer, at=timezone.now())
    client.force_login(officer)
    page = client.get(reverse("paper:audit", args=[audit.pk])).content.decode()
    command = html.unescape(re.search(r'<pre class="parvis-code">(.*?)</pre>', page, re.S)[1])
    assert PUBLIC_NOTE in page
    codes = [ballot.code for ballot in accepted_paper_ballots(poll=poll)]
    (tmp_path / "codes.txt").write_text("".join(f"{code}\n" for code in codes))
    done = subprocess.run(
        ["/bin/bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    drawn = [line.split()[1] for line in done.stdout.splitlines()]
    assert drawn == [each.ballot.code for each in drawn_ballots(audit=audit)]


def test_the_shared_device_erases_a_voter_after_two_minutes(client):
    poll = make_desk_vote()
    budget, agent = poll.envelope.budget, make_agent()
    desk, voter = make_desk(budget, agent), make_person(budget, ways=[Way.DESK])
    client.force_login(agent)
    code = client.post(reverse("desk:code", args=[desk.pk, voter.pk])).context["code"]
    client.post(reverse("desk:kiosk", args=[desk.pk]))
    welcome = client.get(reverse("budgets:kiosk"))
    assert "_auth_user_id" not in client.session
    assert "Refresh" not in welcome
    vote = client.post(reverse("budgets:kiosk"), {"code": code}, follow=True)
    assert vote["Refresh"] == f"120; url={reverse('budgets:kiosk_end')}"
    assert "no-store" in vote["Cache-Control"]
    assert client.session["elector"]["what"] == voter.pk
    for address in (reverse("wagtailadmin_home"), reverse("account_login")):
        assert client.get(address).url == reverse("budgets:kiosk")
    session = client.session
    session["kiosk_seen"] -= 121
    session.save()
    vote_address = reverse("budgets:vote", args=[budget.activity.slug])
    assert client.get(vote_address).url == reverse("budgets:kiosk")
    assert "elector" not in client.session


def test_the_shared_device_ends_with_the_code_of_the_day_only(client):
    poll = make_desk_vote()
    agent = make_agent()
    desk = make_desk(poll.envelope.budget, agent)
    client.force_login(agent)
    page = client.get(reverse("desk:kiosk", args=[desk.pk]))
    code = page.context["exit_code"]
    client.post(reverse("desk:kiosk", args=[desk.pk]))
    leave = reverse("budgets:kiosk_leave")
    assert client.post(leave, {"code": "1"}).status_code == 422
    assert client.post(leave, {"code": f"{code[:4]} {code[4:]}"}).status_code == 302
    assert client.get(reverse("budgets:kiosk")).status_code == 404


def test_nobody_without_the_device_opens_its_screens(client):
    for name in ("kiosk", "kiosk_end", "kiosk_leave"):
        assert client.get(reverse(f"budgets:{name}")).status_code == 404


@pytest.mark.usefixtures("french")
def test_who_opens_the_box_is_told_that_an_explanation_is_public():
    assert PUBLIC_NOTE in str(OpenBoxForm(has_paper=True)["explanation"].help_text)
    assert "explanation" not in OpenBoxForm().fields


def test_the_officer_is_told_what_is_to_be_explained(client):
    poll = make_desk_vote()
    mark(poll, 2)
    move_to(poll.envelope.budget, "follow")
    client.force_login(make_officer())
    address = reverse("paper:poll", args=[poll.pk])
    page = client.get(address).content.decode()
    assert "Une fois tous les lots constitués" in page
    assert PUBLIC_NOTE in page
    client.post(reverse("paper:explain", args=[poll.pk]), {"note": "Urne perdue."})
    assert "Urne perdue." in client.get(address).content.decode()
