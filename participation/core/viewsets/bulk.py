"""Acting on several lines of a list at once; deciding on several texts, from the queues."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views.bulk_action import BulkAction

from participation.core import policies, services
from participation.core.choices import Visibility
from participation.core.forms import RestrictionForm
from participation.core.models import Comment, Contribution
from participation.core.verdict import Refused
from participation.core.viewsets.shared import Guarded


class Several(Guarded, BulkAction):
    """One service call per row; a row that refuses is left as it is, and its reason is shown."""

    template_name = "core/admin/bulk.html"
    question: Any = ""

    @classmethod
    def one(cls, row: Any, data: dict[str, Any], actor: Any) -> None:
        """Act on `row`; raise `Refused` when its state does not allow it."""
        raise NotImplementedError

    def state_of(self, row: Any) -> str:
        """What is said of a row before one confirms; nothing when empty."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            question=self.question,
            button=self.display_name,
            serious="serious" in self.classes,
            **kwargs,
        )
        for entry in context["items"]:
            entry["state"] = self.state_of(entry["item"])
        return context

    def get_execution_context(self) -> dict[str, Any]:
        self.reasons: list[str] = []
        return {
            **super().get_execution_context(),
            "actor": self.request.user,
            "data": self.cleaned_form.cleaned_data if self.cleaned_form else {},
            "reasons": self.reasons,
        }

    @classmethod
    def execute_action(cls, objects: Any, **kwargs: Any) -> tuple[int, int]:
        done = 0
        for row in objects:
            try:
                cls.one(row, kwargs["data"], kwargs["actor"])
                done += 1
            except Refused as refused:
                kwargs["reasons"].append(f"{row}\N{NO-BREAK SPACE}: {refused}")
        return done, len(kwargs["reasons"])

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        message = ngettext(
            "%(count)s line handled.", "%(count)s lines handled.", num_parent_objects
        ) % {"count": num_parent_objects}
        if num_child_objects:
            left = ngettext(
                "%(count)s left as it was: %(reasons)s",
                "%(count)s left as they were: %(reasons)s",
                num_child_objects,
            ) % {"count": num_child_objects, "reasons": " – ".join(self.reasons[:5])}
            message = f"{message} {left}"
        return message


class _Decision(Several):
    models = [Contribution, Comment]
    policy = staticmethod(policies.may_moderate)

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> Any:
        return list(
            model.objects.exclude(visibility=Visibility.DRAFT)
            .filter(pk__in=object_ids)
            .select_related("author")
            .order_by("pk")
        )

    def state_of(self, row: Any) -> str:
        return str(row.get_visibility_display())


class PublishSelected(_Decision):
    display_name = _("Publish")
    aria_label = _("Publish the selected texts")
    action_type = "moderation_publish"
    question = _("Publish these texts? Their authors are told.")

    @classmethod
    def one(cls, row: Any, data: dict[str, Any], actor: Any) -> None:
        services.moderate(
            subject=row,
            visibility=Visibility.PUBLISHED,
            ground="",
            statement="",
            actor=actor,
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
    def one(cls, row: Any, data: dict[str, Any], actor: Any) -> None:
        services.moderate(
            subject=row,
            visibility=Visibility.REJECTED
            if row.visibility == Visibility.PENDING
            else Visibility.HIDDEN,
            ground=data["ground"],
            statement=data["statement"],
            actor=actor,
            at=timezone.now(),
        )
