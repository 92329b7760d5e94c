"""Deciding on several texts at once, from the queues."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views.bulk_action import BulkAction

from participation.core import policies, services
from participation.core.choices import Visibility
from participation.core.forms import RestrictionForm
from participation.core.models import Comment, Contribution
from participation.core.verdict import Refused


class _Decision(BulkAction):
    models = [Contribution, Comment]
    template_name = "core/admin/bulk.html"
    question: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policies.may_moderate(user=request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> Any:
        return list(
            model.objects.exclude(visibility=Visibility.DRAFT)
            .filter(pk__in=object_ids)
            .select_related("author")
            .order_by("pk")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=self.question,
            button=self.display_name,
            serious="serious" in self.classes,
            **kwargs,
        )

    def get_execution_context(self) -> dict[str, Any]:
        return {
            **super().get_execution_context(),
            "user": self.request.user,
            "form": self.cleaned_form.cleaned_data if self.cleaned_form else {},
        }

    @classmethod
    def decide(cls, text: Any, user: Any, form: dict[str, Any]) -> None:
        raise NotImplementedError

    @classmethod
    def execute_action(cls, objects: Any, **kwargs: Any) -> tuple[int, int]:
        """One service call per text; those already decided are left as they are."""
        done = left = 0
        for text in objects:
            try:
                cls.decide(text, kwargs["user"], kwargs["form"])
                done += 1
            except Refused:
                left += 1
        return done, left

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        done = ngettext("%(n)d decision recorded.", "%(n)d decisions recorded.", num_parent_objects)
        message = done % {"n": num_parent_objects}
        if num_child_objects:
            left = ngettext(
                "%(n)d text left as it was: its state did not allow it.",
                "%(n)d texts left as they were: their state did not allow it.",
                num_child_objects,
            )
            message = f"{message} {left % {'n': num_child_objects}}"
        return message


class PublishSelected(_Decision):
    display_name = _("Publish")
    aria_label = _("Publish the selected texts")
    action_type = "moderation_publish"
    question = _("Publish these texts? Their authors are told.")

    @classmethod
    def decide(cls, text: Any, user: Any, form: dict[str, Any]) -> None:
        services.moderate(
            subject=text,
            visibility=Visibility.PUBLISHED,
            ground="",
            statement="",
            actor=user,
            at=timezone.now(),
        )


class RestrictSelected(_Decision):
    display_name = _("Refuse or hide")
    aria_label = _("Refuse or hide the selected texts")
    action_type = "moderation_restrict"
    question = _("Remove these texts from public view? Each author receives these reasons.")
    form_class = RestrictionForm
    classes = {"serious"}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        for field in form.fields.values():
            field.required = True
        return form

    @classmethod
    def decide(cls, text: Any, user: Any, form: dict[str, Any]) -> None:
        services.moderate(
            subject=text,
            visibility=Visibility.REJECTED
            if text.visibility == Visibility.PENDING
            else Visibility.HIDDEN,
            ground=form["ground"],
            statement=form["statement"],
            actor=user,
            at=timezone.now(),
        )
