"""Imports of the roll, and people whom an officer must recognise."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.electors.choices import IdentityKind, MatchState, Way
from participation.electors.models.elector import Elector
from participation.electors.models.electorate import Electorate


class RollImport(models.Model):
    """One file of the roll: what it changed, and its fingerprint.

    `held` is the file itself, compressed, between the preview and the confirmation; it is emptied
    by either the import or the night. A large file is imported by the worker: `asked_at` is since
    when, and `trouble` why it was not, in words.
    """

    electorate = models.ForeignKey(
        Electorate, on_delete=models.PROTECT, related_name="roll_imports"
    )
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    is_whole_roll = models.BooleanField(_("the file is the whole roll"), default=True)
    held = models.BinaryField(null=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("imported by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("sent"))
    asked_at = models.DateTimeField(_("import asked"), null=True, blank=True)
    trouble = models.TextField(_("why it was not imported"), blank=True)
    imported_at = models.DateTimeField(_("imported"), null=True, blank=True)
    lines = models.PositiveIntegerField(_("lines"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    gone = models.PositiveIntegerField(_("gone"), default=0)
    homonyms = models.PositiveIntegerField(_("to look at again"), default=0)

    class Meta:
        verbose_name = _("import of the roll")
        verbose_name_plural = _("imports of the roll")
        ordering = ["electorate", "-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(imported_at__isnull=True) | models.Q(held__isnull=True),
                name="roll_import_forgets_its_file",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class MatchRequest(models.Model):
    """Somebody who stated their names and birth date and was not recognised at once.

    The same row is made whether the roll holds nobody of that name, somebody near, or somebody who
    has already come: the person is told the same thing, and learns nothing of the roll.
    `identity_kind` and `identity_digest` are what they proved to hold (a telephone, an account…):
    accepting ties it to `elector`.
    """

    electorate = models.ForeignKey(
        Electorate, on_delete=models.PROTECT, related_name="match_requests"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    way = models.CharField(_("came"), max_length=15, choices=Way.choices)
    identity_kind = models.CharField(max_length=15, choices=IdentityKind.choices, blank=True)
    identity_digest = models.CharField(max_length=64, blank=True)
    family_name = models.CharField(_("family name"), max_length=120, blank=True)
    given_names = models.CharField(_("given names"), max_length=120, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(max_length=5, default="fr")
    asked_on = models.DateField(_("asked"))
    state = models.CharField(
        _("state"), max_length=10, choices=MatchState.choices, default=MatchState.PENDING
    )
    elector = models.ForeignKey(
        Elector,
        verbose_name=_("elector"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="match_requests",
    )
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        ordering = ["electorate", "asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=MatchState.values), name="match_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MatchState.ACCEPTED) | models.Q(elector__isnull=False),
                name="match_accepted_names_an_elector",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MatchState.REFUSED) | models.Q(reason__length__gt=0),
                name="match_refused_with_reason",
                violation_error_message=_(
                    "A refusal needs its reason, which is sent to the person."
                ),
            ),
            models.UniqueConstraint(
                fields=["electorate", "identity_kind", "identity_digest"],
                condition=models.Q(state=MatchState.PENDING),
                name="match_one_pending_per_identity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family_name} {self.given_names}".strip() or f"#{self.pk}"
