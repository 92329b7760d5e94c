"""Questions of right: the whole tuple of reasons, each time."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from participation.budgets import policies
from participation.budgets.choices import DeliveryStep, IdeaState
from participation.budgets.queries import polls
from participation.core.choices import Visibility
from tests.factories.accounts import make_user
from tests.factories.budgets import (
    make_budget,
    make_counted_poll,
    make_delivery,
    make_envelope,
    make_idea,
    make_officer,
    make_phases,
    make_poll,
    make_project,
    make_study,
)
from tests.factories.core import make_phase

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def test_every_job_has_its_own_permission():
    jobs = {
        policies.may_set_up: "budgets.change_budget",
        policies.may_study: "budgets.study_idea",
        policies.may_run_vote: "budgets.run_vote",
        policies.may_manage_delivery: "budgets.manage_delivery",
    }
    for job, permission in jobs.items():
        holder = make_user(permissions=(permission,))
        assert [bool(other(user=holder)) for other in jobs] == [other is job for other in jobs]
        assert policies.may_enter_office(user=holder)
        assert job(user=make_user()).codes == ("not_allowed",)
        assert job(user=AnonymousUser()).codes == ("not_allowed",)
        assert job(user=None).codes == ("not_allowed",)
        holder.is_active = False
        assert not job(user=holder)
    assert policies.may_enter_office(user=make_user()).codes == ("not_allowed",)


@pytest.mark.parametrize(
    ("step", "codes"),
    [
        ("collect", ()),
        ("examine", ("collect_closed",)),
        ("decide", ("collect_closed",)),
        (None, ("collect_not_open",)),
    ],
)
def test_ideas_are_taken_during_the_collection(step, codes, now):
    budget = make_budget(step)
    assert policies.may_submit_idea(budget=budget, user=make_user(), at=now).codes == codes


def test_before_the_first_day_the_collection_is_not_open_rather_than_closed(now):
    budget = make_budget("collect")
    early = now - datetime.timedelta(days=11)
    verdict = policies.may_submit_idea(budget=budget, user=make_user(), at=early)
    assert verdict.codes == ("collect_not_open",)


def test_the_last_instant_of_a_phase_is_outside_it(now):
    budget = make_budget("collect")
    end = budget.activity.phases.get(step="collect").closes_at
    before = end - datetime.timedelta(microseconds=1)
    user = make_user()
    assert policies.may_submit_idea(budget=budget, user=user, at=before).codes == ()
    assert policies.may_submit_idea(budget=budget, user=user, at=end).codes == ("collect_closed",)


def test_the_maximum_of_ideas_counts_neither_drafts_nor_withdrawn_ones(now):
    budget = make_budget(ideas_per_person=2)
    user = make_user()
    make_idea(budget, author=user, visibility=Visibility.DRAFT)
    make_idea(budget, author=user, visibility=Visibility.WITHDRAWN)
    make_idea(budget, author=user)
    make_idea(budget)
    make_idea(author=user)
    assert policies.may_submit_idea(budget=budget, user=user, at=now).codes == ()
    make_idea(budget, author=user, visibility=Visibility.REJECTED)
    assert policies.may_submit_idea(budget=budget, user=user, at=now).codes == ("too_many_ideas",)


def test_anonymous_and_unverified_people_are_told_so(now):
    budget = make_budget("examine")
    anonymous = policies.may_submit_idea(budget=budget, user=AnonymousUser(), at=now)
    assert anonymous.codes == ("anonymous", "collect_closed")
    unverified = policies.may_submit_idea(budget=budget, user=make_user(verified=False), at=now)
    assert unverified.codes == ("email_unverified", "collect_closed")


def test_only_its_author_edits_an_idea_and_only_before_the_study(now):
    author = make_user()
    idea = make_idea(author=author)
    assert policies.may_edit_idea(idea=idea, user=author, at=now).codes == ()
    for other in (make_user(), make_officer(), AnonymousUser(), None):
        assert policies.may_edit_idea(idea=idea, user=other, at=now).codes == ("not_author",)
    for state in IdeaState.values:
        studied = make_idea(author=author, state=state)
        expected = () if state == IdeaState.RECEIVED else ("idea_under_study",)
        assert policies.may_edit_idea(idea=studied, user=author, at=now).codes == expected
    for visibility in Visibility.values:
        moderated = make_idea(author=author, visibility=visibility)
        editable = visibility in ("draft", "pending", "published")
        expected = () if editable else ("idea_not_editable",)
        assert policies.may_edit_idea(idea=moderated, user=author, at=now).codes == expected
    late = make_idea(make_budget("examine"), author=author, state="in_study", visibility="hidden")
    assert policies.may_edit_idea(idea=late, user=author, at=now).codes == (
        "idea_not_editable",
        "idea_under_study",
        "collect_closed",
    )


def test_only_its_author_withdraws_an_idea_that_is_in_no_project():
    author = make_user()
    assert policies.may_withdraw_idea(idea=make_idea(author=author), user=author).codes == ()
    assert policies.may_withdraw_idea(idea=make_idea(), user=author).codes == ("not_author",)
    merged = make_idea(author=author, state="merged")
    assert policies.may_withdraw_idea(idea=merged, user=author).codes == ("idea_merged",)
    hidden = make_idea(author=author, visibility="hidden")
    assert policies.may_withdraw_idea(idea=hidden, user=author).codes == ("idea_not_editable",)


def test_two_voting_periods_with_a_pause_between_them(now):
    """Between two periods the vote is not open; after the last it is closed."""
    budget = make_budget(None)
    for opens, closes in ((-20, -10), (10, 20)):
        make_phase(budget.activity, "decide", opens_in=opens, closes_in=closes)
    poll = make_poll(budget)
    day = datetime.timedelta(days=1)
    codes = [
        policies.voting_open(poll=poll, at=now + shift * day).codes
        for shift in (-30, -15, 0, 15, 30)
    ]
    assert codes == [
        ("voting_not_open",),
        (),
        ("voting_not_open",),
        (),
        ("voting_closed",),
    ]


def test_results_are_seen_by_all_once_published_and_by_those_who_count_before():
    tally = make_counted_poll(published=False)
    budget = tally.poll.envelope.budget
    officer = make_officer()
    assert policies.may_see_results(budget=budget, user=officer)
    for reader in (make_user(), AnonymousUser(), None):
        verdict = policies.may_see_results(budget=budget, user=reader)
        assert verdict.codes == ("results_not_published",)
    budget.results_published_at = timezone.now()
    assert policies.may_see_results(budget=budget, user=AnonymousUser())
    budget.activity.process.published_at = None
    verdict = policies.may_see_results(budget=budget, user=AnonymousUser())
    assert verdict.codes == ("results_not_published",)


ALLOWED_MOVES = {
    ("received", "eligible"),
    ("received", "ineligible"),
    ("received", "in_study"),
    ("eligible", "in_study"),
    ("eligible", "ineligible"),
    ("in_study", "feasible"),
    ("in_study", "infeasible"),
    ("in_study", "ineligible"),
    ("feasible", "in_study"),
    ("feasible", "infeasible"),
    ("ineligible", "received"),
    ("ineligible", "eligible"),
    ("infeasible", "in_study"),
}


def test_the_states_of_an_idea_follow_the_table_and_nothing_else():
    officer = make_officer()
    moves = set()
    for before in IdeaState.values:
        idea = make_idea(state=before)
        for after in IdeaState.values:
            verdict = policies.may_decide_idea(
                idea=idea, state=after, reason="Parce que.", cost_cents=100, user=officer
            )
            if verdict:
                moves.add((before, after))
            else:
                assert verdict.codes == ("transition_not_allowed",)
    assert moves == ALLOWED_MOVES


def test_refusals_and_turning_back_need_a_reason():
    officer = make_officer()

    def codes(before, after, **fields):
        values = {"reason": "  ", "cost_cents": None} | fields
        return policies.may_decide_idea(
            idea=make_idea(state=before), state=after, user=officer, **values
        ).codes

    without_reason = {move for move in ALLOWED_MOVES if "reason_missing" in codes(*move)}
    assert without_reason == {
        ("received", "ineligible"),
        ("eligible", "ineligible"),
        ("in_study", "ineligible"),
        ("in_study", "infeasible"),
        ("feasible", "infeasible"),
        ("feasible", "in_study"),
        ("ineligible", "received"),
        ("ineligible", "eligible"),
        ("infeasible", "in_study"),
    }
    assert codes("in_study", "feasible") == ("cost_missing",)
    assert codes("in_study", "feasible", cost_cents=0) == ("cost_missing",)
    assert codes("received", "eligible") == ()


def test_a_decision_waits_for_moderation_and_for_the_studies():
    officer = make_officer()
    pending = make_idea(visibility=Visibility.PENDING)
    verdict = policies.may_decide_idea(
        idea=pending, state="ineligible", reason="", cost_cents=None, user=make_user()
    )
    assert verdict.codes == ("not_allowed", "idea_not_published", "reason_missing")
    study = make_study()
    verdict = policies.may_decide_idea(
        idea=study.idea, state="feasible", reason="", cost_cents=100, user=officer
    )
    assert verdict.codes == ("studies_pending",)
    verdict = policies.may_decide_idea(
        idea=study.idea, state="infeasible", reason="Trop loin.", cost_cents=None, user=officer
    )
    assert verdict.codes == ()


def test_deliveries_go_forward_freely_and_back_with_a_reason(now):
    officer, today = make_officer(), timezone.localdate()

    def codes(before, after, reason="", **fields):
        delivery = make_delivery(
            step=before, abandonment_reason="Terrain vendu." if before == "abandoned" else ""
        )
        values = {"happened_on": today, "has_image": False, "image_alt": ""} | fields
        return policies.may_advance_delivery(
            delivery=delivery, step=after, reason=reason, user=officer, at=now, **values
        ).codes

    order = [step for step in DeliveryStep.values if step != "abandoned"]
    for place, before in enumerate(order):
        for other, after in enumerate(order):
            assert codes(before, after) == (() if other >= place else ("reason_missing",))
        assert codes(before, "abandoned") == ("reason_missing",)
        assert codes("abandoned", before) == ("reason_missing",)
        assert codes("abandoned", before, reason="Terrain racheté.") == ()
    assert codes("abandoned", "abandoned") == ()
    tomorrow = today + datetime.timedelta(days=1)
    assert codes("works", "works", happened_on=tomorrow, has_image=True) == (
        "date_in_future",
        "alt_missing",
    )


def test_phases_prefetched_or_not_give_the_same_verdict(now, django_assert_num_queries):
    budget = make_budget("decide")
    poll = make_poll(budget)
    make_phases(make_budget(None).activity, "collect")
    make_project(make_envelope(budget), state="draft")
    (ready,) = polls(budget=budget)
    with django_assert_num_queries(0):
        assert policies.voting_open(poll=ready, at=now).codes == ()
    assert policies.voting_open(poll=poll, at=now).codes == ()
