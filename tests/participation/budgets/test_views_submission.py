"""Writing an idea: nothing typed is lost, nothing is doubled."""

import datetime
import io
import uuid
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from participation.budgets.models import Budget, Category, Idea
from participation.core.choices import ModerationMode, Step, Visibility
from participation.core.models import Attachment, Contribution
from participation.core.services import describe_attachment
from participation.core.verdict import Refused
from tests.factories.accounts import make_user
from tests.factories.budgets import make_budget, make_category, make_idea, move_to
from tests.participation.budgets.reading import hidden_fields, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]


@pytest.fixture
def budget() -> Budget:
    budget = make_budget(idea_max_cost_cents=5_000_000)
    make_category(budget, "Nature")
    return budget


@pytest.fixture
def resident(client: Client) -> Any:
    user = make_user()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def new_url(budget: Budget) -> str:
    return reverse("budgets:idea_new", args=[budget.activity.slug])


def typed(budget: Budget, **changes: Any) -> dict[str, Any]:
    category = Category.objects.filter(budget=budget).first()
    return {
        "title": "Un verger partagé",
        "body": "Planter douze pommiers derrière l’école.",
        "category": category.pk if category else "",
        "location_address": "12 rue des Lilas",
        "location_lat": "43.6",
        "location_lon": "1.44",
        "estimated_cost": "12 500,50",
        "submission_key": str(uuid.uuid4()),
        "action": "submit",
        **changes,
    }


def picture(name: str = "photo.png") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (20, 10), "green").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")


def test_an_idea_is_submitted_and_gets_its_number(
    client: Client, budget: Budget, resident: Any
) -> None:
    response = client.post(new_url(budget), typed(budget))
    idea = Idea.objects.get()
    assert response.url == reverse("budgets:idea_receipt", args=[budget.activity.slug, idea.pk])
    assert (idea.estimated_cost_cents, idea.category.name) == (1_250_050, "Nature")
    contribution = idea.contribution
    assert (contribution.author, contribution.visibility) == (resident, Visibility.PUBLISHED)
    assert (contribution.point.x, contribution.point.y) == (1.44, 43.6)
    assert contribution.receipt_number in text_of(client.get(response.url))


def test_a_double_click_gives_the_same_receipt(
    client: Client, budget: Budget, resident: Any
) -> None:
    form = typed(budget)
    first, second = client.post(new_url(budget), form), client.post(new_url(budget), form)
    assert first.url == second.url
    assert Idea.objects.count() == 1


def test_a_double_click_does_not_double_the_files(
    client: Client, budget: Budget, resident: Any
) -> None:
    form = typed(budget, picture_0_alt="Des pommiers")
    client.post(new_url(budget), {**form, "picture_0": picture()})
    client.post(new_url(budget), {**form, "picture_0": picture()})
    assert [(each.kind, each.alt) for each in Attachment.objects.all()] == [
        ("image", "Des pommiers")
    ]


def test_moderated_first_means_pending(client: Client, resident: Any) -> None:
    budget = make_budget(process__moderation=ModerationMode.BEFORE)
    response = client.post(new_url(budget), typed(budget))
    assert Idea.objects.get().contribution.visibility == Visibility.PENDING
    assert response.status_code == 302
    assert (
        Client()
        .get(reverse("budgets:idea", args=[budget.activity.slug, Idea.objects.get().pk]))
        .status_code
        == 404
    )


def test_errors_keep_what_was_typed_and_write_nothing(
    client: Client, budget: Budget, resident: Any
) -> None:
    response = client.post(
        new_url(budget),
        typed(budget, title="", category="", estimated_cost="beaucoup", location_lat="200"),
    )
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {
        "title",
        "category",
        "estimated_cost",
        "location",
    }
    page = text_of(response)
    for kept in ("Planter douze pommiers", "beaucoup", "12 rue des Lilas"):
        assert kept in page
    assert not Contribution.objects.exists()


def test_files_sent_with_an_error_stay_on_a_draft(
    client: Client, budget: Budget, resident: Any
) -> None:
    form = typed(budget, estimated_cost="beaucoup", picture_0_alt="Des pommiers")
    response = client.post(new_url(budget), {**form, "picture_0": picture()})
    assert response.status_code == 200
    draft = Idea.objects.get()
    assert draft.contribution.visibility == Visibility.DRAFT
    assert [file.alt for file in response.context["files"]] == ["Des pommiers"]
    again = client.post(new_url(budget), {**form, "estimated_cost": "900"})
    assert again.status_code == 302
    sent = Idea.objects.get()
    assert (sent.pk, sent.contribution.visibility) == (draft.pk, Visibility.PUBLISHED)
    assert sent.contribution.attachments.count() == 1


def test_a_wrong_file_is_told_and_the_idea_waits_as_a_draft(
    client: Client, budget: Budget, resident: Any
) -> None:
    wrong = SimpleUploadedFile("photo.png", b"<script>alert(1)</script>")
    response = client.post(
        new_url(budget), typed(budget, picture_0=wrong, picture_0_alt="Une photo")
    )
    assert response.status_code == 200
    assert len(response.context["problems"]) == 1
    assert "photo.png" in response.context["problems"][0]
    assert Idea.objects.get().contribution.visibility == Visibility.DRAFT


def test_a_picture_needs_its_description(client: Client, budget: Budget, resident: Any) -> None:
    """It is kept on a draft, and described beside it: it need not be chosen again."""
    form = typed(budget)
    response = client.post(new_url(budget), form | {"picture_0": picture()})
    kept = Attachment.objects.get()
    assert response.context["undescribed"] == [kept.pk]
    assert not response.context["form"].errors
    draft = Idea.objects.get()
    again = client.post(new_url(budget), form)
    assert again.context["undescribed"] == [kept.pk]
    draft.contribution.refresh_from_db()
    assert draft.contribution.visibility == Visibility.DRAFT
    described = form | {f"described_{kept.pk}": " Des pommiers "}
    assert client.post(new_url(budget), described).status_code == 302
    draft.contribution.refresh_from_db()
    assert draft.contribution.visibility == Visibility.PUBLISHED
    assert Attachment.objects.get().alt == "Des pommiers"


def test_only_its_author_describes_a_picture(budget: Budget) -> None:
    idea = make_idea(budget, author=make_user())
    kept = Attachment.objects.create(
        contribution=idea.contribution, kind="image", title="photo", file="x.png", size=1
    )
    with pytest.raises(Refused) as refusal:
        describe_attachment(attachment=kept, alt="Autre chose", actor=make_user())
    assert refusal.value.verdict.codes == ("not_author",)


def test_a_draft_asks_for_a_title_only(client: Client, budget: Budget, resident: Any) -> None:
    response = client.post(
        new_url(budget), typed(budget, body="", category="", estimated_cost="", action="draft")
    )
    draft = Idea.objects.get()
    assert response.url == reverse("budgets:idea_edit", args=[budget.activity.slug, draft.pk])
    assert draft.contribution.visibility == Visibility.DRAFT
    page = client.get(response.url)
    assert hidden_fields(page)["submission_key"] == str(draft.contribution.submission_key)
    sent = client.post(response.url, typed(budget, title="Le verger"))
    assert sent.url == reverse("budgets:idea_receipt", args=[budget.activity.slug, draft.pk])
    assert Idea.objects.get().contribution.title == "Le verger"


def test_a_visitor_writes_first_and_signs_in_after_with_the_text_kept(
    client: Client, budget: Budget
) -> None:
    response = client.post(new_url(budget), typed(budget))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))
    assert not Contribution.objects.exists()
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(new_url(budget))
    for kept in ("Un verger partagé", "Planter douze pommiers", "12 rue des Lilas", "12 500,50"):
        assert kept in text_of(page)
    form = typed(budget, submission_key=hidden_fields(page)["submission_key"])
    assert client.post(new_url(budget), form).status_code == 302
    assert Idea.objects.count() == 1
    assert "Un verger partagé" not in text_of(client.get(new_url(budget)))


def test_the_collection_closed_while_the_form_was_open(
    client: Client, budget: Budget, resident: Any
) -> None:
    client.get(new_url(budget))
    move_to(budget, Step.EXAMINE)
    response = client.post(new_url(budget), typed(budget))
    assert response.status_code == 403
    assert [reason.code for reason in response.context["reasons"]] == ["collect_closed"]
    assert "Planter douze pommiers" in text_of(response)
    assert not Contribution.objects.exists()


def test_an_expired_token_shows_the_form_again_filled_in(budget: Budget) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    form = typed(budget)
    response = client.post(new_url(budget), {**form, "csrfmiddlewaretoken": "périmé"})
    assert response.status_code == 403
    assert not Contribution.objects.exists()
    page = text_of(response)
    assert "Planter douze pommiers" in page
    token = hidden_fields(response)["csrfmiddlewaretoken"]
    again = client.post(new_url(budget), {**form, "csrfmiddlewaretoken": token})
    assert again.status_code == 302
    assert Idea.objects.count() == 1


@pytest.mark.parametrize(
    ("user_fields", "process_fields", "codes"),
    [
        ({"verified": False}, {}, ["email_unverified"]),
        ({"birth_date": None}, {"process__minimum_age": 16}, ["birth_date_missing"]),
        ({}, {"process__minimum_age": 100}, ["too_young"]),
        ({}, {"process__residents_only": True}, ["residence_missing"]),
    ],
)
def test_who_may_not_submit_is_told_why(
    client: Client, user_fields: Any, process_fields: Any, codes: list[str]
) -> None:
    budget = make_budget(**process_fields)
    client.force_login(
        make_user(**user_fields), backend="django.contrib.auth.backends.ModelBackend"
    )
    response = client.get(new_url(budget))
    assert [reason.code for reason in response.context["reasons"]] == codes
    assert not response.context["shows_form"]
    refused = client.post(new_url(budget), typed(budget))
    assert refused.status_code == 403
    assert "Planter douze pommiers" in text_of(refused)
    assert not Contribution.objects.exists()


def test_a_point_outside_the_perimeter_is_said_on_the_field(
    client: Client, budget: Budget, resident: Any
) -> None:
    response = client.post(
        new_url(budget), typed(budget, location_lat="48.85", location_lon="2.35")
    )
    assert set(response.context["form"].errors) == {"location"}
    assert "48.85" in text_of(response)


def test_similar_ideas_without_javascript_keep_what_was_typed(
    client: Client, budget: Budget, resident: Any
) -> None:
    make_idea(budget, title="Un verger au parc")
    make_idea(budget, title="Une fontaine")
    response = client.post(new_url(budget), typed(budget, category="", action="similar"))
    assert response.status_code == 200
    assert [idea.contribution.title for idea in response.context["similar"]] == [
        "Un verger au parc"
    ]
    assert not response.context["form"].errors
    assert "Planter douze pommiers" in text_of(response)
    assert Idea.objects.count() == 2


def test_the_fragment_of_similar_ideas(client: Client, budget: Budget) -> None:
    make_idea(budget, title="Un verger au parc")
    make_idea(budget, title="Un verger secret", visibility=Visibility.DRAFT)
    url = reverse("budgets:idea_similar", args=[budget.activity.slug])
    found = client.get(url, {"texte": "verger <script>"})
    assert [idea.contribution.title for idea in found.context["similar"]] == ["Un verger au parc"]
    assert client.get(url, {"texte": "\x00"}).context["similar"] == []
    assert client.get(url).context["similar"] == []


def test_only_its_author_reaches_the_forms_of_an_idea(client: Client, budget: Budget) -> None:
    author = make_user()
    idea = make_idea(budget, author=author)
    urls = [
        reverse(f"budgets:{name}", args=[budget.activity.slug, idea.pk])
        for name in ("idea_edit", "idea_withdraw", "idea_receipt")
    ]
    assert [client.get(url).status_code for url in urls] == [302, 302, 302]
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]


def test_drafts_and_removed_ideas_are_404_for_others(client: Client, budget: Budget) -> None:
    for visibility in ("draft", "pending", "rejected", "hidden", "withdrawn"):
        idea = make_idea(budget, visibility=visibility)
        url = reverse("budgets:idea", args=[budget.activity.slug, idea.pk])
        assert client.get(url).status_code == 404
        other = Client()
        other.force_login(
            idea.contribution.author, backend="django.contrib.auth.backends.ModelBackend"
        )
        assert other.get(url).status_code == 200


def test_a_published_idea_is_changed(client: Client, budget: Budget, resident: Any) -> None:
    idea = make_idea(budget, author=resident)
    url = reverse("budgets:idea_edit", args=[budget.activity.slug, idea.pk])
    response = client.post(url, typed(budget, action="save"))
    assert response.url == reverse("budgets:idea", args=[budget.activity.slug, idea.pk])
    idea.contribution.refresh_from_db()
    assert idea.contribution.title == "Un verger partagé"


def test_changes_sent_after_the_end_of_a_session_are_kept(
    client: Client, budget: Budget, resident: Any
) -> None:
    idea = make_idea(budget, author=resident)
    url = reverse("budgets:idea_edit", args=[budget.activity.slug, idea.pk])
    client.logout()
    response = client.post(url, typed(budget, action="save"))
    assert response.url == f"{reverse('account_login')}?next={url}"
    client.force_login(resident, backend="django.contrib.auth.backends.ModelBackend")
    assert "Un verger partagé" in text_of(client.get(url))
    client.post(url, typed(budget, action="save"))
    idea.contribution.refresh_from_db()
    assert idea.contribution.title == "Un verger partagé"
    assert not any(name.startswith("idea-typed") for name in client.session.keys())  # noqa: SIM118 -- a session is no dict


def test_a_text_too_long_for_a_session_is_given_back(client: Client, budget: Budget) -> None:
    long = "Des pommiers. " * 8_000
    response = client.post(new_url(budget), typed(budget, body=long))
    assert response.status_code == 413
    assert long.strip() in text_of(response)
    assert not any(name.startswith("idea-typed") for name in client.session.keys())  # noqa: SIM118 -- a session is no dict


def test_a_text_waits_an_hour_for_who_signs_in(
    client: Client, budget: Budget, resident: Any
) -> None:
    client.logout()
    client.post(new_url(budget), typed(budget))
    assert "Un verger partagé" in text_of(client.get(new_url(budget)))
    name = f"idea-typed-{budget.pk}"
    session = client.session
    late = timezone.now() - datetime.timedelta(minutes=61)
    session[name] = session[name] | {"at": late.isoformat()}
    session.save()
    assert "Un verger partagé" not in text_of(client.get(new_url(budget)))
    assert name not in client.session


@pytest.mark.parametrize(
    "earlier", ["title=Un+verger", {"form": "title=Un+verger", "at": 1.5}, {"fields": "", "at": ""}]
)
def test_what_an_earlier_version_kept_stops_nobody(
    client: Client, budget: Budget, earlier: Any
) -> None:
    session = client.session
    session[f"idea-typed-{budget.pk}"] = earlier
    session.save()
    assert client.get(new_url(budget)).status_code == 200
    assert f"idea-typed-{budget.pk}" not in client.session


def test_withdrawing_asks_first(client: Client, budget: Budget, resident: Any) -> None:
    idea = make_idea(budget, author=resident)
    url = reverse("budgets:idea_withdraw", args=[budget.activity.slug, idea.pk])
    assert client.get(url).status_code == 200
    idea.contribution.refresh_from_db()
    assert idea.contribution.visibility == Visibility.PUBLISHED
    assert client.post(url).status_code == 302
    idea.contribution.refresh_from_db()
    assert idea.contribution.visibility == Visibility.WITHDRAWN
    assert client.get(url).context["reasons"] != []


def test_a_file_is_taken_away(client: Client, budget: Budget, resident: Any) -> None:
    form = typed(budget, picture_0_alt="Des pommiers", action="draft")
    client.post(new_url(budget), {**form, "picture_0": picture()})
    draft, file = Idea.objects.get(), Attachment.objects.get()
    url = reverse("budgets:idea_edit", args=[budget.activity.slug, draft.pk])
    client.post(url, typed(budget, action="draft", remove=[file.pk, "x", "999999"]))
    assert not Attachment.objects.exists()


def test_html_is_shown_as_text(client: Client, budget: Budget, resident: Any) -> None:
    danger = "<img src=x onerror=alert(1)>"
    client.post(
        new_url(budget),
        typed(budget, title=danger, body=danger * 3, location_address=danger),
    )
    idea = Idea.objects.get()
    slug = budget.activity.slug
    for url in (
        reverse("budgets:idea", args=[slug, idea.pk]),
        reverse("budgets:ideas", args=[slug]),
        reverse("budgets:ideas", args=[slug]) + "?vue=liste&q=img",
        reverse("budgets:home", args=[slug]),
        reverse("budgets:idea_receipt", args=[slug, idea.pk]),
        reverse("budgets:idea_edit", args=[slug, idea.pk]),
    ):
        page = text_of(client.get(url))
        assert danger not in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_a_huge_title_is_refused_and_kept(client: Client, budget: Budget, resident: Any) -> None:
    response = client.post(new_url(budget), typed(budget, title="É" * 100_000))
    assert set(response.context["form"].errors) == {"title"}
    assert "É" * 1000 in text_of(response)


def test_a_broken_key_is_replaced(client: Client, budget: Budget, resident: Any) -> None:
    response = client.post(new_url(budget), typed(budget, submission_key="n’importe quoi"))
    assert response.status_code == 302
    assert Idea.objects.count() == 1


def test_what_a_picture_shows_is_not_said_to_be_optional(
    client: Client, budget: Budget, resident: Any
) -> None:
    page = BeautifulSoup(client.get(new_url(budget)).content, "html.parser")
    labels = {label["for"]: label.get_text() for label in page.select("label[for]")}
    assert "(facultatif)" in labels["id_picture_0"]
    assert "(facultatif)" not in labels["id_picture_0_alt"]
