"""Rows that the screens work on; 404 when there is none."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext

from participation.core.models import Activity
from participation.electors.models import Elector, Electorate, LetterBatch, MatchRequest
from participation.electors.queries import electorate_in_force


def electorate_or_404(activity: int) -> Electorate:
    """The electorate of an activity, saved or what it would be."""
    found = get_object_or_404(
        Activity.objects.select_related("process__perimeter").defer("process__perimeter__geometry"),
        pk=activity,
    )
    return electorate_in_force(activity=found)


def elector_or_404(pk: int) -> Elector:
    return get_object_or_404(
        Elector.objects.select_related(
            "electorate__activity__process", "territory", "account"
        ).defer("territory__geometry"),
        pk=pk,
    )


def match_or_404(pk: int) -> MatchRequest:
    return get_object_or_404(
        MatchRequest.objects.select_related(
            "electorate__activity__process", "elector", "decided_by", "account"
        ),
        pk=pk,
    )


def batch_or_404(pk: int) -> LetterBatch:
    return get_object_or_404(
        LetterBatch.objects.select_related("electorate__activity__process"), pk=pk
    )


def electorate_trail(electorate: Electorate) -> list[tuple[str, str]]:
    """The way to the board of an electorate."""
    return [
        (reverse("electorate:index"), gettext("Who votes")),
        (reverse("electorate:board", args=[electorate.pk]), electorate.activity.title),
    ]
