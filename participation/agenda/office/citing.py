"""The window in which an editor looks for a meeting to cite. It holds what anybody may read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser

from participation.agenda.models import Event
from participation.agenda.presentation.dates import moment_words
from participation.agenda.queries.citing import citable


def _when(event: Event) -> str:
    return moment_words(event.starts_at, event.ends_at, event.timezone)


class MeetingSearch(BaseFilterForm):
    q = forms.CharField(
        label=_("Search term"),
        widget=forms.TextInput(attrs={"placeholder": _("Title of the meeting")}),
        required=False,
    )

    def filter(self, objects: Any) -> Any:
        for word in self.cleaned_data["q"].split():
            objects = objects.filter(title__unaccent__icontains=word)
        self.is_searching = bool(self.cleaned_data["q"])
        self.search_query = self.cleaned_data["q"]
        return objects


class _Choices:
    """What the two views of the window show."""

    filter_form_class = MeetingSearch

    def get_object_list(self) -> Any:
        return citable()

    @property
    def columns(self) -> list[Any]:
        return [
            *super().columns,  # type: ignore[misc]  # a mixin of Wagtail's choosing views
            Column("when", label=_("When"), accessor=_when),
            Column("place", label=_("Where"), accessor="place"),
        ]


class ChooseMeeting(_Choices, chooser.ChooseView):
    pass


class FoundMeetings(_Choices, chooser.ChooseResultsView):
    pass


class ChosenMeeting(chooser.ChosenView):
    def get_object(self, pk: str) -> Event:
        return citable().get(pk=int(pk) if pk.isascii() and pk.isdigit() else 0)

    def get_display_title(self, instance: Event) -> str:
        return f"{instance.title} ({_when(instance)})"


class MeetingInput(BaseChooser):
    """The choice in a form: the title of the meeting and when it was."""

    show_edit_link = False

    def get_display_title(self, instance: Event) -> str:
        return f"{instance.title} ({_when(instance)})"


class MeetingChooser(ChooserViewSet):
    model = Event
    icon = "date"
    page_title = _("Choose a meeting")
    choose_one_text = _("Choose a meeting")
    choose_another_text = _("Choose another meeting")
    base_widget_class = MeetingInput
    choose_view_class = ChooseMeeting
    choose_results_view_class = FoundMeetings
    chosen_view_class = ChosenMeeting
    register_widget = False  # nowhere but in pages

    def get_urlpatterns(self) -> list[Any]:
        """One meeting at a time, and none is written here."""
        wanted = ("choose", "choose_results", "chosen")
        return [each for each in super().get_urlpatterns() if each.name in wanted]


meeting_chooser = MeetingChooser("agenda_meeting_chooser", url_prefix="agenda/citer")
