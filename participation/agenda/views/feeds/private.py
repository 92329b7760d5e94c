"""The agenda of what one person follows, by a secret address."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from participation.agenda.queries import feeds
from participation.agenda.services.feeds import digest_of, open_feed, revoke_feed
from participation.agenda.views.feeds.sending import PRIVATE, send
from participation.core.account.views.shared import member, member_page
from participation.core.mails import absolute


@require_safe
def followed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """What the owner of this address follows, and the events where they registered."""
    key = feeds.key_of_feed(digest_of(secret))
    if key is None or not key.user.is_active:
        return _closed(404, gettext("This address leads to no agenda: copy it again whole."))
    if key.revoked_at is not None:
        return _closed(
            410,
            gettext(
                "This private address was revoked. Its owner can make another one in their "
                "personal space, and remove this one from their calendar."
            ),
        )
    response = send(request, feeds.followed_by(key.user), "ics", cache=PRIVATE)
    response["X-Robots-Tag"] = "noindex"
    return response


def _closed(status: int, text: str) -> HttpResponse:
    response = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = PRIVATE
    return response


@require_safe
@member_page
def mine(request: HttpRequest) -> HttpResponse:
    """Whether there is a private address; how to make one, and to revoke it."""
    return _page(request)


@require_POST
@member_page
def make(request: HttpRequest) -> HttpResponse:
    """Make the address and show it, this once."""
    secret = open_feed(user=member(request), at=timezone.now())
    return _page(request, address=absolute(reverse("agenda:feed_private", args=[secret])))


@require_POST
@member_page
def revoke(request: HttpRequest) -> HttpResponse:
    revoke_feed(user=member(request), at=timezone.now())
    return redirect("agenda:my_feed")


def _page(request: HttpRequest, *, address: str = "") -> HttpResponse:
    key = feeds.live_key(member(request))
    return render(request, "agenda/my_feed.html", {"key": key, "address": address})
