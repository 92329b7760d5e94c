"""One form page: who writes, on which map, about which contribution.

What somebody typed is never lost: a form that cannot be accepted is shown again as it was, the
photos already received stay on the draft of who has an account, and a visitor who has to sign in
finds the text again.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext

from participation.core.choices import Visibility
from participation.core.models import Attachment
from participation.core.verdict import Verdict
from participation.mapping import policies, queries
from participation.mapping.forms import GuestForm, WishForm, initial_for, joined_photos
from participation.mapping.models import MapCategory, MapContribution
from participation.mapping.views.map_page import MapPage
from participation.mapping.views.writing.queued import errors_of, is_queued, refusal


@dataclass
class Desk:
    """`row` is what is being changed; `token` the secret link of its author without an account."""

    request: HttpRequest
    page: MapPage
    category: MapCategory
    row: MapContribution | None = None
    token: str = ""

    @property
    def is_member(self) -> bool:
        return bool(self.request.user.is_authenticated)

    @property
    def is_guest(self) -> bool:
        """Somebody without an account may send a first contribution here."""
        return not self.is_member and self.row is None and policies.takes_guests(self.page.map)

    @property
    def is_visitor(self) -> bool:
        """Somebody who may write, and will sign in to send."""
        return not self.is_member and self.row is None and not self.is_guest

    @property
    def is_draft(self) -> bool:
        return self.row is None or self.row.contribution.visibility == Visibility.DRAFT

    def blank_form(self, typed: QueryDict | None = None) -> WishForm:
        """The form of a first visit; `typed` is what was kept while somebody signed in."""
        form = WishForm(
            typed,
            initial=self._initial(),
            map=self.page.map,
            category=self.category,
            with_files=not self.is_visitor,
            joined=joined_photos(self.row),
        )
        if typed:
            form.show_as_typed()
        return form

    def sent_form(self, *, as_draft: bool = False) -> WishForm:
        """The form as it was sent; the place of a photo takes that of the drawing when asked."""
        data: QueryDict = self.request.POST
        if data.get("action") == "position":
            data = data.copy()
            data["place_kind"], data["place_vertices"] = "point", data.get("photo_place", "")
        return WishForm(
            data,
            self.request.FILES,
            map=self.page.map,
            category=self.category,
            as_draft=as_draft,
            with_files=not self.is_visitor,
            joined=joined_photos(self.row),
        )

    def _initial(self) -> dict[str, Any]:
        if self.row is not None:
            return initial_for(self.row, category=self.category)
        return {"submission_key": uuid.uuid4()}

    def files(self) -> list[Attachment]:
        """What is joined already, photos that answer questions left out: they show beside them."""
        if self.row is None:
            return []
        answering = {photo.pk for photo in joined_photos(self.row).values()}
        files = self.row.contribution.attachments.order_by("position", "pk")
        return [each for each in files if each.pk not in answering]

    def nearby(self, form: WishForm) -> list[MapContribution]:
        """Contributions of the same category close to what is drawn; call after validation."""
        geometry = form.wish().geometry
        if geometry is None or not self.page.sees_others or not self.is_draft:
            return []
        found = queries.nearby(map=self.page.map, category=self.category, geometry=geometry)
        return [each for each in found if self.row is None or each.pk != self.row.pk]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the form page has to say besides the form; `is_for_later`: the same form may pass."""

    verdict: Verdict | None = None
    problem: str = ""
    problems: list[str] = field(default_factory=list)
    lost_files: bool = False
    nearby: list[MapContribution] = field(default_factory=list)
    asked_nearby: bool = False
    photo_place: str = ""
    is_first_visit: bool = False
    is_for_later: bool = False
    status: int = 200


def show(
    desk: Desk, form: WishForm, outcome: Outcome, *, guest: GuestForm | None = None
) -> HttpResponse:
    """The form page. On a first visit, a refusal other than "sign in" takes the form's place.

    A form that waited on somebody's device is answered by its reasons alone.
    """
    refusals = outcome.verdict.refusals if outcome.verdict is not None else ()
    if is_queued(desk.request):
        said = [outcome.problem, *map(str, refusals), *outcome.problems]
        return refusal(
            [*filter(None, said), *errors_of(form), *errors_of(guest)],
            status=outcome.status,
            later=outcome.is_for_later,
        )
    blocking = [refusal for refusal in refusals if refusal.code != "anonymous"]
    if desk.is_guest and guest is None:
        guest = GuestForm()
    context = desk.page.context(
        "new",
        form=form,
        guest_form=guest,
        row=desk.row,
        token=desk.token,
        category=desk.category,
        categories=desk.page.categories,
        is_draft=desk.is_draft,
        is_visitor=desk.is_visitor,
        reasons=blocking,
        shows_form=not (outcome.is_first_visit and blocking),
        problem=outcome.problem,
        problems=outcome.problems,
        lost_files=outcome.lost_files,
        nearby=outcome.nearby,
        asked_nearby=outcome.asked_nearby,
        may_support=desk.is_member,
        photo_place=outcome.photo_place,
        files=desk.files(),
        has_errors=bool(form.errors or (guest is not None and guest.errors)),
    )
    return render(desk.request, "mapping/form.html", context, status=outcome.status)


def expired() -> Outcome:
    """The security token of the form no longer holds."""
    return Outcome(
        status=403,
        is_for_later=True,
        problem=gettext(
            "This form had been open for too long, or you signed in again meanwhile. "
            "What you wrote is kept below: check it and send it again."
        ),
    )
