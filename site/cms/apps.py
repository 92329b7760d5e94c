"""The editorial site."""

from typing import Any

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

from participation.accounts import naming


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Editorial site")

    def ready(self) -> None:
        naming.named_by(_name_in_settings)
        naming.reached_by(_contact_in_settings)


def _in_settings(*columns: str) -> Any:
    settings = apps.get_model("cms", "SiteSettings").objects.filter(site__is_default_site=True)
    return settings.values_list(*columns).order_by("pk").first()


def _name_in_settings() -> str:
    (name,) = _in_settings("site_name") or ("",)
    return name


def _contact_in_settings() -> naming.Contact:
    return naming.Contact(*(_in_settings("contact_name", "contact_email") or ()))
