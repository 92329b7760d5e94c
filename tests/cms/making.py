"""Pages and pictures for the tests of the editorial site."""

import datetime
from io import BytesIO
from typing import Any

from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from PIL import Image as Pixels
from wagtail.images import get_image_model
from wagtail.models import Locale, Page

from cms.models import (
    ActivityPage,
    ContentPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    ProcessIndexPage,
    ProcessPage,
)
from participation.accounts.models import User
from tests.factories.accounts import make_user


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words(node: Any) -> str:
    """The text of a node on one line."""
    return " ".join(node.get_text(" ").split())


def texts(response: Any, selector: str) -> list[str]:
    return [words(node) for node in soup(response).select(selector)]


def french(model: type[Page]) -> Any:
    return model.objects.get(locale=Locale.get_default())


def publish(parent: Page, page: Page) -> Any:
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def make_picture(title: str = "Place") -> Any:
    data = BytesIO()
    Pixels.new("RGB", (1400, 900), (90, 120, 150)).save(data, "JPEG")
    return get_image_model().objects.create(
        title=title, file=ContentFile(data.getvalue(), name="place.jpg")
    )


def make_content(**fields: Any) -> ContentPage:
    fields.setdefault("title", "Qui sommes-nous")
    fields.setdefault("slug", "qui-sommes-nous")
    return publish(french(HomePage), ContentPage(**fields))


def make_news(number: int = 1, **fields: Any) -> NewsPage:
    fields.setdefault("title", f"Nouvelle {number}")
    fields.setdefault("slug", f"nouvelle-{number}")
    fields.setdefault("summary", f"Résumé {number}")
    fields.setdefault("date", datetime.date(2026, 3, number))
    territories = fields.pop("territories", [])
    page = publish(french(NewsIndexPage), NewsPage(**fields))
    if territories:
        page.territories = territories
        page.save_revision().publish()
    return page


def make_process_page(process: Any, **fields: Any) -> ProcessPage:
    fields.setdefault("title", process.title)
    fields.setdefault("slug", process.slug)
    return publish(french(ProcessIndexPage), ProcessPage(process=process, **fields))


def make_activity_page(parent: ProcessPage, activity: Any, **fields: Any) -> ActivityPage:
    fields.setdefault("title", activity.title)
    fields.setdefault("slug", "participer")
    return publish(parent, ActivityPage(activity=activity, **fields))


def make_staff(role: str, **fields: Any) -> User:
    """Someone of that group, as `setup_roles` makes it."""
    user = make_user(is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=role))
    return user
