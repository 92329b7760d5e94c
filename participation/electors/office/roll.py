"""The roll: import a file after having seen what it changes, search, look again."""

import datetime
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from participation.core.dates import date_format
from participation.core.verdict import Refused
from participation.core.viewsets import screens
from participation.electors import policies, queries
from participation.electors.choices import IdentityKind, Way
from participation.electors.models import Elector, Electorate, RollImport
from participation.electors.networks import is_weak
from participation.electors.office.forms import EmptyForm, ReasonForm, RollForm
from participation.electors.office.lookups import (
    elector_or_404,
    electorate_trail,
)
from participation.electors.office.shared import ElectorateScreen
from participation.electors.roll_file import EXAMPLE_HEADINGS
from participation.electors.services import (
    ask_import,
    confirm_in_person,
    electorate_of,
    hold_roll_file,
    import_roll,
    take_off_roll,
)

_LATEST = 10
LINES_AT_ONCE = 20_000
"""A longer file is imported by the worker: nobody waits a minute before a page."""
_GIVEN_UP = datetime.timedelta(minutes=15)


class ImportRoll(ElectorateScreen):
    """First what would change, then, if all is well, it does."""

    page_title = _("Import the roll")
    header_icon = "upload"
    template_name = "electors_admin/import.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", RollForm())
        kwargs.setdefault("change", None)
        kwargs.setdefault("held", None)
        asked = (
            RollImport.objects.filter(electorate_id=self.electorate.pk, imported_at=None)
            .exclude(asked_at=None, trouble="")
            .defer("held")
            .first()
        )
        done = RollImport.objects.filter(
            electorate_id=self.electorate.pk, imported_at__isnull=False
        )
        return super().get_context_data(
            electorate=self.electorate,
            headings=EXAMPLE_HEADINGS,
            imports=list(
                done.defer("held").select_related("imported_by").order_by("-imported_at")[:_LATEST]
            ),
            here=self.request.path,
            asked=asked,
            lines_read=queries.lines_being_read() if asked is not None else None,
            may_ask_again=asked is not None
            and (asked.asked_at is None or asked.asked_at < timezone.now() - _GIVEN_UP),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "confirm" in request.POST:
            return self._confirm(request)
        form = RollForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form=form)
        upload = form.cleaned_data["file"]
        try:
            held, change = hold_roll_file(
                electorate=electorate_of(activity=self.electorate.activity),
                name=upload.name,
                content=upload.read(),
                is_whole_roll=form.cleaned_data["is_whole_roll"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            screens.add_refusals(form, refused)
            return self.show(form=form)
        status = 422 if change.fault_count else 200
        context = self.get_context_data(form=form, change=change, held=held)
        return self.render_to_response(context, status=status)

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        held = RollImport.objects.filter(
            electorate_id=self.electorate.pk,
            pk=int(request.POST["confirm"]) if request.POST["confirm"].isdecimal() else 0,
        ).first()
        if held is None:
            messages.error(request, gettext("This preview has expired: send the file again."))
            return HttpResponseRedirect(request.path)
        if held.lines > LINES_AT_ONCE:
            return self._ask(request, held)
        try:
            change = import_roll(held=held, actor=request.user, at=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(request.path)
        messages.success(
            request,
            gettext("The roll is imported: %(added)s added, %(changed)s changed, %(gone)s gone.")
            % {"added": change.added, "changed": change.changed, "gone": change.gone},
        )
        if change.homonyms:
            messages.warning(
                request,
                ngettext(
                    "%(count)s line has the names and the birth date of another: look at it again.",
                    "%(count)s lines have the names and the birth date of another: look at them "
                    "again.",
                    len(change.homonyms),
                )
                % {"count": len(change.homonyms)},
            )
        return HttpResponseRedirect(reverse("electorate:board", args=[self.electorate.pk]))

    def _ask(self, request: HttpRequest, held: RollImport) -> HttpResponse:
        try:
            ask_import(held=held, actor=request.user, at=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
        return HttpResponseRedirect(request.path)


def all_electorates(request: Any = None) -> QuerySet[Electorate]:
    return Electorate.objects.select_related("activity").order_by("-pk")


class ElectorFilter(WagtailFilterSet):
    electorate = django_filters.ModelChoiceFilter(label=_("Vote"), queryset=all_electorates)
    is_on_roll = django_filters.BooleanFilter(label=_("On the imported roll"))
    is_homonym = django_filters.BooleanFilter(label=_("To look at again: same names and date"))
    ways = django_filters.ChoiceFilter(label=_("Came"), choices=Way.choices, method="filter_ways")

    class Meta:
        model = Elector
        fields = ["electorate", "is_on_roll", "is_homonym"]

    def filter_ways(self, found: QuerySet[Elector], name: str, value: str) -> QuerySet[Elector]:
        return found.filter(ways__contains=[value])


class ElectorListing(screens.Listing):
    """Electors of all votes; a number or the beginning of names finds them."""

    policy = staticmethod(policies.may_run_electorates)
    page_title = _("Roll")
    intro = _("Search by number, or by the beginning of names. Who voted is not shown here.")
    filterset_class = ElectorFilter
    is_searchable = True

    def get_base_queryset(self) -> Any:
        return (
            Elector.objects.select_related("electorate__activity", "territory")
            .defer("territory__geometry")
            .order_by("-electorate", "family_key", "given_key", "pk")
        )

    def search_queryset(self, queryset: Any) -> Any:
        text = self.search_query
        return queries.matching(queryset, text) if text else queryset

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn(
                "name",
                label=_("Elector"),
                accessor=str,
                get_url=lambda elector: reverse("elector:read", args=[elector.pk]),
            ),
            Column(
                "birth_date",
                label=_("Date of birth"),
                accessor=lambda elector: (
                    date_format(elector.birth_date, "SHORT_DATE_FORMAT")
                    if elector.birth_date
                    else "–"
                ),
            ),
            Column(
                "territory",
                classname="parvis-names",
                label=_("Neighbourhood"),
                accessor=lambda elector: elector.territory.name if elector.territory else "–",
            ),
            Column(
                "number", label=_("Number"), accessor=lambda elector: elector.roll_number or "–"
            ),
            Column("vote", label=_("Vote"), accessor="electorate.activity.title"),
        ]


class ReadElector(screens.Screen):
    """One person: what the roll says, how they came, what can be done."""

    policy = staticmethod(policies.may_run_electorates)
    header_icon = "user"
    template_name = "electors_admin/elector.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.elector = elector_or_404(kwargs["pk"])

    def get_page_title(self) -> str:
        return str(self.elector)

    def trail(self) -> list[tuple[str, str]]:
        return [
            *electorate_trail(self.elector.electorate),
            (reverse("elector:index"), gettext("Roll")),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ReasonForm())
        elector = self.elector
        return super().get_context_data(
            elector=elector,
            ways=[Way(way).label for way in Way.values if way in elector.ways],
            identities=[IdentityKind(kind).label for kind in queries.identities_of(elector)],
            takes_letters=Way.LETTER in elector.electorate.ways,
            is_confirmable=bool(elector.ways) and is_weak(elector),
            letter_url=reverse("elector:letter", args=[elector.pk]),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirm somebody who shows papers, or take somebody off the roll with a reason."""
        if request.POST.get("act") == "confirm":
            return self.attempt(
                lambda: confirm_in_person(
                    elector=self.elector, actor=request.user, at=timezone.now()
                ),
                form=EmptyForm(request.POST),
                done=gettext("This person is confirmed: their ballot is counted."),
                to=reverse("elector:read", args=[self.elector.pk]),
            )
        form = ReasonForm(request.POST)
        return self.attempt(
            lambda: take_off_roll(
                elector=self.elector,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("This person is off the roll."),
            to=reverse("elector:read", args=[self.elector.pk]),
        )
