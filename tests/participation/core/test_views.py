"""The public acts, as a browser without JavaScript and as htmx send them."""

import uuid

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from participation.core import services
from participation.core.choices import ModerationMode, Step, Visibility
from participation.core.models import Comment, Follow, Report, Support
from tests.factories.accounts import make_user
from tests.factories.core import (
    make_activity,
    make_comment,
    make_contribution,
    make_open_activity,
    make_process,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
HTMX = {"HTTP_HX_REQUEST": "true"}
HOSTILE = "\"><svg onload=alert(1)><script>alert('x')</script>"


def page(contribution) -> str:
    return f"/essai/contributions/{contribution.pk}/"


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def form(**values):
    return {"body": "Très bien.", "submission_key": str(uuid.uuid4()), **values}


class TestSupport:
    def test_a_member_supports_and_goes_back(self, client):
        contribution, user = make_contribution(), make_user()
        client.force_login(user)
        response = client.post(reverse("core:support", args=[contribution.pk]))
        assert (response.status_code, response["Location"]) == (302, page(contribution))
        assert Support.objects.get().user == user
        client.post(reverse("core:unsupport", args=[contribution.pk]))
        assert Support.objects.count() == 0

    def test_a_visitor_signs_in_and_comes_back(self, client):
        contribution = make_contribution()
        response = client.post(reverse("core:support", args=[contribution.pk]))
        assert response.status_code == 302
        assert response["Location"].endswith(f"?next={page(contribution)}")
        assert Support.objects.count() == 0

    def test_the_page_where_one_signs_in_is_no_fragment(self, client):
        contribution = make_contribution()
        response = client.post(reverse("core:support", args=[contribution.pk]), **HTMX)
        assert response.status_code == 200
        assert response["HX-Redirect"].endswith(f"?next={page(contribution)}")
        assert response.content == b""

    def test_htmx_gets_the_fragment_with_the_true_number(self, client):
        contribution = make_contribution()
        services.support(contribution=contribution, user=make_user(), at=timezone.now())
        client.force_login(make_user())
        response = client.post(reverse("core:support", args=[contribution.pk]), **HTMX)
        content = response.content.decode()
        assert response.status_code == 200
        assert ">2</strong>" in content
        assert reverse("core:unsupport", args=[contribution.pk]) in content
        assert "<html" not in content

    def test_a_refusal_says_why(self, client):
        contribution = make_contribution(activity=make_open_activity(Step.FOLLOW))
        client.force_login(make_user())
        response = client.post(reverse("core:support", args=[contribution.pk]))
        assert response.status_code == 302
        assert len(said(response)) == 1
        assert Support.objects.count() == 0

    def test_what_one_may_not_read_does_not_exist(self, client):
        contribution = make_contribution(visibility=Visibility.PENDING)
        client.force_login(make_user())
        for name in ("core:support", "core:unsupport", "core:comment"):
            assert client.post(reverse(name, args=[contribution.pk])).status_code == 404
        assert client.get(reverse("core:comments", args=[contribution.pk])).status_code == 404

    def test_reading_changes_nothing(self, client):
        contribution = make_contribution()
        client.force_login(make_user())
        for name in ("core:support", "core:unsupport"):
            assert client.get(reverse(name, args=[contribution.pk])).status_code == 405
        response = client.get(reverse("core:comment", args=[contribution.pk]))
        assert (response.status_code, response["Location"]) == (302, page(contribution))
        assert Support.objects.count() == 0

    def test_a_form_from_elsewhere_is_refused(self):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(make_user())
        contribution = make_contribution()
        assert client.post(reverse("core:support", args=[contribution.pk])).status_code == 403
        assert Support.objects.count() == 0

    @pytest.mark.parametrize(
        "wanted", ["//evil.example/", "https://evil.example/", "\\\\evil.example", "javascript:x"]
    )
    def test_the_way_back_stays_here(self, client, wanted):
        contribution = make_contribution()
        client.force_login(make_user())
        response = client.post(reverse("core:support", args=[contribution.pk]), {"next": wanted})
        assert response["Location"] == page(contribution)

    def test_too_many_clicks_are_asked_to_wait(self, client):
        contribution = make_contribution()
        client.force_login(make_user())
        codes = {
            client.post(reverse("core:support", args=[contribution.pk])).status_code
            for _click in range(65)
        }
        assert codes == {302, 429}
        assert Support.objects.count() == 1


class TestFollow:
    def test_words_of_addresses_are_french(self):
        assert reverse("core:follow", kwargs={"kind": "process", "pk": 3}) == (
            "/participer/suivre/demarche/3/"
        )
        assert reverse("core:report", kwargs={"kind": "comment", "pk": 3}) == (
            "/participer/signaler/commentaire/3/"
        )

    def test_each_kind(self, client):
        contribution = make_contribution()
        activity = contribution.activity
        client.force_login(make_user())
        for kind, subject, back in (
            ("contribution", contribution, page(contribution)),
            ("activity", activity, f"/essai/{activity.slug}/"),
            ("process", activity.process, "/"),
        ):
            response = client.post(reverse("core:follow", kwargs={"kind": kind, "pk": subject.pk}))
            assert (response.status_code, response["Location"]) == (302, back)
        assert Follow.objects.count() == 3
        fragment = client.post(
            reverse("core:unfollow", kwargs={"kind": "activity", "pk": activity.pk}), **HTMX
        )
        assert (
            reverse("core:follow", kwargs={"kind": "activity", "pk": activity.pk})
            in fragment.content.decode()
        )
        assert Follow.objects.count() == 2

    def test_a_comment_is_not_followed_and_hidden_things_do_not_exist(self, client):
        client.force_login(make_user())
        comment = make_comment()
        hidden = make_activity(process=make_process(published=False))
        for kind, pk in (("comment", comment.pk), ("activity", hidden.pk), ("process", 0)):
            url = reverse("core:follow", kwargs={"kind": kind, "pk": pk})
            assert client.post(url).status_code == 404
        assert Follow.objects.count() == 0


class TestComment:
    def test_a_comment_and_its_reply(self, client):
        contribution, user = make_contribution(), make_user()
        client.force_login(user)
        url = reverse("core:comment", args=[contribution.pk])
        response = client.post(url, form())
        first = Comment.objects.get()
        assert response["Location"] == f"{page(contribution)}#commentaire-{first.pk}"
        client.post(url, form(parent=first.pk, body="Je précise."))
        assert first.replies.get().body == "Je précise."

    def test_a_double_click_is_one_comment(self, client):
        contribution = make_contribution()
        client.force_login(make_user())
        sent = form()
        for _click in range(3):
            response = client.post(reverse("core:comment", args=[contribution.pk]), sent)
            assert response.status_code == 302
        assert Comment.objects.count() == 1

    def test_a_phase_that_closed_meanwhile_keeps_what_was_typed(self, client):
        contribution = make_contribution(activity=make_open_activity(Step.FOLLOW))
        client.force_login(make_user())
        for headers in ({}, HTMX):
            response = client.post(
                reverse("core:comment", args=[contribution.pk]),
                form(body="Trois lignes écrites avec soin"),
                **headers,
            )
            assert response.status_code == (200 if headers else 422)
            assert "Trois lignes écrites avec soin" in response.content.decode()
        assert Comment.objects.count() == 0

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_an_ended_session_loses_nothing(self, client, headers):
        contribution, author = make_contribution(), make_user()
        url = reverse("core:comment", args=[contribution.pk])
        sent = form(body="Trois lignes écrites avec soin")
        response = client.post(url, sent, **headers)
        where = response["HX-Redirect"] if headers else response["Location"]
        assert where == f"{reverse('account_login')}?next={url}"
        assert said(response) == [
            "Connectez-vous pour envoyer votre commentaire. Ce que vous avez écrit est conservé."
        ]
        assert Comment.objects.count() == 0
        client.force_login(author)
        content = client.get(url).content.decode()
        assert "Trois lignes écrites avec soin" in content
        assert sent["submission_key"] in content
        # Sent from its own page, it leads to the contribution's.
        assert f'hx-post="{url}"' not in content
        client.post(url, sent)
        assert Comment.objects.get().author == author
        assert client.get(url).status_code == 302  # sent: nothing is kept any more

    def test_an_expired_form_keeps_what_was_typed(self):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(make_user())
        contribution = make_contribution()
        response = client.post(
            reverse("core:comment", args=[contribution.pk]),
            form(body="Trois lignes écrites avec soin"),
        )
        assert response.status_code == 422
        assert "Trois lignes écrites avec soin" in response.content.decode()
        assert Comment.objects.count() == 0

    def test_too_many_comments_in_a_row_lose_nothing(self, client):
        contribution = make_contribution()
        client.force_login(make_user())
        url = reverse("core:comment", args=[contribution.pk])
        for number in range(20):
            assert client.post(url, form(body=f"Commentaire {number}")).status_code == 302
        response = client.post(url, form(body="Trois lignes écrites avec soin"))
        assert response.status_code == 429
        assert "Trois lignes écrites avec soin" in response.content.decode()

    @pytest.mark.parametrize(
        "sent", [{"body": " "}, {"body": "x" * 2001}, {"submission_key": "x"}, {"parent": "zzz"}]
    )
    def test_bad_forms_come_back(self, client, sent):
        contribution = make_contribution()
        client.force_login(make_user())
        response = client.post(reverse("core:comment", args=[contribution.pk]), form(**sent))
        assert response.status_code == 422
        assert Comment.objects.count() == 0

    def test_a_parent_from_elsewhere_does_not_exist(self, client):
        contribution, elsewhere = make_contribution(), make_comment()
        client.force_login(make_user())
        response = client.post(
            reverse("core:comment", args=[contribution.pk]), form(parent=elsewhere.pk)
        )
        assert response.status_code == 404

    def test_one_s_own_pending_comment_is_shown_to_oneself_only(self, client):
        process = make_process(moderation=ModerationMode.BEFORE)
        contribution = make_contribution(activity=make_open_activity(process=process))
        client.force_login(make_user())
        client.post(
            reverse("core:comment", args=[contribution.pk]), form(body="Patience et longueur")
        )
        url = reverse("core:comments", args=[contribution.pk])
        assert "Patience et longueur" in client.get(url).content.decode()
        client.force_login(make_user())
        assert "Patience et longueur" not in client.get(url).content.decode()
        client.logout()
        assert "Patience et longueur" not in client.get(url).content.decode()

    def test_hostile_text_is_text_everywhere(self, client):
        """Abuse cases 13, 14 and 19."""
        author = make_user(public_name=HOSTILE[:80])
        contribution = make_contribution(author=author, title=HOSTILE, body=HOSTILE)
        make_comment(contribution=contribution, author=author, body=HOSTILE)
        client.force_login(make_user())
        comment = client.post(
            reverse("core:comment", args=[contribution.pk]), form(body=HOSTILE), **HTMX
        )
        pages = [
            comment,
            client.get(reverse("core:comments", args=[contribution.pk])),
            client.get(reverse("core:report", args=["contribution", contribution.pk])),
            client.get(reverse("core:report", args=["comment", Comment.objects.first().pk])),
        ]
        for response in pages:
            content = response.content.decode()
            assert response.status_code == 200
            assert "<svg" not in content.replace("<svg class=", "")
            assert "<script>alert" not in content
            assert "&lt;svg onload" in content

    def test_line_breaks_stay_and_links_give_no_rank(self, client):
        comment = make_comment(body="Un\nDeux\n\nhttps://example.org/a?b=1&c=2 javascript:x")
        content = client.get(
            reverse("core:comments", args=[comment.contribution.pk])
        ).content.decode()
        assert "Un<br>Deux" in content
        assert '<a href="https://example.org/a?b=1&amp;c=2" rel="nofollow">' in content
        assert 'href="javascript' not in content

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_page_of_comments_asks_a_constant_number_of_queries(
        self, client, number, django_assert_max_num_queries
    ):
        contribution = make_contribution()
        for _index in range(number):
            make_comment(parent=make_comment(contribution=contribution))
        url = reverse("core:comments", args=[contribution.pk])
        client.get(url)
        with django_assert_max_num_queries(12) as captured:
            client.get(url)
        asked = [query["sql"] for query in captured if "core_comment" in query["sql"]]
        assert len(asked) == 2


class TestReport:
    SENT = {
        "ground": "insult",
        "explanation": "La dernière phrase.",
        "reporter_name": "Nadia Exemple",
        "reporter_email": "nadia@example.org",
        "good_faith": "on",
    }

    def test_a_visitor_reports(self, client):
        comment = make_comment()
        url = reverse("core:report", kwargs={"kind": "comment", "pk": comment.pk})
        assert client.get(url).status_code == 200
        response = client.post(url, self.SENT)
        assert response["Location"] == (f"{page(comment.contribution)}#commentaire-{comment.pk}")
        report = Report.objects.get()
        assert (report.comment, report.reporter, report.reporter_email) == (
            comment,
            None,
            "nadia@example.org",
        )

    @pytest.mark.parametrize("missing", sorted(SENT))
    def test_every_part_of_a_notice_is_needed(self, client, missing):
        contribution = make_contribution()
        sent = {name: value for name, value in self.SENT.items() if name != missing}
        url = reverse("core:report", kwargs={"kind": "contribution", "pk": contribution.pk})
        response = client.post(url, sent)
        assert response.status_code == 422
        assert Report.objects.count() == 0

    def test_a_member_gives_no_name(self, client):
        contribution, user = make_contribution(), make_user()
        client.force_login(user)
        url = reverse("core:report", kwargs={"kind": "contribution", "pk": contribution.pk})
        assert "reporter_name" not in client.get(url).content.decode()
        client.post(url, {k: v for k, v in self.SENT.items() if not k.startswith("reporter")})
        assert Report.objects.get().reporter == user

    def test_what_is_not_public_cannot_be_reported(self, client):
        contribution = make_contribution(visibility=Visibility.PENDING)
        comment = make_comment(visibility=Visibility.HIDDEN)
        activity = make_activity()
        for kind, pk in (
            ("contribution", contribution.pk),
            ("comment", comment.pk),
            ("activity", activity.pk),
        ):
            url = reverse("core:report", kwargs={"kind": kind, "pk": pk})
            assert client.get(url).status_code == 404
