"""Wiring of the back office: menus by job, the dashboard, the wizard."""

from typing import Any

from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.dashboard import MissingFactsPanel, TasksPanel
from cms.editing import TranslatePage, tell_what_visitors_see
from cms.wizard import views
from cms.wizard.maps import views as map_views
from participation.budgets import policies
from participation.mapping import policies as mapping_policies

# Jobs from the most frequent to the rarest; what others register keeps its own order between.
_ORDER = {"explorer": 100, "images": 700, "documents": 710, "reports": 800, "settings": 900}
_ONLY_ADMINISTRATORS = {"reports", "help"}


@hooks.register("register_admin_urls")
def wizard_urls() -> list[URLPattern]:
    return [
        path("nouveau-budget/", views.new_budget, name="cms_new_budget"),
        path("nouveau-budget/<int:pk>/", views.budget_made, name="cms_budget_made"),
        path("nouvelle-carte/", map_views.new_map, name="cms_new_map"),
        path("nouvelle-carte/<int:pk>/", map_views.map_made, name="cms_map_made"),
    ]


class NewBudgetItem(MenuItem):
    """Shown to those who may open a budget."""

    def is_shown(self, request: Any) -> bool:
        return bool(policies.may_set_up(user=request.user))


@hooks.register("register_admin_menu_item")
def new_budget_item() -> MenuItem:
    return NewBudgetItem(
        _("New budget"),
        reverse("cms_new_budget"),
        name="new-budget",
        icon_name="plus-inverse",
        order=150,
    )


class NewMapItem(MenuItem):
    """Shown to those who may open a map."""

    def is_shown(self, request: Any) -> bool:
        return bool(mapping_policies.may_set_up(user=request.user))


@hooks.register("register_admin_menu_item")
def new_map_item() -> MenuItem:
    return NewMapItem(
        _("New map"),
        reverse("cms_new_map"),
        name="new-map",
        icon_name="plus-inverse",
        order=151,
    )


@hooks.register("construct_main_menu")
def order_by_job(request: Any, menu_items: list[MenuItem]) -> None:
    """Put the jobs in order and hide what only administrators use."""
    for item in list(menu_items):
        if item.name in _ORDER:
            item.order = _ORDER[item.name]
        if item.name in _ONLY_ADMINISTRATORS and not request.user.is_superuser:
            menu_items.remove(item)


@hooks.register("construct_homepage_panels")
def dashboard(request: Any, panels: list[Any]) -> None:
    """Begin with what the person came to do."""
    panels[:0] = [TasksPanel(), MissingFactsPanel()]


hooks.register("after_create_page", tell_what_visitors_see)
hooks.register("after_edit_page", tell_what_visitors_see)


@hooks.register("register_admin_urls")
def translation_urls() -> list[URLPattern]:
    """Before simple_translation's own, at the address to which its buttons lead."""
    address = "translation/submit/page/<int:page_id>/"
    return [path(address, TranslatePage.as_view(), name="cms_translate_page")]


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))


@hooks.register("insert_editor_js")
def editor_script() -> str:
    return format_html('<script type="module" src="{}"></script>', static("cms/first-save.js"))
