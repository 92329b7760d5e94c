"""Rows of the spine: processes, their activities and phases, contributions and what people
do with them, moderation, notifications."""

from participation.core.models.contribution import (
    AnswerTemplate,
    Attachment,
    Contribution,
    OfficialAnswer,
)
from participation.core.models.exchange import Comment, Follow, Support
from participation.core.models.moderation import ModerationDecision, Report
from participation.core.models.notification import Notification
from participation.core.models.process import Activity, Directorate, Phase, Process

__all__ = [
    "Activity",
    "AnswerTemplate",
    "Attachment",
    "Comment",
    "Contribution",
    "Directorate",
    "Follow",
    "ModerationDecision",
    "Notification",
    "OfficialAnswer",
    "Phase",
    "Process",
    "Report",
    "Support",
]
