"""Leaving: nothing personal stays anywhere in the database."""

import datetime
import uuid

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.accounts.models import User
from participation.core import audit, services
from participation.core.account import services as space
from participation.core.account import tasks
from participation.core.choices import Visibility
from participation.core.models import (
    Attachment,
    Comment,
    Contribution,
    Follow,
    Notification,
    Report,
    Support,
)
from participation.core.verdict import Refused
from tests.factories.accounts import make_moderator, make_territory, make_user
from tests.factories.core import make_comment, make_contribution
from tests.participation.accounts.steps import (
    PASSWORD,
    prove_identity,
    sign_in,
    signed_in_as,
)

pytestmark = pytest.mark.django_db


def leave(client, **changes):
    data = {"published": "keep", "sure": "on"} | changes
    return client.post(reverse("space:delete"), data)


@pytest.fixture
def person():
    return make_user("ninon@example.org", password=PASSWORD, public_name="Ninon")


def whole_database() -> str:
    """Every row of every table as text; sessions decoded, for they are stored in base 64."""
    tables = connection.introspection.table_names()
    texts = []
    with connection.cursor() as cursor:
        for table in tables:
            if table in ("spatial_ref_sys", "maps_territory"):
                continue
            cursor.execute(
                f'SELECT to_jsonb(t)::text FROM "{table}" AS t'  # noqa: S608 -- names from the catalogue
            )
            texts.extend(row[0] for row in cursor.fetchall())
    texts.extend(str(session.get_decoded()) for session in Session.objects.all())
    return "\n".join(texts)


def plant(client: Client) -> tuple[User, list[str]]:
    """A person with twenty marks in as many places; the marks."""
    marks = [f"canari{number:02d}{uuid.uuid4().hex[:8]}" for number in range(20)]
    named = iter(marks)
    now = timezone.now()
    person = make_user(
        f"{next(named)}@example.org",
        password=PASSWORD,
        public_name=next(named),
        first_name=next(named),
        last_name=next(named),
        home_territory=make_territory(),
        birth_date=datetime.date(1987, 11, 3),
    )
    EmailAddress.objects.create(user=person, email=f"{next(named)}@example.org")
    Authenticator.objects.create(user=person, type="webauthn", data={"name": next(named)})
    draft = make_contribution(
        author=person,
        visibility=Visibility.DRAFT,
        title=next(named),
        body=next(named),
        address=next(named),
    )
    services.add_attachment(
        contribution=draft,
        upload=SimpleUploadedFile("p.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf"),
        title=next(named),
    )
    make_contribution(
        author=person, visibility=Visibility.PENDING, title=next(named), body=next(named)
    )
    make_comment(author=person, visibility=Visibility.PENDING, body=next(named))
    services.notify(
        recipient=person,
        kind="essai",
        key="1",
        subject=next(named),
        body=next(named),
        path=f"/essai/{next(named)}/",
        at=now,
    )
    Report.objects.create(
        contribution=make_contribution(),
        reporter=person,
        ground="other",
        explanation="…",
        reporter_name=next(named),
        reporter_email=f"{next(named)}@example.org",
        created_at=now,
    )
    # The audit log names its object by a label; the archive holds everything once more.
    audit.record(action="wagtail.edit", instance=draft, actor=person)
    audit.record(action="wagtail.edit", instance=person, actor=person)
    person.public_name = next(named)
    person.save(update_fields=["public_name"])
    audit.record(action="wagtail.edit", instance=person, actor=person)
    export = space.request_export(user=person, at=now)
    tasks.build_export(str(export.pk))
    apps.get_model("wagtailusers", "UserProfile").objects.create(
        user=person, preferred_language=next(named)[:10]
    )
    assert next(named, None) is None
    marks[-1] = marks[-1][:10]
    return person, marks


def test_twenty_marks_and_none_is_left(client):
    person, marks = plant(client)
    password = person.password
    # Two sessions: the one that leaves, and another left open somewhere.
    client.force_login(person)
    elsewhere = Client()
    elsewhere.force_login(person)
    session = elsewhere.session
    session["note"] = marks[0]
    session.save()
    before = whole_database()
    assert [mark for mark in marks if mark not in before] == []  # the net catches

    space.delete_account(user=person, withdraw=False, at=timezone.now())
    tasks.forget_sessions(person.pk)

    after = whole_database()
    assert [mark for mark in marks if mark in after] == []
    assert password not in after
    assert "1987-11-03" not in after
    row = User.objects.get(pk=person.pk)
    assert row.erased_at is not None
    assert not row.is_active
    assert not row.has_usable_password()
    assert elsewhere.get(reverse("space:dashboard")).status_code == 302


def test_files_of_what_goes_are_removed_from_the_disk(
    client, person, django_capture_on_commit_callbacks
):
    draft = make_contribution(author=person, visibility=Visibility.DRAFT)
    attachment = services.add_attachment(
        contribution=draft,
        upload=SimpleUploadedFile("p.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf"),
        title="p",
    )
    storage, name = attachment.file.storage, attachment.file.name
    assert storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        space.delete_account(user=person, withdraw=False, at=timezone.now())

    assert not storage.exists(name)
    assert not Attachment.objects.exists()


def test_the_journey_in_the_browser(client, person):
    sign_in(client, person.email)
    asked = client.get(reverse("space:delete"))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    prove_identity(client)

    refused = leave(client, sure="")
    assert set(refused.context["form"].errors) == {"sure"}
    assert User.objects.get(pk=person.pk).erased_at is None

    done = leave(client)

    assert done.url == reverse("space:deleted")
    assert client.get(done.url).status_code == 200
    assert signed_in_as(client) is None
    assert mail.outbox[-1].to == ["ninon@example.org"]
    sign_in(client, "ninon@example.org")
    assert signed_in_as(client) is None


def test_published_texts_stay_under_a_former_member(client, person):
    idea = make_contribution(author=person, title="Des bancs", body="Ici et là.")
    comment = make_comment(author=person, body="Bonne idée.")
    services.support(contribution=make_contribution(), user=person, at=timezone.now())

    space.delete_account(user=person, withdraw=False, at=timezone.now())

    idea.refresh_from_db()
    comment.refresh_from_db()
    assert (idea.title, idea.body, idea.visibility) == ("Des bancs", "Ici et là.", "published")
    assert idea.author_name == "Un ancien membre"
    assert comment.body == "Bonne idée."
    assert Support.objects.count() == 1  # it stays counted, tied to an emptied row


def test_published_texts_go_when_asked(client, person):
    idea = make_contribution(author=person, title="Des bancs", body="Ici et là.", address="Rue X")
    comment = make_comment(author=person, body="Bonne idée.")
    answer = make_comment(parent=comment, author=make_user(), body="Merci !")
    audit.record(action="wagtail.edit", instance=idea, actor=person)

    space.delete_account(user=person, withdraw=True, at=timezone.now())

    idea = Contribution.objects.get(pk=idea.pk)
    assert (idea.body, idea.address, idea.visibility) == ("", "", Visibility.WITHDRAWN)
    assert not Contribution.objects.public().filter(pk=idea.pk).exists()
    assert Comment.objects.get(pk=comment.pk).body == ""
    assert Comment.objects.get(pk=answer.pk).body == "Merci !"
    database = whole_database()
    assert "Des bancs" not in database
    assert "Bonne idée." not in database


def test_others_keep_everything(client, person):
    other = make_user(password=PASSWORD, public_name="Voisine")
    theirs = make_contribution(author=other, visibility=Visibility.DRAFT, title="La sienne")
    now = timezone.now()
    services.follow(user=other, subject=make_contribution(), at=now)
    services.notify(recipient=other, kind="essai", key="1", subject="S", body="B", path="", at=now)
    browser = Client()
    sign_in(browser, other.email)

    space.delete_account(user=person, withdraw=True, at=now)
    tasks.forget_sessions(person.pk)

    other.refresh_from_db()
    theirs.refresh_from_db()
    assert other.public_name == "Voisine"
    assert theirs.title == "La sienne"
    assert Follow.objects.filter(user=other).count() == 1
    assert Notification.objects.filter(recipient=other).count() == 1
    assert browser.get(reverse("space:dashboard")).status_code == 200


def test_the_address_is_free_again(client, person):
    space.delete_account(user=person, withdraw=False, at=timezone.now())

    again = make_user("ninon@example.org")

    assert again.pk != person.pk


def test_two_who_leave_do_not_collide():
    for _ in range(2):
        space.delete_account(user=make_user(), withdraw=False, at=timezone.now())

    assert User.objects.exclude(erased_at=None).count() == 2


def test_leaving_twice_changes_nothing(person):
    space.delete_account(user=person, withdraw=False, at=timezone.now())
    first = User.objects.get(pk=person.pk)

    space.delete_account(user=person, withdraw=True, at=timezone.now())

    assert User.objects.get(pk=person.pk).erased_at == first.erased_at


def test_staff_do_not_close_their_own_account(client):
    staff = make_moderator(password=PASSWORD)

    with pytest.raises(Refused) as refused:
        space.delete_account(user=staff, withdraw=False, at=timezone.now())
    assert refused.value.verdict.codes == ("staff_account",)

    sign_in(client, staff.email)
    prove_identity(client)
    assert leave(client).url == reverse("space:data")
    assert User.objects.get(pk=staff.pk).email == staff.email


def test_an_archive_asked_for_before_leaving_is_not_made_after(person):
    export = space.request_export(user=person, at=timezone.now())
    space.delete_account(user=person, withdraw=False, at=timezone.now())

    tasks.build_export(str(export.pk))

    assert not apps.get_model("accounts", "DataExport").objects.exists()
