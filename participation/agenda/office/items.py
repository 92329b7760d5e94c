"""The planning of the agenda: the list of items, and the page of each."""

import datetime
from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from participation.agenda import policies, services
from participation.agenda.choices import Certainty
from participation.agenda.forms.items import DatesForm, DropForm, ItemForm, MoveForm, NewItemForm
from participation.agenda.models import AgendaItem, CitizenAgenda, Theme
from participation.agenda.office.planning import PlanningTimeline
from participation.agenda.office.shared import Desk, Listing, Screen
from participation.agenda.presentation.dates import period_words
from participation.agenda.queries.conflicts import mandate_words
from participation.agenda.queries.planning import warnings_of_item

_DAY = datetime.timedelta(days=1)
_VERBS = {
    "propose": (services.propose_item, _("It is proposed to the elected officials.")),
    "validate": (services.validate_item, _("The visa is given.")),
    "announce": (services.announce_item, _("It is announced: the public reads it.")),
    "start": (services.start_item, _("It has begun.")),
    "finish": (services.finish_item, _("It is done.")),
}
_LABELS = {
    "propose": _("Propose to the elected officials"),
    "validate": _("Give the visa"),
    "announce": _("Announce"),
    "start": _("Say that it has begun"),
    "finish": _("Say that it is done"),
}


def when(item: AgendaItem) -> str:
    """Its dates in words."""
    return period_words(item.window.lower, item.window.upper, item.precision)


class ItemFilter(WagtailFilterSet):
    certainty = django_filters.ChoiceFilter(label=_("Certainty"), choices=Certainty.choices)
    theme = django_filters.ModelChoiceFilter(
        label=_("Theme"), queryset=lambda request: Theme.objects.order_by("position", "name")
    )

    class Meta:
        model = AgendaItem
        fields: list[str] = []


class ItemListing(Listing):
    page_title = _("Planning of the agenda")
    intro = _("From the idea to what was done. The public reads what is announced.")
    filterset_class = ItemFilter
    is_searchable = True
    search_fields = ["title"]

    def get_base_queryset(self) -> Any:
        return (
            AgendaItem.objects.select_related("theme", "territory", "directorate")
            .defer("territory__geometry")
            .order_by("window", "pk")
        )

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        shown = [
            HeaderButton(_("Timeline"), url=reverse("agenda_item:timeline"), icon_name="calendar")
        ]
        if policies.may_plan(user=self.request.user):
            url = reverse("agenda_item:new")
            shown.append(HeaderButton(_("New idea"), url=url, icon_name="plus"))
        return shown

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn(
                "title",
                label=_("Title"),
                get_url=lambda item: reverse("agenda_item:board", args=[item.pk]),
            ),
            Column("when", label=_("When"), accessor=when, sort_key="window"),
            Column("theme", label=_("Theme"), accessor="theme.name"),
            Column("territory", label=_("Territory"), accessor=lambda row: row.territory or "–"),
            Column(
                "directorate", label=_("Directorate"), accessor=lambda row: row.directorate or "–"
            ),
            StatusTagColumn(
                "certainty",
                label=_("Certainty"),
                accessor=lambda row: row.get_certainty_display(),
                primary=policies.is_said,
            ),
        ]


class NewItem(Screen):
    """Note an idea."""

    policy = staticmethod(policies.may_plan)
    page_title = _("New idea")
    header_icon = "calendar"
    template_name = "agenda_admin/form.html"

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("agenda_item:index"), gettext("Planning of the agenda"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        current = CitizenAgenda.objects.filter(mandate__contains=today).first()
        kwargs.setdefault("form", NewItemForm(initial={"agenda": current}))
        return super().get_context_data(submit=gettext("Note this idea"), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewItemForm(request.POST)
        return self.attempt(
            lambda: services.create_item(
                agenda=form.cleaned_data["agenda"],
                content=form.content(),
                dates=form.dates(),
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The idea is noted. Only the administration sees it."),
            to=reverse("agenda_item:index"),
        )


class ItemScreen(Screen):
    """A page about one item: `self.item`, from the key in the address."""

    header_icon = "calendar"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.item = get_object_or_404(
            AgendaItem.objects.select_related(
                "agenda", "theme", "territory", "directorate", "process"
            ),
            pk=kwargs["pk"],
        )

    @property
    def board_url(self) -> str:
        return reverse("agenda_item:board", args=[self.item.pk])

    def trail(self) -> list[tuple[str, str]]:
        return [
            (reverse("agenda_item:index"), gettext("Planning of the agenda")),
            (self.board_url, self.item.title),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(item=self.item, when=when(self.item), **kwargs)


class ItemBoard(ItemScreen):
    """Where it stands: one button per step, its former dates, its versions."""

    template_name = "agenda_admin/item.html"

    def get_page_title(self) -> str:
        return self.item.title

    def trail(self) -> list[tuple[str, str]]:
        return super().trail()[:1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item, user = self.item, self.request.user
        kwargs.setdefault("form", forms.Form())
        return super().get_context_data(
            steps=[(name, _LABELS[name]) for name in _VERBS if self._may(name)],
            may_change=bool(policies.may_change_item(item=item, user=user)),
            moves=[
                (
                    period_words(
                        move.former_window.lower, move.former_window.upper, move.former_precision
                    ),
                    move,
                )
                for move in item.moves.select_related("moved_by").order_by("-moved_at", "-pk")
            ],
            versions=item.versions.select_related("saved_by").order_by("-number")[:50],
            warnings=warnings_of_item(item) if policies.may_still_change(item) else [],
            is_public=AgendaItem.objects.public().filter(pk=item.pk).exists(),
            **kwargs,
        )

    def _may(self, name: str) -> bool:
        item, user = self.item, self.request.user
        match name:
            case "propose":
                return bool(policies.may_propose_item(item=item, user=user))
            case "validate":
                return bool(
                    policies.may_validate_item(
                        item=item, user=user, written_by=services.last_hand(item)
                    )
                )
            case "announce":
                return bool(policies.may_announce_item(item=item, user=user))
            case "start":
                return bool(policies.may_start_item(item=item, user=user))
            case _:
                return bool(policies.may_finish_item(item=item, user=user))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        verb = _VERBS.get(request.POST.get("act", ""))
        if verb is None:
            return HttpResponseBadRequest()
        act, done = verb
        return self.attempt(
            lambda: act(item=self.item, actor=request.user, at=timezone.now()),
            form=forms.Form(request.POST),
            done=str(done),
            to=self.board_url,
        )


class EditItem(ItemScreen):
    """Change what it says; the former version is kept."""

    policy = staticmethod(policies.may_plan)
    page_title = _("Change")
    template_name = "agenda_admin/form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = ("title", "kind", "theme", "summary", "territory", "process", "directorate")
        kwargs.setdefault(
            "form", ItemForm(initial={name: getattr(self.item, name) for name in names})
        )
        return super().get_context_data(submit=gettext("Save"), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ItemForm(request.POST)
        return self.attempt(
            lambda: services.change_item(
                item=self.item, content=form.content(), actor=request.user, at=timezone.now()
            ),
            form=form,
            done=gettext("It is changed; the former version is kept."),
            to=self.board_url,
        )


class MoveItem(ItemScreen):
    """Change its dates and say why. The timeline leads here with the dates chosen on it."""

    policy = staticmethod(policies.may_plan)
    page_title = _("Change the dates")
    template_name = "agenda_admin/item_move.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.setdefault("form", self._first_form())
        dates, mandate = form.chosen(), self.item.agenda.mandate
        thought_of, warnings = None, []
        if dates and dates.first in mandate and dates.last in mandate:
            thought_of = self._thought_of(dates)
            warnings = warnings_of_item(thought_of)
        elif dates:
            warnings = [mandate_words(self.item.agenda)]
        return super().get_context_data(
            chosen=when(thought_of) if thought_of else "",
            warnings=warnings,
            is_said=policies.is_said(self.item),
            **kwargs,
        )

    def _first_form(self) -> MoveForm:
        item = self.item
        initial = {
            "first": item.window.lower,
            "last": item.window.upper - _DAY,
            "precision": item.precision,
        }
        asked = DatesForm(self.request.GET)
        if asked.is_valid():
            initial |= asked.cleaned_data
        return MoveForm(initial=initial, is_said=policies.is_said(item))

    def _thought_of(self, dates: services.Dates) -> AgendaItem:
        """The item at other dates, not saved."""
        return AgendaItem(
            pk=self.item.pk,
            agenda=self.item.agenda,
            territory_id=self.item.territory_id,
            window=dates.window,
            precision=dates.precision,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MoveForm(request.POST, is_said=policies.is_said(self.item))
        return self.attempt(
            lambda: services.move_item(
                item=self.item,
                dates=form.dates(),
                reason=form.cleaned_data.get("reason", ""),
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The dates are changed."),
            to=self.board_url,
        )


class DropItem(ItemScreen):
    """Give it up and say why."""

    policy = staticmethod(policies.may_plan)
    page_title = _("Give it up")
    template_name = "agenda_admin/form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", DropForm())
        return super().get_context_data(submit=gettext("Give it up"), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = DropForm(request.POST)
        return self.attempt(
            lambda: services.drop_item(
                item=self.item,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("It is dropped."),
            to=self.board_url,
        )


class ItemDesk(Desk):
    name = "agenda_item"
    url_prefix = "agenda/annonces"
    model = AgendaItem
    icon = "calendar"
    menu_label = _("Planning")
    listing = ItemListing

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("frise/", PlanningTimeline, "timeline"),
            ("nouvelle/", NewItem, "new"),
            ("<int:pk>/", ItemBoard, "board"),
            ("<int:pk>/modifier/", EditItem, "edit"),
            ("<int:pk>/dates/", MoveItem, "move"),
            ("<int:pk>/abandonner/", DropItem, "drop"),
        ]
