"""How django-allauth behaves here: addresses, mails, second factors."""

import base64
import hashlib
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from participation.accounts import policies, queries
from participation.accounts.emails import normalise_email
from participation.accounts.naming import site_name


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail address, in the site's own words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("This address and this password do not go together."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many failed attempts. Try again in a few minutes."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
        "duplicate_email": _("This is already the address of your account."),
    }

    def clean_email(self, email: str) -> str:
        return normalise_email(super().clean_email(email))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUP_OPEN

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once, in the reader's language; links lead to this site whatever `Host` said.

        These mails do not pass through the queue: they carry links that open an account, which
        must not lie in a table of jobs.
        """
        links = {
            name: on_this_site(value)
            for name, value in context.items()
            if name.endswith("_url") and isinstance(value, str)
        }
        person = context.get("user") or queries.person_with_email(email)
        language = person.language if person else translation.get_language()
        # Nobody has proven yet that the address is theirs: their words stay out.
        proven = person is not None and "email_confirmation" not in template_prefix
        with translation.override(language or settings.LANGUAGE_CODE):
            super().send_mail(
                template_prefix,
                email,
                {
                    **context,
                    **links,
                    "name": person.public_name if person and proven else "",
                    "site_name": site_name(),
                    "site_url": settings.SITE_URL,
                },
            )

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        return super().render_mail(
            template_prefix, email, context, {**(headers or {}), "Auto-Submitted": "auto-generated"}
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)


def on_this_site(url: str) -> str:
    """The same page under the site's configured address: a forged `Host` never reaches a mail."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{settings.SITE_URL.rstrip('/')}{parts.path}{query}"


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: secrets sealed in the database, and kept by staff who need them."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Your role requires a second factor: add another one before you remove this one."
        ),
        "incorrect_code": _("This code is not right. Check it, or wait for the next one."),
        "unverified_email": _("First confirm your e-mail address."),
    }

    def get_totp_issuer(self) -> str:
        return site_name()

    def _get_site_name(self) -> str:
        return site_name()

    def encrypt(self, text: str) -> str:
        """Seal a secret with a key drawn from `SECRET_KEY`: a stolen dump opens nothing."""
        sealed = SecretBox(_sealing_key(settings.SECRET_KEY)).encrypt(text.encode())
        return base64.b64encode(sealed).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed, under the present key or one that was turned over."""
        sealed = base64.b64decode(encrypted_text)
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            try:
                return SecretBox(_sealing_key(secret)).decrypt(sealed).decode()
            except CryptoError:
                continue
        raise CryptoError("This secret was sealed with an unknown key.")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return policies.may_remove_factor(
            user=authenticator.user, others=queries.other_factors(authenticator)
        )

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        number = queries.count_factors(user=user, kind=type) + 1
        return str(_("My key %(number)d") % {"number": number})


def _sealing_key(secret: str | bytes) -> bytes:
    return hashlib.blake2b(
        force_bytes(secret), digest_size=SecretBox.KEY_SIZE, person=b"parvis.mfa"
    ).digest()
