"""What a device needs to write without the network: the worker of maps, and who is signed in."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.accounts.marks import person_mark
from participation.mapping.views.map_page import open_map

_WORKER = "service-worker.js"


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The built worker, at the root of what it may see; `Http404` where nothing is built.

    Under /static/ it could see nothing but static files.
    """
    found = finders.find(_WORKER) or staticfiles_storage.path(_WORKER)
    if not Path(found).is_file():
        raise Http404
    response = HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
@require_safe
def sending_state(request: HttpRequest, slug: str) -> JsonResponse:
    """Who is signed in (`person`, a mark) and, for the one who asks, a fresh `token` to send with.

    Nobody else gets one: a token made in the background would outdate that of an open form.
    """
    open_map(request, slug)
    mark = person_mark(request.user)
    if not constant_time_compare(request.GET.get("person", ""), mark):
        return JsonResponse({"person": mark})
    return JsonResponse({"person": mark, "token": get_token(request)})
