"""People who take part and people who run the site."""

import datetime
import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.accounts.emails import normalise_email

# How long a prepared archive of one's data waits for its owner.
EXPORT_LIFETIME = datetime.timedelta(days=7)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person who signs in with `email`; no usable password when none is given."""
        user = self.model(email=normalise_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalise_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address signs in; the public name is all that others see.

    A deleted account keeps its row, emptied (`erased_at`), so that what was published stays
    attached to "a former member" and no foreign key dangles.
    """

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    public_name = models.CharField(_("public name"), max_length=80)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    home_territory = models.ForeignKey(
        Territory,
        verbose_name=_("where I live"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="residents",
    )
    language = models.CharField(_("language"), max_length=5, default="fr")
    wants_mail = models.BooleanField(_("receives notifications by e-mail"), default=True)
    is_staff = models.BooleanField(_("works for the authority"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    terms_accepted_at = models.DateTimeField(
        _("terms of use accepted"), null=True, blank=True, editable=False
    )
    date_joined = models.DateTimeField(_("joined"), auto_now_add=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    sessions_ended_at = models.DateTimeField(
        _("sessions closed by the office"), null=True, blank=True, editable=False
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["public_name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["public_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("An account already exists with this address."),
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_lower_case",
                violation_error_message=_("An address is kept in lower case."),
            ),
        ]

    def __str__(self) -> str:
        return self.public_name

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.public_name

    def get_short_name(self) -> str:
        return self.public_name

    def get_session_auth_hash(self) -> str:
        """What a session must hold to stay open: it changes with the password, and when the
        office closes every session of this person."""
        return self._of_these_sessions(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        yield from map(self._of_these_sessions, super().get_session_auth_fallback_hash())

    def _of_these_sessions(self, digest: str) -> str:
        ended = self.sessions_ended_at
        return f"{digest}/{ended.timestamp()}" if ended else digest


class DataExport(models.Model):
    """An archive of all that the site holds about one person, made at their request.

    The archive lies in this row and not on a disk: no address of a file can leak it, and it goes
    with the row. `archive` stays NULL until the task has made it.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_exports"
    )
    requested_at = models.DateTimeField(_("requested"))
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    archive = models.BinaryField(null=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)

    class Meta:
        verbose_name = _("export of personal data")
        verbose_name_plural = _("exports of personal data")
        ordering = ["-requested_at", "key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ready_at__isnull=True) | models.Q(archive__isnull=False),
                name="data_export_ready_has_archive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d}"

    @property
    def expires_at(self) -> datetime.datetime:
        return self.requested_at + EXPORT_LIFETIME
