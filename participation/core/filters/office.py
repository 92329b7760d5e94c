"""Filters of the back office's lists."""

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from participation.core.choices import ReportState, Visibility
from participation.core.models import Comment, Contribution, Report
from participation.core.queries import subject_field

QUEUES = [
    ("todo", _("To handle: awaiting moderation or reported")),
    (Visibility.PENDING, _("Awaiting moderation")),
    ("reported", _("Reported")),
    (Visibility.PUBLISHED, _("Published")),
    (Visibility.REJECTED, _("Not published")),
    (Visibility.HIDDEN, _("Hidden")),
    ("all", pgettext_lazy("queue", "All")),
]


def with_reports(texts: QuerySet) -> QuerySet:
    """Contributions or comments, with `reported`: whether a report on them is open."""
    column = subject_field(texts.model())
    open_reports = Report.objects.filter(state=ReportState.OPEN, **{column: OuterRef("pk")})
    return texts.annotate(reported=Exists(open_reports.order_by()))


def in_queue(texts: QuerySet, queue: str) -> QuerySet:
    """The texts of one queue of moderation; drafts are nobody's business."""
    submitted = texts.exclude(visibility=Visibility.DRAFT)
    match queue:
        case "todo" | "":
            return submitted.filter(Q(visibility=Visibility.PENDING) | Q(reported=True))
        case "reported":
            return submitted.filter(reported=True)
        case "all":
            return submitted
    return submitted.filter(visibility=queue)


class _QueueFilter(WagtailFilterSet):
    queue = django_filters.ChoiceFilter(
        label=_("Queue"), choices=QUEUES, method="filter_queue", empty_label=None, initial="todo"
    )

    def filter_queue(self, texts: QuerySet, name: str, value: str) -> QuerySet:
        return in_queue(texts, value)


class ContributionFilter(_QueueFilter):
    class Meta:
        model = Contribution
        fields = ["queue", "activity", "source"]


class CommentFilter(_QueueFilter):
    class Meta:
        model = Comment
        fields = ["queue", "contribution__activity"]


class ReportFilter(WagtailFilterSet):
    class Meta:
        model = Report
        fields = ["state", "ground"]
