"""Who wrote a comment takes it back; nobody else does."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from participation.core import services
from participation.core.choices import Visibility
from participation.core.models import Comment
from participation.core.queries import comment_thread
from participation.core.verdict import Refused
from participation.core.views.shared import path_of
from tests.factories.accounts import make_user
from tests.factories.core import make_comment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]


def screen(comment: Comment) -> str:
    return reverse("core:comment_withdraw", args=[comment.pk])


def tools(client, comment: Comment) -> list[str]:
    """Where the links beside a comment lead, on the page of all comments."""
    page = client.get(reverse("core:comments", args=[comment.contribution_id])).content
    found = BeautifulSoup(page, "html.parser").select_one(f"#commentaire-{comment.pk}")
    assert found is not None
    return [link["href"] for link in found.select(".comment-tools a")]


@pytest.mark.parametrize("visibility", [Visibility.PENDING, Visibility.PUBLISHED])
def test_its_author_withdraws_it_after_a_question(client, visibility):
    comment = make_comment(visibility=visibility)
    client.force_login(comment.author)
    assert tools(client, comment) == [screen(comment)]

    asked = client.get(screen(comment))
    assert comment.body in asked.content.decode()
    comment.refresh_from_db()
    assert comment.visibility == visibility
    for _click in range(2):
        answer = client.post(screen(comment))
        assert answer["Location"] == path_of(comment.contribution)

    comment.refresh_from_db()
    assert comment.visibility == Visibility.WITHDRAWN
    assert comment_thread(contribution=comment.contribution, viewer=comment.author) == []


def test_replies_stay_under_an_empty_place(client):
    comment = make_comment(body="Je me suis trompée.")
    reply = make_comment(parent=comment)
    services.withdraw_comment(comment=comment, actor=comment.author)
    page = client.get(reverse("core:comments", args=[comment.contribution_id])).content.decode()
    assert comment.body not in page
    assert reply.body in page


def test_others_report_it_and_find_no_such_page(client):
    comment = make_comment()
    reply = make_comment(parent=comment)
    client.force_login(reply.author)
    assert tools(client, comment) == [
        reverse("core:report", args=["comment", comment.pk]),
        screen(reply),
    ]
    for answer in (client.get(screen(comment)), client.post(screen(comment))):
        assert answer.status_code == 404
    client.logout()
    assert client.post(screen(comment)).status_code == 302
    with pytest.raises(Refused) as caught:
        services.withdraw_comment(comment=comment, actor=make_user())
    assert [refusal.code for refusal in caught.value.verdict.refusals] == ["not_author"]
    comment.refresh_from_db()
    assert comment.visibility == Visibility.PUBLISHED


@pytest.mark.parametrize("visibility", [Visibility.REJECTED, Visibility.HIDDEN])
def test_what_moderation_removed_stays_as_it_decided(client, visibility):
    comment = make_comment(visibility=visibility)
    client.force_login(comment.author)
    for answer in (client.get(screen(comment)), client.post(screen(comment))):
        assert "Ce commentaire n’est plus public" in answer.content.decode()
    comment.refresh_from_db()
    assert comment.visibility == visibility


def test_my_comments_offer_it_while_it_is_possible(client):
    author = make_user()
    offered = [make_comment(author=author), make_comment(author=author, visibility="pending")]
    make_comment(author=author, visibility="hidden")
    make_comment(author=author, visibility="withdrawn")
    client.force_login(author)
    page = client.get(reverse("space:comments")).content
    links = {link.get("href") for link in BeautifulSoup(page, "html.parser").select("a")}
    assert {link for link in links if link and link.endswith("/retirer/")} == {
        screen(comment) for comment in offered
    }
