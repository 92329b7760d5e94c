"""The top of the page tree and of the media is called "Root" by Wagtail: no word for an editor."""

from typing import Any

from django.db import migrations


def _rename(apps: Any, former: str, name: str) -> None:
    page = apps.get_model("wagtailcore", "Page")
    collection = apps.get_model("wagtailcore", "Collection")
    page.objects.filter(depth=1, title=former).update(title=name, draft_title=name)
    collection.objects.filter(depth=1, name=former).update(name=name)


def name_it(apps: Any, _schema_editor: Any) -> None:
    _rename(apps, "Root", "Site")


def name_it_back(apps: Any, _schema_editor: Any) -> None:
    _rename(apps, "Site", "Root")


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0004_meeting_block"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(name_it, name_it_back)]
