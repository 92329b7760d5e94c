"""Forms that waited on a device for the network: what the site answers to their script."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from participation.accounts.marks import person_mark
from participation.core.choices import Visibility
from participation.mapping.models import Guest, MapCategory, MapContribution, ParticipatoryMap
from participation.mapping.views.writing import sending
from tests.factories.accounts import make_territory, make_user
from tests.factories.mapping import make_category, make_map
from tests.participation.mapping.pictures import photo
from tests.participation.mapping.test_writing import close

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
HERE = "43.604, 1.444"


def at(name: str, map: ParticipatoryMap) -> str:
    return reverse(f"mapping:{name}", args=[map.activity.slug])


def typed(category: MapCategory, person: str, **changes: Any) -> dict[str, Any]:
    return {
        "category": str(category.pk),
        "title": "Un banc à l’ombre",
        "place_kind": "point",
        "place_vertices": HERE,
        "submission_key": str(uuid.uuid4()),
        "action": "send",
        "person": person,
        **changes,
    }


def send(client: Client, category: MapCategory, data: dict[str, Any]) -> Any:
    return client.post(at("new", category.map), data, headers={"X-Parvis-Queue": "1"})


@pytest.fixture
def category() -> MapCategory:
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    return make_category(make_map(process__perimeter=town, without_account=True), "Ombre")


@pytest.fixture
def resident(client: Client) -> Any:
    user = make_user(public_name="Camille Essai")
    client.force_login(user, backend=BACKEND)
    return user


def test_a_mark_tells_people_apart_and_says_nothing_of_them(resident: Any) -> None:
    other = make_user()
    assert person_mark(resident) == person_mark(resident) != person_mark(other)
    assert len(person_mark(resident)) == 32
    assert person_mark(None) == ""


def test_the_worker_sees_maps_and_is_never_stale(client: Client) -> None:
    answer = client.get("/carte/service-worker.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_the_state_says_who_is_there_and_is_kept_nowhere(
    client: Client, category: MapCategory
) -> None:
    address = at("sending_state", category.map)
    answer = client.get(address)
    assert answer.json()["person"] == ""
    assert "no-store" in answer["Cache-Control"]
    user = make_user()
    client.force_login(user, backend=BACKEND)
    answer = client.get(address)
    assert answer.json()["person"] == person_mark(user)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user, backend=BACKEND)
    assert "token" not in strict.get(address).json()
    token = strict.get(address, {"person": person_mark(user)}).json()["token"]
    sent = strict.post(
        at("new", category.map),
        typed(category, person_mark(user)),
        headers={"X-Parvis-Queue": "1", "X-CSRFToken": token},
    )
    assert sent.json()["sent"] is True


def test_an_old_token_is_for_later(category: MapCategory, resident: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(resident, backend=BACKEND)
    answer = send(strict, category, typed(category, person_mark(resident)))
    assert answer.status_code == 403
    assert answer.json()["later"] is True
    assert not MapContribution.objects.exists()


def test_the_same_form_twice_is_one_contribution(
    client: Client, category: MapCategory, resident: Any
) -> None:
    data = typed(category, person_mark(resident))
    first, again = send(client, category, data), send(client, category, data)
    row = MapContribution.objects.get()
    receipt = reverse("mapping:receipt", args=[category.map.activity.slug, row.pk])
    assert first.json() == again.json() == {"sent": True, "url": receipt}


def test_nothing_is_sent_under_another_account(
    client: Client, category: MapCategory, resident: Any
) -> None:
    for person in (person_mark(make_user()), ""):
        answer = send(client, category, typed(category, person))
        assert answer.status_code == 409
        assert answer.json() == {"sent": False, "other_person": True}
    client.logout()
    answer = send(client, category, typed(category, person_mark(resident)))
    assert answer.json() == {"sent": False, "other_person": True}
    assert not MapContribution.objects.exists()


def test_a_guest_gets_one_message(client: Client, category: MapCategory) -> None:
    data = typed(category, "", name="Lou", email="lou@example.org")
    assert send(client, category, data).json()["sent"] is True
    assert send(client, category, data).json()["sent"] is True
    assert Guest.objects.count() == MapContribution.objects.count() == 1


def test_what_is_close_by_does_not_hold_it_back(
    client: Client, category: MapCategory, resident: Any
) -> None:
    """Nobody looks at the question: two forms written at the same place are two contributions."""
    for _ in range(2):
        assert send(client, category, typed(category, person_mark(resident))).json()["sent"]
    assert MapContribution.objects.count() == 2


def test_errors_come_with_the_name_of_their_field(
    client: Client, category: MapCategory, resident: Any
) -> None:
    answer = send(client, category, typed(category, person_mark(resident), title=""))
    assert answer.status_code == 422
    assert answer.json()["later"] is False
    assert [each for each in answer.json()["reasons"] if each.startswith("Titre")]
    guest = send(Client(), category, typed(category, "", name="", email="rien"))
    assert len(guest.json()["reasons"]) == 2
    strange = typed(category, person_mark(resident)) | {"category": "999999"}
    gone = send(client, category, strange)
    assert gone.status_code == 400
    assert gone.json()["reasons"]
    assert not MapContribution.objects.exists()


def test_a_refused_form_leaves_no_draft_with_its_photos(
    client: Client, category: MapCategory, resident: Any
) -> None:
    """The device still has them, and sends them again."""
    data = typed(category, person_mark(resident), place_vertices="0, 0")
    data |= {"photo_0": photo(), "photo_0_alt": "Un banc"}
    assert send(client, category, data).status_code == 422
    assert not MapContribution.objects.exists()


def test_a_closed_map_says_so(client: Client, category: MapCategory, resident: Any) -> None:
    close(category.map)
    answer = send(client, category, typed(category, person_mark(resident)))
    assert answer.status_code == 403
    assert answer.json()["reasons"]
    assert answer.json()["later"] is False


def test_a_map_that_stopped_taking_guests_says_to_sign_in(
    client: Client, category: MapCategory
) -> None:
    category.map.without_account = False
    category.map.save(update_fields=["without_account"])
    answer = send(client, category, typed(category, ""))
    assert answer.status_code == 403
    assert "Connectez-vous" in answer.json()["reasons"][0]


def test_too_many_are_for_later(
    client: Client, category: MapCategory, resident: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PER_HOUR_MEMBER", 1)
    assert send(client, category, typed(category, person_mark(resident))).status_code == 200
    answer = send(client, category, typed(category, person_mark(resident)))
    assert answer.status_code == 429
    assert answer.json()["later"] is True


def test_only_a_blank_form_may_be_kept(
    client: Client, category: MapCategory, resident: Any
) -> None:
    blank = client.get(at("new", category.map))
    assert "data-keep-page" in blank.text
    assert f'data-person="{person_mark(resident)}"' in blank.text
    wrong = client.post(at("new", category.map), typed(category, "", title=""))
    assert "data-keep-page" not in wrong.text
    client.post(at("new", category.map), typed(category, "", action="draft"))
    row = MapContribution.objects.get(contribution__visibility=Visibility.DRAFT)
    edit = client.get(reverse("mapping:edit", args=[category.map.activity.slug, row.pk]))
    assert "data-keep-page" not in edit.text
