"""Sessions are read by a query of ours, and otherwise Django's own."""

import datetime

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from config.sessions import SessionStore

pytestmark = pytest.mark.django_db


def test_the_site_keeps_its_sessions_so():
    assert settings.SESSION_ENGINE == "config.sessions"


def test_a_session_is_read_as_it_was_written():
    written = SessionStore()
    written["elector"] = {"activity": 7, "what": 12}
    written.create()
    assert SessionStore(written.session_key)["elector"] == {"activity": 7, "what": 12}


def test_an_expired_or_unknown_session_is_empty_and_its_key_is_not_used_again():
    written = SessionStore()
    written["elector"] = {"activity": 7, "what": 12}
    written.create()
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    for key in (written.session_key, "x" * 32):
        read = SessionStore(key)
        assert read.get("elector") is None
        assert read.session_key is None
