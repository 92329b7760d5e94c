"""A member's profile."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participation.accounts.models import User
from participation.core.account import services
from participation.core.account.forms import ProfileForm
from participation.core.account.views.shared import member, member_page


def _back(request: HttpRequest) -> str:
    """Where the person came from, when it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change one's profile; a page that sent here is returned to."""
    person = User.objects.get(pk=member(request).pk)  # a copy: an invalid form must not change ours
    form = ProfileForm(request.POST or None, instance=person)
    back = _back(request)
    if request.method == "POST" and form.is_valid():
        services.update_profile(user=member(request), changes=form.cleaned_data, at=timezone.now())
        messages.success(request, _("Your profile is saved."))
        return HttpResponseRedirect(back or reverse("space:profile"))
    return render(request, "accounts/profile.html", {"form": form, "back": back, "here": "profile"})
