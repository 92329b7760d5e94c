"""What pages of contributions are given: complete, in a constant number of queries."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from participation.core import presentation, services
from participation.core.models import Attachment, Contribution
from tests.factories.accounts import make_territory, make_user
from tests.factories.core import (
    make_comment,
    make_contribution,
    make_open_activity,
    make_process,
)

pytestmark = pytest.mark.django_db
FRAGMENTS = ("comments", "support", "follow", "attachments", "answers", "history")


def loaded(contribution: Contribution) -> Contribution:
    return Contribution.objects.select_related("activity__process", "author").get(
        pk=contribution.pk
    )


def parts(contribution, user):
    return presentation.contribution_parts(
        contribution=loaded(contribution), user=user, at=timezone.now()
    )


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("member", "queries"), [(True, 7), (False, 6)])
def test_a_constant_number_of_queries(number, member, queries, django_assert_num_queries):
    contribution = make_contribution()
    for _index in range(number):
        make_comment(parent=make_comment(contribution=contribution))
        Attachment.objects.create(
            contribution=contribution,
            kind="document",
            file="contributions/a.pdf",
            title="A",
            size=9,
        )
        services.support(contribution=contribution, user=make_user(), at=timezone.now())
    viewer = make_user() if member else AnonymousUser()
    row = loaded(contribution)
    with django_assert_num_queries(queries):
        given = presentation.contribution_parts(contribution=row, user=viewer, at=timezone.now())
        for item in given["comments"]:
            assert item.comment.author.public_name
    assert (len(given["comments"]), given["supports_total"]) == (number, number)
    assert len(given["attachments"]) == number


def test_every_fragment_renders_for_everyone():
    contribution = make_contribution()
    make_comment(parent=make_comment(contribution=contribution))
    answerer = make_user(permissions=("core.answer_contribution",))
    services.answer_officially(
        contribution=contribution,
        status="retained",
        body="Oui <b>.",
        directorate=None,
        actor=answerer,
        at=timezone.now(),
    )
    for kind, name in (("image", "a.jpg"), ("document", "b.pdf")):
        Attachment.objects.create(
            contribution=contribution,
            kind=kind,
            file=f"contributions/{name}",
            title="Un fichier",
            size=2048,
            width=10,
            height=10,
        )
    for user in (AnonymousUser(), make_user(), contribution.author, make_user(verified=False)):
        request = RequestFactory().get("/")
        request.user = user
        context = parts(contribution, user)
        html = "".join(
            render_to_string(f"core/_{name}.html", context, request=request) for name in FRAGMENTS
        )
        assert "Oui &lt;b&gt;." in html
        assert ("<textarea" in html) == bool(context["may_comment"])


def test_supporter_and_follower_are_recognised():
    contribution, user = make_contribution(), make_user()
    services.support(contribution=contribution, user=user, at=timezone.now())
    services.follow(user=user, subject=contribution, at=timezone.now())
    services.follow(user=user, subject=contribution.activity, at=timezone.now())
    mine, theirs = parts(contribution, user), parts(contribution, make_user())
    assert (mine["supported"], mine["followed"]) == (True, True)
    assert (theirs["supported"], theirs["followed"]) == (False, False)
    follow = presentation.follow_parts(subject=contribution.activity, user=user, back="/x/")
    assert (follow["subject_kind"], follow["followed"]) == ("activity", True)


def test_long_threads_come_by_pages():
    contribution = make_contribution()
    for _index in range(presentation.THREADS_PER_PAGE + 1):
        make_comment(contribution=contribution)
    given = parts(contribution, AnonymousUser())
    assert (len(given["comments"]), given["more_comments"]) == (
        presentation.THREADS_PER_PAGE,
        True,
    )
    rest, more = presentation.comment_items(
        contribution=contribution, user=AnonymousUser(), may_comment=False, page=2
    )
    assert (len(rest), more) == (1, False)


def test_a_refusal_that_can_be_mended_leads_to_where_and_back(french):
    process = make_process(residents_only=True, perimeter=make_territory())
    contribution = make_contribution(activity=make_open_activity(process=process))
    user = make_user(home_territory=None)
    request = RequestFactory().get("/une/page/")
    request.user = user

    html = render_to_string("core/_support.html", parts(contribution, user), request=request)

    assert "?next=%2Fune%2Fpage%2F#mon-quartier" in html
    request = RequestFactory().post("/un/envoi/")  # as htmx asks for the fragment again
    request.user = user
    html = render_to_string("core/_support.html", parts(contribution, user), request=request)
    assert "#mon-quartier" in html
    assert "un%2Fenvoi" not in html
