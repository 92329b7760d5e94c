"""Reading one text in full, with all that a decision needs, and deciding."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from participation.core import policies, registry, services
from participation.core.choices import ReportState, Visibility
from participation.core.forms import AnswerForm, AssessmentForm, RestrictionForm
from participation.core.models import Comment, Contribution, Report
from participation.core.queries import subject_field
from participation.core.verdict import Refused
from participation.core.viewsets.shared import Guarded, add_refusals


class _TextPage(Guarded, WagtailAdminTemplateMixin, TemplateView):
    """The page of one contribution or comment."""

    policy = staticmethod(policies.may_moderate)
    model: Any = None
    index_url_name = ""
    read_url_name = ""
    template_name = "core/admin/read.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.text = _text(self.model, kwargs["pk"])

    def get_page_title(self) -> str:
        if isinstance(self.text, Comment):
            return _("Comment on “%(title)s”") % {"title": self.text.contribution.title}
        return self.text.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Moderation")},
            {"url": "", "label": Truncator(self.get_page_title()).chars(60)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.text
        contribution = text.contribution if isinstance(text, Comment) else text
        reports = list(text.reports.select_related("reporter"))
        kwargs.setdefault("restriction_form", RestrictionForm())
        kwargs.setdefault("answer_form", AnswerForm())
        kwargs.setdefault("assessed", None)
        kwargs.setdefault("assessment_form", AssessmentForm())
        return super().get_context_data(
            text=text,
            contribution=contribution,
            is_comment=isinstance(text, Comment),
            attachments=[] if isinstance(text, Comment) else list(text.attachments.all()),
            answers=[] if isinstance(text, Comment) else list(text.answers.all()),
            reports=reports,
            open_reports=[report for report in reports if report.state == ReportState.OPEN],
            decisions=list(text.decisions.select_related("decided_by")),
            may_publish=text.visibility
            in (Visibility.PENDING, Visibility.HIDDEN, Visibility.REJECTED),
            restriction=_restriction(text),
            may_answer=not isinstance(text, Comment)
            and bool(policies.may_answer(user=self.request.user)),
            public_path=registry.contribution_path(contribution),
            decide_url=self.own_url("decide"),
            answer_url="" if isinstance(text, Comment) else self.own_url("answer"),
            **kwargs,
        )

    def own_url(self, view_name: str) -> str:
        namespace = self.read_url_name.split(":")[0]
        return reverse(f"{namespace}:{view_name}", args=[self.text.pk])

    def show(self, **context: Any) -> HttpResponse:
        """The page again; its forms are far from its top, which says that one was refused."""
        messages.error(
            self.request, _("Nothing is saved: a form below says what is wrong with it.")
        )
        return self.render_to_response(self.get_context_data(**context), status=422)

    @property
    def here(self) -> str:
        return reverse(self.read_url_name, args=[self.text.pk])

    def back(self) -> HttpResponseRedirect:
        return HttpResponseRedirect(self.here)


def _text(model: Any, pk: int) -> Contribution | Comment:
    related = ["contribution__activity__process", "author"]
    if model is Contribution:
        related = ["activity__process", "author", "territory"]
    return get_object_or_404(
        model.objects.exclude(visibility=Visibility.DRAFT).select_related(*related), pk=pk
    )


def _restriction(text: Contribution | Comment) -> str:
    """What restricting this text now means: `rejected`, `hidden`, or nothing left to do."""
    if text.visibility == Visibility.PENDING:
        return Visibility.REJECTED
    return Visibility.HIDDEN if text.visibility == Visibility.PUBLISHED else ""


class ReadView(_TextPage):
    http_method_names = ["get", "head"]


class DecideView(_TextPage):
    """Publish, reject or hide: one button, one service."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = RestrictionForm(request.POST)
        if not form.is_valid():
            return self.show(restriction_form=form)
        try:
            decision = services.moderate(
                subject=self.text,
                visibility=request.POST.get("visibility", ""),
                ground=form.cleaned_data["ground"],
                statement=form.cleaned_data["statement"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(restriction_form=form)
        messages.success(
            request,
            _("Decision recorded: %(state)s. The author is told.")
            % {"state": decision.get_visibility_after_display()},
        )
        return self.back()


class AnswerView(_TextPage):
    """Publish the authority's answer."""

    policy = staticmethod(policies.may_answer)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.show(answer_form=form)
        assert isinstance(self.text, Contribution)  # noqa: S101 -- comments have no such address
        try:
            services.answer_officially(
                contribution=self.text,
                status=form.cleaned_data["status"],
                body=form.cleaned_data["body"],
                directorate=form.cleaned_data["directorate"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(answer_form=form)
        messages.success(request, _("Answer published. The author and followers are told."))
        return self.back()


class AssessReportView(_TextPage):
    """Uphold or dismiss one report."""

    http_method_names = ["post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        TemplateView.setup(self, request, *args, **kwargs)
        self.report = get_object_or_404(
            Report.objects.select_related("comment", "contribution"), pk=kwargs["pk"]
        )
        subject = self.report.comment or self.report.contribution
        self.text = _text(type(subject), subject.pk)  # type: ignore[union-attr]  # one is set
        desk = f"moderation_{subject_field(self.text)}s"
        self.read_url_name, self.index_url_name = f"{desk}:read", f"{desk}:index"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AssessmentForm(request.POST, auto_id=f"id_report{self.report.pk}_%s")
        if not form.is_valid():
            return self.show(assessment_form=form, assessed=self.report.pk)
        try:
            services.assess_report(
                report=self.report,
                upheld=request.POST.get("upheld") == "yes",
                statement=form.cleaned_data["statement"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(assessment_form=form, assessed=self.report.pk)
        messages.success(request, _("Report closed. The person who reported is told."))
        return self.back()
