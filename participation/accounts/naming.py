"""What the site is called in mails and in authenticator applications."""

from collections.abc import Callable

from django.conf import settings

_sources: list[Callable[[], str]] = []


def named_by(source: Callable[[], str]) -> None:
    """Ask `source` for the name from now on; the editorial site gives the one its editors chose."""
    _sources[:] = [source]


def site_name() -> str:
    """The name that the town gave its site, else the software's."""
    return next((name for source in _sources if (name := source())), settings.WAGTAIL_SITE_NAME)
