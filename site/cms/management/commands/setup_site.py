"""`setup_site`: what a new site starts with."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.setup import set_up_site


class Command(BaseCommand):
    help = "Make the home, index and legal pages, the menus and the settings that are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        site = set_up_site()
        self.stdout.write(f"{site.root_url} : {site.site_name}")
