"""What the page editor adds to Wagtail's: words after a draft, a translation in one gesture."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.contrib.simple_translation.views import SubmitPageTranslationView
from wagtail.models import Page

_ACTIONS = ("action-publish", "action-submit", "action-restart-workflow", "action-workflow-action")


def tell_what_visitors_see(request: HttpRequest, page: Page) -> None:
    """After a draft is saved by hand: Wagtail says "updated", which one reads as "online"."""
    saved_by_itself = not request.accepts("text/html")
    if saved_by_itself or any(action in request.POST for action in _ACTIONS):
        return
    if page.live:
        text = _(
            "This is a draft: visitors still see the published version. To show them your"
            " changes, open the arrow beside the button and choose “Publish”."
        )
    else:
        text = _(
            "This is a draft: visitors don't see this page. When it is ready, open the arrow"
            " beside the button and choose “Publish”."
        )
    messages.info(request, text)


class TranslatePage(SubmitPageTranslationView):
    """Wagtail's question "in which languages?", answered already when there is only one."""

    def get_form(self) -> Any:
        form = super().get_form()
        languages = list(form.fields["locales"].queryset)
        if len(languages) == 1:
            form.initial["locales"] = languages
        return form
