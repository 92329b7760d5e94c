"""Rules of one map."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.mapping import policies
from participation.mapping.office.forms import SettingsForm
from participation.mapping.office.shared import MapScreen
from participation.mapping.services.setup import save_settings


class Settings(MapScreen):
    policy = staticmethod(policies.may_set_up)
    page_title = _("Settings")
    header_icon = "cog"
    template_name = "mapping_admin/settings.html"

    def _form(self, data: Any = None) -> SettingsForm:
        initial = {name: getattr(self.map, name) for name in SettingsForm.base_fields}
        return SettingsForm(data, initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        return self.attempt(
            lambda: save_settings(map=self.map, settings=form.cleaned_data, actor=request.user),
            form=form,
            done=gettext("The settings are saved."),
            to=reverse("participatory_map:settings", args=[self.map.pk]),
        )
