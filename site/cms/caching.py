"""Which answers a shared cache may keep."""

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.cache import patch_cache_control

SHARED_SECONDS = 60


def allow_shared_caching(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let a proxy keep a page for a minute when nothing in it is anybody's own.

    A page that sets a cookie, carries a CSRF token or was made for somebody signed in stays
    private. `Vary: Cookie` comes from the session middleware.
    """
    anonymous = getattr(request, "user", None) is None or request.user.is_anonymous
    # A template response renders later: what it carries is known only then.
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.add_post_render_callback(lambda done: _mark(request, done, anonymous))
        return response
    return _mark(request, response, anonymous)


def _mark(request: HttpRequest, response: HttpResponse, anonymous: bool) -> HttpResponse:
    token_used = request.META.get("CSRF_COOKIE_NEEDS_UPDATE") or "CSRF_COOKIE" in request.META
    messages = getattr(request, "_messages", None)
    told = bool(messages is not None and messages.used)
    if anonymous and response.status_code == 200 and not (response.cookies or token_used or told):
        patch_cache_control(
            response,
            public=True,
            max_age=0,
            s_maxage=SHARED_SECONDS,
            stale_while_revalidate=SHARED_SECONDS,
        )
    else:
        patch_cache_control(response, private=True, no_cache=True)
    return response
