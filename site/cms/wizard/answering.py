"""What the screens of both wizards do alike."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from participation.core.models import Activity, Directorate
from participation.core.verdict import Refused


def alone(rows: Any) -> int | None:
    """The key of the only row, when there is only one: nobody needs to choose it."""
    found = list(rows)
    return found[0].pk if len(found) == 1 else None


def answer(
    request: HttpRequest,
    *,
    form: Form,
    make: Callable[..., Activity],
    template: str,
    next_url: str,
) -> HttpResponse:
    """Make what the form asks for and go to `next_url`, a name that takes the activity's key.

    When the form is wrong, it comes back with what was typed and why.
    """
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = make(answers=form.cleaned_data, actor=request.user, at=timezone.now())
            except Refused as refused:
                for refusal in refused.verdict.refusals:
                    form.add_error(None, str(refusal))
            else:
                messages.success(
                    request,
                    gettext("“%(title)s” is ready, as a draft.") % {"title": made.title},
                )
                return redirect(next_url, pk=made.pk)
        status = 422
    return render(
        request,
        template,
        {"form": form, "has_directorates": Directorate.objects.exists()},
        status=status,
    )


def pages_to_finish(*pages: Any) -> list[dict[str, Any]]:
    """The drafts that were made, each with its kind and where to edit it."""
    return [
        {
            "page": page,
            "kind": page.specific_class._meta.verbose_name,
            "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
        }
        for page in pages
        if page is not None
    ]
