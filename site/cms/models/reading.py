"""Settings read without being made."""

from typing import Any

from django.http import HttpRequest
from wagtail.models import Site


def read_setting(model: Any, request: HttpRequest) -> Any:
    """The row of the request's site, or an unsaved one with the defaults; kept on the request."""
    kept = request.__dict__.setdefault("_cms_settings", {})
    if model not in kept:
        site = Site.find_for_request(request)
        row = (
            model.objects.filter(site=site).select_related(*(model.select_related or ())).first()
            if site
            else None
        )
        kept[model] = row or model(site=site)
    return kept[model]
