"""The personal space: each sees their own, all of it, in a fixed number of queries."""

import datetime

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from participation.core import registry, services
from participation.core.account.mending import mend
from participation.core.choices import Step, Visibility
from participation.core.models import Follow, ModerationDecision
from participation.core.registry import Instrument
from tests.factories.accounts import make_moderator, make_territory, make_user
from tests.factories.core import (
    make_comment,
    make_contribution,
    make_open_activity,
)
from tests.participation.accounts.steps import PASSWORD, sign_in

pytestmark = pytest.mark.django_db
PAGES = ["dashboard", "profile", "contributions", "comments", "votes", "follows", "data"]


@pytest.fixture
def instrument(monkeypatch):
    """An instrument of the tests, whose contributions have pages."""
    votes: list[dict[str, str]] = []
    declared = Instrument(
        kind="test",
        label="Essai",
        icon="bulb",
        steps=(Step.COLLECT,),
        landing=lambda activity: f"/essai/{activity.slug}/",
        summary=lambda activity, moment: {},
        contribution_url=lambda contribution: f"/essai/contributions/{contribution.pk}/",
        personal_data=lambda user: iter(votes),
    )
    monkeypatch.setitem(registry._instruments, "test", declared)
    return votes


@pytest.fixture
def person(client, instrument):
    user = make_user(password=PASSWORD, public_name="Ninon")
    sign_in(client, user.email)
    return user


@pytest.mark.parametrize("name", [*PAGES, "delete"])
def test_visitors_are_asked_to_sign_in_first(client, name):
    answer = client.get(reverse(f"space:{name}"))

    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next={reverse(f'space:{name}')}"


@pytest.mark.parametrize("name", PAGES)
def test_no_cache_keeps_a_page_of_the_space(client, person, name):
    answer = client.get(reverse(f"space:{name}"))

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]


def test_the_dashboard_says_what_awaits(client, person):
    activity = make_open_activity(title="Budget des tests")
    make_contribution(author=person, visibility=Visibility.DRAFT, title="Mon brouillon")
    make_contribution(author=person, visibility=Visibility.PENDING)
    make_contribution(author=make_user(), visibility=Visibility.DRAFT, title="Celui d’une autre")
    services.notify(
        recipient=person,
        kind="essai",
        key="1",
        subject="Une réponse",
        body="…",
        path="",
        at=timezone.now(),
    )

    page = client.get(reverse("space:dashboard"))

    waiting = page.context["waiting"]
    assert waiting.unread == 1
    assert waiting.pending == 1
    assert [draft.title for draft in waiting.drafts] == ["Mon brouillon"]
    assert f"/essai/{activity.slug}/" in page.content.decode()
    assert "Celui d’une autre" not in page.content.decode()


def test_all_my_contributions_with_the_reasons_of_moderation(client, person):
    mine = make_contribution(author=person, title="La mienne")
    make_contribution(author=make_user(), title="Une autre")
    refused = make_contribution(author=person, title="Refusée", visibility=Visibility.PENDING)
    services.moderate(
        subject=refused,
        visibility=Visibility.REJECTED,
        ground="off_topic",
        statement="Cela ne relève pas de la ville.",
        actor=make_moderator(),
        at=timezone.now(),
    )

    page = client.get(reverse("space:contributions"))

    assert {row.pk for row, _, _ in page.context["rows"]} == {mine.pk, refused.pk}
    text = page.content.decode()
    assert "Cela ne relève pas de la ville." in text
    assert f"/essai/contributions/{mine.pk}/" in text
    assert "Une autre" not in text
    assert ModerationDecision.objects.count() == 1


def test_my_comments_alone(client, person):
    make_comment(author=person, body="Le mien")
    make_comment(author=make_user(), body="Pas le mien")

    text = client.get(reverse("space:comments")).content.decode()

    assert "Le mien" in text
    assert "Pas le mien" not in text


def test_my_votes_say_that_i_voted_and_not_for_what(client, person, instrument):
    instrument.append(
        {
            "type": "vote",
            "budget": "Budget 2026",
            "envelope": "Centre",
            "voted_on": "2026-03-14",
            "deposit_code": "K7M2",
        }
    )
    instrument.append({"type": "idea", "title": "Sans rapport"})

    page = client.get(reverse("space:votes"))

    assert [vote["envelope"] for vote in page.context["votes"]] == ["Centre"]
    assert "K7M2" in page.content.decode()


def test_i_stop_following_from_the_list(client, person):
    contribution = make_contribution(title="Suivie")
    now = timezone.now()
    for subject in (contribution, contribution.activity, contribution.activity.process):
        services.follow(user=person, subject=subject, at=now)
    other = make_user()
    services.follow(user=other, subject=contribution, at=now)
    page = client.get(reverse("space:follows"))
    assert [row.kind for row in page.context["rows"]] == ["process", "activity", "contribution"]

    answer = client.post(
        reverse("core:unfollow", kwargs={"kind": "contribution", "pk": contribution.pk}),
        {"next": reverse("space:follows")},
    )

    assert answer.url == reverse("space:follows")
    assert Follow.objects.filter(user=person).count() == 2
    assert Follow.objects.filter(user=other).count() == 1


def _fill(person, howmany: int) -> None:
    now = timezone.now()
    for _ in range(howmany):
        contribution = make_contribution(author=person)
        make_contribution(author=person, visibility=Visibility.DRAFT)
        make_comment(author=person, contribution=contribution)
        other = make_contribution()
        for subject in (other, other.activity, other.activity.process):
            services.follow(user=person, subject=subject, at=now)
        services.notify(
            recipient=person,
            kind="essai",
            key=str(other.pk),
            subject="S",
            body="B",
            path="",
            at=now,
        )


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_queries_does_not_grow(
    client, person, name, django_assert_num_queries, django_assert_max_num_queries
):
    url = reverse(f"space:{name}")
    client.get(url)  # the layout enters the cache
    _fill(person, 1)
    with django_assert_max_num_queries(12) as one:
        client.get(url)

    _fill(person, 3)

    with django_assert_num_queries(len(one.captured_queries)):
        client.get(url)


def test_the_old_addresses_lead_to_the_space(client, person):
    assert client.get(reverse("accounts:dashboard")).url == reverse("space:dashboard")
    there = "?next=/budget/essai/idees/proposer/"  # who was sent to mend a profile comes back
    assert client.get(reverse("accounts:profile") + there).url == reverse("space:profile") + there


# --- profile


def profile(**changes):
    return {
        "public_name": "Ninon",
        "first_name": "",
        "last_name": "",
        "birth_date": "",
        "home_territory": "",
        "language": "fr",
    } | changes


def test_a_profile_is_saved(client, person):
    home = make_territory("Saint-Cyprien", kind="neighbourhood", parent=make_territory("Toulouse"))

    answer = client.post(
        reverse("space:profile"),
        profile(
            public_name="  Ninon   D. ",
            birth_date="1990-02-28",
            home_territory=home.pk,
            language="en",
        ),
    )

    assert answer.url == reverse("space:profile")
    person.refresh_from_db()
    assert person.public_name == "Ninon D."
    assert person.birth_date == datetime.date(1990, 2, 28)
    assert person.home_territory == home
    assert person.language == "en"
    assert person.wants_mail is False  # the box was not ticked


def test_the_audit_log_tells_which_fields_changed_and_no_value(client, person):
    from wagtail.models import ModelLogEntry

    client.post(reverse("space:profile"), profile(birth_date="1990-02-28", wants_mail="on"))

    entry = ModelLogEntry.objects.get(action="parvis.account.profile")
    assert entry.data == {"fields": ["birth_date"]}
    client.post(reverse("space:profile"), profile(birth_date="1990-02-28", wants_mail="on"))
    assert ModelLogEntry.objects.filter(action="parvis.account.profile").count() == 1


def tomorrow() -> str:
    return (timezone.localdate() + datetime.timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("birth_date", tomorrow(), "future"),
        ("birth_date", "1899-12-31", "too_old"),
        ("birth_date", "1990-02-30", "invalid"),
        ("birth_date", "hier", "invalid"),
        ("public_name", "", "required"),
        ("public_name", "ninon@example.org", "address"),
        ("public_name", "N", "short"),
        ("public_name", "N" * 81, "max_length"),
        ("home_territory", "0", "invalid_choice"),
        ("language", "tlh", "invalid_choice"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_is_kept(client, person, field, value, code):
    before = type(person).objects.values().get(pk=person.pk)

    answer = client.post(reverse("space:profile"), profile(**{field: value}))

    assert answer.status_code == 200
    errors = answer.context["form"].errors.as_data()
    assert {name: [error.code for error in found] for name, found in errors.items()} == {
        field: [code]
    }
    assert type(person).objects.values().get(pk=person.pk) == before
    if field == "birth_date":
        assert f'value="{value}"' in answer.content.decode()


def test_nobody_promotes_themselves_by_the_form(client, person):
    client.post(
        reverse("space:profile"),
        profile(
            is_staff="on", is_superuser="on", email="autre@example.org", erased_at="2026-01-01"
        ),
    )

    fresh = type(person).objects.get(pk=person.pk)
    assert (fresh.is_staff, fresh.is_superuser, fresh.email) == (False, False, person.email)


def test_only_places_where_one_lives_are_offered(client, person):
    make_territory("Haute-Garonne", kind="department")
    town = make_territory("Toulouse")

    field = client.get(reverse("space:profile")).context["form"].fields["home_territory"]

    assert list(field.queryset) == [town]


def test_after_the_profile_one_returns_to_the_vote(client, person):
    answer = client.post(
        reverse("space:profile"), profile(birth_date="1990-02-28", next="/budget/2026/vote/")
    )

    assert answer.url == "/budget/2026/vote/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "\\\\evil.example"])
def test_a_foreign_return_is_ignored(client, person, target):
    answer = client.post(reverse("space:profile"), profile(next=target))

    assert answer.url == reverse("space:profile")


@pytest.mark.parametrize(
    ("code", "url"),
    [
        ("anonymous", "/compte/connexion/?next=%2Fbudget%2F2026%2F"),
        (
            "birth_date_missing",
            "/participer/mon-espace/profil/?next=%2Fbudget%2F2026%2F#date-de-naissance",
        ),
        (
            "residence_missing",
            "/participer/mon-espace/profil/?next=%2Fbudget%2F2026%2F#mon-quartier",
        ),
        ("not_resident", "/participer/mon-espace/profil/?next=%2Fbudget%2F2026%2F#mon-quartier"),
        ("email_unverified", "/compte/adresse/"),
    ],
)
def test_a_refusal_that_can_be_mended_leads_where_it_is(code, url):
    found = mend(code, back="/budget/2026/")

    assert found is not None
    assert found.url == url
    assert str(found.label)


@pytest.mark.parametrize("code", ["too_young", "voting_closed", "process_cancelled"])
def test_what_nobody_can_mend_has_no_link(code):
    assert mend(code) is None


def test_the_anchors_exist_in_the_profile(client, person):
    text = client.get(reverse("space:profile")).content.decode()

    assert 'id="date-de-naissance"' in text
    assert 'id="mon-quartier"' in text


def test_the_tag_gives_the_link_and_the_way_back():
    from django.template import Context, Template

    from participation.core.verdict import Refusal

    template = Template("{% load space %}{% mend refusal as way %}{{ way.url }}")
    request = RequestFactory().get("/budget/2026/vote/")

    shown = template.render(
        Context({"refusal": Refusal("birth_date_missing", "…"), "request": request})
    )

    assert shown.startswith("/participer/mon-espace/profil/?next=")
