"""Contributing with an account: the form, its check step, drafts, changes, and who sees what."""

import datetime
import uuid
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, Point
from django.test import Client
from django.urls import reverse

from participation.core.choices import Visibility
from participation.core.models import Attachment, Contribution
from participation.mapping.choices import QuestionKind, Shape
from participation.mapping.models import MapCategory, MapContribution, ParticipatoryMap
from tests.factories.accounts import make_territory, make_user
from tests.factories.mapping import (
    make_category,
    make_map,
    make_map_contribution,
    make_map_officer,
    make_question,
)
from tests.participation.mapping.pictures import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
HERE = "43.604, 1.444"
SPOT = Point(1.444, 43.604, srid=4326)


def at(name: str, map: ParticipatoryMap, *more: Any) -> str:
    return reverse(f"mapping:{name}", args=[map.activity.slug, *more])


def typed(category: MapCategory, **changes: Any) -> dict[str, Any]:
    """A form filled in, as a browser sends it."""
    return {
        "category": str(category.pk),
        "title": "Un banc à l’ombre",
        "body": "Pour se reposer en montant.",
        "place_kind": "point",
        "place_vertices": HERE,
        "place_address": "",
        "place_territory": "",
        "submission_key": str(uuid.uuid4()),
        "action": "send",
        **changes,
    }


@pytest.fixture
def category() -> MapCategory:
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    return make_category(make_map(process__perimeter=town), "Ombre")


@pytest.fixture
def resident(client: Client) -> Any:
    user = make_user(public_name="Camille Essai")
    client.force_login(user, backend=BACKEND)
    return user


def test_the_category_comes_first(client: Client, category: MapCategory, resident: Any) -> None:
    alone = client.get(at("new", category.map))
    assert alone.context["category"] == category
    other = make_category(category.map, "Vélo", description="Pistes et arceaux")
    choice = client.get(at("new", category.map))
    assert [each.name for each in choice.context["categories"]] == ["Ombre", "Vélo"]
    assert "Pistes et arceaux" in choice.text
    chosen = client.get(at("new", category.map) + f"?categorie={other.pk}")
    assert chosen.context["category"] == other
    strange = client.get(at("new", category.map) + "?categorie=999999")
    assert "category" not in strange.context
    assert client.post(at("new", category.map), {"category": "999999"}).status_code == 400


def test_a_contribution_is_sent_and_has_its_receipt(
    client: Client, category: MapCategory, resident: Any
) -> None:
    response = client.post(at("new", category.map), typed(category), follow=True)
    row = MapContribution.objects.get()
    assert response.redirect_chain == [(at("receipt", category.map, row.pk), 302)]
    assert row.contribution.receipt_number in response.text
    assert (row.geometry.coords, row.contribution.author) == ((1.444, 43.604), resident)
    assert row.is_public


def test_a_district_or_words_are_enough(
    client: Client, category: MapCategory, resident: Any
) -> None:
    perimeter = category.map.activity.process.perimeter
    place = make_territory(
        "Le Port", kind="neighbourhood", parent=perimeter, bounds=(1.4, 43.5, 1.5, 43.7)
    )
    data = typed(category, place_vertices="", place_territory=str(place.pk))
    client.post(at("new", category.map), data)
    data = typed(category, place_vertices="", place_address="Devant l’école")
    client.post(at("new", category.map), data)
    rows = MapContribution.objects.order_by("pk")
    assert [row.geometry for row in rows] == [None, None]
    assert [row.contribution.territory for row in rows] == [place, None]
    assert rows[1].contribution.address == "Devant l’école"
    nowhere = client.post(at("new", category.map), typed(category, place_vertices=""))
    assert "place" in nowhere.context["form"].errors
    assert MapContribution.objects.count() == 2


def test_the_same_form_twice_makes_one(
    client: Client, category: MapCategory, resident: Any
) -> None:
    data = typed(category)
    first = client.post(at("new", category.map), data)
    again = client.post(at("new", category.map), data)
    assert first.url == again.url
    assert MapContribution.objects.count() == 1


def test_every_kind_of_question(client: Client, category: MapCategory, resident: Any) -> None:
    kinds = {
        kind: make_question(category, kind, is_required=True, options=["Vélo", "Bus"])
        if kind in (QuestionKind.CHOICE, QuestionKind.CHOICES)
        else make_question(category, kind, is_required=True)
        for kind in QuestionKind
    }
    empty = client.post(at("new", category.map), typed(category))
    names = {f"question_{question.pk}" for question in kinds.values()}
    assert set(empty.context["form"].errors) == names
    values: dict[str, Any] = {
        QuestionKind.TEXT: "Court",
        QuestionKind.LONG_TEXT: "Plus long",
        QuestionKind.CHOICE: "Bus",
        QuestionKind.CHOICES: ["Vélo", "Bus"],
        QuestionKind.NUMBER: "2,5",
        QuestionKind.PHOTO: photo(),
    }
    answers = {f"question_{kinds[kind].pk}": value for kind, value in values.items()}
    response = client.post(at("new", category.map), typed(category) | answers, follow=True)
    assert response.redirect_chain, response.context["form"].errors
    row = MapContribution.objects.get()
    given = {answer.question.kind: answer for answer in row.question_answers.all()}
    assert given["number"].number == 2.5
    assert given["choices"].chosen == ["Vélo", "Bus"]
    assert given["photo"].photo.contribution_id == row.pk
    page = client.get(at("contribution", category.map, row.pk)).text
    assert "2,5" in page
    assert "Plus long" in page


def test_answers_that_are_not_public_are_for_their_author(
    client: Client, category: MapCategory, resident: Any
) -> None:
    secret = make_question(category, QuestionKind.TEXT, is_public=False, label="Votre âge ?")
    hidden = make_question(category, QuestionKind.PHOTO, is_public=False, label="Une photo ?")
    answers = {f"question_{secret.pk}": "Trente-deux ans", f"question_{hidden.pk}": photo()}
    client.post(at("new", category.map), typed(category) | answers)
    row = MapContribution.objects.get()
    url = at("contribution", category.map, row.pk)
    file = reverse("core:attachment", args=[Attachment.objects.get().pk])
    assert "Trente-deux ans" in client.get(url).text
    assert client.get(file).status_code == 200
    client.logout()
    assert "Trente-deux ans" not in client.get(url).text
    assert file not in client.get(url).text
    assert client.get(file).status_code == 404
    client.force_login(make_map_officer(), backend=BACKEND)
    assert client.get(file).status_code == 200


def test_what_is_close_by_is_shown_before_sending(
    client: Client, category: MapCategory, resident: Any
) -> None:
    there = make_map_contribution(category.map, category=category, geometry=SPOT, title="Des bancs")
    data = typed(category)
    check = client.post(at("new", category.map), data)
    assert check.context["nearby"] == [there]
    assert reverse("core:support", args=[there.pk]) in check.text
    assert 'name="nearby_seen"' in check.text
    assert check.context["form"]["title"].value() == data["title"]
    assert MapContribution.objects.count() == 1
    client.post(at("new", category.map), data | {"nearby_seen": "1"})
    assert MapContribution.objects.count() == 2


def test_only_the_same_category_within_fifty_metres_is_close(
    client: Client, category: MapCategory
) -> None:
    make_map_contribution(
        category.map, category=category, geometry=Point(1.4447, 43.604, srid=4326)
    )  # 57 metres
    make_map_contribution(category.map, category=make_category(category.map), geometry=SPOT)
    query = {"category": category.pk, "place_kind": "point", "place_vertices": HERE}
    assert client.get(at("nearby", category.map), query).context["nearby"] == []
    near = make_map_contribution(
        category.map, category=category, geometry=Point(1.4445, 43.604, srid=4326)
    )  # 41 metres
    assert client.get(at("nearby", category.map), query).context["nearby"] == [near]


def test_supporting_instead_needs_no_other_form(
    client: Client, category: MapCategory, resident: Any
) -> None:
    there = make_map_contribution(category.map, category=category, geometry=SPOT)
    data = typed(category) | {"nearby_seen": "1"}
    response = client.post(reverse("core:support", args=[there.pk]), data, follow=True)
    assert response.redirect_chain[-1][0] == at("contribution", category.map, there.pk)
    assert there.contribution.supports.count() == 1
    assert MapContribution.objects.count() == 1


def test_a_draft_is_for_its_author_alone(
    client: Client, category: MapCategory, resident: Any
) -> None:
    data = typed(category, action="draft", place_vertices="")
    response = client.post(at("new", category.map), data, follow=True)
    row = MapContribution.objects.get()
    assert response.redirect_chain[0][0] == at("edit", category.map, row.pk)
    assert row.contribution.visibility == Visibility.DRAFT
    client.logout()
    client.force_login(make_user(), backend=BACKEND)
    for name in ("contribution", "edit", "withdraw", "receipt", "card"):
        assert client.get(at(name, category.map, row.pk)).status_code == 404
    client.force_login(resident, backend=BACKEND)
    assert client.get(at("contribution", category.map, row.pk)).status_code == 200
    assert client.get(at("receipt", category.map, row.pk)).status_code == 404
    sent = client.post(at("edit", category.map, row.pk), typed(category))
    assert sent.url == at("receipt", category.map, row.pk)
    assert MapContribution.objects.count() == 1


def test_photos_are_kept_when_something_else_is_missing(
    client: Client, category: MapCategory, resident: Any
) -> None:
    data = typed(category, place_vertices="", photo_0=photo(), photo_0_alt="La place nue")
    wrong = client.post(at("new", category.map), data)
    assert [file.alt for file in wrong.context["files"]] == ["La place nue"]
    assert not wrong.context["lost_files"]
    mended = data | {"place_vertices": HERE}
    del mended["photo_0"]
    client.post(at("new", category.map), mended)
    row = MapContribution.objects.get()
    assert row.contribution.visibility == Visibility.PUBLISHED
    assert row.contribution.attachments.count() == 1


def test_a_file_that_is_no_photo_is_refused_with_its_name(
    client: Client, category: MapCategory, resident: Any
) -> None:
    fake = photo("faux.jpg")
    fake.seek(0)
    fake.truncate(20)
    data = typed(category, photo_0=fake, photo_0_alt="Rien")
    response = client.post(at("new", category.map), data)
    assert response.status_code == 403
    assert "faux.jpg" in response.text
    assert not Contribution.objects.exists()


def test_where_a_photo_was_taken_is_offered_then_erased(
    client: Client, category: MapCategory, resident: Any
) -> None:
    data = typed(
        category,
        place_vertices="",
        place_address="Place Haute",
        photo_0=photo(place=(43.6012, 1.4501)),
        photo_0_alt="La place nue",
    )
    offer = client.post(at("new", category.map), data)
    assert offer.context["photo_place"] == "43.601200, 1.450100"
    answer = {key: value for key, value in data.items() if not key.startswith("photo_0")}
    answer["photo_place"] = offer.context["photo_place"]
    placed = client.post(at("new", category.map), answer | {"action": "position"})
    assert placed.context["form"]["place"].value()["vertices"] == "43.601200, 1.450100"
    client.post(at("new", category.map), answer | {"place_vertices": "43.601200, 1.450100"})
    row = MapContribution.objects.get()
    assert row.geometry.coords == (1.4501, 43.6012)
    content = row.contribution.attachments.get().file.read()
    assert b"Exif" not in content


def test_changing_and_taking_back(client: Client, category: MapCategory, resident: Any) -> None:
    client.post(at("new", category.map), typed(category, photo_0=photo(), photo_0_alt="Avant"))
    row = MapContribution.objects.get()
    form = client.get(at("edit", category.map, row.pk)).context["form"]
    assert form["place"].value().geometry.coords == (1.444, 43.604)
    file = row.contribution.attachments.get()
    line = "43.604, 1.444\n43.605, 1.445"
    changed = typed(
        category,
        action="save",
        title="Une haie",
        place_kind="line",
        place_vertices=line,
        remove=[file.pk],
    )
    response = client.post(at("edit", category.map, row.pk), changed)
    assert response.url == at("contribution", category.map, row.pk)
    row.refresh_from_db()
    assert isinstance(row.geometry, LineString)
    assert row.contribution.attachments.count() == 0
    page = client.get(at("contribution", category.map, row.pk))
    assert [entry.kind for entry in page.context["history"]][-1] == "edited"
    assert client.get(at("withdraw", category.map, row.pk)).status_code == 200
    row.refresh_from_db()
    assert row.contribution.visibility == Visibility.PUBLISHED  # reading changes nothing
    client.post(at("withdraw", category.map, row.pk))
    client.logout()
    assert client.get(at("contribution", category.map, row.pk)).status_code == 404


def test_a_category_takes_only_its_drawings(client: Client, resident: Any) -> None:
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    category = make_category(make_map(process__perimeter=town), shapes=[Shape.LINE])
    response = client.post(at("new", category.map), typed(category))
    assert "place" in response.context["form"].errors


def test_the_category_can_be_changed_without_losing_a_word(
    client: Client, category: MapCategory, resident: Any
) -> None:
    other = make_category(category.map, "Vélo")
    question = make_question(other, label="Combien d’arceaux ?")
    data = typed(category, action="category", new_category=str(other.pk))
    response = client.post(at("new", category.map), data)
    assert response.context["category"] == other
    assert question.label in response.text
    assert response.context["form"]["title"].value() == data["title"]
    assert not MapContribution.objects.exists()


def test_a_visitor_signs_in_and_finds_the_text_again(client: Client, category: MapCategory) -> None:
    make_category(category.map, "Vélo")
    response = client.post(at("new", category.map), typed(category))
    assert response.status_code == 302
    assert "connexion" in response.url
    client.force_login(make_user(), backend=BACKEND)
    form = client.get(at("new", category.map)).context["form"]
    assert form["title"].value() == "Un banc à l’ombre"
    assert form["place"].value()["vertices"] == HERE


def close(map: ParticipatoryMap) -> None:
    phase = map.activity.phases.get(step="collect")
    phase.period = type(phase.period)(
        phase.period.lower, phase.period.lower + datetime.timedelta(days=1)
    )
    phase.save()


def test_what_was_typed_is_kept_when_the_map_closes_meanwhile(
    client: Client, category: MapCategory, resident: Any
) -> None:
    close(category.map)
    response = client.post(at("new", category.map), typed(category))
    assert response.status_code == 403
    assert [reason.code for reason in response.context["reasons"]] == ["collect_closed"]
    assert response.context["form"]["title"].value() == "Un banc à l’ombre"
    assert not MapContribution.objects.exists()
    first = client.get(at("new", category.map))
    assert not first.context["shows_form"]


def test_an_expired_form_is_shown_again(category: MapCategory) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user(), backend=BACKEND)
    response = strict.post(at("new", category.map), typed(category))
    assert response.status_code == 403
    assert response.context["form"]["title"].value() == "Un banc à l’ombre"
    assert not MapContribution.objects.exists()


def test_changes_sent_after_the_end_of_a_session_are_kept(
    client: Client, resident: Any, category: MapCategory
) -> None:
    row = make_map_contribution(category.map, category=category, geometry=SPOT, author=resident)
    url = at("edit", category.map, row.pk)
    client.logout()
    response = client.post(url, typed(category, action="save"))
    assert response.url == f"{reverse('account_login')}?next={url}"
    client.force_login(resident, backend=BACKEND)
    assert 'value="Un banc à l’ombre"' in client.get(url).content.decode()
    client.post(url, typed(category, action="save"))
    row.contribution.refresh_from_db()
    assert row.contribution.title == "Un banc à l’ombre"
    assert not any(name.startswith("map-typed") for name in client.session.keys())  # noqa: SIM118 -- a session is no dict


def test_somebody_else_cannot_change_or_withdraw(
    client: Client, category: MapCategory, resident: Any
) -> None:
    other = make_map_contribution(category.map, category=category, geometry=SPOT)
    for name in ("edit", "withdraw", "receipt"):
        assert client.get(at(name, category.map, other.pk)).status_code == 404
        if name != "receipt":
            assert client.post(at(name, category.map, other.pk), typed(category)).status_code == 404
    other.refresh_from_db()
    assert other.contribution.visibility == Visibility.PUBLISHED


def test_a_contribution_of_another_map_is_not_found(
    client: Client, category: MapCategory, resident: Any
) -> None:
    elsewhere = make_map_contribution(geometry=SPOT)
    assert client.get(at("contribution", category.map, elsewhere.pk)).status_code == 404


def test_a_joined_contribution_leads_to_the_other(client: Client, category: MapCategory) -> None:
    target = make_map_contribution(category.map, category=category, title="La place entière")
    joined = make_map_contribution(category.map, category=category, title="Un bout de place")
    MapContribution.objects.filter(pk=joined.pk).update(merged_into=target)
    page = client.get(at("contribution", category.map, joined.pk))
    assert at("contribution", category.map, target.pk) in page.text
    assert reverse("core:support", args=[joined.pk]) not in page.text
    assert "Un bout de place" in client.get(at("contribution", category.map, target.pk)).text


def test_the_page_tells_the_measure(client: Client, category: MapCategory) -> None:
    line = LineString((1.44, 43.6), (1.45, 43.6), srid=4326)
    row = make_map_contribution(category.map, category=category, geometry=line)
    assert "808 m" in client.get(at("contribution", category.map, row.pk)).text.replace("\xa0", " ")


def test_the_rules_are_those_applied(client: Client) -> None:
    map = make_map(
        without_account=True,
        per_person=3,
        moderation="before",
        shows_others=False,
        introduction="Pourquoi",
    )
    make_category(map, "Ombre", description="Arbres et bancs")
    map.zones.create(
        name="Les berges", description="Inondables", geometry=make_territory().geometry
    )
    page = client.get(at("about", map)).text
    for words in ("Arbres et bancs", "Les berges", "Inondables", "Pourquoi", "3 contributions"):
        assert words in page
