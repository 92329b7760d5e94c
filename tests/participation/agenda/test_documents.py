"""Documents and photos of an event: who opens which file, and how it is sent."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from participation.agenda.choices import DocumentKind, EventState
from participation.agenda.models import Event, EventDocument
from tests.factories.accounts import make_user
from tests.factories.agenda import make_agenda_officer, make_event
from tests.factories.core import make_process

pytestmark = pytest.mark.django_db


def make_file(event: Event, kind: str = DocumentKind.DOCUMENT, **fields: Any) -> EventDocument:
    suffix = "jpg" if kind == DocumentKind.PHOTO else "pdf"
    return EventDocument.objects.create(
        event=event,
        kind=kind,
        title="Le plan du quai",
        alt="Un quai",
        file=ContentFile(b"contenu", name=f"x.{suffix}"),
        size=7,
        added_at=timezone.now(),
        **fields,
    )


def test_a_document_is_downloaded_from_the_page_of_its_event(client: Client):
    event = make_event()
    row = make_file(event)
    address = f"/agenda/documents/{row.pk}/"
    assert address in client.get(f"/agenda/rencontres/{event.slug}/").content.decode()
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == b"contenu"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="le-plan-du-quai.pdf"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "public, max-age=300"


def test_a_photo_shows_in_the_page_with_the_consent_of_those_it_shows(client: Client):
    event = make_event()
    agreed = make_file(event, DocumentKind.PHOTO, consent=True)
    refused = make_file(event, DocumentKind.PHOTO)
    page = client.get(f"/agenda/rencontres/{event.slug}/").content.decode()
    assert f'src="/agenda/documents/{agreed.pk}/"' in page
    assert f"/agenda/documents/{refused.pk}/" not in page
    answer = client.get(f"/agenda/documents/{agreed.pk}/")
    assert answer["Content-Disposition"].startswith("inline")
    assert client.get(f"/agenda/documents/{refused.pk}/").status_code == 404


@pytest.mark.parametrize("hidden", ["draft", "process"])
def test_files_of_an_event_that_is_not_public_are_for_who_organises_it(client: Client, hidden: str):
    if hidden == "draft":
        event = make_event(state=EventState.DRAFT)
    else:
        event = make_event(process=make_process(published_at=None))
    row = make_file(event)
    address = f"/agenda/documents/{row.pk}/"
    assert client.get(address).status_code == 404
    client.force_login(make_user())
    assert client.get(address).status_code == 404
    client.force_login(make_agenda_officer())
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


def test_a_file_that_is_gone_is_not_found(client: Client):
    row = make_file(make_event())
    row.file.storage.delete(row.file.name)
    assert client.get(f"/agenda/documents/{row.pk}/").status_code == 404
