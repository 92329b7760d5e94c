"""Registrations of an event: the list, each one, those that staff takes, gives or cancels."""

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import Button, HeaderButton

from participation.agenda import policies, services
from participation.agenda.choices import RegistrationState
from participation.agenda.models import Event, Registration, Seating
from participation.agenda.office.forms.registrations import (
    CancelRegistrationForm,
    StaffRegistrationForm,
)
from participation.agenda.office.shared import (
    EventScreen,
    Guarded,
    Listing,
    add_refusals,
    event_trail,
)
from participation.agenda.queries.registrations import registration_counts, registrations_of
from participation.agenda.queries.seats import rank_of
from participation.agenda.resources import REGISTRATION_HEADINGS, RegistrationResource
from participation.core.sheets import CONTENT_TYPES, write_sheet
from participation.core.verdict import Refused
from participation.core.viewsets.shared import moment

_SEARCHED = ("name", "email")


class RegistrationFilter(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=RegistrationState.choices)
    kept = django_filters.BooleanFilter(label=_("On a kept seat"), field_name="on_reserved_seat")
    needs = django_filters.BooleanFilter(
        label=_("Accessibility needs"), method="with_needs", field_name="needs"
    )
    came = django_filters.BooleanFilter(
        label=_("Arrived"), field_name="arrived_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Registration
        fields: list[str] = []

    def with_needs(self, rows: Any, _name: str, value: bool) -> Any:
        return rows.exclude(needs="") if value else rows.filter(needs="")


class RegistrationListing(Listing):
    """Who registered to one event, in the order of the list."""

    policy = staticmethod(policies.may_run_events)
    page_title = _("Registrations")
    header_icon = "group"
    template_name = "agenda_admin/registrations.html"
    is_searchable = True
    search_fields = list(_SEARCHED)
    filterset_class = RegistrationFilter
    export_url_name = "agenda_event:registrations_export"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.model = Registration
        self.event = get_object_or_404(Event, pk=kwargs["pk"])

    def get_index_url(self) -> str:
        return reverse("agenda_event:registrations", args=[self.event.pk])

    def get_index_results_url(self) -> str:
        return reverse("agenda_event:registrations_results", args=[self.event.pk])

    def get_base_queryset(self) -> Any:
        return registrations_of(event=self.event)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        way = [{"url": url, "label": label} for url, label in event_trail(self.event)]
        return [*self.breadcrumbs_items, *way, {"url": "", "label": self.page_title}]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        def address(name: str) -> str:
            return reverse(f"agenda_event:{name}", args=[self.event.pk])

        return [
            HeaderButton(_("Register somebody"), url=address("register"), icon_name="plus"),
            HeaderButton(_("Give a kept seat"), url=address("kept_seat"), icon_name="user"),
        ]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        asked = self.request.GET.copy()
        asked.pop("p", None)
        way = reverse(self.export_url_name, args=[self.event.pk])

        def button(kind: str, label: Any, priority: int) -> Button:
            asked["format"] = kind
            return Button(
                label, url=f"{way}?{asked.urlencode()}", icon_name="download", priority=priority
            )

        return [
            button("csv", _("Export as CSV"), 90),
            button("xlsx", _("Export for Excel (XLSX)"), 91),
        ]

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn(
                "name",
                label=_("Name"),
                accessor=name_of,
                get_url=lambda row: reverse(
                    "agenda_event:registration", args=[row.event_id, row.pk]
                ),
            ),
            Column("seats", label=_("Seats")),
            Column("state", label=_("State"), accessor=state_of),
            Column("needs", label=_("Needs"), accessor=lambda row: row.needs[:60]),
            moment("created_at", label=_("Asked")),
            moment("arrived_at", label=_("Arrived")),
        ]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        seating = Seating.objects.filter(event=self.event).first()
        return super().get_context_data(
            *args,
            event=self.event,
            counts=registration_counts(event=self.event),
            seating=seating,
            **kwargs,
        )


class RegistrationResults(RegistrationListing):
    results_only = True


def name_of(row: Registration) -> str:
    return row.name or gettext("Forgotten")


def state_of(row: Registration) -> str:
    words = str(row.get_state_display())
    return gettext("%(state)s (kept seat)") % {"state": words} if row.on_reserved_seat else words


class RegistrationExport(Guarded, View):
    """The list as CSV or XLSX, with the same filters as on the screen."""

    policy = staticmethod(policies.may_run_events)
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        event = get_object_or_404(Event, pk=kwargs["pk"])
        kind = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
        rows: Any = registrations_of(event=event)
        filters = RegistrationFilter(request.GET, queryset=rows, request=request)
        if filters.is_valid():
            rows = filters.filter_queryset(rows)
        if text := request.GET.get("q", "").strip():
            rows = rows.filter(name__icontains=text) | rows.filter(email__icontains=text)
        content = write_sheet(
            RegistrationResource().export(rows), kind, headings=REGISTRATION_HEADINGS
        )
        name = f"inscriptions-{event.slug}-{timezone.localdate():%Y-%m-%d}.{kind}"
        return HttpResponse(
            content,
            content_type=CONTENT_TYPES[kind],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class _RegistrationScreen(EventScreen):
    """A page under the list of registrations."""

    header_icon = "group"

    def trail(self) -> list[tuple[str, str]]:
        return [
            *super().trail(),
            (self.back, gettext("Registrations")),
        ]

    @property
    def back(self) -> str:
        return reverse("agenda_event:registrations", args=[self.event.pk])


class RegisterSomebody(_RegistrationScreen):
    """An ordinary seat, for who telephones or comes to the town hall."""

    page_title = _("Register somebody")
    template_name = "agenda_admin/register.html"
    intro: Any = _(
        "An ordinary registration, with the rules of everybody: a seat if one is free, else the "
        "waiting list."
    )
    button: Any = _("Register this person")
    asks = True

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.seating = Seating.objects.filter(event=self.event).first()

    def new_form(self, data: Any = None) -> StaffRegistrationForm | None:
        if self.seating is None:
            return None
        questions = list(self.event.questions.all()) if self.asks else []
        return StaffRegistrationForm(data, seating=self.seating, questions=questions)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.new_form())
        return super().get_context_data(
            intro=self.intro,
            button=self.button,
            back=self.back,
            seating_url=reverse("agenda_event:seating", args=[self.event.pk]),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.new_form(request.POST)
        if form is None:
            return self.get(request)
        if not form.is_valid():
            return self.show(form=form)
        try:
            row = self.act(form, request.user)
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(form=form)
        messages.success(
            request,
            gettext("%(name)s: %(state)s.") % {"name": row.name, "state": row.get_state_display()},
        )
        return HttpResponseRedirect(self.back)

    def act(self, form: StaffRegistrationForm, actor: Any) -> Registration:
        return services.add_by_staff(**self.said(form), actor=actor, at=timezone.now())

    def said(self, form: StaffRegistrationForm) -> dict[str, Any]:
        return {
            "event": self.event,
            "email": form.cleaned_data["email"],
            "language": form.cleaned_data["language"],
            "party": form.party(),
            "submission_key": form.cleaned_data["key"],
        }


class GiveKeptSeat(RegisterSomebody):
    """A seat kept by the organiser; somebody who waits leaves the list for it."""

    page_title = _("Give a kept seat")
    intro = _(
        "A seat that you keep. Somebody who is on the waiting list with this address leaves it."
    )
    button = _("Give the seat")
    asks = False

    def act(self, form: StaffRegistrationForm, actor: Any) -> Registration:
        return services.give_kept_seat(**self.said(form), actor=actor, at=timezone.now())


class OneRegistration(_RegistrationScreen):
    """One registration: who, what was answered, what became of it."""

    template_name = "agenda_admin/registration.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.row = get_object_or_404(
            Registration.objects.select_related("event"),
            event=self.event,
            pk=kwargs["registration"],
        )

    def get_page_title(self) -> str:
        return name_of(self.row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, user = timezone.now(), self.request.user
        may_read = bool(policies.may_read_needs(user=user))
        return super().get_context_data(
            row=self.row,
            rank=rank_of(self.row),
            may_read=may_read,
            answers=self.row.answers.select_related("question").order_by("question__position")
            if may_read
            else (),
            may_cancel=policies.may_change_registration(
                registration=self.row, event=self.event, at=now
            ),
            cancel_url=reverse(
                "agenda_event:registration_cancel", args=[self.event.pk, self.row.pk]
            ),
            **kwargs,
        )


class CancelRegistration(OneRegistration):
    """Cancel it; the person is told why, and the seat is offered to the next."""

    template_name = "agenda_admin/transition.html"

    def get_page_title(self) -> str:
        return gettext("Cancel the registration of %(name)s") % {"name": name_of(self.row)}

    def trail(self) -> list[tuple[str, str]]:
        return [*super().trail(), (self.page_of_row, name_of(self.row))]

    @property
    def page_of_row(self) -> str:
        return reverse("agenda_event:registration", args=[self.event.pk, self.row.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", CancelRegistrationForm())
        return super().get_context_data(
            intro=_("The reason is told by mail; the seat is offered to the next who waits."),
            button=_("Cancel this registration"),
            back=self.page_of_row,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = CancelRegistrationForm(request.POST)
        return self.attempt(
            lambda: services.cancel_by_staff(
                registration=self.row,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The registration is cancelled."),
            to=self.page_of_row,
        )


SCREENS: list[tuple[str, Any, str]] = [
    ("<int:pk>/inscrits/", RegistrationListing, "registrations"),
    ("<int:pk>/inscrits/resultats/", RegistrationResults, "registrations_results"),
    ("<int:pk>/inscrits/export/", RegistrationExport, "registrations_export"),
    ("<int:pk>/inscrits/inscrire/", RegisterSomebody, "register"),
    ("<int:pk>/inscrits/place-gardee/", GiveKeptSeat, "kept_seat"),
    ("<int:pk>/inscrits/<int:registration>/", OneRegistration, "registration"),
    (
        "<int:pk>/inscrits/<int:registration>/annuler/",
        CancelRegistration,
        "registration_cancel",
    ),
]
