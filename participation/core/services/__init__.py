"""Verbs of the spine: keyword-only, atomic, audited. Each takes `at` and, when somebody acts,
`actor`; each raises `Refused` with the verdict of its policy."""

from participation.core.services.answers import answer_officially
from participation.core.services.attachments import (
    add_attachment,
    describe_attachment,
    discard_attachment,
    remove_attachment,
)
from participation.core.services.comments import add_comment, withdraw_comment
from participation.core.services.moderation import assess_report, moderate, report
from participation.core.services.notifications import (
    mark_notifications_read,
    notify,
    notify_followers,
)
from participation.core.services.processes import (
    amend_phase,
    cancel_process,
    publish_process,
    remove_phase,
)
from participation.core.services.publication import publish
from participation.core.services.supports import follow, support, unfollow, withdraw_support

__all__ = [
    "add_attachment",
    "add_comment",
    "amend_phase",
    "answer_officially",
    "assess_report",
    "cancel_process",
    "describe_attachment",
    "discard_attachment",
    "follow",
    "mark_notifications_read",
    "moderate",
    "notify",
    "notify_followers",
    "publish",
    "publish_process",
    "remove_attachment",
    "remove_phase",
    "report",
    "support",
    "unfollow",
    "withdraw_comment",
    "withdraw_support",
]
