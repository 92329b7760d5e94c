"""A person's notifications, on the site."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from participation.accounts.models import User
from participation.core import services
from participation.core.models import Notification


class MemberRequest(HttpRequest):
    """A request that `login_required` let through."""

    user: User


@require_safe
@never_cache
@login_required
def notifications(request: MemberRequest) -> HttpResponse:
    """What this person was told, latest first."""
    told = Notification.objects.filter(recipient=request.user)
    page = Paginator(told, 20).get_page(request.GET.get("page"))
    unread = told.filter(read_at__isnull=True).exists()
    return render(request, "core/notifications.html", {"page": page, "unread": unread})


@require_POST
@login_required
def mark_read(request: MemberRequest) -> HttpResponse:
    """Mark all as read."""
    services.mark_notifications_read(user=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("core:notifications"))
