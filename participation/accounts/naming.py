"""What the site is called in mails and in authenticator applications, and who answers for it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Contact:
    """The service that runs the site: what it is called and where it is written to, if known."""

    name: str = ""
    email: str = ""


_sources: list[Callable[[], str]] = []
_contacts: list[Callable[[], Contact]] = []


def named_by(source: Callable[[], str]) -> None:
    """Ask `source` for the name from now on; the editorial site gives the one its editors chose."""
    _sources[:] = [source]


def reached_by(source: Callable[[], Contact]) -> None:
    """Ask `source` whom to write to from now on, as `named_by` does for the name."""
    _contacts[:] = [source]


def site_name() -> str:
    """The name that the town gave its site, else the software's."""
    return next((name for source in _sources if (name := source())), settings.WAGTAIL_SITE_NAME)


def site_contact() -> Contact:
    """Whom the public writes to; nobody when the site does not say."""
    return next((source() for source in _contacts), Contact())
