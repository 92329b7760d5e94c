"""The rows of an event: programme, speakers, documents, stops, preparation, costs, registration."""

from dataclasses import dataclass
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from participation.agenda.choices import DocumentKind
from participation.agenda.models import (
    BudgetLine,
    Event,
    EventDocument,
    LogisticsTask,
    ProgrammeEntry,
    RegistrationQuestion,
    Seating,
    Speaker,
    Stop,
)
from participation.agenda.office import forms
from participation.agenda.office.shared import EventScreen
from participation.agenda.services.ordering import ORDERED, move_part
from participation.agenda.services.organising import (
    add_document,
    remove_part,
    save_part,
    save_seating,
)
from participation.core.dates import date_format


def euros(cents: int | None) -> str:
    """`1 250,00 €`; empty for None."""
    if cents is None:
        return ""
    amount = number_format(f"{cents // 100}.{cents % 100:02d}", 2, force_grouping=True)
    return gettext("€%(amount)s") % {"amount": amount}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: its key, its name, what else it says."""

    pk: int
    name: str
    details: str


class Parts(EventScreen):
    """The rows of one kind, with one form: a new one, or the one in the address."""

    template_name = "agenda_admin/parts.html"
    row_model: Any
    form_class: Any
    place: str

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.part = None
        if "part" in kwargs:
            self.part = get_object_or_404(self.row_model, event=self.event, pk=kwargs["part"])

    @property
    def here(self) -> str:
        return reverse(f"agenda_event:{self.place}", args=[self.event.pk])

    def details(self, row: Any) -> str:
        return ""

    def total(self, rows: list[Any]) -> str:
        return ""

    def new_form(self, data: Any = None, files: Any = None) -> Any:
        return self.form_class(data, instance=self.part)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.new_form())
        rows = list(self.row_model.objects.filter(event=self.event))
        return super().get_context_data(
            rows=[Row(row.pk, str(row), self.details(row)) for row in rows],
            total=self.total(rows),
            part=self.part,
            here=self.here,
            place=self.place,
            is_ordered=self.row_model in ORDERED and len(rows) > 1,
            one="" if self.place == "documents" else f"agenda_event:{self.place}_one",
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.new_form(request.POST)
        return self.attempt(
            lambda: save_part(event=self.event, part=form.row(), actor=request.user),
            form=form,
            done=gettext("It is saved."),
            to=self.here,
        )


class Speakers(Parts):
    page_title = _("Speakers")
    row_model, form_class, place = Speaker, forms.SpeakerForm, "speakers"

    def details(self, row: Speaker) -> str:
        return row.role


class Programme(Parts):
    page_title = _("Programme")
    row_model, form_class, place = ProgrammeEntry, forms.ProgrammeForm, "programme"

    def details(self, row: ProgrammeEntry) -> str:
        return f"{row.starts_at:%H:%M}"


class Stops(Parts):
    page_title = _("Stops of the visit")
    row_model, form_class, place = Stop, forms.StopForm, "stops"

    def details(self, row: Stop) -> str:
        return gettext("Stop %(number)s") % {"number": row.position}


class Logistics(Parts):
    page_title = _("Things to make ready")
    row_model, form_class, place = LogisticsTask, forms.LogisticsForm, "logistics"

    def details(self, row: LogisticsTask) -> str:
        due = date_format(row.due_on, "SHORT_DATE_FORMAT") if row.due_on else ""
        done = gettext("Done") if row.done_at else gettext("To do")
        return " · ".join(each for each in (done, row.owner, due) if each)


class Costs(Parts):
    page_title = _("Costs")
    row_model, form_class, place = BudgetLine, forms.BudgetLineForm, "costs"

    def details(self, row: BudgetLine) -> str:
        return self._words(row.planned, row.spent)

    def total(self, rows: list[BudgetLine]) -> str:
        planned = sum(row.planned for row in rows)
        return self._words(planned, sum(row.spent or 0 for row in rows))

    def _words(self, planned: int, spent: int | None) -> str:
        words = gettext("planned: %(amount)s") % {"amount": euros(planned)}
        if spent is None:
            return words
        return words + " · " + gettext("spent: %(amount)s") % {"amount": euros(spent)}


class Questions(Parts):
    page_title = _("Questions at registration")
    row_model, form_class, place = RegistrationQuestion, forms.QuestionForm, "asked"

    def details(self, row: RegistrationQuestion) -> str:
        return str(row.get_kind_display())


class Documents(Parts):
    page_title = _("Documents and photos")
    row_model, form_class, place = EventDocument, forms.DocumentForm, "documents"

    def new_form(self, data: Any = None, files: Any = None) -> Any:
        return self.form_class(data, files)

    def details(self, row: EventDocument) -> str:
        if row.kind == DocumentKind.PHOTO and not row.consent:
            return gettext("Photo without consent: not public")
        return str(row.get_kind_display())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.new_form(request.POST, request.FILES)

        def act() -> None:
            data = dict(form.cleaned_data)
            add_document(
                event=self.event,
                upload=data.pop("file"),
                actor=request.user,
                at=timezone.now(),
                **data,
            )

        return self.attempt(act, form=form, done=gettext("It is saved."), to=self.here)


class Remove(EventScreen):
    """Take one row away; `kind` of the address says of which table."""

    http_method_names = ["post"]
    page_title = _("Remove")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        screen = _screen_of(kwargs["place"])
        part = get_object_or_404(screen.row_model, event=self.event, pk=kwargs["part"])
        remove_part(part=part, actor=request.user)
        messages.success(request, gettext("It is removed."))
        return HttpResponseRedirect(reverse(f"agenda_event:{screen.place}", args=[self.event.pk]))


class Reorder(EventScreen):
    """Give one row the place before its own, or after, as `way` says: `up` or `down`."""

    http_method_names = ["post"]
    page_title = _("Order")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        screen, way = _screen_of(kwargs["place"]), request.POST.get("way")
        if screen.row_model not in ORDERED or way not in ("up", "down"):
            return HttpResponseBadRequest()
        part = get_object_or_404(screen.row_model, event=self.event, pk=kwargs["part"])
        place = move_part(part=part, earlier=way == "up", actor=request.user)
        words = gettext("“%(name)s” is now number %(place)s.")
        messages.success(request, words % {"name": part, "place": place})
        here = reverse(f"agenda_event:{screen.place}", args=[self.event.pk])
        return HttpResponseRedirect(f"{here}#rang-{part.pk}")


class Registration(EventScreen):
    page_title = _("Registration")
    template_name = "agenda_admin/transition.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", forms.SeatingForm(event=self.event))
        return super().get_context_data(
            intro=_("Seats, the waiting list and when registration is open."),
            button=_("Save"),
            back=reverse("agenda_event:board", args=[self.event.pk]),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = forms.SeatingForm(request.POST, event=self.event)
        return self.attempt(
            lambda: save_seating(
                event=self.event, seating=form.row(), actor=request.user, at=timezone.now()
            ),
            form=form,
            done=gettext("Registration is set."),
            to=reverse("agenda_event:board", args=[self.event.pk]),
        )


_PATHS: list[tuple[str, type[Parts]]] = [
    ("programme", Programme),
    ("intervenants", Speakers),
    ("documents", Documents),
    ("etapes", Stops),
    ("preparation", Logistics),
    ("couts", Costs),
    ("questions-inscription", Questions),
]
BY_PLACE = {screen.place: screen for _path, screen in _PATHS}


def _screen_of(place: str) -> type[Parts]:
    if place not in BY_PLACE:
        raise Http404
    return BY_PLACE[place]


SCREENS: list[tuple[str, Any, str]] = [
    ("<int:pk>/inscription/", Registration, "seating"),
    *((f"<int:pk>/{path}/", screen, screen.place) for path, screen in _PATHS),
    *(
        (f"<int:pk>/{path}/<int:part>/", screen, f"{screen.place}_one")
        for path, screen in _PATHS
        if screen is not Documents
    ),
    ("<int:pk>/ordre/<slug:place>/<int:part>/", Reorder, "part_order"),
    ("<int:pk>/retirer/<slug:place>/<int:part>/", Remove, "part_remove"),
]


@dataclass(frozen=True, slots=True)
class Section:
    """A link of the board: its words, how many rows, its address."""

    label: str
    count: int
    url: str


def sections_of(event: Event) -> list[Section]:
    """What an event is made of, with how much of each; one query per kind."""
    seats = Seating.objects.filter(event=event).values_list("capacity", flat=True).first()
    return [
        *(
            Section(
                str(screen.page_title),
                screen.row_model.objects.filter(event=event).count(),
                reverse(f"agenda_event:{screen.place}", args=[event.pk]),
            )
            for _path, screen in _PATHS
        ),
        Section(
            gettext("Seats for registration"),
            seats or 0,
            reverse("agenda_event:seating", args=[event.pk]),
        ),
    ]
