"""Pages, menus and settings of the editorial site."""

from cms.models.base import BasePage
from cms.models.content import ContentPage, LegalKind, LegalPage
from cms.models.home import HomePage
from cms.models.navigation import Navigation
from cms.models.news import NewsIndexPage, NewsPage
from cms.models.processes import ActivityPage, ProcessDocument, ProcessIndexPage, ProcessPage
from cms.models.settings import AccessibilityStatus, SiteSettings

__all__ = [
    "AccessibilityStatus",
    "ActivityPage",
    "BasePage",
    "ContentPage",
    "HomePage",
    "LegalKind",
    "LegalPage",
    "Navigation",
    "NewsIndexPage",
    "NewsPage",
    "ProcessDocument",
    "ProcessIndexPage",
    "ProcessPage",
    "SiteSettings",
]
