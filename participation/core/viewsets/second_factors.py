"""Somebody lost what they sign in with after their password: the office lets them in again."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from participation.accounts.models import User
from participation.accounts.policies import needs_second_factor
from participation.accounts.queries import factors_of
from participation.core.account import policies, recovery
from participation.core.forms import FactorRemovalForm
from participation.core.verdict import Refused
from participation.core.viewsets.screens import Screen, add_refusals


@method_decorator(reauthentication_required, name="get")
@method_decorator(reauthentication_required, name="post")
class RemoveFactors(Screen):
    """What somebody has set up and since when; then, once they are recognised, none of it.

    Whoever sits here has just proven who they are: a screen left open must not undo what
    protects other people's accounts.
    """

    policy = staticmethod(policies.may_help_people)
    page_title = _("Lost second factor")
    header_icon = "key"
    template_name = "core/admin/second_factor.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.person = get_object_or_404(User, pk=kwargs["pk"], erased_at=None)

    def get_page_subtitle(self) -> str:
        return self.person.public_name

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("wagtailusers_users:index"), gettext("Users"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        factors = factors_of(self.person)
        kwargs.setdefault("form", FactorRemovalForm())
        return super().get_context_data(
            person=self.person,
            factors=factors,
            seen=recovery.fingerprint(factors),
            required=needs_second_factor(user=self.person),
            verdict=policies.may_remove_factors(actor=self.request.user, person=self.person),
            history_url=reverse("wagtailusers_users:history", args=[self.person.pk]),
            back_url=reverse("wagtailusers_users:index"),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FactorRemovalForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        try:
            removed = recovery.remove_second_factors(
                person=self.person,
                seen=request.POST.get("seen", ""),
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(form=form)
        if removed:
            messages.success(
                request,
                gettext(
                    "The second factor of %(name)s is removed and their sessions are closed. "
                    "A mail tells them; they sign in with their password alone."
                )
                % {"name": self.person.public_name},
            )
        else:
            messages.info(request, gettext("Nothing was set up any more: nothing was removed."))
        return HttpResponseRedirect(request.path)
