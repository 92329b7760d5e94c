"""The ceremony of the keys on its screens, as three members live it one after the other."""

from typing import Any

from django.urls import reverse
from playwright.sync_api import expect

from participation.budgets.models import Budget
from tests.e2e.conftest import Visitor

MEMBERS = ("Aïcha Ndiaye", "Benoît Roux", "Chloé Le Gall")


def hold_ceremony(visit: Visitor, budget: Budget) -> list[str]:
    """Give the budget its board; the secrets, as their members read them on the screen."""
    page = visit.page
    page.goto(visit.base_url + reverse("poll:keys", args=[budget.pk]))
    visit.press(page.get_by_role("link", name="Tenir la cérémonie ici"))
    for rank, name in enumerate(MEMBERS, start=1):
        page.get_by_label(f"Membre {rank} : prénom et nom").fill(name)
    visit.press(page.get_by_role("button", name="Faire le secret du premier membre"))
    secrets = [_take_sheet(page, name) for name in MEMBERS]
    expect(page.locator(".messages")).to_contain_text("Le bureau du scrutin est enregistré")
    return secrets


def _take_sheet(page: Any, name: str) -> str:
    """Copy the secret, hide it, and type it again."""
    sheet = page.get_by_role("region", name=f"Secret de {name}")
    secret: str = sheet.locator("code").first.inner_text()
    page.get_by_role("button", name="cacher le secret").click()
    page.get_by_label("Tapez ce secret d’après la feuille").locator("visible=true").fill(secret)
    is_last = name == MEMBERS[-1]
    page.get_by_role(
        "button", name="Terminer la cérémonie" if is_last else "Passer au membre suivant"
    ).click()
    return secret
