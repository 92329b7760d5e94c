"""Promises that PostgreSQL keeps, whoever writes."""

import datetime
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from participation.core.choices import Step, Visibility
from participation.core.models import (
    Comment,
    Contribution,
    Follow,
    ModerationDecision,
    OfficialAnswer,
    Phase,
    Report,
    Support,
)
from tests.factories.accounts import make_moderator, make_user
from tests.factories.core import (
    make_activity,
    make_comment,
    make_contribution,
    make_phase,
    make_process,
)

pytestmark = pytest.mark.django_db


def refused(match: str) -> Any:
    return pytest.raises(IntegrityError, match=match)


def third_level() -> Any:
    return pytest.raises(IntegrityError, match="first-level")


def append_only() -> Any:
    return pytest.raises(DatabaseError, match="Cannot")


class TestPhases:
    def test_two_phases_of_one_activity_cannot_overlap(self):
        activity = make_activity()
        make_phase(activity, opens_in=0, closes_in=10)
        with refused("phase_no_overlap"), transaction.atomic():
            make_phase(activity, Step.EXAMINE, opens_in=9, closes_in=20)
        make_phase(make_activity(), opens_in=0, closes_in=10)
        assert Phase.objects.filter(activity=activity).count() == 1

    def test_an_end_is_the_next_start(self):
        activity = make_activity()
        middle = timezone.now()
        hour = datetime.timedelta(hours=1)
        Phase.objects.create(
            activity=activity, step=Step.COLLECT, title="A", period=(middle - hour, middle)
        )
        Phase.objects.create(
            activity=activity, step=Step.EXAMINE, title="B", period=(middle, middle + hour)
        )
        assert [p.title for p in Phase.objects.at(middle).order_by("pk")] == ["B"]

    @pytest.mark.parametrize("period", ["empty", "(,2026-01-01)", "[2026-02-01,2026-02-01)"])
    def test_a_phase_has_a_start_and_a_duration(self, period):
        activity = make_activity()
        with refused("phase_has_a_start"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_phase (activity_id, step, title, summary, period) "
                "VALUES (%s, 'collect', 'X', '', %s::tstzrange)",
                [activity.pk, period],
            )

    def test_steps_are_a_closed_list(self):
        with refused("phase_step_known"), transaction.atomic():
            Phase.objects.create(
                activity=make_activity(), step="party", title="X", period=(timezone.now(), None)
            )


class TestProcesses:
    @pytest.mark.parametrize("missing", ["terms", "contact_email"])
    def test_published_only_with_terms_and_contact(self, missing):
        with refused("process_published_with_terms"), transaction.atomic():
            make_process(**{missing: ""})
        make_process(published=False, **{missing: ""})

    def test_cancelled_only_with_a_reason(self):
        with refused("process_cancelled_with_reason"), transaction.atomic():
            make_process(cancelled_at=timezone.now())


class TestContributions:
    def test_visibility_is_a_closed_list(self):
        contribution = make_contribution()
        with refused("contribution_visibility_known"), transaction.atomic():
            Contribution.objects.filter(pk=contribution.pk).update(visibility="viral")

    def test_what_left_the_draft_has_a_date(self):
        contribution = make_contribution()
        with refused("contribution_submitted_has_date"), transaction.atomic():
            Contribution.objects.filter(pk=contribution.pk).update(submitted_at=None)

    def test_one_form_is_one_contribution(self):
        key = uuid.uuid4()
        make_contribution(submission_key=key)
        with refused("submission_key"), transaction.atomic():
            make_contribution(submission_key=key)

    def test_imported_once(self):
        make_contribution(source_system="decidim", source_id="12")
        with refused("contribution_imported_once"), transaction.atomic():
            make_contribution(source_system="decidim", source_id="12")
        make_contribution(source_system="decidim")
        make_contribution(source_system="decidim")


class TestComments:
    def test_two_levels_never_three(self):
        comment = make_comment()
        reply = make_comment(parent=comment)
        with third_level(), transaction.atomic():
            make_comment(parent=reply)

    def test_a_reply_stays_in_its_contribution(self):
        comment = make_comment()
        with third_level(), transaction.atomic():
            make_comment(parent=comment, contribution=make_contribution())

    def test_a_comment_cannot_become_a_third_level(self):
        parent, moved = make_comment(), make_comment()
        reply = make_comment(parent=parent)
        with third_level(), transaction.atomic():
            Comment.objects.filter(pk=moved.pk).update(parent=reply)


class TestFollows:
    def test_exactly_one_subject(self):
        user = make_user()
        contribution = make_contribution()
        for subjects in ({}, {"contribution": contribution, "activity": contribution.activity}):
            with refused("follow_exactly_one"), transaction.atomic():
                Follow.objects.create(user=user, created_at=timezone.now(), **subjects)

    def test_once_even_where_the_other_columns_are_null(self):
        user, contribution = make_user(), make_contribution()
        Follow.objects.create(user=user, contribution=contribution, created_at=timezone.now())
        with refused("follow_once"), transaction.atomic():
            Follow.objects.create(user=user, contribution=contribution, created_at=timezone.now())


class TestModeration:
    def decide(self, contribution: Contribution, **values: Any) -> ModerationDecision:
        values.setdefault("visibility_after", Visibility.HIDDEN)
        return ModerationDecision.objects.create(
            contribution=contribution,
            visibility_before=contribution.visibility,
            decided_by=values.pop("decided_by", None) or make_moderator(),
            decided_at=timezone.now(),
            **values,
        )

    @pytest.mark.parametrize("after", [Visibility.HIDDEN, Visibility.REJECTED])
    @pytest.mark.parametrize(
        ("ground", "statement"), [("", ""), ("insult", ""), ("", "Des insultes.")]
    )
    def test_a_restriction_has_ground_and_reasons(self, after, ground, statement):
        contribution = make_contribution()
        with refused("decision_restriction_has_reasons"), transaction.atomic():
            self.decide(contribution, visibility_after=after, ground=ground, statement=statement)

    def test_decisions_are_append_only(self):
        decision = self.decide(make_contribution(), ground="insult", statement="Des insultes.")
        for sql in (
            "UPDATE core_moderationdecision SET statement = 'autre' WHERE id = %s",
            "DELETE FROM core_moderationdecision WHERE id = %s",
        ):
            with append_only(), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, [decision.pk])
        assert ModerationDecision.objects.get().statement == "Des insultes."

    def test_one_subject_each(self):
        comment = make_comment()
        with refused("decision_one_subject"), transaction.atomic():
            self.decide(
                comment.contribution, comment=comment, ground="insult", statement="Des insultes."
            )
        with refused("report_one_subject"), transaction.atomic():
            Report.objects.create(ground="insult", explanation="Oui.", created_at=timezone.now())

    def test_answers_are_never_rewritten(self):
        answer = OfficialAnswer.objects.create(
            contribution=make_contribution(),
            status="retained",
            body="Oui.",
            answered_by=make_user(),
            answered_at=timezone.now(),
        )
        with append_only(), transaction.atomic():
            OfficialAnswer.objects.filter(pk=answer.pk).update(body="Non.")


@pytest.mark.django_db(transaction=True)
def test_two_hundred_parallel_supports_are_one_row():
    """Real connections, one row, the same answer to all (abuse case 22, as supports)."""
    from participation.core import services

    contribution = make_contribution()
    user = make_user()
    rows: list[int] = []

    def give(_number: int) -> int:
        try:
            row = services.support(contribution=contribution, user=user, at=timezone.now())
            return row.pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=16) as pool:
        rows = list(pool.map(give, range(200)))

    assert len(rows) == 200
    assert set(rows) == {Support.objects.get(contribution=contribution, user=user).pk}
