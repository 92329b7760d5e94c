"""The follow-up of winners: steps, news, who is told."""

import datetime
import io
from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone
from PIL import Image

from participation.budgets.models import Delivery, DeliveryUpdate, ProjectIdea
from participation.budgets.services.delivery import (
    advance_delivery,
    plan_delivery,
    start_deliveries,
)
from participation.core.models import Follow, Notification
from tests.factories.accounts import make_user
from tests.factories.budgets import (
    make_counted_poll,
    make_delivery,
    make_idea,
    make_officer,
    make_project,
)
from tests.factories.core import make_directorate
from tests.participation.budgets.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_officer()


def advance(delivery, step, officer, **fields):
    values = {
        "happened_on": timezone.localdate(),
        "title": "",
        "body": "",
        "image": None,
        "image_alt": "",
        "reason": "",
        "at": timezone.now(),
    } | fields
    return advance_delivery(delivery=delivery, step=step, actor=officer, **values)


def test_winners_of_published_results_get_their_follow_up_once(officer):
    tally = make_counted_poll(published=False)
    budget = tally.poll.envelope.budget
    assert refusal(start_deliveries, budget=budget, actor=officer, at=timezone.now()) == (
        "results_not_published",
    )
    budget.results_published_at = timezone.now()
    budget.save()
    assert refusal(start_deliveries, budget=budget, actor=make_user(), at=timezone.now()) == (
        "not_allowed",
    )
    made = start_deliveries(budget=budget, actor=officer, at=timezone.now())
    winners = set(tally.poll.envelope.projects.filter(state="winner").order_by("pk"))
    assert {delivery.project for delivery in made} == winners
    assert set(Delivery.objects.order_by("pk").values_list("step", flat=True)) == {"not_started"}
    assert start_deliveries(budget=budget, actor=officer, at=timezone.now()) == []


def test_a_step_is_dated_told_and_kept(officer):
    delivery = make_delivery()
    day = timezone.localdate() - datetime.timedelta(days=3)
    update = advance(
        delivery, "works", officer, happened_on=day, title=" Premier coup de pioche ", body="Enfin."
    )
    delivery.refresh_from_db()
    assert (delivery.step, delivery.completed_on) == ("works", None)
    assert (update.title, update.body, update.happened_on, update.created_by) == (
        "Premier coup de pioche",
        "Enfin.",
        day,
        officer,
    )
    advance(delivery, "completed", officer, happened_on=day)
    delivery.refresh_from_db()
    assert (delivery.step, delivery.completed_on) == ("completed", day)
    advance(delivery, "completed", officer, title="Inauguration")
    delivery.refresh_from_db()
    assert delivery.completed_on == day
    advance(delivery, "works", officer, reason="Un défaut est apparu.")
    delivery.refresh_from_db()
    assert (delivery.step, delivery.completed_on) == ("works", None)
    assert DeliveryUpdate.objects.count() == 4


def test_nobody_is_told_of_news_that_say_nothing(officer):
    delivery = make_delivery(step="works")
    asked = {"delivery": delivery, "step": "works", "officer": officer}
    assert refusal(advance, title=" ", body="\n", **asked) == ("nothing_new",)
    advance(delivery, "works", officer, body="Les arbres sont plantés.")
    assert DeliveryUpdate.objects.count() == 1


def _silent(delivery):
    return DeliveryUpdate(
        delivery=delivery,
        step="works",
        happened_on=timezone.localdate(),
        title=" \n",
        created_at=timezone.now(),
    )


def test_the_database_keeps_no_news_that_say_nothing():
    delivery = make_delivery(step="works")
    with pytest.raises(IntegrityError, match="says_something"), transaction.atomic():
        _silent(delivery).save()
    assert not DeliveryUpdate.objects.exists()


def test_silent_news_of_before_take_the_name_of_their_step_and_do_not_stop_the_migration(officer):
    delivery = make_delivery(step="works")
    spoken = advance(delivery, "works", officer, title="Les arbres sont plantés")
    (rule,) = DeliveryUpdate._meta.constraints
    with connection.cursor() as cursor:  # a table is not altered while its checks wait
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor(atomic=False) as editor:
        editor.remove_constraint(DeliveryUpdate, rule)
    silent = _silent(delivery)
    silent.save()
    migration = import_module("participation.budgets.migrations.0009_news_say_something")
    with connection.schema_editor(atomic=False) as editor:
        migration.name_by_step(apps, editor)
        editor.add_constraint(DeliveryUpdate, rule)
    titles = dict(DeliveryUpdate.objects.order_by("pk").values_list("pk", "title"))
    assert titles == {spoken.pk: "Les arbres sont plantés", silent.pk: "Travaux"}


def test_giving_up_needs_a_reason_which_is_public_and_goes_when_work_resumes(officer):
    delivery = make_delivery()
    with pytest.raises(IntegrityError, match="abandoned_with_reason"), transaction.atomic():
        Delivery.objects.update(step="abandoned")
    update = advance(delivery, "abandoned", officer, reason="Terrain vendu.")
    delivery.refresh_from_db()
    assert (delivery.step, delivery.abandonment_reason) == ("abandoned", "Terrain vendu.")
    assert "Terrain vendu." in update.body
    advance(delivery, "abandoned", officer, title="Rencontre avec les habitants")
    delivery.refresh_from_db()
    assert delivery.abandonment_reason == "Terrain vendu."
    advance(delivery, "studies", officer, reason="Terrain racheté.")
    delivery.refresh_from_db()
    assert (delivery.step, delivery.abandonment_reason) == ("studies", "")


def test_authors_and_followers_are_told_once_each_and_nobody_else(officer):
    project = make_project(state="winner")
    budget = project.envelope.budget
    now = timezone.now()
    author, follower, both = make_user(), make_user(), make_user()
    make_user()
    for person in (author, both):
        idea = make_idea(budget, author=person, state="merged")
        ProjectIdea.objects.create(project=project, idea=idea, merged_at=now)
        Follow.objects.create(user=person, contribution=idea.contribution, created_at=now)
    Follow.objects.create(user=both, activity=budget.activity, created_at=now)
    Follow.objects.create(user=follower, activity=budget.activity, created_at=now)
    update = advance(make_delivery(project), "studies", officer)
    told = Notification.objects.filter(kind="delivery-news", key=str(update.pk))
    assert sorted(n.recipient_id for n in told) == sorted(
        person.pk for person in (author, follower, both)
    )
    path = f"/budget/{budget.activity.slug}/realisations/{project.pk}/"
    assert {n.path for n in told} == {path}


def test_pictures_of_news_are_written_again_and_described(officer):
    held = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (50, 40), "red").save(held, "JPEG", exif=exif)
    delivery = make_delivery()
    upload = SimpleUploadedFile("../../chantier.jpg", held.getvalue())
    update = advance(delivery, "works", officer, image=upload, image_alt="Le chantier")
    stored = DeliveryUpdate.objects.get(pk=update.pk)
    assert stored.image.name.startswith("deliveries/")
    assert "chantier" not in stored.image.name
    with stored.image.open() as file:
        assert b"secret place" not in file.read()
    codes = refusal(
        advance_delivery,
        delivery=delivery,
        step="works",
        happened_on=timezone.localdate() + datetime.timedelta(days=1),
        title="",
        body="",
        image=SimpleUploadedFile("a.jpg", b"texte"),
        image_alt="",
        reason="",
        actor=make_user(),
        at=timezone.now(),
    )
    assert codes == ("not_allowed", "date_in_future", "alt_missing")


def test_a_delivery_is_planned(officer):
    delivery = make_delivery()
    directorate, day = make_directorate(), datetime.date(2027, 6, 1)
    plan_delivery(
        delivery=delivery,
        directorate=directorate,
        expected_on=day,
        actor=officer,
        at=timezone.now(),
    )
    delivery.refresh_from_db()
    assert (delivery.directorate, delivery.expected_on) == (directorate, day)
    assert refusal(
        plan_delivery,
        delivery=delivery,
        directorate=None,
        expected_on=None,
        actor=make_user(),
        at=timezone.now(),
    ) == ("not_allowed",)
