"""The menu "Modération": queues, reading in full, decisions."""

from typing import Any

from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    StatusTagColumn,
    TitleColumn,
)
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup

from participation.core import policies
from participation.core.choices import Visibility
from participation.core.filters.office import (
    CommentFilter,
    ContributionFilter,
    ReportFilter,
    with_reports,
)
from participation.core.models import Comment, Contribution, Report
from participation.core.viewsets.reading import (
    AnswerView,
    AssessReportView,
    DecideView,
    ReadView,
)
from participation.core.viewsets.shared import Guarded, menu_item, moment


class _Queue(Guarded, generic.IndexView):
    policy = staticmethod(policies.may_moderate)
    permission_policy = None
    any_permission_required = None
    template_name = "core/admin/queue.html"
    search_backend_name = None
    read_url_name = ""
    paginate_by = 30

    @property
    def no_results_message(self) -> Any:
        return _("Nothing to handle here. Thank you.")


class _TextQueue(_Queue):
    """Contributions or comments; without a filter, those that wait for a decision."""

    title_label: Any = ""

    def get_base_queryset(self) -> Any:
        return with_reports(super().get_base_queryset())

    def get_filterset_kwargs(self) -> dict[str, Any]:
        asked = self.request.GET.copy()
        asked.setdefault("queue", "todo")
        return {**super().get_filterset_kwargs(), "data": asked}

    def headline(self, text: Any) -> str:
        return text.title

    @cached_property
    def columns(self) -> list[Any]:
        kind = self.model._meta.model_name
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type=kind),
            TitleColumn(
                "headline",
                label=self.title_label,
                accessor=self.headline,
                get_url=lambda text: reverse(self.read_url_name, args=[text.pk]),
                get_title_id=lambda text: f"{kind}_{text.pk}_title",
            ),
            Column("author", label=_("Author"), accessor=_author_name),
            Column("activity", label=_("Activity"), accessor=_activity_title),
            StatusTagColumn(
                "visibility",
                label=_("Visibility"),
                accessor="get_visibility_display",
                primary=lambda text: text.visibility == Visibility.PUBLISHED,
            ),
            Column("reported", label=_("Reports to examine"), accessor=_reported),
            moment("created_at", label=_("Received")),
        ]


def _author_name(text: Any) -> str:
    return text.author.public_name if text.author else getattr(text, "author_label", "")


def _reported(text: Any) -> Any:
    return _("Yes") if text.reported else "–"


def _activity_title(text: Any) -> str:
    contribution = text.contribution if isinstance(text, Comment) else text
    return contribution.activity.title


class ContributionQueue(_TextQueue):
    page_title = _("Contributions to moderate")
    filterset_class = ContributionFilter
    search_fields = ["title", "body"]
    title_label = _("Contribution")

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("author", "activity")


class CommentQueue(_TextQueue):
    page_title = _("Comments to moderate")
    filterset_class = CommentFilter
    search_fields = ["body"]
    title_label = _("Comment")

    def headline(self, text: Any) -> str:
        return Truncator(" ".join(text.body.split())).chars(90)

    def get_base_queryset(self) -> Any:
        texts = super().get_base_queryset()
        return texts.select_related("author", "contribution__activity").order_by(
            "-created_at", "-pk"
        )


class ReportList(_Queue):
    page_title = pgettext_lazy("moderation", "Reports")
    filterset_class = ReportFilter
    search_fields = ["explanation"]

    def get_base_queryset(self) -> Any:
        reports = super().get_base_queryset()
        return reports.select_related("contribution", "comment", "reporter")

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn(
                "subject",
                label=_("Reported text"),
                accessor=_reported_text,
                get_url=_reported_url,
            ),
            Column("ground", label=_("Ground"), accessor="get_ground_display"),
            Column("reporter", label=_("Reported by"), accessor=_reporter_name),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor="get_state_display",
                primary=lambda report: report.state == "open",
            ),
            moment("created_at", label=_("Received")),
        ]


def _reported_text(report: Report) -> str:
    text = report.comment.body if report.comment else report.contribution.title  # type: ignore[union-attr]  # exactly one is set
    return Truncator(" ".join(text.split())).chars(90)


def _reported_url(report: Report) -> str:
    if report.comment_id:
        return reverse("moderation_comments:read", args=[report.comment_id])
    return reverse("moderation_contributions:read", args=[report.contribution_id])


def _reporter_name(report: Report) -> str:
    return report.reporter.public_name if report.reporter else report.reporter_name


class _Desk(ViewSet):
    """A list, and for texts a page to read one in full and decide."""

    model: Any = None
    index_view_class: Any = None
    menu_item_class = menu_item(policies.may_moderate)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(
            model=self.model,
            header_icon=self.icon,
            index_url_name=self.get_url_name("index"),
            index_results_url_name=self.get_url_name("index_results"),
            read_url_name=self.get_url_name("read"),
            **kwargs,
        )

    def get_urlpatterns(self) -> list[Any]:
        view = self.index_view_class
        return [
            path("", self.construct_view(view), name="index"),
            path("results/", self.construct_view(view, results_only=True), name="index_results"),
        ]


class _TextDesk(_Desk):
    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/", self.construct_view(ReadView), name="read"),
            path("<int:pk>/decide/", self.construct_view(DecideView), name="decide"),
        ]


class ContributionDesk(_TextDesk):
    name = "moderation_contributions"
    url_prefix = "moderation/contributions"
    model = Contribution
    icon = "doc-full"
    menu_label = _("Contributions")
    index_view_class = ContributionQueue

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/answer/", self.construct_view(AnswerView), name="answer"),
        ]


class CommentDesk(_TextDesk):
    name = "moderation_comments"
    url_prefix = "moderation/commentaires"
    model = Comment
    icon = "comment"
    menu_label = _("Comments")
    index_view_class = CommentQueue


class ReportDesk(_Desk):
    name = "moderation_reports"
    url_prefix = "moderation/signalements"
    model = Report
    icon = "warning"
    menu_label = pgettext_lazy("moderation", "Reports")
    index_view_class = ReportList

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/assess/", self.construct_view(AssessReportView), name="assess"),
        ]


class ModerationGroup(ViewSetGroup):
    """One menu to read, decide and answer."""

    items = (ContributionDesk(), CommentDesk(), ReportDesk())
    menu_label = _("Moderation")
    menu_icon = "warning"
    menu_order = 250


moderation_group = ModerationGroup()
