"""The back office: who enters, what is seen, and buttons that call one service."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from participation.core import services
from participation.core.choices import Step, Visibility
from participation.core.models import ModerationDecision, OfficialAnswer, Phase, Report
from participation.core.roles import ROLES
from tests.factories.accounts import make_moderator, make_user
from tests.factories.core import (
    make_activity,
    make_comment,
    make_contribution,
    make_directorate,
    make_phase,
    make_process,
    make_territory,
)

pytestmark = [pytest.mark.django_db]
HOSTILE = '"><svg onload=alert(1)>'


@pytest.fixture
def roles() -> dict[str, Any]:
    """One member of staff of each role, and two people without any."""
    call_command("setup_roles", verbosity=0)
    people = {}
    for role in ROLES:
        people[role.name] = make_user(is_staff=True)
        people[role.name].groups.add(Group.objects.get(name=role.name))
    people["résidente"] = make_user()
    return people


def read(text: Any, view: str = "read") -> str:
    kind = text._meta.model_name
    return reverse(f"moderation_{kind}s:{view}", args=[text.pk])


def notice(subject: Any, **values: Any) -> Report:
    return services.report(
        subject=subject,
        reporter=None,
        reporter_name="Nadia Exemple",
        reporter_email="nadia@example.org",
        ground="insult",
        explanation=values.pop("explanation", "La dernière phrase."),
        at=timezone.now(),
    )


class TestDoors:
    """Abuse case 3: every address of the back office, every role."""

    MODERATORS = {"Administration du site", "Participation", "Modération"}
    MANAGERS = {"Administration du site", "Participation"}

    def test_every_door(self, client, roles):
        contribution, comment = make_contribution(), make_comment()
        phase = contribution.activity.phases.get()
        doors = {
            reverse("moderation_contributions:index"): self.MODERATORS,
            reverse("moderation_comments:index"): self.MODERATORS,
            reverse("moderation_reports:index"): self.MODERATORS,
            read(contribution): self.MODERATORS,
            read(comment): self.MODERATORS,
            reverse("processes:index"): self.MANAGERS | {"Édition"},
            reverse("processes:add"): self.MANAGERS,
            reverse("processes:edit", args=[contribution.activity.process.pk]): self.MANAGERS,
            reverse("processes:publish", args=[contribution.activity.process.pk]): self.MANAGERS,
            reverse("processes:cancel", args=[contribution.activity.process.pk]): self.MANAGERS,
            reverse("activities:index"): self.MANAGERS,
            reverse("activities:edit", args=[contribution.activity.pk]): self.MANAGERS,
            reverse("phases:index"): self.MANAGERS,
            reverse("phases:add"): self.MANAGERS,
            reverse("phases:edit", args=[phase.pk]): self.MANAGERS,
            reverse("phases:remove", args=[phase.pk]): self.MANAGERS,
            reverse("directorates:index"): self.MANAGERS | {"Instruction"},
            reverse("directorates:add"): self.MANAGERS,
        }
        for name, person in roles.items():
            client.force_login(person)
            entered = {url for url in doors if client.get(url).status_code == 200}
            assert entered == {url for url, names in doors.items() if name in names}, name
        client.logout()
        assert {client.get(url).status_code for url in doors} == {302}

    def test_no_decision_without_the_role(self, client, roles):
        contribution = make_contribution()
        report = notice(contribution)
        acts = {
            read(contribution, "decide"): {"visibility": "hidden", "ground": "insult"},
            read(contribution, "answer"): {"status": "retained", "body": "Oui."},
            reverse("moderation_reports:assess", args=[report.pk]): {"upheld": "yes"},
        }
        for name in ("Édition", "résidente"):
            client.force_login(roles[name])
            for url, data in acts.items():
                response = client.post(url, {**data, "statement": "Des insultes."})
                assert response.status_code in (302, 403)
        contribution.refresh_from_db()
        assert contribution.visibility == Visibility.PUBLISHED
        assert (ModerationDecision.objects.count(), OfficialAnswer.objects.count()) == (0, 0)

    def test_setting_up_roles_twice_changes_nothing(self, roles):
        def granted() -> set[tuple[str, str]]:
            return set(Group.objects.values_list("name", "permissions__codename"))

        before = granted()
        group = Group.objects.get(name="Modération")
        group.permissions.clear()
        call_command("setup_roles", verbosity=0)
        assert granted() == before
        assert ("Modération", "access_admin") in before
        assert ("Modération", "change_process") not in before

    def test_menus_show_what_one_may_use(self, client, roles):
        home = reverse("wagtailadmin_account")
        desk, processes = reverse("moderation_contributions:index"), reverse("processes:index")
        for name, wanted in (
            ("Modération", (True, False)),
            ("Participation", (True, True)),
            ("Instruction", (False, False)),
        ):
            client.force_login(roles[name])
            content = client.get(home).content.decode()
            assert (desk in content, processes in content) == wanted


class TestQueues:
    def test_what_waits_comes_first_and_filters_show_the_rest(self, client):
        pending = make_contribution(visibility=Visibility.PENDING, title="En attente")
        reported = make_contribution(title="Signalée")
        notice(reported)
        make_contribution(title="Publiée")
        make_contribution(visibility=Visibility.DRAFT, title="Brouillon")
        make_contribution(visibility=Visibility.HIDDEN, title="Masquée")
        client.force_login(make_moderator())
        url = reverse("moderation_contributions:index")

        def listed(**query: str) -> set[str]:
            return {text.title for text in client.get(url, query).context["object_list"]}

        assert listed() == {pending.title, reported.title}
        assert listed(queue="reported") == {"Signalée"}
        assert listed(queue="hidden") == {"Masquée"}
        assert listed(queue="all") == {"En attente", "Signalée", "Publiée", "Masquée"}
        assert listed(queue="all", q="Publi") == {"Publiée"}

    @pytest.mark.parametrize("number", [1, 3])
    def test_lists_ask_a_constant_number_of_queries(
        self, client, number, django_assert_max_num_queries
    ):
        for _index in range(number):
            notice(make_comment())
            make_contribution(visibility=Visibility.PENDING)
        client.force_login(make_moderator())
        asked = []
        for name in ("contributions", "comments", "reports"):
            url = reverse(f"moderation_{name}:index")
            client.get(url)
            with django_assert_max_num_queries(40) as captured:
                client.get(url)
            asked.append(len([q for q in captured if '"core_' in q["sql"]]))
        assert asked == [3, 3, 2]

    def test_the_whole_text_and_its_reports_are_read_as_text(self, client):
        """Abuse case 13, in the back office."""
        contribution = make_contribution(title=HOSTILE, body=HOSTILE)
        comment = make_comment(contribution=contribution, body=HOSTILE)
        notice(contribution, explanation=HOSTILE)
        notice(comment, explanation=HOSTILE)
        client.force_login(make_moderator())
        pages = [read(contribution), read(comment)] + [
            reverse(f"moderation_{name}:index") for name in ("contributions", "comments", "reports")
        ]
        for url in pages:
            content = client.get(url).content.decode()
            assert "<svg onload" not in content
            assert "&lt;svg onload" in content

    def test_drafts_are_nobody_s_business(self, client):
        client.force_login(make_moderator())
        assert client.get(read(make_contribution(visibility="draft"))).status_code == 404


class TestDecisions:
    def test_publish_with_one_button(self, client):
        contribution = make_contribution(visibility=Visibility.PENDING)
        client.force_login(make_moderator())
        assert 'value="published"' in client.get(read(contribution)).content.decode()
        response = client.post(read(contribution, "decide"), {"visibility": "published"})
        assert (response.status_code, response["Location"]) == (302, read(contribution))
        contribution.refresh_from_db()
        assert contribution.visibility == Visibility.PUBLISHED

    def test_a_restriction_without_reasons_keeps_what_was_typed(self, client):
        comment = make_comment()
        client.force_login(make_moderator())
        response = client.post(
            read(comment, "decide"),
            {"visibility": "hidden", "ground": "", "statement": "Écrit avec soin"},
        )
        assert response.status_code == 422
        assert "Écrit avec soin" in response.content.decode()
        assert ModerationDecision.objects.count() == 0

    def test_hide_with_reasons_once(self, client):
        comment = make_comment()
        client.force_login(make_moderator())
        sent = {"visibility": "hidden", "ground": "insult", "statement": "Une insulte."}
        codes = [client.post(read(comment, "decide"), sent).status_code for _click in range(2)]
        assert codes == [302, 422]
        assert ModerationDecision.objects.get().comment == comment

    def test_reports_are_closed_from_the_page_of_the_text(self, client):
        contribution, comment = make_contribution(), make_comment()
        dismissed, upheld = notice(contribution), notice(comment)
        client.force_login(make_moderator())
        url = reverse("moderation_reports:assess", args=[dismissed.pk])
        assert client.post(url, {"upheld": "no", "statement": ""}).status_code == 422
        response = client.post(url, {"upheld": "no", "statement": "Une critique est permise."})
        assert response["Location"] == read(contribution)
        client.post(
            reverse("moderation_reports:assess", args=[upheld.pk]),
            {"upheld": "yes", "statement": "Une insulte."},
        )
        comment.refresh_from_db()
        assert comment.visibility == Visibility.HIDDEN
        assert dict(Report.objects.values_list("pk", "state")) == {
            dismissed.pk: "dismissed",
            upheld.pk: "upheld",
        }

    def test_answer_officially(self, client):
        contribution = make_contribution()
        person = make_moderator()
        client.force_login(person)
        sent = {"status": "retained", "body": "Nous le ferons.", "directorate": ""}
        client.post(read(contribution, "answer"), sent)
        assert OfficialAnswer.objects.count() == 0
        answerer = make_user(
            is_staff=True,
            permissions=(
                "core.answer_contribution",
                "core.moderate_contribution",
                "wagtailadmin.access_admin",
            ),
        )
        client.force_login(answerer)
        assert client.post(read(contribution, "answer"), {**sent, "body": ""}).status_code == 422
        assert client.post(read(contribution, "answer"), sent).status_code == 302
        assert OfficialAnswer.objects.get().body == "Nous le ferons."


class TestBulk:
    def url(self, action: str, *texts: Any) -> str:
        model = texts[0]._meta.model_name
        ids = "&".join(f"id={text.pk}" for text in texts)
        return (
            reverse("wagtail_bulk_action", args=["core", model, action])
            + f"?next={reverse(f'moderation_{model}s:index')}&{ids}"
        )

    def test_publish_what_can_be(self, client):
        pending = [make_contribution(visibility=Visibility.PENDING) for _n in range(2)]
        published = make_contribution()
        client.force_login(make_moderator())
        url = self.url("moderation_publish", *pending, published)
        assert client.get(url).status_code == 200
        assert client.post(url).status_code == 302
        for text in (*pending, published):
            text.refresh_from_db()
            assert text.visibility == Visibility.PUBLISHED
        assert ModerationDecision.objects.count() == 2

    def test_restrict_with_reasons_for_each_author(self, client):
        pending, published = make_comment(visibility=Visibility.PENDING), make_comment()
        client.force_login(make_moderator())
        url = self.url("moderation_restrict", pending, published)
        assert client.post(url, {"ground": "insult", "statement": ""}).status_code == 200
        assert ModerationDecision.objects.count() == 0
        client.post(url, {"ground": "advertising", "statement": "De la publicité."})
        pending.refresh_from_db()
        published.refresh_from_db()
        assert (pending.visibility, published.visibility) == (
            Visibility.REJECTED,
            Visibility.HIDDEN,
        )
        assert {d.statement for d in ModerationDecision.objects.all()} == {"De la publicité."}

    def test_only_for_moderators(self, client):
        """Abuse case 2."""
        contribution = make_contribution(visibility=Visibility.PENDING)
        editor = make_user(is_staff=True, permissions=("wagtailadmin.access_admin",))
        for person in (editor, make_user()):
            client.force_login(person)
            client.post(self.url("moderation_publish", contribution))
        contribution.refresh_from_db()
        assert contribution.visibility == Visibility.PENDING


@pytest.mark.usefixtures("roles")
class TestProcesses:
    @pytest.fixture(autouse=True)
    def _officer(self, client, roles):
        client.force_login(roles["Participation"])

    def fields(self, process: Any = None, **values: Any) -> dict[str, Any]:
        return {
            "title": "Place du marché",
            "slug": "place-du-marche",
            "summary": "",
            "owner": make_directorate().pk,
            "engagement_level": "consult",
            "legal_type": "voluntary",
            "perimeter": make_territory().pk,
            "terms": "Tout le monde participe.",
            "contact_name": "Mission",
            "contact_email": "mission@example.org",
            "moderation": "after",
            "minimum_age": "",
            "restitution_due_on": "",
            **values,
        }

    def test_made_then_published_with_its_calendar(self, client):
        from participation.core.models import Process

        response = client.post(reverse("processes:add"), self.fields())
        assert response.status_code == 302
        process = Process.objects.get(slug="place-du-marche")
        assert process.published_at is None
        publish = reverse("processes:publish", args=[process.pk])
        assert client.get(publish).status_code == 200
        assert client.post(publish).status_code == 200  # no calendar yet
        process.refresh_from_db()
        assert process.published_at is None
        make_phase(make_activity(process=process))
        assert client.post(publish).status_code == 302
        process.refresh_from_db()
        assert process.published_at is not None

    def test_a_form_field_never_publishes_and_terms_stay(self, client):
        process = make_process()
        url = reverse("processes:edit", args=[process.pk])
        response = client.post(url, self.fields(terms="", slug=process.slug))
        assert response.status_code == 200
        client.post(url, self.fields(slug=process.slug, published_at="", cancelled_at="2026-01-01"))
        process.refresh_from_db()
        assert process.terms == "Tout le monde participe."
        assert (process.published_at is None, process.cancelled_at) == (False, None)

    def test_cancelled_with_a_public_reason(self, client):
        process = make_process()
        url = reverse("processes:cancel", args=[process.pk])
        assert client.post(url, {"reason": ""}).status_code == 200
        assert client.post(url, {"reason": "Plus de crédits."}).status_code == 302
        process.refresh_from_db()
        assert process.cancellation_reason == "Plus de crédits."

    def phase_form(self, activity: Any, **values: Any) -> dict[str, Any]:
        return {
            "activity": activity.pk,
            "step": Step.EXAMINE,
            "title": "Étude",
            "summary": "",
            "opens_at": "2030-03-01 09:00",
            "closes_at": "2030-04-01 18:00",
            "reason": "",
            **values,
        }

    def test_a_phase_is_added_in_local_time(self, client):
        activity = make_activity()
        response = client.post(reverse("phases:add"), self.phase_form(activity))
        assert response.status_code == 302
        phase = Phase.objects.get(activity=activity)
        assert phase.opens_at == datetime.datetime(2030, 3, 1, 8, tzinfo=datetime.UTC)
        assert phase.closes_at == datetime.datetime(2030, 4, 1, 16, tzinfo=datetime.UTC)

    def test_an_overlap_is_refused_with_the_name_of_the_other(self, client):
        activity = make_activity()
        client.post(reverse("phases:add"), self.phase_form(activity))
        response = client.post(
            reverse("phases:add"),
            self.phase_form(activity, title="Vote", opens_at="2030-03-31 09:00", closes_at=""),
        )
        assert response.status_code == 200
        assert "Étude" in str(response.context["form"].non_field_errors())
        assert Phase.objects.filter(activity=activity).count() == 1

    def test_an_end_before_its_start(self, client):
        activity = make_activity()
        response = client.post(
            reverse("phases:add"), self.phase_form(activity, closes_at="2030-02-01 18:00")
        )
        assert response.context["form"].non_field_errors()
        assert Phase.objects.filter(activity=activity).count() == 0

    def test_public_dates_change_with_a_logged_reason(self, client):
        from wagtail.models import ModelLogEntry

        activity = make_activity()
        client.post(reverse("phases:add"), self.phase_form(activity))
        phase = Phase.objects.get(activity=activity)
        url = reverse("phases:edit", args=[phase.pk])
        moved = self.phase_form(activity, closes_at="2030-04-15 18:00")
        assert client.post(url, moved).status_code == 200
        phase.refresh_from_db()
        assert phase.closes_at.day == 1
        assert client.post(url, {**moved, "reason": "Vacances scolaires"}).status_code == 302
        phase.refresh_from_db()
        assert phase.closes_at.day == 15
        entry = ModelLogEntry.objects.get(action="parvis.activity.phase_amended")
        assert entry.data["reason"] == "Vacances scolaires"
        assert entry.data["former"]["closes_at"].startswith("2030-04-01")
        retitled = {**moved, "title": "Étude technique"}
        assert client.post(url, retitled).status_code == 302  # words need no reason

    def test_a_draft_process_moves_freely(self, client):
        activity = make_activity(process=make_process(published=False))
        client.post(reverse("phases:add"), self.phase_form(activity))
        phase = Phase.objects.get(activity=activity)
        response = client.post(
            reverse("phases:edit", args=[phase.pk]),
            self.phase_form(activity, opens_at="2030-02-01 09:00"),
        )
        assert response.status_code == 302

    def test_a_phase_that_has_begun_stays(self, client):
        begun = make_phase(make_activity())
        future = make_phase(make_activity(), opens_in=5, closes_in=10)
        for phase in (begun, future):
            client.post(reverse("phases:remove", args=[phase.pk]), {"reason": "Changement"})
        assert list(Phase.objects.order_by("pk")) == [begun]

    def test_nothing_is_deleted_from_lists(self, client):
        from django.urls import NoReverseMatch

        for name in ("processes:delete", "activities:delete", "activities:add", "phases:delete"):
            with pytest.raises(NoReverseMatch):
                reverse(name, args=[1])
