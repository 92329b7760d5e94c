"""Who votes in each activity: the board of an electorate, its settings."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn

from participation.core.dates import date_format
from participation.core.models import Activity
from participation.core.viewsets import screens
from participation.electors import policies, queries
from participation.electors.choices import Link, Way
from participation.electors.networks import waiting_crowds
from participation.electors.office.forms import SettingsForm
from participation.electors.office.letters import CancelLetter, ListLetters, PrintBatch
from participation.electors.office.networks import JudgeNetworks
from participation.electors.office.roll import ImportRoll
from participation.electors.office.shared import ElectorateScreen
from participation.electors.services import electorate_of, save_electorate
from participation.electors.services.retention import erasure_due_on


class ElectorateListing(screens.Listing):
    policy = staticmethod(policies.may_run_electorates)
    page_title = _("Who votes")
    intro = _("Choose a vote to say who takes part in it, and how they come.")
    is_searchable = True
    search_fields = ["title"]

    def get_base_queryset(self) -> Any:
        return Activity.objects.select_related("process", "electorate").order_by("-pk")

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn(
                "title",
                label=_("Vote"),
                get_url=lambda activity: reverse("electorate:board", args=[activity.pk]),
            ),
            Column("process", label=_("Process"), accessor="process.title"),
            Column("ways", label=_("Ways to come"), accessor=_ways_of),
            Column("frozen", label=_("State"), accessor=_state_of),
        ]


def _ways_of(activity: Activity) -> str:
    electorate = getattr(activity, "electorate", None)
    return ", ".join(str(Way(way).label) for way in electorate.ways) if electorate else "–"


def _state_of(activity: Activity) -> Any:
    electorate = getattr(activity, "electorate", None)
    if electorate is None:
        return _("Settings of the process")
    return _("Sealed") if electorate.frozen_at else _("Open to changes")


class Board(ElectorateScreen):
    """Where an electorate stands: its rules in words, its people by way, what waits."""

    template_name = "electors_admin/board.html"

    def get_page_title(self) -> str:
        return self.electorate.activity.title

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("electorate:index"), gettext("Who votes"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        electorate = self.electorate
        attendance = queries.attendance(electorate=electorate)
        due = erasure_due_on(electorate=electorate)
        return super().get_context_data(
            electorate=electorate,
            attendance=attendance,
            ways=[
                (Way(way).label, people, way in electorate.ways) for way, people in attendance.ways
            ],
            ties=[Link(link).label for link in electorate.links],
            erasure=date_format(due) if due else "",
            crowds=waiting_crowds(electorate_id=electorate.pk),
            entrance=reverse("electors:entry", args=[electorate.activity.slug]),
            **kwargs,
        )


class Settings(ElectorateScreen):
    page_title = _("Who may vote")
    template_name = "electors_admin/settings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", SettingsForm(electorate=self.electorate))
        return super().get_context_data(electorate=self.electorate, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SettingsForm(request.POST, electorate=self.electorate)
        return self.attempt(
            lambda: save_electorate(
                electorate=electorate_of(activity=self.electorate.activity),
                settings=form.settings(),
                actor=request.user,
            ),
            form=form,
            done=gettext("The electorate is saved."),
            to=reverse("electorate:board", args=[self.electorate.pk]),
        )


class ElectorateDesk(screens.Desk):
    name = "electorate"
    url_prefix = "votants/corps-electoral"
    model = Activity
    icon = "group"
    menu_label = _("Who votes")
    listing = ElectorateListing

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("<int:activity>/", Board, "board"),
            ("<int:activity>/regles/", Settings, "settings"),
            ("<int:activity>/liste/", ImportRoll, "import"),
            ("<int:activity>/reseaux/", JudgeNetworks, "networks"),
            ("<int:activity>/courriers/", ListLetters, "letters"),
            ("<int:activity>/courriers/annuler/", CancelLetter, "cancel_letter"),
            ("courriers/<int:pk>/", PrintBatch, "print"),
        ]
