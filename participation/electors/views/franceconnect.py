"""Come with FranceConnect: there, back, and their session closed at once.

Nothing is kept but a keyed digest of the `sub`, and no account is made.
"""

import logging
import secrets
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from participation.accounts import franceconnect
from participation.core.throttle import within_limit
from participation.electors import visits
from participation.electors.choices import IdentityKind, Way
from participation.electors.services import Proof
from participation.electors.views.shared import open_entrance, too_fast

_TALK = "franceconnect"
_LEAVING = "franceconnect_leaving"
_TEN_MINUTES = 600
_log = logging.getLogger(__name__)


@never_cache
@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the person to FranceConnect, with a state and a nonce used once."""
    entrance = open_entrance(request, slug)
    if Way.FRANCECONNECT not in entrance.electorate.ways or not franceconnect.is_configured():
        raise Http404
    if not within_limit(request, action="franceconnect", limit=20, seconds=600):
        return too_fast(request, entrance)
    state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    try:
        url = franceconnect.authorization_url(
            redirect_uri=_absolute("franceconnect_back"), state=state, nonce=nonce
        )
    except franceconnect.NotProven as error:
        return _failed(request, entrance.to("entry"), error)
    request.session[_TALK] = {
        "state": state,
        "nonce": nonce,
        "slug": slug,
        "next": entrance.back,
        "at": timezone.now().timestamp(),
    }
    return HttpResponseRedirect(url)


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """FranceConnect sends the person back here, whatever the vote.

    This is a GET by the protocol: it writes nothing but the session. The next page enters the
    person, by a button.
    """
    talk = request.session.pop(_TALK, None)
    if talk is None or not _is_ours(talk, request.GET.get("state", "")):
        return _failed(request, "/", franceconnect.NotProven("another state"))
    entrance = replace(open_entrance(request, talk["slug"]), back=talk["next"])
    if "code" not in request.GET:
        return _failed(request, entrance.to("entry"), franceconnect.NotProven("given up"))
    try:
        person = franceconnect.prove(
            code=request.GET["code"],
            redirect_uri=_absolute("franceconnect_back"),
            nonce=talk["nonce"],
        )
    except franceconnect.NotProven as error:
        return _failed(request, entrance.to("entry"), error)
    proof = Proof.of(entrance.electorate, IdentityKind.FRANCECONNECT, person.sub)
    visits.hold_proof(request, electorate=entrance.electorate, way=Way.FRANCECONNECT, proof=proof)
    return _close_their_session(request, person.id_token, entrance.to("arrival"))


@never_cache
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """FranceConnect has closed its session: go on."""
    leaving = request.session.pop(_LEAVING, None)
    if leaving is None or not _is_ours(leaving, request.GET.get("state", "")):
        return HttpResponseRedirect("/")
    return HttpResponseRedirect(leaving["next"])


def _close_their_session(request: HttpRequest, id_token: str, where: str) -> HttpResponse:
    """On a shared device the next voter must not find the first one's session open there."""
    state = secrets.token_urlsafe(32)
    request.session[_LEAVING] = {
        "state": state,
        "next": where,
        "at": timezone.now().timestamp(),
    }
    url = franceconnect.logout_url(
        id_token=id_token, state=state, back=_absolute("franceconnect_left")
    )
    return HttpResponseRedirect(url)


def _is_ours(talk: dict[str, Any], state: str) -> bool:
    age = timezone.now().timestamp() - talk["at"]
    return secrets.compare_digest(talk["state"].encode(), state.encode()) and age < _TEN_MINUTES


def _failed(request: HttpRequest, where: str, error: Exception) -> HttpResponse:
    _log.warning("FranceConnect: %s", error)
    messages.error(
        request,
        gettext("FranceConnect could not tell us who you are. Try again, or come another way."),
    )
    return HttpResponseRedirect(where)


def _absolute(name: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{reverse(f'electors:{name}')}"
