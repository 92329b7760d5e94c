"""Telling those who follow a whole map what the authority answered: one message a day, at most."""

import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from participation.core import mails
from participation.core.services import notify_followers
from participation.mapping.queries.news import DayOfAnswers, answers_of

SHOWN = 20
"""Answers that one message describes; the map has them all."""


def tell_followers(*, day: datetime.date, at: datetime.datetime) -> int:
    """Tell the followers of each map (and of its process) of the answers of `day`, the town's own;
    how many messages.

    Running it twice tells nobody twice. The authors are told at once, each of their own.
    """
    return sum(_tell(news, at) for news in answers_of(day=day, at=at))


@transaction.atomic
def _tell(news: DayOfAnswers, at: datetime.datetime) -> int:
    subject, body = mails.render(
        "map_news",
        language=settings.LANGUAGE_CODE,
        map=news.map,
        answers=news.answers[:SHOWN],
        total=len(news.answers),
        others=max(len(news.answers) - SHOWN, 0),
    )
    return notify_followers(
        subject=news.map.activity,
        kind="map-news",
        key=f"{news.map.pk}-{news.day:%Y-%m-%d}",
        subject_line=subject,
        body=body,
        path=reverse("mapping:home", args=[news.map.activity.slug]),
        at=at,
    )
