"""Comments, supports and follows: once each, told to the right people, in the right order."""

import datetime
import uuid

import pytest
from django.utils import timezone

from participation.core import queries, services, tasks
from participation.core.choices import ModerationMode, Step, Visibility
from participation.core.models import Comment, Follow, Notification, Support
from participation.core.verdict import Refused
from tests.factories.accounts import make_moderator, make_user
from tests.factories.core import (
    make_activity,
    make_comment,
    make_contribution,
    make_open_activity,
    make_phase,
    make_process,
)

pytestmark = pytest.mark.django_db


def comment(contribution, author=None, **values):
    values.setdefault("body", "Belle idée.")
    values.setdefault("parent", None)
    values.setdefault("submission_key", uuid.uuid4())
    return services.add_comment(
        contribution=contribution, author=author or make_user(), at=timezone.now(), **values
    )


def told() -> set[tuple[str, str, str]]:
    return set(Notification.objects.values_list("recipient__email", "kind", "key"))


class TestComments:
    def test_published_at_once_and_told_to_the_author(self):
        contribution = make_contribution()
        added = comment(contribution, body="  Oui.\r\nEt vite !  ")
        assert (added.visibility, added.body) == (Visibility.PUBLISHED, "Oui.\nEt vite !")
        assert told() == {(contribution.author.email, "comment", f"comment-{added.pk}")}

    def test_read_before_publication_when_the_process_says_so(self):
        process = make_process(moderation=ModerationMode.BEFORE)
        contribution = make_contribution(activity=make_open_activity(process=process))
        author = make_user()
        added = comment(contribution, author)
        assert added.visibility == Visibility.PENDING
        assert told() == set()
        threads = queries.comment_thread(contribution=contribution, viewer=author)
        assert [thread.comment.pk for thread in threads] == [added.pk]
        assert queries.comment_thread(contribution=contribution, viewer=make_user()) == []
        assert queries.comment_thread(contribution=contribution) == []

    def test_the_same_form_twice_is_one_comment(self):
        contribution, author, key = make_contribution(), make_user(), uuid.uuid4()
        first = comment(contribution, author, submission_key=key)
        again = comment(contribution, author, submission_key=key, body="Autre texte")
        assert (again.pk, again.body) == (first.pk, "Belle idée.")
        assert Comment.objects.count() == 1
        assert Notification.objects.count() == 1

    def test_the_same_form_is_found_again_after_the_phase_closed(self):
        activity = make_activity()
        phase = make_phase(activity, opens_in=-5, closes_in=5)
        contribution, author, key = make_contribution(activity=activity), make_user(), uuid.uuid4()
        first = comment(contribution, author, submission_key=key)
        phase.delete()
        assert comment(contribution, author, submission_key=key).pk == first.pk

    def test_somebody_elses_key_reveals_nothing(self):
        contribution, key = make_contribution(), uuid.uuid4()
        comment(contribution, submission_key=key)
        with pytest.raises(Refused) as refused:
            comment(contribution, submission_key=key)
        assert refused.value.verdict.codes == ("key_taken",)

    def test_every_reason_at_once(self):
        contribution = make_contribution(activity=make_open_activity(Step.FOLLOW))
        with pytest.raises(Refused) as refused:
            comment(contribution, make_user(verified=False), body="  ")
        assert refused.value.verdict.codes == ("phase_closed", "email_unverified", "body_missing")
        with pytest.raises(Refused) as refused:
            comment(make_contribution(), body="x" * 2001)
        assert refused.value.verdict.codes == ("body_too_long",)

    def test_replies_go_to_a_public_first_level_comment_of_the_contribution(self):
        first = make_comment()
        contribution = first.contribution
        reply = comment(contribution, parent=first)
        assert reply.parent_id == first.pk
        hidden = make_comment(contribution=contribution, visibility=Visibility.HIDDEN)
        for parent, codes in (
            (reply, ("reply_too_deep",)),
            (hidden, ("parent_missing",)),
            (make_comment(), ("parent_missing",)),
        ):
            with pytest.raises(Refused) as refused:
                comment(contribution, parent=parent)
            assert refused.value.verdict.codes == codes

    def test_a_reply_is_told_to_both_authors_but_never_to_its_own(self):
        first = make_comment()
        contribution = first.contribution
        reply = comment(contribution, parent=first)
        key = f"comment-{reply.pk}"
        assert told() == {
            (contribution.author.email, "comment", key),
            (first.author.email, "comment", key),
        }
        Notification.objects.all().delete()
        own = comment(contribution, contribution.author, parent=first)
        assert told() == {(first.author.email, "comment", f"comment-{own.pk}")}
        Notification.objects.all().delete()
        comment(contribution, first.author, parent=first)
        assert [n.recipient for n in Notification.objects.all()] == [contribution.author]

    def test_a_reply_is_told_only_to_people_who_may_read_the_thread(self):
        """Abuse case 21: the thread went dark between the comment and the reply."""
        process = make_process(moderation=ModerationMode.BEFORE)
        contribution = make_contribution(activity=make_open_activity(process=process))
        first = make_comment(contribution=contribution)
        reply = comment(contribution, parent=first)
        assert told() == set()
        moderator = make_moderator()
        contribution.visibility = Visibility.HIDDEN
        contribution.save()
        services.moderate(
            subject=reply,
            visibility=Visibility.PUBLISHED,
            ground="",
            statement="",
            actor=moderator,
            at=timezone.now(),
        )
        key = f"comment-{reply.pk}"
        replies = {entry for entry in told() if entry[1] == "comment"}
        assert replies == {(contribution.author.email, "comment", key)}

    def test_threads_have_two_levels_in_the_order_of_time(self):
        contribution = make_contribution()
        first = make_comment(contribution=contribution)
        second = make_comment(contribution=contribution)
        replies = [make_comment(parent=first), make_comment(parent=first)]
        make_comment(parent=second, visibility=Visibility.HIDDEN)
        make_comment(visibility=Visibility.PUBLISHED)
        assert [
            (thread.comment, thread.replies, thread.removed)
            for thread in queries.comment_thread(contribution=contribution)
        ] == [(first, tuple(replies), False), (second, (), False)]

    def test_a_removed_comment_leaves_its_place_only_while_replies_answer_it(self):
        contribution = make_contribution()
        alone = make_comment(contribution=contribution, visibility=Visibility.HIDDEN)
        answered = make_comment(contribution=contribution)
        reply = make_comment(parent=answered)
        answered.visibility = Visibility.HIDDEN
        answered.save()
        assert [
            (thread.comment.pk, thread.removed, thread.replies)
            for thread in queries.comment_thread(contribution=contribution)
        ] == [(answered.pk, True, (reply,))]
        assert alone.pk != answered.pk

    @pytest.mark.parametrize("number", [1, 3])
    def test_a_page_of_threads_is_two_queries(self, number, django_assert_num_queries):
        contribution = make_contribution()
        for _index in range(number):
            make_comment(parent=make_comment(contribution=contribution))
        with django_assert_num_queries(2):
            threads, more = queries.thread_page(
                contribution=contribution, viewer=None, offset=0, limit=2
            )
            assert [thread.comment.author.public_name for thread in threads]
        assert more is (number == 3)


class TestSupports:
    def test_once_and_taken_back(self):
        contribution, user = make_contribution(), make_user()
        first = services.support(contribution=contribution, user=user, at=timezone.now())
        again = services.support(contribution=contribution, user=user, at=timezone.now())
        assert (first.pk, Support.objects.count()) == (again.pk, 1)
        assert services.withdraw_support(contribution=contribution, user=user) is True
        assert services.withdraw_support(contribution=contribution, user=user) is False
        assert Support.objects.count() == 0

    def test_refused_support_leaves_nothing(self):
        contribution = make_contribution()
        with pytest.raises(Refused) as refused:
            services.support(contribution=contribution, user=contribution.author, at=timezone.now())
        assert refused.value.verdict.codes == ("own_contribution",)
        assert Support.objects.count() == 0

    def test_loops_of_clicks_leave_the_counter_true(self):
        """Abuse case 28: the counter is the number of rows, whatever the loops."""
        contribution, user = make_contribution(), make_user()
        services.support(contribution=contribution, user=make_user(), at=timezone.now())
        for _loop in range(50):
            services.support(contribution=contribution, user=user, at=timezone.now())
            services.withdraw_support(contribution=contribution, user=user)
        services.support(contribution=contribution, user=user, at=timezone.now())
        tasks.recount(contribution.pk)
        tasks.recount(contribution.pk)
        contribution.refresh_from_db()
        assert contribution.supports_count == Support.objects.count() == 2

    def test_counters_count_what_is_public(self):
        contribution = make_contribution()
        make_comment(parent=make_comment(contribution=contribution))
        make_comment(contribution=contribution, visibility=Visibility.PENDING)
        tasks.recount(contribution.pk)
        tasks.recount(0)
        contribution.refresh_from_db()
        assert contribution.comments_count == 2


class TestFollows:
    def test_each_kind_of_subject_once(self):
        user, contribution = make_user(), make_contribution()
        activity = contribution.activity
        for subject in (contribution, activity, activity.process):
            first = services.follow(user=user, subject=subject, at=timezone.now())
            assert services.follow(user=user, subject=subject, at=timezone.now()).pk == first.pk
            assert queries.following(user=user, subject=subject)
        assert Follow.objects.filter(user=user).count() == 3
        assert services.unfollow(user=user, subject=activity) is True
        assert services.unfollow(user=user, subject=activity) is False
        assert not queries.following(user=user, subject=activity)
        assert Follow.objects.filter(user=user).count() == 2

    def test_only_what_one_may_read(self):
        pending = make_contribution(visibility=Visibility.PENDING)
        hidden = make_activity(process=make_process(published=False))
        for subject, codes in ((pending, ("not_public",)), (hidden, ("process_not_public",))):
            with pytest.raises(Refused) as refused:
                services.follow(user=make_user(), subject=subject, at=timezone.now())
            assert refused.value.verdict.codes == codes
        services.follow(user=pending.author, subject=pending, at=timezone.now())


class TestPublish:
    def test_dates_are_kept_and_twice_is_once(self):
        contribution = make_contribution(visibility=Visibility.DRAFT)
        at = timezone.now()
        services.publish(contribution=contribution, actor=contribution.author, at=at)
        services.publish(
            contribution=contribution, actor=contribution.author, at=at + datetime.timedelta(days=1)
        )
        contribution.refresh_from_db()
        assert (contribution.visibility, contribution.submitted_at, contribution.published_at) == (
            Visibility.PUBLISHED,
            at,
            at,
        )

    @pytest.mark.parametrize("visibility", [Visibility.HIDDEN, Visibility.REJECTED])
    def test_moderation_cannot_be_bypassed(self, visibility):
        contribution = make_contribution(visibility=visibility)
        with pytest.raises(Refused) as refused:
            services.publish(
                contribution=contribution, actor=contribution.author, at=timezone.now()
            )
        assert refused.value.verdict.codes == ("moderated",)
        contribution.refresh_from_db()
        assert contribution.visibility == visibility
