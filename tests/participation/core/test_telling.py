"""Notifications and mails: once, committed with their cause, delivered by a real worker."""

import datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from participation.core import services, tasks
from participation.core.models import Notification
from tests.factories.accounts import make_user
from tests.factories.core import make_contribution

pytestmark = pytest.mark.usefixtures("empty_queue")


def tell(recipient: Any, **values: Any) -> Notification:
    fields = {
        "kind": "news",
        "key": "fact-1",
        "subject": "Une nouvelle",
        "body": "Les arbres sont plantés.\nMerci à vous <tous>.",
        "path": "/budget/2026/",
        "at": timezone.now(),
    }
    return services.notify(recipient=recipient, **{**fields, **values})


def jobs() -> list[tuple[str, str, dict[str, Any]]]:
    in_order = ProcrastinateJob.objects.order_by("id")
    return list(in_order.values_list("task_name", "queue_name", "args"))


@transaction.atomic
def tell_and_fail(recipient: Any, **values: Any) -> None:
    tell(recipient, **values)
    raise ZeroDivisionError


@pytest.mark.django_db
class TestRows:
    def test_one_fact_is_told_once(self):
        user = make_user()
        first, again = tell(user), tell(user, body="Autrement dit")
        assert first.pk == again.pk
        assert jobs() == [("core.deliver_notification", "mail", {"notification_id": first.pk})]
        other = tell(user, key="fact-2")
        assert [job[2]["notification_id"] for job in jobs()] == [first.pk, other.pk]

    def test_row_and_job_fall_with_the_act_that_failed(self):
        user = make_user()
        with pytest.raises(ZeroDivisionError):
            tell_and_fail(user)
        assert (Notification.objects.count(), jobs()) == (0, [])

    def test_mails_are_for_those_who_want_them_and_for_what_is_essential(self):
        user = make_user(wants_mail=False)
        tell(user)
        assert (Notification.objects.count(), jobs()) == (1, [])
        essential = tell(user, key="receipt", essential=True)
        assert [job[2]["notification_id"] for job in jobs()] == [essential.pk]

    def test_followers_of_a_contribution(self):
        contribution = make_contribution()
        follower, silent, excluded = make_user(), make_user(wants_mail=False), make_user()
        make_user()
        for user in (follower, silent, excluded):
            services.follow(user=user, subject=contribution, at=timezone.now())
        values: dict[str, Any] = {
            "subject": contribution,
            "kind": "news",
            "key": "works",
            "subject_line": "Les travaux commencent",
            "body": "Lundi.",
            "path": "/x/",
            "at": timezone.now(),
            "exclude": [excluded],
        }
        assert services.notify_followers(**values) == 2
        assert services.notify_followers(**values) == 0
        assert set(Notification.objects.values_list("recipient", flat=True)) == {
            follower.pk,
            silent.pk,
        }
        mailed = Notification.objects.get(recipient=follower)
        assert jobs() == [("core.deliver_notification", "mail", {"notification_id": mailed.pk})]

    def test_followers_of_a_process_hear_of_its_activities_once(self):
        contribution = make_contribution()
        activity = contribution.activity
        both = make_user()
        for subject in (activity, activity.process):
            services.follow(user=both, subject=subject, at=timezone.now())
        assert (
            services.notify_followers(
                subject=activity,
                kind="news",
                key="vote",
                subject_line="Le vote est ouvert",
                body="Votez.",
                path="/x/",
                at=timezone.now(),
            )
            == 1
        )

    @pytest.mark.parametrize("number", [1, 3])
    def test_telling_many_is_the_same_number_of_queries(self, number, django_assert_num_queries):
        contribution = make_contribution()
        for _index in range(number):
            services.follow(user=make_user(), subject=contribution, at=timezone.now())
        with django_assert_num_queries(6):  # savepoints included
            services.notify_followers(
                subject=contribution,
                kind="news",
                key="works",
                subject_line="Les travaux",
                body="Lundi.",
                path="",
                at=timezone.now(),
            )


@pytest.mark.django_db
class TestDelivery:
    def test_the_mail_says_who_what_and_where(self, settings):
        settings.SITE_URL = "https://parvis.example"
        notification = tell(make_user("lea@example.org", public_name="Léa"))
        tasks.deliver_notification(notification.pk)
        (message,) = mail.outbox
        assert (message.to, message.subject) == (["lea@example.org"], "Une nouvelle")
        assert message.extra_headers["Message-ID"] == (
            f"<notification-{notification.pk}@parvis.example>"
        )
        assert "Léa" in message.body
        assert "Les arbres sont plantés.\nMerci à vous <tous>." in message.body
        assert "https://parvis.example/budget/2026/" in message.body
        assert "&lt;" not in message.body

    def test_twice_is_once(self):
        notification = tell(make_user())
        tasks.deliver_notification(notification.pk)
        tasks.deliver_notification(notification.pk)
        tasks.deliver_notification(0)
        assert len(mail.outbox) == 1
        notification.refresh_from_db()
        assert notification.mailed_at is not None

    def test_a_worker_killed_before_it_noted_the_mail_sends_the_same_one(self):
        notification = tell(make_user())
        tasks.deliver_notification(notification.pk)
        Notification.objects.update(mailed_at=None)  # the note was lost with the worker
        tasks.deliver_notification(notification.pk)
        first, again = mail.outbox
        assert first.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]
        assert first.body == again.body

    @pytest.mark.parametrize("gone", [{"is_active": False}, {"erased_at": timezone.now()}])
    def test_nobody_writes_to_a_closed_account(self, gone):
        user = make_user()
        notification = tell(user)
        type(user).objects.filter(pk=user.pk).update(**gone)
        tasks.deliver_notification(notification.pk)
        assert mail.outbox == []

    def test_a_subject_never_breaks_the_headers(self):
        notification = tell(make_user(), subject="Titre\r\nBcc: tous@example.org")
        tasks.deliver_notification(notification.pk)
        assert mail.outbox[0].subject == "Titre Bcc: tous@example.org"
        assert mail.outbox[0].bcc == []


@pytest.mark.django_db(transaction=True)
class TestWorker:
    def run(self) -> None:
        with app.replace_connector(app.connector.get_worker_connector()):
            app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    def test_a_real_worker_delivers_what_was_committed_and_nothing_else(self):
        user = make_user("lea@example.org")
        committed = tell(user)
        with pytest.raises(ZeroDivisionError):
            tell_and_fail(user, key="undone")
        self.run()
        assert [message.to for message in mail.outbox] == [["lea@example.org"]]
        committed.refresh_from_db()
        assert committed.mailed_at is not None
        assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {"succeeded"}
        self.run()
        assert len(mail.outbox) == 1

    def test_counters_follow_by_one_job_for_many_clicks(self):
        contribution = make_contribution()
        for _person in range(3):
            services.support(contribution=contribution, user=make_user(), at=timezone.now())
        assert [job[0] for job in jobs()] == ["core.recount"]
        self.run()
        contribution.refresh_from_db()
        assert contribution.supports_count == 3

    def test_a_job_waits_for_the_commit(self):
        """Another connection sees neither the notification nor its job before the commit."""
        user = make_user()
        other = connection.copy()
        try:
            with transaction.atomic():
                tell(user)
                with other.cursor() as cursor:
                    cursor.execute(
                        "SELECT (SELECT count(*) FROM core_notification), "
                        "(SELECT count(*) FROM procrastinate_jobs)"
                    )
                    assert cursor.fetchone() == (0, 0)
        finally:
            other.close()
        assert (Notification.objects.count(), len(jobs())) == (1, 1)


@pytest.mark.django_db
def test_the_clock_is_postgresql_s():
    from participation.core.queries import database_now

    before = datetime.datetime.now(datetime.UTC)
    with transaction.atomic():
        first, second = database_now(), database_now()
    assert first < second  # it moves inside a transaction, unlike now()
    assert abs((first - before).total_seconds()) < 5
