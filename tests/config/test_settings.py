"""Production refuses to start when unsafe, and passes Django's own deployment checks."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

SAFE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "DJANGO_SECRET_KEY": "k9!xQ2#vLw7$eRt5^uYi8&oPa3*sDf6(gHj4)kLz1-xCv0+bNm",
    "ALLOWED_HOSTS": "participation.example.org",
    "SITE_URL": "https://participation.example.org",
    "DATABASE_URL": "postgis://parvis@//nowhere/parvis",
}


def start(**changes: str) -> subprocess.CompletedProcess[str]:
    """`check --deploy` under production settings, in a process of its own."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME", "LANG", "LC_ALL", "VIRTUAL_ENV")
    }
    return subprocess.run(
        [
            sys.executable,
            str(settings.SITE_DIR / "manage.py"),
            "check",
            "--deploy",
            "--fail-level",
            "WARNING",
        ],
        env={**inherited, **SAFE, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_safe_settings_pass_the_deployment_checks():
    answer = start()
    assert answer.returncode == 0, answer.stderr


def test_a_large_deployment_swaps_every_part_by_its_environment():
    answer = start(
        DATABASE_REPLICA_URL="postgis://parvis@//nowhere/copy",
        DB_TRANSACTION_POOLER="1",
        VALKEY_URL="redis://127.0.0.1:1/0",
        S3_BUCKET="parvis",
        EMAIL_URL="smtp+tls://user:secret@mail.example.org:587",
        MAP_BASE_LAYER="ign",
    )
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"DJANGO_SECRET_KEY": "short"}, "DJANGO_SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SITE_URL": "http://participation.example.org"}, "SITE_URL"),
        ({"DEBUG": "1"}, "DEBUG"),
    ],
)
def test_unsafe_settings_do_not_start(changes: dict[str, str], said: str):
    answer = start(**changes)
    assert answer.returncode != 0
    assert said in answer.stderr


@pytest.mark.django_db
def test_a_page_with_a_safe_method_that_writes_is_refused(rf: Any):
    from django.http import HttpResponse

    from config.middleware import SafeMethodsCannotWrite, WriteOnSafeMethod
    from participation.core.models import Directorate

    def view(request: Any) -> HttpResponse:
        Directorate.objects.create(name="Écrite par une lecture")
        return HttpResponse("")

    guarded = SafeMethodsCannotWrite(view)
    with pytest.raises(WriteOnSafeMethod), transaction.atomic():
        guarded(rf.get("/"))
    assert guarded(rf.post("/")).status_code == 200
    assert Directorate.objects.filter(name="Écrite par une lecture").count() == 1


@pytest.mark.django_db
def test_health(client: Any):
    assert (client.get("/sante/live").content, client.get("/sante/ready").content) == (b"ok", b"ok")
