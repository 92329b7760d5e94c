"""The demonstration fills itself once, with real data, and shows its mails."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone, translation

from cms.models import ActivityPage, ProcessPage
from config.demonstration import pages, size
from participation.accounts.models import User
from participation.budgets.models import (
    Ballot,
    Budget,
    Delivery,
    Idea,
    Poll,
    Project,
    Tally,
    VoterRecord,
)
from participation.core.models import Contribution, Process, Support
from participation.mapping.models import MapContribution
from tests.factories.budgets import make_budget
from tests.factories.core import make_process


def counts() -> dict[str, int]:
    return {
        model.__name__: model._default_manager.count()
        for model in (
            Process,
            Project,
            Ballot,
            Delivery,
            Idea,
            Tally,
            VoterRecord,
            User,
            MapContribution,
        )
    }


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demonstration_is_filled_once(client: Any):
    call_command("demo_data", stdout=io.StringIO())
    filled = counts()
    assert filled["Process"] == 7
    assert filled["Ballot"] == 7260 + 7014
    assert filled["VoterRecord"] == 60
    assert filled["Delivery"] >= 1341
    assert filled["MapContribution"] == 20 * 4 + 57 * 2
    call_command("demo_data", stdout=io.StringIO())
    assert counts() == filled
    _grows_to_a_number()
    for path in (
        "/",
        "/budget/toulouse-2024/resultats/",
        "/budget/paris-2014-2024/realisations/",
        "/carte/velo-et-fraicheur/",
    ):
        assert client.get(path).status_code == 200


def _grows_to_a_number() -> None:
    """The large size completes what is there, and adds nothing the second time."""
    budget = Budget.objects.select_related("activity").get(activity__slug="toulouse-2027")
    poll = Poll.objects.get(envelope__budget__activity__slug="toulouse-2026")
    residents = list(User.objects.filter(email__startswith="habitant-").order_by("pk"))
    supports = Support.objects.filter(contribution__activity=budget.activity)
    given = supports.count() + 50
    for _ in range(2):
        size.grow_ideas(budget, residents, 40, timezone.now())
        size.grow_supports(budget, residents, given, timezone.now())
        size.grow_roll(poll, residents, 75, timezone.now())
        assert Idea.objects.public().filter(budget=budget).count() == 40
        assert supports.count() == given
        assert VoterRecord.objects.filter(poll=poll).count() == 75
    stored = Contribution.objects.filter(activity=budget.activity)
    assert stored.aggregate(total=Sum("supports_count"))["total"] == given


@pytest.mark.django_db
def test_its_pages_are_made_once_in_french_and_in_english(client: Any, site_is_set_up: None):
    for slug in ("toulouse-2027", "d-ailleurs"):
        make_budget(process__slug=slug, process__title=slug, activity__title=slug)
    known = Process.objects.get(slug="toulouse-2027")
    for slug in ("toulouse-2026", "toulouse-2024"):  # the news tell them
        make_process(slug=slug)
    for _time in range(2):
        pages.publish(timezone.now())
    french, english = ProcessPage.objects.filter(process=known).order_by("locale__language_code")[
        ::-1
    ]
    assert french.translation_key == english.translation_key
    assert ActivityPage.objects.filter(activity__process=known).count() == 2
    assert ProcessPage.objects.filter(process__slug="d-ailleurs").count() == 1
    with translation.override("fr"):  # the page's own language ends with it
        page = client.get("/en/processes/toulouse-2027/")
    body = page.content.decode()
    assert "Your idea, your district" in body
    assert "shown as they were written, in French" in body
    assert 'href="/demarches/toulouse-2027/"' in body
    assert "/en/processes/toulouse-2027/take-part/" in body


@pytest.mark.django_db
def test_the_mailbox_shows_what_would_have_been_sent(client: Any, site_is_set_up: None):
    folder = Path(settings.EMAIL_FILE_PATH)
    sender = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=str(folder)
    )
    EmailMessage(
        "Votre idée est reçue <b>",
        "Merci ! Voyez https://example.org/idee\n\nÀ bientôt",
        to=["camille@example.org"],
        connection=sender,
    ).send()
    page = client.get("/_/courrier/")
    assert "Votre idée est reçue &lt;b&gt;" in page.content.decode()
    name = next(folder.glob("*.log")).stem
    mail = client.get(f"/_/courrier/{name}/").content.decode()
    assert '<a href="https://example.org/idee"' in mail
    assert "camille@example.org" in mail
    assert client.get("/_/courrier/nothing/").status_code == 404


def test_accounts_are_printed():
    out = io.StringIO()
    call_command("demo_accounts", stdout=out)
    lines = [line for line in out.getvalue().splitlines() if "Secrets du bureau" not in line]
    assert len(lines) == 7
    assert all("parvis-demo-2026" in line and "@demo.example" in line for line in lines)
