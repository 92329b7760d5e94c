"""What every page's layout needs."""

from typing import Any

from django.http import HttpRequest

from cms.chrome import surroundings


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context of templates/layout/: names, menus, languages, the personal space's links."""
    return surroundings(request)
