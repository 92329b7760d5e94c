"""Addresses of tiles on other sites: what one must look like, and what the policy must let in."""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maps.choices import LayerKind

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII)
_BRACES = re.compile(r"\{([^}]*)\}")
_PLACES = {"z", "x", "y"}
_FORBIDDEN = re.compile(r"[\s\"'<>;,\\`|^]|[^\x21-\x7e]")


def check_address(url: str) -> None:
    """Raises `ValidationError` unless the address is that of tiles on a named site, over https.

    The browser asks for the tiles, never our server: what is checked here is what goes into the
    page and into its content security policy.
    """
    if _FORBIDDEN.search(url):
        raise ValidationError(_("The address holds characters that it can't."), code="characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValidationError(_("This is not an address."), code="address") from error
    if parts.scheme != "https" or parts.username is not None or port not in (None, 443):
        raise ValidationError(
            _("The address must begin with https:// and hold neither password nor port."),
            code="scheme",
        )
    host = parts.hostname or ""
    if _is_number(host) or not _HOST.fullmatch(host):
        raise ValidationError(_("The address must name a public site."), code="host")
    found = _BRACES.findall(url)
    if set(found) != _PLACES or len(found) != len(_PLACES) or _BRACES.search(parts.netloc):
        raise ValidationError(
            _("The address must hold {z}, {x} and {y}, once each, and no other braces."),
            code="braces",
        )


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def content_sources(layers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What the content security policy of a page must let in, from (kind, address) of its layers.

    Give it to django-csp: `response._csp_update = content_sources(…)`. Empty without any layer from
    elsewhere.
    """
    directives = {LayerKind.RASTER: "img-src", LayerKind.VECTOR: "connect-src"}
    sources: dict[str, set[str]] = {}
    for kind, url in layers:
        if kind in directives:
            origin = f"https://{urlsplit(url).hostname}"
            sources.setdefault(directives[LayerKind(kind)], set()).add(origin)
    return {directive: sorted(origins) for directive, origins in sources.items()}
