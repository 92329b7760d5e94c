"""Rows that the screens work on, with all that they show; 404 when there is none."""

from django.shortcuts import get_object_or_404

from participation.budgets.models import Budget, Delivery, Envelope, Idea, Project


def whole_number(text: str) -> int | None:
    """The number that an address holds, or None: digits of other alphabets are not ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def budget_or_404(pk: int) -> Budget:
    return get_object_or_404(
        Budget.objects.select_related("activity__process__perimeter").prefetch_related(
            "activity__phases"
        ),
        pk=pk,
    )


def idea_or_404(pk: int) -> Idea:
    """An idea that was submitted: a draft is its author's alone."""
    return get_object_or_404(
        Idea.objects.exclude(contribution__visibility="draft").select_related(
            "category",
            "budget__activity__process__perimeter",
            "contribution__author",
            "contribution__territory",
            "contribution__activity__process",
        ),
        pk=pk,
    )


def project_or_404(pk: int) -> Project:
    return get_object_or_404(
        Project.objects.select_related(
            "category", "territory", "envelope__budget__activity__process__perimeter"
        ),
        pk=pk,
    )


def envelope_or_404(pk: int) -> Envelope:
    return get_object_or_404(
        Envelope.objects.select_related(
            "territory",
            "poll__tally",
            "poll__revision",
            "poll__board",
            "budget__activity__process__perimeter",
        ).prefetch_related("budget__activity__phases"),
        pk=pk,
    )


def delivery_or_404(pk: int) -> Delivery:
    return get_object_or_404(
        Delivery.objects.select_related(
            "directorate",
            "project__territory",
            "project__envelope__budget__activity__process__perimeter",
        ),
        pk=pk,
    )
