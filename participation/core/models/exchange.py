"""What people do with contributions: comment, support, follow."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.core.choices import Visibility
from participation.core.models.contribution import Contribution
from participation.core.models.process import Activity, Process
from participation.core.querysets import CommentQuerySet


class Comment(models.Model):
    """A comment (depth 0) or a reply to one (depth 1): two levels, never more."""

    contribution = models.ForeignKey(
        Contribution,
        verbose_name=_("contribution"),
        on_delete=models.PROTECT,
        related_name="comments",
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="comments",
    )
    body = models.TextField(_("comment"), max_length=2000)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLISHED
    )
    submission_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("written"))

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["contribution", "created_at", "pk"]
        indexes = [models.Index(fields=["contribution", "created_at"], name="comment_thread")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visibility__in=Visibility.values),
                name="comment_visibility_known",
            ),
        ]
        triggers = [
            # A foreign key cannot say "a comment of the same contribution that is no reply".
            pgtrigger.Trigger(
                name="comment_two_levels",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__parent__isnull=False),
                func=pgtrigger.Func(
                    """
                    IF NOT EXISTS (
                        SELECT 1 FROM {meta.db_table} AS parent
                        WHERE parent.id = NEW.parent_id
                          AND parent.parent_id IS NULL
                          AND parent.contribution_id = NEW.contribution_id
                    ) THEN
                        RAISE EXCEPTION 'a reply answers a first-level comment of its contribution'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                    """
                ),
            )
        ]

    def __str__(self) -> str:
        return self.body[:60]


class Support(models.Model):
    """One person's support of one contribution."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="supports"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="supports"
    )
    created_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("supports")
        constraints = [
            models.UniqueConstraint(fields=["contribution", "user"], name="support_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.contribution}"


class Follow(models.Model):
    """One person follows a process, an activity or a contribution: exactly one of them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows"
    )
    process = models.ForeignKey(
        Process, null=True, blank=True, on_delete=models.CASCADE, related_name="followers"
    )
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.CASCADE, related_name="followers"
    )
    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.CASCADE, related_name="followers"
    )
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(
                        process__isnull=False, activity__isnull=True, contribution__isnull=True
                    )
                    | models.Q(
                        process__isnull=True, activity__isnull=False, contribution__isnull=True
                    )
                    | models.Q(
                        process__isnull=True, activity__isnull=True, contribution__isnull=False
                    )
                ),
                name="follow_exactly_one",
            ),
            models.UniqueConstraint(
                fields=["user", "process", "activity", "contribution"],
                nulls_distinct=False,
                name="follow_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.process or self.activity or self.contribution}"
