"""Moderation: decided by moderators, with reasons, told to authors and to reporters."""

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from participation.core import queries, services, tasks
from participation.core.choices import ModerationGround, ReportState, Visibility
from participation.core.models import ModerationDecision, Notification, Report
from participation.core.verdict import Refused
from tests.factories.accounts import make_moderator, make_user
from tests.factories.core import make_comment, make_contribution

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]


def decide(subject: Any, visibility: str = Visibility.HIDDEN, **values: Any) -> ModerationDecision:
    values.setdefault("ground", ModerationGround.INSULT)
    values.setdefault("statement", "La dernière phrase insulte une agente.")
    values.setdefault("actor", None)
    values["actor"] = values["actor"] or make_moderator()
    return services.moderate(subject=subject, visibility=visibility, at=timezone.now(), **values)


def codes(call: Any, *args: Any, **values: Any) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        call(*args, **values)
    return refused.value.verdict.codes


def notice(subject: Any, **values: Any) -> Report:
    fields: dict[str, Any] = {
        "reporter": None,
        "reporter_name": "Nadia Exemple",
        "reporter_email": "nadia@example.org",
        "ground": ModerationGround.INSULT,
        "explanation": "La dernière phrase.",
    }
    return services.report(subject=subject, at=timezone.now(), **{**fields, **values})


class TestDecisions:
    def test_only_moderators_decide(self):
        contribution = make_contribution()
        for actor in (make_user(), make_user(permissions=("core.answer_contribution",))):
            assert codes(decide, contribution, actor=actor) == ("not_moderator",)
        contribution.refresh_from_db()
        assert contribution.visibility == Visibility.PUBLISHED
        assert ModerationDecision.objects.count() == 0

    def test_a_restriction_needs_ground_and_statement(self):
        contribution = make_contribution()
        assert codes(decide, contribution, ground="", statement=" ") == (
            "ground_missing",
            "statement_missing",
        )
        assert codes(decide, contribution, ground="mood") == ("ground_missing",)

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ("pending", "published", ()),
            ("pending", "rejected", ()),
            ("pending", "hidden", ("wrong_transition",)),
            ("published", "hidden", ()),
            ("published", "rejected", ("wrong_transition",)),
            ("published", "published", ("already_decided",)),
            ("hidden", "published", ()),
            ("hidden", "hidden", ("already_decided",)),
            ("rejected", "published", ()),
            ("draft", "published", ("wrong_transition",)),
            ("withdrawn", "published", ("wrong_transition",)),
        ],
    )
    def test_transitions(self, before, after, expected):
        contribution = make_contribution(visibility=before)
        if expected:
            assert codes(decide, contribution, after) == expected
        else:
            decide(contribution, after)
        contribution.refresh_from_db()
        assert contribution.visibility == (before if expected else after)

    def test_the_author_is_told_the_reasons(self):
        author = make_user("lea@example.org", wants_mail=False)
        contribution = make_contribution(author=author, title="Un banc <b>")
        decision = decide(contribution)
        (told,) = Notification.objects.all()
        assert (told.recipient, told.kind, told.key) == (
            author,
            "moderation",
            f"decision-{decision.pk}",
        )
        tasks.deliver_notification(told.pk)
        body = mail.outbox[0].body
        for needed in (
            "Un banc <b>",
            str(decision.get_ground_display()),
            "La dernière phrase insulte une agente.",
        ):
            assert needed in body

    def test_a_double_click_is_one_decision_and_one_mail(self):
        contribution = make_contribution()
        decide(contribution)
        assert codes(decide, contribution) == ("already_decided",)
        assert ModerationDecision.objects.count() == 1
        assert Notification.objects.count() == 1

    def test_publication_of_a_pending_contribution_dates_it(self):
        contribution = make_contribution(visibility=Visibility.PENDING)
        decision = decide(contribution, Visibility.PUBLISHED, ground="insult", statement="")
        contribution.refresh_from_db()
        assert contribution.published_at == decision.decided_at
        assert decision.ground == ""

    def test_a_comment_published_later_is_told_then(self):
        comment = make_comment(visibility=Visibility.PENDING)
        decide(comment, Visibility.PUBLISHED)
        assert set(Notification.objects.values_list("recipient", "kind")) == {
            (comment.author.pk, "moderation"),
            (comment.contribution.author.pk, "comment"),
        }
        decide(comment, Visibility.HIDDEN)
        decide(comment, Visibility.PUBLISHED)
        assert Notification.objects.filter(kind="comment").count() == 1

    def test_an_imported_contribution_has_nobody_to_tell(self):
        contribution = make_contribution()
        contribution.author = None
        contribution.save()
        decide(contribution)
        assert Notification.objects.count() == 0

    def test_the_public_history_shows_the_ground_never_the_statement(self):
        contribution = make_contribution()
        decide(contribution)
        decide(contribution, Visibility.PUBLISHED)
        history = queries.history(contribution=contribution)
        assert [entry.kind for entry in history] == [
            "submitted",
            "published",
            "moderated",
            "moderated",
        ]
        assert history[2].detail == str(ModerationGround.INSULT.label)
        assert "insulte une agente" not in "".join(
            f"{entry.label}{entry.detail}" for entry in history
        )


class TestReports:
    def test_a_visitor_gives_name_and_address(self):
        contribution = make_contribution()
        assert codes(
            notice, contribution, reporter_name=" ", reporter_email="", explanation=" ", ground="x"
        ) == ("name_missing", "email_missing", "ground_missing", "explanation_missing")
        report = notice(contribution)
        tasks.acknowledge_report(report.pk)
        assert mail.outbox[0].to == ["nadia@example.org"]
        assert str(report.pk) in mail.outbox[0].subject

    def test_a_member_is_known(self):
        member = make_user()
        report = notice(make_comment(), reporter=member, reporter_name="", reporter_email="")
        assert (report.reporter, report.reporter_email) == (member, "")
        assert Notification.objects.get().recipient == member

    def test_a_double_click_is_one_report(self):
        contribution, member = make_contribution(), make_user()
        assert notice(contribution).pk == notice(contribution, explanation="Encore").pk
        assert notice(contribution, reporter=member).pk == notice(contribution, reporter=member).pk
        assert Report.objects.count() == 2

    def test_only_what_the_public_reads(self):
        assert codes(notice, make_contribution(visibility=Visibility.PENDING)) == ("not_public",)

    def test_a_restriction_upholds_the_open_reports_and_tells_everyone(self):
        member = make_user()
        contribution = make_contribution()
        first, second = notice(contribution), notice(contribution, reporter=member)
        other = notice(make_contribution())
        decide(contribution)
        states = dict(Report.objects.values_list("pk", "state"))
        assert states == {
            first.pk: ReportState.UPHELD,
            second.pk: ReportState.UPHELD,
            other.pk: ReportState.OPEN,
        }
        assert Notification.objects.filter(recipient=member, kind="report-assessed").count() == 1

    def test_upholding_hides_on_the_ground_of_the_report(self):
        comment = make_comment()
        report = notice(comment)
        services.assess_report(
            report=report,
            upheld=True,
            statement="Propos insultants.",
            actor=make_moderator(),
            at=timezone.now(),
        )
        comment.refresh_from_db()
        decision = ModerationDecision.objects.get()
        assert (comment.visibility, report.state) == (Visibility.HIDDEN, ReportState.UPHELD)
        assert (decision.ground, decision.statement) == ("insult", "Propos insultants.")

    def test_dismissing_leaves_the_text_and_tells_why(self):
        contribution = make_contribution()
        report = notice(contribution)
        values: dict[str, Any] = {
            "report": report,
            "upheld": False,
            "statement": "Une critique n’est pas une insulte.",
            "actor": make_moderator(),
            "at": timezone.now(),
        }
        assert codes(services.assess_report, **{**values, "actor": make_user()}) == (
            "not_moderator",
        )
        assert codes(services.assess_report, **{**values, "statement": ""}) == (
            "statement_missing",
        )
        services.assess_report(**values)
        assert codes(services.assess_report, **values) == ("already_decided",)
        contribution.refresh_from_db()
        assert contribution.visibility == Visibility.PUBLISHED
        tasks.tell_report_outcome(report.pk, "Une critique n’est pas une insulte.")
        assert "Une critique n’est pas une insulte." in mail.outbox[0].body


class TestAnswers:
    def answer(self, contribution: Any, **values: Any) -> Any:
        fields: dict[str, Any] = {
            "status": "retained",
            "body": "Nous le ferons.",
            "directorate": None,
            "actor": None,
        }
        fields.update(values)
        fields["actor"] = fields["actor"] or make_user(permissions=("core.answer_contribution",))
        return services.answer_officially(contribution=contribution, at=timezone.now(), **fields)

    def test_author_and_followers_are_told_once(self):
        contribution, follower = make_contribution(), make_user()
        services.follow(user=follower, subject=contribution, at=timezone.now())
        services.follow(user=contribution.author, subject=contribution, at=timezone.now())
        first = self.answer(contribution)
        assert self.answer(contribution).pk == first.pk
        assert sorted(Notification.objects.values_list("recipient", flat=True)) == sorted(
            [contribution.author.pk, follower.pk]
        )

    def test_answers_add_up(self):
        contribution = make_contribution()
        self.answer(contribution, status="under_study", body="Nous étudions.")
        self.answer(contribution)
        assert [a.status for a in contribution.answers.all()] == ["retained", "under_study"]

    def test_refusals(self):
        contribution = make_contribution()
        assert codes(self.answer, contribution, actor=make_moderator(), status="?", body=" ") == (
            "not_answerer",
            "status_unknown",
            "body_missing",
        )
