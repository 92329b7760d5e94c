"""One contribution in full, and what the authority does about it: the same for every instrument."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin import messages
from wagtail.models import ModelLogEntry

from participation.core import policies
from participation.core.choices import Visibility
from participation.core.models import Contribution
from participation.core.viewsets.screens import Screen

_ENTRIES = 50


class ContributionScreen(Screen):
    """The page of an instrument's row, `self.row`, whose `contribution` is what was sent.

    A subclass gives `find` (the row of a key, or 404), `read_name` (this page among addresses) and
    its two forms, or none.
    """

    header_icon = "pick"
    http_method_names = ["get", "head"]
    find: Callable[[int], Any]
    read_name = ""
    assign_form_class: Any
    answer_form_class: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.row = type(self).find(kwargs["pk"])

    def get_page_title(self) -> str:
        return str(self.contribution.title)

    @property
    def contribution(self) -> Contribution:
        found: Contribution = self.row.contribution
        return found

    @property
    def here(self) -> str:
        return reverse(self.read_name, args=[self.row.pk])

    @property
    def published(self) -> bool:
        return self.contribution.visibility == Visibility.PUBLISHED

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        spine, user = self.contribution, self.request.user
        kwargs.setdefault("assign_form", self.assign_form())
        kwargs.setdefault("answer_form", self.answer_form())
        kwargs.setdefault("may_answer", bool(policies.may_answer(user=user)))
        return super().get_context_data(
            row=self.row,
            contribution=spine,
            published=self.published,
            attachments=list(spine.attachments.order_by("position", "pk")),
            answers=list(
                spine.answers.select_related("directorate").order_by("-answered_at", "-pk")
            ),
            log=log_of(spine),
            may_moderate=bool(policies.may_moderate(user=user)),
            **kwargs,
        )

    def show(self, **context: Any) -> HttpResponse:
        """The page has several forms, none at its top: it says there that one was refused."""
        messages.error(
            self.request, gettext("Nothing is saved: a form below says what is wrong with it.")
        )
        return super().show(**context)

    def directorates(self) -> list[int]:
        """Keys of the directorates in charge now."""
        return []

    def assign_form(self, data: Any = None) -> Any:
        chosen = {"directorates": self.directorates()}
        return self.assign_form_class(data, initial=chosen, auto_id="id_assign_%s")

    def answer_form(self, data: Any = None) -> Any:
        return self.answer_form_class(data, auto_id="id_answer_%s")


class Assigning(ContributionScreen):
    """The button that gives a contribution to directorates; goes before the instrument's page."""

    http_method_names = ["post"]

    def assign(self, directorates: Any) -> None:
        """One service. Raises `Refused`."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.assign_form(request.POST)
        return self.attempt(
            lambda: self.assign(form.cleaned_data["directorates"]),
            form=form,
            name="assign_form",
            done=gettext("The directorates are recorded."),
            to=self.here,
        )


class Answering(ContributionScreen):
    """The button that publishes the authority's answer; goes before the instrument's page."""

    http_method_names = ["post"]

    def answer(self, given: dict[str, Any]) -> None:
        """One service, with what the form gave. Raises `Refused`."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.answer_form(request.POST)
        return self.attempt(
            lambda: self.answer(form.cleaned_data),
            form=form,
            name="answer_form",
            done=gettext("Answer published. The author and followers are told."),
            to=self.here,
        )


def log_of(contribution: Contribution) -> list[ModelLogEntry]:
    """The audit log of a contribution, newest first: who did what."""
    return list(
        ModelLogEntry.objects.filter(
            object_id=str(contribution.pk),
            content_type__app_label="core",
            content_type__model="contribution",
        )
        .select_related("user", "content_type")
        .order_by("-timestamp", "-pk")[:_ENTRIES]
    )
