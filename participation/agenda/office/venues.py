"""Rooms: where they are, what they offer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from participation.agenda import policies
from participation.agenda.models import Venue
from participation.agenda.office.forms import VenueForm
from participation.agenda.office.shared import Desk, Listing, Screen
from participation.agenda.services.organising import save_venue


class VenueListing(Listing):
    policy = staticmethod(policies.may_run_events)
    page_title = _("Rooms")
    is_searchable = True
    search_fields = ["name", "address"]

    def get_base_queryset(self) -> Any:
        return Venue.objects.order_by("name", "pk")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(_("New room"), url=reverse("agenda_venue:new"), icon_name="plus")]

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn(
                "name",
                label=_("Name"),
                get_url=lambda row: reverse("agenda_venue:one", args=[row.pk]),
            ),
            Column("address", label=_("Address"), accessor="address"),
            Column("seats", label=_("Seats"), accessor="seats"),
        ]


class OneVenue(Screen):
    policy = staticmethod(policies.may_run_events)
    page_title = _("Room")
    header_icon = "home"
    template_name = "agenda_admin/event_form.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.venue = get_object_or_404(Venue, pk=kwargs["pk"]) if "pk" in kwargs else None

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("agenda_venue:index"), gettext("Rooms"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", VenueForm(instance=self.venue))
        return super().get_context_data(back=reverse("agenda_venue:index"), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = VenueForm(request.POST, instance=self.venue)
        return self.attempt(
            lambda: save_venue(venue=form.row(), actor=request.user),
            form=form,
            done=gettext("The room is saved."),
            to=reverse("agenda_venue:index"),
        )


class VenueDesk(Desk):
    name = "agenda_venue"
    url_prefix = "agenda/salles"
    model = Venue
    icon = "home"
    menu_label = _("Rooms")
    listing = VenueListing

    def screens(self) -> list[tuple[str, Any, str]]:
        return [("nouvelle/", OneVenue, "new"), ("<int:pk>/", OneVenue, "one")]
