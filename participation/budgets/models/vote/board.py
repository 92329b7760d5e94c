"""The board of a budget: three people, any two of whom open the box."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import BoardOrigin
from participation.budgets.models.budget import Budget


class Board(models.Model):
    """The key pair of a budget's votes, whose private half no server keeps.

    That half is sealed for each pair of the three members (`BoardSeal`). `fingerprint` is the
    SHA-256 of the public key, in hexadecimal. The seals go once `challenge_days` have passed since
    the results were published: from `destroyed_at` on nobody opens an envelope again.
    """

    budget = models.OneToOneField(
        Budget, primary_key=True, on_delete=models.PROTECT, related_name="board"
    )
    public_key = models.BinaryField()
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    origin = models.CharField(_("where it was made"), max_length=10, choices=BoardOrigin.choices)
    observers = ArrayField(
        models.EmailField(),
        verbose_name=_("observers"),
        default=list,
        blank=True,
        help_text=_("Addresses that receive the signed head of the journal every day."),
    )
    challenge_days = models.PositiveSmallIntegerField(_("days to challenge a result"), default=60)
    made_at = models.DateTimeField(_("made"))
    destroyed_at = models.DateTimeField(_("keys destroyed"), null=True, blank=True)

    class Meta:
        verbose_name = _("voting board")
        verbose_name_plural = _("voting boards")
        triggers = [
            pgtrigger.Protect(
                name="board_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "budget", "public_key", "fingerprint", "origin", "made_at"
                ),
            )
        ]

    def __str__(self) -> str:
        return self.fingerprint[:16]


class BoardMember(models.Model):
    """One holder of a secret. The secret is on paper; here is the public key that it makes."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="members")
    rank = models.PositiveSmallIntegerField(_("rank"))
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    public_key = models.BinaryField()

    class Meta:
        verbose_name = _("member of the board")
        verbose_name_plural = _("members of the board")
        ordering = ["board", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["board", "rank"], name="board_member_rank_once"),
            models.UniqueConstraint(fields=["board", "public_key"], name="board_member_key_once"),
            models.CheckConstraint(
                condition=models.Q(rank__range=(1, 3)), name="board_member_rank_of_three"
            ),
        ]
        triggers = [pgtrigger.Protect(name="board_member_frozen", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.name


class BoardSeal(models.Model):
    """The private key, sealed to the second member of a pair and that to the first."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="seals")
    first_rank = models.PositiveSmallIntegerField()
    second_rank = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("sealed key")
        verbose_name_plural = _("sealed keys")
        ordering = ["board", "first_rank", "second_rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "first_rank", "second_rank"], name="board_seal_pair_once"
            ),
            models.CheckConstraint(
                condition=models.Q(first_rank__lt=models.F("second_rank")),
                name="board_seal_pair_in_order",
            ),
        ]
        triggers = [pgtrigger.Protect(name="board_seal_frozen", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.board_id}: {self.first_rank} + {self.second_rank}"
