"""Files set aside for an import and never confirmed: gone after a day, and only they."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app

from maps.management.schedule import forget_left_files_daily
from maps.services import add_uploaded_layer, forget_left_files
from tests.maps.test_back_office import staff

pytestmark = pytest.mark.django_db
POINT = (
    b'{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 43]}}'
)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def age(name: str, hours: float) -> None:
    then = time.time() - hours * 3600
    os.utime(default_storage.path(name), (then, then))


def test_only_old_files_of_imports_go() -> None:
    old, young, photo = (
        default_storage.save(name, ContentFile(b"x"))
        for name in ("imports/maps/old", "imports/layers/young", "photos/old")
    )
    for name, hours in ((old, 25), (young, 23), (photo, 999)):
        age(name, hours)
    assert forget_left_files(at=timezone.now()) == 1
    assert [default_storage.exists(name) for name in (old, young, photo)] == [False, True, True]
    assert forget_left_files(at=timezone.now()) == 0


def test_nothing_was_ever_set_aside() -> None:
    assert forget_left_files(at=timezone.now()) == 0


def test_a_preview_that_nobody_confirms_is_forgotten_by_the_worker(client: Client) -> None:
    client.force_login(staff("add_layer", "change_layer", "view_layer"))
    layer = add_uploaded_layer(name="Pistes", credit="La ville", at=timezone.now())
    address = f"/gestion/couches/importer/{layer.pk}/"
    upload = SimpleUploadedFile("pistes.geojson", POINT)
    shown = client.post(address, {"file": upload, "perimeter": ""}).context["report"]
    assert shown.kept == 1
    ((kept,),) = (default_storage.listdir("imports/layers")[1],)
    forget_left_files_daily(timestamp=0)
    assert default_storage.exists(f"imports/layers/{kept}")
    age(f"imports/layers/{kept}", 25)
    forget_left_files_daily(timestamp=0)
    assert default_storage.listdir("imports/layers")[1] == []
    page = client.post(address, {"confirm": "1", "perimeter": ""})
    assert "choisissez-le de nouveau" in page.text
    assert not layer.features.exists()


def test_the_worker_does_it_each_night() -> None:
    assert any(
        each.task.name == "maps.forget_left_files" and each.cron == "35 3 * * *"
        for each in app.periodic_registry.periodic_tasks.values()
    )
