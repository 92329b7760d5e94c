"""Who is here to vote, account or not: a short session that holds one elector's key, no more."""

import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from participation.core.models import Activity
from participation.electors import queries
from participation.electors.models import Elector, Electorate
from participation.electors.queries import Visit
from participation.electors.services import Proof

IDLE = datetime.timedelta(minutes=30)
IDLE_ON_SHARED_DEVICE = datetime.timedelta(minutes=5)
_ELECTOR = "elector"
_PROOF = "elector_proof"
_NOTED_EVERY = datetime.timedelta(minutes=1)
_KIOSK_COOKIE = "parvis_borne"
_KIOSK_SALT = "parvis.electors.kiosk"
_KIOSK_DAYS = 2


def current_elector(request: HttpRequest, activity: Activity) -> Elector | None:
    """Who votes in this request: the elector who came without an account, else the account's.

    None when nobody has come, when they have been away for more than half an hour (five minutes
    on a shared device), or when a code of theirs was cancelled since they came.
    """
    key = _held(request, _ELECTOR, activity.pk)
    if key is not None:
        visit = Visit(key, _since(request.session[_ELECTOR]))
        found = queries.elector_of_visit(activity=activity, visit=visit)
        if found is not None:
            return found
        del request.session[_ELECTOR]
    return queries.elector_of_account(activity=activity, account=request.user)


def visitor(request: HttpRequest) -> Visit | None:
    """Who came without an account and has not left, whatever the activity.

    Read only: what this visit was last used for is noted by the pages that lead here. Whether a
    code was cancelled since then is for the query that reads the elector.
    """
    held = request.session.get(_ELECTOR)
    key = _current(request, held)
    return None if held is None or key is None else Visit(key, _since(held))


def has_visit(request: HttpRequest, activity: Activity) -> bool:
    """Whether somebody came without an account and has not left."""
    return _held(request, _ELECTOR, activity.pk) is not None


def welcome(request: HttpRequest, elector: Elector) -> None:
    """Let this browser act as the elector for a while, under a fresh session key."""
    request.session.cycle_key()
    request.session.pop(_PROOF, None)
    note = _note(elector.electorate_id, elector.pk)
    request.session[_ELECTOR] = {**note, "since": note["seen"]}


def hold_proof(request: HttpRequest, *, electorate: Electorate, way: str, proof: Proof) -> None:
    """Remember what somebody proved, while they say who they are."""
    request.session.cycle_key()
    request.session[_PROOF] = _note(electorate.pk, [way, proof.kind, proof.digest])


def held_proof(request: HttpRequest, activity: Activity) -> tuple[str, Proof] | None:
    """`(way, proof)` of somebody who still has to say who they are."""
    held = _held(request, _PROOF, activity.pk)
    if held is None:
        return None
    way, kind, digest = held
    return way, Proof(kind, digest)


def leave(request: HttpRequest) -> None:
    """Forget the elector; on a shared device, or without an account, forget everything."""
    if request.user.is_authenticated and not on_shared_device(request):
        request.session.pop(_ELECTOR, None)
        request.session.pop(_PROOF, None)
    else:
        request.session.flush()


def _note(activity: int, what: Any) -> dict[str, Any]:
    return {"activity": activity, "what": what, "seen": timezone.now().timestamp()}


def _held(request: HttpRequest, name: str, activity: int) -> Any:
    held = request.session.get(name)
    if held is None or held["activity"] != activity:
        return None
    what = _current(request, held)
    now = timezone.now().timestamp()
    if what is not None and now - held["seen"] > _NOTED_EVERY.total_seconds():
        request.session[name] = {**held, "seen": now}
    return what


def _since(held: dict[str, Any]) -> datetime.datetime:
    """When a visit began. One noted before this was kept began when it was last used."""
    return datetime.datetime.fromtimestamp(held.get("since", held["seen"]), datetime.UTC)


def _current(request: HttpRequest, held: dict[str, Any] | None) -> Any:
    """What a note holds, unless it was written too long ago."""
    if held is None:
        return None
    idle = IDLE_ON_SHARED_DEVICE if on_shared_device(request) else IDLE
    is_late = timezone.now().timestamp() - held["seen"] > idle.total_seconds()
    return None if is_late else held["what"]


def on_shared_device(request: HttpRequest) -> bool:
    """Whether this browser serves several voters one after the other, as a desk set it up."""
    return request.get_signed_cookie(_KIOSK_COOKIE, default="", salt=_KIOSK_SALT) != ""


def share_device(response: HttpResponse, *, activity: Activity, is_secure: bool) -> None:
    """Make this browser a voting booth of the activity for two days at most."""
    response.set_signed_cookie(
        _KIOSK_COOKIE,
        str(activity.pk),
        salt=_KIOSK_SALT,
        max_age=_KIOSK_DAYS * 86_400,
        secure=is_secure,
        httponly=True,
        samesite="Lax",
    )


def stop_sharing_device(response: HttpResponse) -> None:
    """Make this browser somebody's own again."""
    response.delete_cookie(_KIOSK_COOKIE)


def shared_activity(request: HttpRequest) -> int | None:
    """The activity whose voting booth this browser is."""
    value = request.get_signed_cookie(_KIOSK_COOKIE, default="", salt=_KIOSK_SALT)
    return int(value) if value else None


def address_of(request: HttpRequest) -> str:
    """The network address of whoever sends this request, to be kept by nobody; empty on the device
    of a desk, which is everybody's."""
    return "" if on_shared_device(request) else get_adapter(request).get_client_ip(request) or ""
