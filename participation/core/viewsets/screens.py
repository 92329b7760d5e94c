"""Pages and lists of the back office that every instrument shares."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button

from participation.core import policies
from participation.core.verdict import Refused
from participation.core.viewsets.shared import Guarded, add_refusals

__all__ = ["Desk", "Listing", "Screen", "add_refusals"]


class Screen(Guarded, WagtailAdminTemplateMixin, TemplateView):
    """A page of the back office that is not a list.

    `trail()` gives the breadcrumbs between the home and this page, as (address, label) pairs.
    """

    policy = staticmethod(policies.may_manage_processes)

    def trail(self) -> list[tuple[str, str]]:
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        way = [{"url": url, "label": label} for url, label in self.trail()]
        return [*self.breadcrumbs_items, *way, {"url": "", "label": self.get_page_title()}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page. What the address holds is read by `setup`, not by the template."""
        return self.render_to_response(self.get_context_data())

    def show(self, **context: Any) -> HttpResponse:
        """The page again, with what was typed and why it was refused."""
        return self.render_to_response(self.get_context_data(**context), status=422)

    def attempt(
        self, act: Callable[[], Any], *, form: Any, done: str, to: str, name: str = "form"
    ) -> HttpResponse:
        """Call one service, then go `to`; when it refuses, show the page with its reasons."""
        if not form.is_valid():
            return self.show(**{name: form})
        try:
            act()
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(**{name: form})
        messages.success(self.request, done)
        return HttpResponseRedirect(to)


class Listing(Guarded, generic.IndexView):
    """A list with filters and search, without add, edit or delete buttons of its own."""

    policy = staticmethod(policies.may_manage_processes)
    permission_policy = None
    any_permission_required = None
    template_name = "core/admin/listing.html"
    search_backend_name = None
    paginate_by = 30
    export_url_name = ""
    intro: Any = ""
    selectable = False

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        if not self.export_url_name:
            return []
        asked = self.request.GET.copy()
        asked.pop("p", None)

        def address(name: str) -> str:
            asked["format"] = name
            return f"{reverse(self.export_url_name)}?{asked.urlencode()}"

        return [
            Button(
                label,
                url=address(name),
                icon_name="download",
                priority=90 + place,
            )
            for place, (name, label) in enumerate(
                (("csv", _("Export as CSV")), ("xlsx", _("Export for Excel (XLSX)")))
            )
        ]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            *args, intro=self.intro, selectable=self.selectable, **kwargs
        )


class Desk(ViewSet):
    """A menu entry: a list, its results and what its subclass adds."""

    model: Any = None
    listing: Any = None

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(
            model=self.model,
            header_icon=self.icon,
            index_url_name=self.get_url_name("index"),
            index_results_url_name=self.get_url_name("index_results"),
            **kwargs,
        )

    def get_urlpatterns(self) -> list[Any]:
        view = self.listing
        return [
            path("", self.construct_view(view), name="index"),
            path("resultats/", self.construct_view(view, results_only=True), name="index_results"),
            *(
                path(route, self.construct_view(screen), name=name)
                for route, screen, name in self.screens()
            ),
        ]

    def screens(self) -> list[tuple[str, Any, str]]:
        """Other pages of this desk: (route, view, name)."""
        return []
