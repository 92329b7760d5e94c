"""Settings of one budget: its rules, its envelopes, its categories."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from participation.budgets import policies
from participation.budgets.models import Envelope
from participation.budgets.office.forms import CategoryForm, EnvelopeForm, RulesForm
from participation.budgets.office.lookups import budget_or_404
from participation.budgets.office.shared import Screen, budget_trail
from participation.budgets.services.setup import (
    EnvelopePlan,
    remove_category,
    save_category,
    save_envelope,
    save_rules,
)
from participation.core.verdict import Refused


class _Settings(Screen):
    policy = staticmethod(policies.may_set_up)
    header_icon = "cog"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.budget = budget_or_404(kwargs["pk"])

    def trail(self) -> list[tuple[str, str]]:
        return budget_trail(self.budget)


class Rules(_Settings):
    page_title = _("Rules")
    template_name = "budgets_admin/rules.html"

    def _form(self, data: Any = None) -> RulesForm:
        initial = {name: getattr(self.budget, name) for name in RulesForm.base_fields}
        return RulesForm(data, initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        sealed = self.budget.envelopes.filter(poll__isnull=False).exists()
        return super().get_context_data(budget=self.budget, sealed=sealed, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        return self.attempt(
            lambda: save_rules(budget=self.budget, rules=form.cleaned_data, actor=request.user),
            form=form,
            done=gettext("The rules are saved."),
            to=reverse("budget:rules", args=[self.budget.pk]),
        )


class Envelopes(_Settings):
    """The list of envelopes, with one form: a new one, or the one in the address."""

    page_title = _("Envelopes")
    template_name = "budgets_admin/envelopes.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.envelope = Envelope(budget=self.budget)
        if "envelope" in kwargs:
            self.envelope = get_object_or_404(self.budget.envelopes, pk=kwargs["envelope"])

    def _form(self, data: Any = None) -> EnvelopeForm:
        initial: dict[str, Any] = {"position": self.budget.envelopes.count()}
        if self.envelope.pk:
            initial = {name: getattr(self.envelope, name) for name in EnvelopeForm.base_fields}
        return EnvelopeForm(data, initial=initial, budget=self.budget)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        return super().get_context_data(
            budget=self.budget,
            envelope=self.envelope if self.envelope.pk else None,
            envelopes=list(
                self.budget.envelopes.select_related("territory", "poll").order_by("position", "pk")
            ),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)

        def act() -> None:
            data = form.cleaned_data
            save_envelope(
                envelope=self.envelope,
                plan=EnvelopePlan(data["name"], data["amount_cents"], data["territory"]),
                position=data["position"],
                actor=request.user,
            )

        return self.attempt(
            act,
            form=form,
            done=gettext("The envelope is saved."),
            to=reverse("budget:envelopes", args=[self.budget.pk]),
        )


class Categories(_Settings):
    """The list of categories, with one form: a new one, or the one in the address."""

    page_title = _("Categories")
    template_name = "budgets_admin/categories.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.category = None
        if "category" in kwargs:
            self.category = get_object_or_404(self.budget.categories, pk=kwargs["category"])

    def _form(self, data: Any = None) -> CategoryForm:
        initial: dict[str, Any] = {"position": self.budget.categories.count()}
        if self.category is not None:
            initial = {name: getattr(self.category, name) for name in CategoryForm.base_fields}
        return CategoryForm(data, initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        return super().get_context_data(
            budget=self.budget,
            category=self.category,
            categories=list(self.budget.categories.order_by("position", "name", "pk")),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        return self.attempt(
            lambda: save_category(
                budget=self.budget, category=self.category, actor=request.user, **form.cleaned_data
            ),
            form=form,
            done=gettext("The category is saved."),
            to=reverse("budget:categories", args=[self.budget.pk]),
        )


class RemoveCategory(_Settings):
    """Remove a category that nothing uses."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        category = get_object_or_404(self.budget.categories, pk=kwargs["category"])
        try:
            remove_category(category=category, actor=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, gettext("The category is removed."))
        return HttpResponseRedirect(reverse("budget:categories", args=[self.budget.pk]))
