"""Content security policy of the back office.

Wagtail's admin writes small scripts and styles into its pages, so that they are allowed there and
there only; everything else is as tight as on the public site: nothing from elsewhere, no plug-in,
no form sent away. A preview shows a public page: it gets the public policy, inside our own frame.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from cms.video import EMBED_ORIGINS

PREFIX = "/gestion/"
_COMMON = {
    "default-src": "'none'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "media-src": "'self' blob:",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
_OFFICE = {
    **_COMMON,
    "script-src": "'self' 'unsafe-inline'",
    "style-src": "'self' 'unsafe-inline'",
    "frame-src": "'self'",
    "worker-src": "'self' blob:",
}
_PREVIEW = {
    **_COMMON,
    "script-src": "'self'",
    "style-src": "'self'",
    "frame-src": " ".join(("'self'", *EMBED_ORIGINS)),
}


def _written(policy: dict[str, str]) -> str:
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


class BackOfficePolicy:
    """Set the policy of every answer under `/gestion/`; the public ones are django-csp's."""

    OFFICE = _written(_OFFICE)
    PREVIEW = _written(_PREVIEW)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(PREFIX):
            preview = getattr(response, "shows_public_page", False)
            response["Content-Security-Policy"] = self.PREVIEW if preview else self.OFFICE
        return response
