"""The editorial site."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

from participation.accounts import naming


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Editorial site")

    def ready(self) -> None:
        naming.named_by(_name_in_settings)


def _name_in_settings() -> str:
    named = apps.get_model("cms", "SiteSettings").objects.filter(site__is_default_site=True)
    return named.values_list("site_name", flat=True).order_by("pk").first() or ""
