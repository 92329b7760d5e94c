"""Policies answer with all their reasons: whole tuples of codes."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from participation.core import policies
from participation.core.choices import Step
from participation.core.registry import Instrument
from participation.core.verdict import ALLOWED, refuse
from tests.factories.accounts import make_moderator, make_territory, make_user
from tests.factories.core import (
    make_activity,
    make_comment,
    make_contribution,
    make_open_activity,
    make_phase,
    make_process,
)

pytestmark = pytest.mark.django_db


def now() -> datetime.datetime:
    return timezone.now()


class TestEligibility:
    def codes(self, process, user) -> tuple[str, ...]:
        return policies.eligibility(process=process, user=user, at=now()).codes

    def test_open_process_takes_everyone_with_a_verified_address(self):
        assert self.codes(make_process(), make_user(birth_date=None)) == ()

    def test_visitors_are_asked_to_sign_in_and_nothing_else(self):
        process = make_process(minimum_age=16, residents_only=True)
        assert self.codes(process, AnonymousUser()) == ("anonymous",)

    def test_inactive_people_are_nobody(self):
        assert self.codes(make_process(), make_user(is_active=False)) == ("anonymous",)

    def test_every_reason_is_given_at_once(self):
        process = make_process(minimum_age=16, residents_only=True)
        user = make_user(verified=False, birth_date=None)
        assert self.codes(process, user) == (
            "email_unverified",
            "birth_date_missing",
            "residence_missing",
        )

    def test_process_not_public_and_cancelled(self):
        process = make_process(
            published=False, cancelled_at=now(), cancellation_reason="Plus de crédits."
        )
        assert self.codes(process, make_user()) == ("process_not_public", "process_cancelled")

    def test_age_is_counted_in_completed_years_on_the_local_day(self):
        process = make_process(minimum_age=16)
        user = make_user(birth_date=datetime.date(2010, 6, 15))
        eve = datetime.datetime(2026, 6, 14, 21, 59, tzinfo=datetime.UTC)  # 23:59 in Paris
        day = datetime.datetime(2026, 6, 14, 22, 1, tzinfo=datetime.UTC)  # 00:01 in Paris
        assert policies.eligibility(process=process, user=user, at=eve).codes == ("too_young",)
        assert policies.eligibility(process=process, user=user, at=day).codes == ()

    def test_born_on_29_february_is_older_on_1_march(self):
        born = datetime.date(2008, 2, 29)
        assert policies.age_on(born, datetime.date(2024, 2, 29)) == 16
        assert policies.age_on(born, datetime.date(2026, 2, 28)) == 17
        assert policies.age_on(born, datetime.date(2026, 3, 1)) == 18

    def test_residents_of_the_perimeter_or_of_a_place_inside_it(self):
        city = make_territory("Toulouse")
        quarter = make_territory("Minimes", kind="neighbourhood", parent=city)
        elsewhere = make_territory("Blagnac")
        process = make_process(perimeter=city, residents_only=True)
        assert self.codes(process, make_user(home_territory=city)) == ()
        assert self.codes(process, make_user(home_territory=quarter)) == ()
        assert self.codes(process, make_user(home_territory=elsewhere)) == ("not_resident",)

    def test_the_city_is_not_inside_its_neighbourhood(self):
        city = make_territory()
        quarter = make_territory(kind="neighbourhood", parent=city)
        process = make_process(perimeter=quarter, residents_only=True)
        assert self.codes(process, make_user(home_territory=city)) == ("not_resident",)

    def test_reasons_are_sentences_with_their_values(self):
        verdict = policies.eligibility(
            process=make_process(minimum_age=16),
            user=make_user(birth_date=datetime.date(2020, 1, 1)),
            at=now(),
        )
        assert "16" in str(verdict.refusals[0])


class TestDiscussion:
    def test_comment_and_support_while_the_instrument_collects(self):
        contribution = make_contribution()
        user = make_user()
        for policy in (policies.may_comment, policies.may_support):
            assert policy(contribution=contribution, user=user, at=now()).codes == ()

    @pytest.mark.parametrize(
        ("step", "comment", "support"),
        [
            (Step.EXAMINE, (), ()),
            (Step.DECIDE, (), ("phase_closed",)),
            (Step.REPORT, ("phase_closed",), ("phase_closed",)),
            (Step.FOLLOW, ("phase_closed",), ("phase_closed",)),
        ],
    )
    def test_steps_decide(self, step, comment, support):
        contribution = make_contribution(activity=make_open_activity(step))
        user = make_user()
        assert policies.may_comment(contribution=contribution, user=user, at=now()).codes == comment
        assert policies.may_support(contribution=contribution, user=user, at=now()).codes == support

    def test_an_instrument_that_decides_is_the_only_judge(self, instrument):
        from participation.core import registry

        closed = refuse("comments_closed", "Fermé.")
        registry._instruments["test"] = Instrument(
            **{
                name: getattr(instrument, name)
                for name in instrument.__dataclass_fields__
                if not name.startswith("takes_")
            },
            takes_comments=lambda contribution, at: closed,
            takes_supports=lambda contribution, at: ALLOWED,
        )
        contribution = make_contribution(activity=make_open_activity(Step.FOLLOW))
        user = make_user()
        assert policies.may_comment(contribution=contribution, user=user, at=now()).codes == (
            "comments_closed",
        )
        assert policies.may_support(contribution=contribution, user=user, at=now()).codes == ()

    def test_what_is_not_public_takes_nothing(self):
        pending = make_contribution(visibility="pending")
        hidden_process = make_contribution(
            activity=make_open_activity(process=make_process(published=False))
        )
        user = make_user()
        assert policies.may_comment(contribution=pending, user=user, at=now()).codes == (
            "not_public",
        )
        assert policies.may_support(contribution=hidden_process, user=user, at=now()).codes == (
            "not_public",
            "process_not_public",
        )

    def test_nobody_supports_their_own(self):
        contribution = make_contribution()
        assert policies.may_support(
            contribution=contribution, user=contribution.author, at=now()
        ).codes == ("own_contribution",)

    def test_reports_are_open_to_all_on_what_all_can_read(self):
        comment = make_comment()
        hidden = make_comment(visibility="hidden")
        assert policies.may_report(subject=comment, user=AnonymousUser()).codes == ()
        assert policies.may_report(subject=comment.contribution).codes == ()
        assert policies.may_report(subject=hidden).codes == ("not_public",)


class TestOwnTexts:
    def test_authors_edit_while_contributions_are_collected(self):
        contribution = make_contribution()
        author = contribution.author
        assert policies.may_edit(contribution=contribution, user=author, at=now()).codes == ()
        assert policies.may_edit(contribution=contribution, user=make_user(), at=now()).codes == (
            "not_author",
        )
        assert policies.may_edit(
            contribution=contribution, user=AnonymousUser(), at=now()
        ).codes == ("anonymous",)

    def test_not_after_moderation_nor_after_the_phase(self):
        activity = make_activity()
        make_phase(activity, Step.COLLECT, opens_in=-20, closes_in=-10)
        make_phase(activity, Step.EXAMINE, opens_in=-10)
        contribution = make_contribution(activity=activity, visibility="hidden")
        assert policies.may_edit(
            contribution=contribution, user=contribution.author, at=now()
        ).codes == ("not_editable", "phase_closed")

    def test_imported_contributions_have_no_author_to_edit_them(self):
        contribution = make_contribution()
        contribution.author = None
        assert policies.may_edit(contribution=contribution, user=make_user(), at=now()).codes == (
            "not_author",
        )

    def test_unpublished_texts_are_read_by_author_and_staff_in_charge(self):
        contribution = make_contribution(visibility="pending")

        def codes(user):
            return policies.may_read(contribution=contribution, user=user).codes

        assert codes(contribution.author) == ()
        assert codes(make_moderator()) == ()
        assert codes(make_user(permissions=("core.answer_contribution",))) == ()
        assert codes(make_user()) == ("not_public",)
        assert codes(AnonymousUser()) == ("not_public",)


class TestRoles:
    def test_permissions_open_the_desks(self):
        answerer = make_user(permissions=("core.answer_contribution",))
        assert policies.may_moderate(user=make_moderator()).codes == ()
        assert policies.may_moderate(user=answerer).codes == ("not_moderator",)
        assert policies.may_moderate(user=AnonymousUser()).codes == ("not_moderator",)
        assert policies.may_answer(user=answerer).codes == ()
        assert policies.may_answer(user=make_moderator()).codes == ("not_answerer",)
