"""One's data: what is held and why, and a copy of it."""

import uuid

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from participation.accounts import privacy
from participation.accounts.models import DataExport
from participation.core.account import policies, queries, services
from participation.core.account.views.shared import member, member_page


@require_safe
@member_page
def data(request: HttpRequest) -> HttpResponse:
    """The register in plain words, the archives, the way out."""
    return render(
        request,
        "accounts/data.html",
        {
            "exports": queries.exports(user=member(request), at=timezone.now()),
            "holdings": privacy.holdings(),
            "may_delete": policies.may_delete_account(user=member(request)),
            "here": "data",
        },
    )


@require_POST
@member_page
def prepare(request: HttpRequest) -> HttpResponse:
    """Ask for the archive."""
    services.request_export(user=member(request), at=timezone.now())
    messages.success(request, _("Your archive is being prepared. It will appear on this page."))
    return HttpResponseRedirect(reverse("space:data"))


@require_safe
@member_page
@reauthentication_required
def download(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The archive, to its owner alone and for seven days; to anyone else it does not exist."""
    export = DataExport.objects.filter(
        pk=key, user_id=member(request).pk, ready_at__isnull=False
    ).first()
    if export is None or export.archive is None or export.expires_at <= timezone.now():
        raise Http404
    response = HttpResponse(bytes(export.archive), content_type="application/zip")
    day = timezone.localdate(export.requested_at)
    response["Content-Disposition"] = f'attachment; filename="mes-donnees-{day:%Y-%m-%d}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
