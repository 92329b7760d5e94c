"""What becomes of a form that was sent."""

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from maps.photo_position import position_of
from participation.accounts.kept_forms import forget_form
from participation.core.choices import Visibility
from participation.core.throttle import within_limit
from participation.core.verdict import Refused
from participation.core.views.typed import sign_in_to_send
from participation.mapping import services
from participation.mapping.choices import Shape
from participation.mapping.forms import GuestForm, WishForm
from participation.mapping.models import MapContribution
from participation.mapping.views.map_page import MapPage
from participation.mapping.views.writing.desk import Desk, Outcome, expired, show
from participation.mapping.views.writing.queued import is_queued, refusal

PER_HOUR_GUEST, PER_HOUR_MEMBER = 10, 60


def receive(desk: Desk) -> HttpResponse:
    """One form sent: `action` is send, save, draft, look (what is nearby) or category."""
    request = desk.request
    action = request.POST.get("action", "send")
    form = desk.sent_form(as_draft=action == "draft")
    guest = GuestForm(request.POST) if desk.is_guest else None
    if request.form_expired:  # type: ignore[attr-defined]  # set by its decorator
        form.show_as_typed()
        return show(
            desk, form, replace(expired(), lost_files=bool(form.uploads)), guest=_as_typed(guest)
        )
    if action in ("category", "look", "position"):
        return _show_as_typed(desk, form, guest, looks=action == "look")
    if guest is not None and guest.is_trapped:
        return redirect("mapping:guest_sent", desk.page.slug)  # programs learn nothing
    if desk.is_visitor:
        if is_queued(request):
            return refusal([gettext("Sign in to contribute to this map.")], status=403)
        return sign_in_to_contribute(
            request,
            session_name(desk.page),
            path=reverse("mapping:new", args=[desk.page.slug]),
            category=str(desk.category.pk),
        )
    limit = PER_HOUR_MEMBER if desk.is_member else PER_HOUR_GUEST
    if not within_limit(request, action="map-send", limit=limit, seconds=3600):
        form.show_as_typed()
        return show(desk, form, _too_many(form), guest=_as_typed(guest))
    is_right = form.is_valid()
    if guest is not None:
        is_right = guest.is_valid() and is_right
    if not is_right:
        return show(desk, form, _kept(desk, form, Outcome()), guest=guest)
    if action == "send" and (question := _to_check(desk, form)) is not None:
        return show(desk, form, _kept(desk, form, question), guest=guest)
    try:
        answer = _write(desk, form, guest, action)
    except Refused as refused:
        outcome = Outcome(
            verdict=refused.verdict,
            lost_files=bool(form.uploads),
            status=403,
        )
        return show(desk, form, outcome, guest=guest)
    existing = desk.row.pk if desk.row else None
    forget_form(request, session_name(desk.page), session_name(desk.page, existing))
    return answer


def _to_check(desk: Desk, form: WishForm) -> Outcome | None:
    """What its author should see before it is sent: once each, and only what they did not see.

    Nobody looks at a form that waited for the network: it is sent as it was written.
    """
    known = services.find_by_key(_key(desk, form))
    if known is not None and known.contribution.visibility != Visibility.DRAFT:
        return None  # a second click: the service finds the first
    if is_queued(desk.request):
        return None
    posted = desk.request.POST
    if not posted.get("photo_place") and (place := _photo_place(desk, form)):
        return Outcome(photo_place=place)
    close = [] if posted.get("nearby_seen") else desk.nearby(form)
    return Outcome(nearby=close, asked_nearby=True) if close else None


def _photo_place(desk: Desk, form: WishForm) -> str:
    """Where a photo says it was taken (`latitude, longitude`), when nothing is drawn."""
    if form.wish().geometry is not None or Shape.POINT not in desk.category.shapes:
        return ""
    places = (position_of(upload) for upload in form.uploads)
    point = next((place for place in places if place is not None), None)
    return f"{point.y:.6f}, {point.x:.6f}" if point is not None else ""


def _write(desk: Desk, form: WishForm, guest: GuestForm | None, action: str) -> HttpResponse:
    page, request = desk.page, desk.request
    key = _key(desk, form)
    given: dict[str, Any] = {
        "map": page.map,
        "wish": form.wish(),
        "submission_key": key,
        "at": page.at,
    }
    if guest is not None:
        services.send_as_guest(
            email=guest.cleaned_data["email"],
            name=guest.cleaned_data["name"],
            language=request.LANGUAGE_CODE,
            **given,
        )
        return redirect("mapping:guest_sent", page.slug)
    if desk.row is not None and not desk.is_draft:
        services.change_contribution(
            contribution=desk.row,
            wish=form.wish(),
            actor=request.user,
            at=page.at,
            as_guest=bool(desk.token),
        )
        messages.success(request, gettext("Your changes are kept."))
        return redirect(_way_back(desk, desk.row))
    if desk.token:  # a guest's, not confirmed yet
        assert desk.row is not None  # noqa: S101 -- a link belongs to a contribution
        services.change_contribution(
            contribution=desk.row,
            wish=form.wish(),
            actor=request.user,
            at=page.at,
            as_guest=True,
        )
        messages.success(request, gettext("Your changes are kept."))
        return redirect(_way_back(desk, desk.row))
    if action == "draft":
        kept = services.keep_draft(author=request.user, **given)
        messages.success(request, gettext("Your draft is kept. Nobody else sees it."))
        return redirect("mapping:edit", page.slug, kept.pk)
    row = services.send_contribution(author=request.user, **given)
    return redirect("mapping:receipt", page.slug, row.pk)


def _way_back(desk: Desk, row: MapContribution) -> str:
    if desk.token:
        return reverse("mapping:guest", args=[desk.page.slug, desk.token])
    return reverse("mapping:contribution", args=[desk.page.slug, row.pk])


def _key(desk: Desk, form: WishForm) -> uuid.UUID:
    if desk.row is not None:
        return desk.row.contribution.submission_key
    key: uuid.UUID = form.cleaned_data.get("submission_key") or uuid.uuid4()
    return key


def _kept(desk: Desk, form: WishForm, outcome: Outcome) -> Outcome:
    """Photos received with a form that is shown again stay on a draft, for who has an account."""
    if not form.uploads or is_queued(desk.request):
        return outcome
    if not desk.is_member or not desk.is_draft or not form.cleaned_data.get("title"):
        return replace(outcome, lost_files=True)
    try:
        desk.row = services.keep_draft(
            map=desk.page.map,
            author=desk.request.user,
            wish=form.wish(),
            submission_key=_key(desk, form),
            at=desk.page.at,
        )
    except Refused as refused:
        said = [str(each) for each in refused.verdict.refusals]
        return replace(outcome, problems=said, lost_files=True)
    return outcome


def _show_as_typed(
    desk: Desk, form: WishForm, guest: GuestForm | None, *, looks: bool
) -> HttpResponse:
    form.show_as_typed()
    outcome = Outcome(nearby=desk.nearby(form) if looks else [], asked_nearby=looks)
    return show(desk, form, _kept(desk, form, outcome), guest=_as_typed(guest))


def _as_typed(guest: GuestForm | None) -> GuestForm | None:
    """What was typed, without judging it."""
    if guest is None:
        return None
    return GuestForm(initial={name: guest.data.get(name, "") for name in guest.fields})


def _too_many(form: WishForm) -> Outcome:
    return Outcome(
        status=429,
        is_for_later=True,
        lost_files=bool(form.uploads),
        problem=gettext(
            "A lot was sent from here in the last hour. To keep programs out, we take no more for "
            "now: what you wrote is kept below, send it again a little later."
        ),
    )


def session_name(page: MapPage, pk: int | None = None) -> str:
    """Where the text of a new contribution waits, or the changes to the contribution `pk`."""
    return f"map-typed-{page.map.pk}" + (f"-{pk}" if pk else "")


def sign_in_to_contribute(
    request: HttpRequest, name: str, *, path: str, category: str
) -> HttpResponse:
    """A visitor's text waits under `name` while they sign in or create an account."""
    said = gettext(
        "Sign in or create an account to send your contribution. What you wrote is kept."
    )
    return sign_in_to_send(request, name, path=path, said=said, category=category)
