"""Leaving."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.core.account import mails, services
from participation.core.account.forms import DeletionForm
from participation.core.account.views.shared import member, member_page
from participation.core.verdict import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
@reauthentication_required
def delete(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays, then do it."""
    form = DeletionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = member(request)
        address, name, language = person.email, person.public_name, person.language
        try:
            services.delete_account(
                user=person,
                withdraw=form.cleaned_data["published"] == DeletionForm.WITHDRAW,
                at=timezone.now(),
            )
        except Refused as refused:
            for refusal in refused.verdict.refusals:
                messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("space:data"))
        logout(request)
        mails.farewell(address=address, name=name, language=language)
        return HttpResponseRedirect(reverse("space:deleted"))
    return render(request, "accounts/delete.html", {"form": form, "here": "data"})


@require_safe
@never_cache
def deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/deleted.html")
