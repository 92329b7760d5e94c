"""The ceremony of the keys: three sheets made in a browser, and a box that two of them open."""

import itertools
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from participation.budgets.models import Board, Budget
from participation.budgets.services.vote import close_poll, open_box
from participation.budgets.services.vote.boards import open_key
from participation.budgets.services.vote.ceremony import member_public_key, new_secret
from participation.core.choices import Step
from participation.core.verdict import Refused
from tests.cms.making import make_staff
from tests.e2e.conftest import PASSWORD, SCREENS, Visitor, sign_in
from tests.factories.budgets import cast, make_budget, make_envelope, make_poll, move_to

NAMES = ("Aïcha Ndiaye", "Benoît Roux", "Chloé Le Gall")
PAIRS = list(itertools.combinations(range(3), 2))


@pytest.fixture
def officer(_site: None) -> Any:
    return make_staff("Participation", email="agente@example.org", password=PASSWORD)


@pytest.fixture
def budget(transactional_db: None) -> Budget:
    return make_budget(Step.DECIDE, max_choices=None)


def name_the_members(page: Page) -> Locator:
    """Fill the form in; the button that begins."""
    form = page.locator("[data-ceremony-names]")
    for rank, name in enumerate(NAMES, start=1):
        form.get_by_label(f"Membre {rank} : prénom et nom").fill(name)
    return form.get_by_role("button", name="Faire le secret du premier membre")


def read_sheet(page: Page, name: str) -> tuple[str, str]:
    """The secret and the fingerprint on the sheet of a member."""
    sheet = page.get_by_role("region", name=f"Secret de {name}")
    secret = sheet.locator("[data-secret]").inner_text()
    member_public_key(secret)  # well written, its check character included
    return secret, sheet.locator("[data-fingerprint]").inner_text()


def type_back(page: Page, secret: str, button: str) -> None:
    page.get_by_role("textbox", name="Tapez ce secret d’après la feuille").fill(secret)
    page.get_by_role("button", name=button).click()


def hold_ceremony(visit: Visitor, budget: Budget) -> tuple[list[str], str]:
    """The ceremony as three members live it; their secrets, and the fingerprint they read."""
    page = visit.open_office(reverse("poll:ceremony", args=[budget.pk]))
    expect(page.get_by_text("n’en sortent jamais")).to_be_visible()
    expect(page.get_by_text("faits par ce serveur")).to_be_hidden()
    visit.press(name_the_members(page))
    secrets, fingerprints = [], set()
    for rank, name in enumerate(NAMES, start=1):
        secret, fingerprint = read_sheet(page, name)
        if rank == 1:
            visit.check_office()
        hide = page.get_by_role("button", name="J’ai ma feuille : cacher le secret")
        hide.click()
        assert secret not in page.content()
        go_on = "Terminer la cérémonie" if rank == len(NAMES) else "Passer au membre suivant"
        if rank == 2:  # badly copied: another secret is made, and the former is nobody's
            type_back(page, new_secret(), go_on)
            expect(page.get_by_role("alert")).to_contain_text("Ce n’est pas le secret")
            visit.check_office()
            page.get_by_role("button", name="Faire un autre secret").click()
            former, (secret, fingerprint) = secret, read_sheet(page, name)
            hide.click()
            type_back(page, former, go_on)
            expect(page.get_by_role("alert")).to_be_visible()
        secrets.append(secret)
        fingerprints.add(fingerprint)
        if rank < len(NAMES):
            type_back(page, secret.lower().replace("-", " "), go_on)
        else:
            with page.expect_navigation():
                type_back(page, secret, go_on)
    (fingerprint,) = fingerprints
    return secrets, fingerprint


def test_secrets_made_in_the_browser_stay_there_and_any_two_open_the_box(
    visit_desktop: Visitor, officer: Any, budget: Budget
) -> None:
    visit = visit_desktop
    sign_in(visit, officer.email)
    sent: list[str] = []
    visit.page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    secrets, fingerprint = hold_ceremony(visit, budget)

    board = Board.objects.get()
    assert (board.origin, board.fingerprint) == ("browser", fingerprint)
    expect(visit.page.get_by_role("main")).to_contain_text(fingerprint)
    visit.check_office()
    assert [
        (member.name, bytes(member.public_key)) for member in board.members.order_by("rank")
    ] == [(name, member_public_key(secret)) for name, secret in zip(NAMES, secrets, strict=True)]
    told = "\n".join(sent).upper()
    assert fingerprint.upper() in told  # what was sent is what was read
    for secret in secrets:
        assert secret[:14] not in told
        assert secret.replace("-", "")[:14] not in told

    budget = Budget.objects.select_related("board").get(pk=budget.pk)
    polls = [make_poll(envelope=make_envelope(budget)) for _pair in PAIRS]
    for poll in polls:
        cast(poll, poll.envelope.projects.order_by("pk")[:2])
    move_to(budget, Step.FOLLOW)
    for poll, (one, two) in zip(polls, PAIRS, strict=True):
        close_poll(poll=poll, actor=officer, at=timezone.now())
        for wrong, code in (
            ([secrets[one]], "two_secrets"),
            ([secrets[one], secrets[one]], "same_member"),
            ([secrets[one], new_secret()], "secret_unknown_2"),
        ):
            with pytest.raises(Refused) as refused:
                open_key(board=board, secrets=wrong)
            assert refused.value.verdict.codes == (code,)
        tally = open_box(
            poll=poll,
            secrets=[secrets[two], secrets[one]],
            actor=officer,
            at=timezone.now(),
        )
        assert (tally.voters, tally.ballots) == (1, 1)


def test_without_javascript_the_server_makes_the_secrets_and_says_so(
    visit_without_javascript: Visitor, officer: Any, budget: Budget
) -> None:
    visit = visit_without_javascript
    sign_in(visit, officer.email)
    page = visit.page
    page.set_viewport_size(SCREENS["desktop"])
    page.goto(visit.base_url + reverse("poll:ceremony", args=[budget.pk]))
    expect(page.get_by_text("faits par ce serveur")).to_be_visible()
    expect(page.get_by_text("n’en sortent jamais")).to_be_hidden()
    visit.press(name_the_members(page))
    sheet = page.get_by_role("region", name=f"Secret de {NAMES[0]}")
    member_public_key(sheet.locator("code").inner_text())
