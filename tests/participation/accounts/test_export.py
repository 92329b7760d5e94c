"""A copy of one's data: complete, prepared apart, for its owner alone, for seven days."""

import datetime
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from participation.accounts.models import DataExport
from participation.core import services
from participation.core.account import archive, tasks
from participation.core.account import services as space
from participation.core.models import Report
from tests.factories.accounts import make_territory, make_user
from tests.factories.core import make_comment, make_contribution
from tests.participation.accounts.steps import PASSWORD, prove_identity, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_user("ninon@example.org", password=PASSWORD, public_name="Ninon")


def picture() -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(made, "PNG")
    return SimpleUploadedFile("place.png", made.getvalue(), "image/png")


def ready(person, **changes) -> DataExport:
    export = space.request_export(user=person, at=timezone.now())
    tasks.build_export(str(export.pk))
    DataExport.objects.filter(pk=export.pk).update(**changes)
    return DataExport.objects.get(pk=export.pk)


def address(export) -> str:
    return reverse("space:data_download", kwargs={"key": export.pk})


def opened(export) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(bytes(export.archive)))


def test_from_the_button_to_the_file(client, person):
    sign_in(client, person.email)
    client.post(reverse("space:data_prepare"))
    export = DataExport.objects.get()
    assert export.ready_at is None
    jobs = ProcrastinateJob.objects.filter(args={"key": str(export.pk)})
    assert set(jobs.values_list("task_name", flat=True)) == {
        "space.build_export",
        "space.forget_export",
    }
    assert client.get(address(export)).status_code == 302  # asks first that it is really her

    tasks.build_export(str(export.pk))
    prove_identity(client)
    assert address(export) in client.get(reverse("space:data")).content.decode()
    answer = client.get(address(export))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in answer.headers["Cache-Control"]
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names == ["LISEZMOI.txt", "donnees.json"]


def test_asking_twice_makes_one_archive(client, person):
    sign_in(client, person.email)

    for _ in range(3):
        client.post(reverse("space:data_prepare"))

    assert DataExport.objects.count() == 1


def test_the_archive_is_made_once_however_often_the_task_runs(person):
    export = ready(person)

    tasks.build_export(str(export.pk))

    assert DataExport.objects.get().ready_at == export.ready_at


def test_it_holds_everything_about_its_owner_and_nothing_about_others(person):
    home = make_territory("Saint-Cyprien", kind="neighbourhood")
    type(person).objects.filter(pk=person.pk).update(
        first_name="Prénom-7", last_name="Nom-7", home_territory=home
    )
    now = timezone.now()
    mine = make_contribution(author=person, title="Titre-7", body="Corps-7", address="Adresse-7")
    services.add_attachment(contribution=mine, upload=picture(), title="Photo-7", alt="Alt-7")
    make_comment(author=person, body="Commentaire-7")
    followed = make_contribution(author=make_user(), title="Suivie-7")
    services.follow(user=person, subject=followed, at=now)
    services.notify(
        recipient=person,
        kind="essai",
        key="7",
        subject="Objet-7",
        body="Message-7",
        path="",
        at=now,
    )
    Report.objects.create(
        contribution=followed,
        reporter=person,
        reporter_name="Signalant-7",
        ground="other",
        explanation="Explication-7",
        created_at=now,
    )
    make_comment(author=make_user(public_name="Voisin-8"), body="Parole-8")
    make_contribution(author=make_user("voisin-8@example.org"), title="Idée-8")

    bundle = opened(ready(person))
    text = bundle.read("donnees.json").decode()

    for mark in (
        "ninon@example.org",
        "Ninon",
        "Prénom-7",
        "Nom-7",
        "1985-05-17",
        "Saint-Cyprien",
        "Titre-7",
        "Corps-7",
        "Adresse-7",
        "Commentaire-7",
        "Suivie-7",
        "Objet-7",
        "Message-7",
        "Signalant-7",
        "Explication-7",
    ):
        assert mark in text, mark
    for mark in ("Voisin-8", "Parole-8", "voisin-8@example.org", "Idée-8", PASSWORD):
        assert mark not in text, mark
    records = json.loads(text)
    assert records["format"] == archive.FORMAT_VERSION
    [file] = records["contributions"][0]["files"]
    assert bundle.read(file)[:3] in (b"\x89PN", b"\xff\xd8\xff", b"RIF")
    assert set(bundle.namelist()) == {"LISEZMOI.txt", "donnees.json", file}


def test_the_file_name_given_by_the_person_reaches_no_path(person):
    hostile = SimpleUploadedFile("../../etc/passwd.png", picture().read(), "image/png")
    services.add_attachment(
        contribution=make_contribution(author=person), upload=hostile, title="../../x"
    )

    names = opened(ready(person)).namelist()

    assert not [name for name in names if ".." in name or name.startswith("/")]


@pytest.mark.parametrize("who", ["nobody", "another"])
def test_it_does_not_exist_for_anyone_else(client, person, who):
    export = ready(person)
    if who == "another":
        other = make_user(password=PASSWORD)
        sign_in(client, other.email)
        prove_identity(client)

    answer = client.get(address(export))

    if who == "another":
        assert answer.status_code == 404
    else:
        assert answer.url.startswith(reverse("account_login"))
    assert bytes(export.archive) not in answer.content


def test_after_seven_days_it_is_gone(client, person):
    export = ready(person, requested_at=timezone.now() - datetime.timedelta(days=7, minutes=1))
    sign_in(client, person.email)
    prove_identity(client)

    assert client.get(address(export)).status_code == 404
    assert client.get(reverse("space:data")).context["exports"] == []

    tasks.forget_export(str(export.pk))
    assert not DataExport.objects.exists()


def test_it_is_served_by_a_safe_method_alone(person):
    export = ready(person)
    client = Client()
    sign_in(client, person.email)
    prove_identity(client)

    assert client.post(address(export)).status_code == 405
    assert client.get(reverse("space:data_prepare")).status_code == 405
