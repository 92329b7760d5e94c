"""The back office's home: what each role came to do, one click away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.models import Locale

from cms.models import (
    ContentPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    SiteSettings,
)


@dataclass(frozen=True, slots=True)
class Task:
    """Something that somebody may have come to do. `address` gives None when they may not."""

    label: Any
    help: Any
    icon: str
    address: Callable[[HttpRequest], str | None]


def _add_page(parent_model: Any, model: Any) -> Callable[[HttpRequest], str | None]:
    def address(request: HttpRequest) -> str | None:
        parent = parent_model.objects.filter(locale=Locale.get_default()).order_by("path").first()
        if parent is None or not parent.permissions_for_user(request.user).can_add_subpage():
            return None
        return reverse("wagtailadmin_pages:add", args=["cms", model._meta.model_name, parent.pk])

    return address


def _edit_page(model: Any) -> Callable[[HttpRequest], str | None]:
    def address(request: HttpRequest) -> str | None:
        page = model.objects.filter(locale=Locale.get_default()).order_by("path").first()
        if page is None or not page.permissions_for_user(request.user).can_edit():
            return None
        return reverse("wagtailadmin_pages:edit", args=[page.pk])

    return address


def _view(
    name: str, permission: str, *args: Any, unless: str = "", query: str = ""
) -> Callable[[HttpRequest], str | None]:
    """A screen for those with a permission; not for those with `unless`, who have a wider one.

    `query` is what the screen is asked to show first.
    """

    def address(request: HttpRequest) -> str | None:
        user = request.user
        if not user.has_perm(permission) or (unless and user.has_perm(unless)):
            return None
        try:
            return reverse(name, args=args) + query
        except NoReverseMatch:  # the screen belongs to an instrument that is not installed
            return None

    return address


TASKS = (
    Task(
        _("Publish a news item"),
        _("A title, a few lines, a picture: online in five minutes."),
        "edit",
        _add_page(NewsIndexPage, NewsPage),
    ),
    Task(
        _("Change the home page"),
        _("The welcome, its picture, its buttons, what follows."),
        "home",
        _edit_page(HomePage),
    ),
    Task(
        _("Write a page"),
        _("Who we are, how it works: any text, with pictures and documents."),
        "doc-full",
        _add_page(HomePage, ContentPage),
    ),
    Task(
        _("Open a participatory budget"),
        _("One form makes the process, its dates, its money and its draft pages."),
        "plus-inverse",
        _view("cms_new_budget", "budgets.change_budget"),
    ),
    Task(
        _("Open a participatory map"),
        _("One form makes the map, its dates, its categories and its draft page."),
        "plus-inverse",
        _view("cms_new_map", "mapping.change_participatorymap"),
    ),
    Task(
        _("See the processes"),
        _("Their dates, their rules, their publication."),
        "tasks",
        _view("processes:index", "core.change_process"),
    ),
    Task(
        _("Moderate"),
        _("Contributions to read and reports to assess."),
        "comment",
        _view("moderation_contributions:index", "core.moderate_contribution"),
    ),
    Task(
        _("Study ideas"),
        _("Feasibility, cost, reasons: the ideas given to your directorate."),
        "search",
        _view("idea:index", "budgets.study_idea"),
    ),
    Task(
        _("Answer the contributions to maps"),
        _("Sort them, join those that say the same, answer: one by one or together."),
        "site",
        _view("map_contribution:index", "mapping.follow_up_map"),
    ),
    Task(
        _("Keep the agenda"),
        _("Announcements, meetings, registrations: what is coming and when."),
        "calendar",
        _view("agenda_item:index", "agenda.plan_agenda"),
    ),
    Task(
        _("Give your visa"),
        _("Read what the agenda is about to announce, and agree to it."),
        "circle-check",
        _view(
            "agenda_item:index",
            "agenda.endorse_agenda",
            unless="agenda.plan_agenda",
            query="?certainty=proposed",
        ),
    ),
    Task(
        _("Welcome people to events"),
        _("The meetings of these days, their list and their tickets."),
        "group",
        _view("agenda:doors", "agenda.welcome_events", unless="agenda.run_events"),
    ),
    Task(
        _("Run the vote"),
        _("Prepare the ballots, seal, count, publish the results."),
        "check",
        _view("poll:index", "budgets.run_vote"),
    ),
    Task(
        _("Hold a polling desk"),
        _("Find people in the roll, and mark who votes on paper."),
        "group",
        _view("desk:index", "budgets.hold_desk", unless="budgets.run_vote"),
    ),
    Task(
        _("Key paper ballots"),
        _("After the close, lot by lot, each keyed twice."),
        "doc-full",
        _view("paper:index", "budgets.key_paper", unless="budgets.run_vote"),
    ),
    Task(
        _("Follow the works"),
        _("Steps, news and pictures of the selected projects."),
        "history",
        _view("delivery:index", "budgets.manage_delivery"),
    ),
    Task(
        _("Menus"),
        _("The entries of the main menu and of the footer."),
        "list-ul",
        _view("wagtailsettings:edit", "cms.change_navigation", "cms", "navigation"),
    ),
    Task(
        _("Site settings"),
        _("Name, colours, contacts, legal facts, accessibility."),
        "cog",
        _view("wagtailsettings:edit", "cms.change_sitesettings", "cms", "sitesettings"),
    ),
)


class TasksPanel(Component):
    """ "What do you want to do?": only what the signed-in person may."""

    name = "tasks"
    template_name = "cms/admin/tasks_panel.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        request = (parent_context or {})["request"]
        offered = ((task, task.address(request)) for task in TASKS)
        return {
            "tasks": [
                {"label": task.label, "help": task.help, "icon": task.icon, "url": url}
                for task, url in offered
                if url
            ]
        }


class MissingFactsPanel(Component):
    """What the law wants published and that the settings still lack."""

    name = "missing_facts"
    template_name = "cms/admin/missing_facts_panel.html"
    order = 20

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        request = (parent_context or {})["request"]
        if not request.user.has_perm("cms.change_sitesettings"):
            return {"missing": []}
        return {
            "missing": SiteSettings.read(request).missing_legal_facts,
            "url": reverse("wagtailsettings:edit", args=["cms", "sitesettings"]),
        }
