"""Categories of one map, and the questions of each."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from maps.assets import sprite_url
from participation.core.verdict import Refused
from participation.mapping import policies
from participation.mapping.office.forms import CategoryForm, QuestionForm
from participation.mapping.office.lookups import category_or_404
from participation.mapping.office.shared import MapScreen
from participation.mapping.queries import categories_with_questions
from participation.mapping.services.setup import (
    remove_category,
    remove_question,
    save_category,
    save_question,
)


class Categories(MapScreen):
    """The list of categories, with one form: a new one, or the one in the address."""

    policy = staticmethod(policies.may_set_up)
    page_title = _("Categories")
    header_icon = "tag"
    template_name = "mapping_admin/categories.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.category = None
        if "category" in kwargs:
            self.category = category_or_404(self.map, kwargs["category"])

    def _form(self, data: Any = None) -> CategoryForm:
        initial: dict[str, Any] = {
            "position": self.map.categories.count(),
            "icon": "map-pin",
            "tone": self.map.categories.count() % 8 + 1,
            "pattern": "plain",
            "shapes": ["point"],
        }
        if self.category is not None:
            initial = {name: getattr(self.category, name) for name in CategoryForm.base_fields}
        return CategoryForm(data, initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        return super().get_context_data(
            category=self.category,
            categories=categories_with_questions(map=self.map),
            sprite=sprite_url(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        return self.attempt(
            lambda: save_category(
                map=self.map, category=self.category, plan=form.plan(), actor=request.user
            ),
            form=form,
            done=gettext("The category is saved."),
            to=reverse("participatory_map:categories", args=[self.map.pk]),
        )


class RemoveCategory(MapScreen):
    """Remove a category that nothing uses."""

    policy = staticmethod(policies.may_set_up)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        category = category_or_404(self.map, kwargs["category"])
        try:
            remove_category(category=category, actor=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, gettext("The category is removed."))
        return HttpResponseRedirect(reverse("participatory_map:categories", args=[self.map.pk]))


class _OfCategory(MapScreen):
    policy = staticmethod(policies.may_set_up)
    header_icon = "help"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.category = category_or_404(self.map, kwargs["category"])
        self.question = None
        if "question" in kwargs:
            self.question = get_object_or_404(
                self.category.questions.select_related("category__map__activity"),
                pk=kwargs["question"],
            )

    @property
    def listing(self) -> str:
        return reverse("participatory_map:questions", args=[self.map.pk, self.category.pk])

    def trail(self) -> list[tuple[str, str]]:
        return [
            *super().trail(),
            (
                reverse("participatory_map:categories", args=[self.map.pk]),
                gettext("Categories"),
            ),
        ]


class Questions(_OfCategory):
    """What is asked in one category, with one form: a new question, or the one in the address."""

    template_name = "mapping_admin/questions.html"

    def get_page_title(self) -> str:
        return gettext("Questions of “%(category)s”") % {"category": self.category.name}

    def _form(self, data: Any = None) -> QuestionForm:
        question = self.question
        if question is None:
            return QuestionForm(
                data, initial={"position": self.category.questions.count(), "is_public": True}
            )
        initial = {name: getattr(question, name) for name in QuestionForm.base_fields}
        initial["options"] = "\n".join(question.options)
        return QuestionForm(data, initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        return super().get_context_data(
            category=self.category,
            question=self.question,
            questions=list(self.category.questions.order_by("position", "pk")),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        return self.attempt(
            lambda: save_question(
                category=self.category,
                question=self.question,
                plan=form.plan(),
                actor=request.user,
            ),
            form=form,
            done=gettext("The question is saved."),
            to=self.listing,
        )


class RemoveQuestion(_OfCategory):
    """Remove a question that nobody answered."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert self.question is not None  # noqa: S101 -- the address names it
        try:
            remove_question(question=self.question, actor=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, gettext("The question is removed."))
        return HttpResponseRedirect(self.listing)
