"""Forms of accounts: allauth's own, with our labels and helps."""

import re
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils import timezone, translation
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.accounts.emails import normalise_email
from participation.accounts.models import User

_LINK = re.compile(r"://|www\.|\w\.\w{2,}/", re.IGNORECASE)
PASSWORD_HELP = _(
    "At least 12 characters. A sentence of several words is easy to remember and hard to guess."
)
CODE_ATTRIBUTES = {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}


def _forgotten() -> str:
    return format_html(
        '<a href="{}">{}</a>',
        reverse_lazy("account_reset_password"),
        gettext("Forgotten password?"),
    )


class _Plain:
    """Labels and helps instead of placeholders, which vanish as soon as one types."""

    labels: dict[str, Any] = {}
    helps: dict[str, Any] = {}
    dropped: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]  # of the form
        for name in self.dropped:
            fields.pop(name, None)
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.labels:
                field.label = self.labels[name]
            if name in self.helps:
                field.help_text = self.helps[name]


class SignupForm(_Plain, account.SignupForm):
    """What signing up asks: an address, a public name, a password, the agreement to the rules."""

    labels = {"email": _("E-mail address"), "password1": _("Password")}
    helps = {
        "email": _("It is never shown. We send a link to it, to check that it is yours."),
        "password1": PASSWORD_HELP,
    }
    field_order = ["email", "public_name", "password1", "terms", "website"]

    public_name = forms.CharField(
        label=_("Public name"),
        max_length=80,
        help_text=_("Shown beside what you write. Your first name or a pseudonym will do."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    terms = forms.BooleanField(
        label=_("I accept the terms of use and the rules of moderation"),
        error_messages={
            "required": _("To take part, accept the terms of use and the rules of moderation.")
        },
    )
    # People never see this field; robots fill it in.
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_public_name(self) -> str:
        return clean_public_name(self.cleaned_data["public_name"])

    def try_save(self, request: HttpRequest) -> Any:
        """A robot gets the same answer as a person, and no account."""
        if self.cleaned_data["website"]:
            return None, account.get_adapter().respond_email_verification_sent(request, None)
        return super().try_save(request)

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        user.public_name = self.cleaned_data["public_name"]
        user.language = translation.get_language() or user.language
        user.terms_accepted_at = timezone.now()
        user.save(update_fields=["public_name", "language", "terms_accepted_at"])


def clean_public_name(value: str) -> str:
    """A readable name: one line, no address of a mailbox or of a site."""
    name = " ".join(value.split())
    if "@" in name:
        raise forms.ValidationError(
            _("Do not use an e-mail address: this name is shown to everyone."), code="address"
        )
    if _LINK.search(name):
        raise forms.ValidationError(_("A name holds no link."), code="link")
    if len(name) < 2:
        raise forms.ValidationError(_("Choose a name of at least two characters."), code="short")
    return name


class LoginForm(_Plain, account.LoginForm):
    labels = {
        "login": _("E-mail address"),
        "password": _("Password"),
        "remember": _("Stay signed in on this device"),
    }
    helps = {"password": lazy(_forgotten, str)()}

    def clean_login(self) -> str:
        return normalise_email(super().clean_login())


class AddEmailForm(_Plain, account.AddEmailForm):
    labels = {"email": _("New e-mail address")}
    helps = {
        "email": _("We send a link to this address; the change takes effect once you open it.")
    }


class ChangePasswordForm(_Plain, account.ChangePasswordForm):
    labels = {"oldpassword": _("Current password"), "password1": _("New password")}
    helps = {"oldpassword": lazy(_forgotten, str)(), "password1": PASSWORD_HELP}
    dropped = ("password2",)


class SetPasswordForm(_Plain, account.SetPasswordForm):
    labels = {"password1": _("Password")}
    helps = {"password1": PASSWORD_HELP}
    dropped = ("password2",)


class ResetPasswordForm(_Plain, account.ResetPasswordForm):
    labels = {"email": _("E-mail address")}
    helps = {"email": _("The one with which you signed up.")}


class ResetPasswordKeyForm(_Plain, account.ResetPasswordKeyForm):
    labels = {"password1": _("New password")}
    helps = {"password1": PASSWORD_HELP}
    dropped = ("password2",)


class ReauthenticateForm(_Plain, account.ReauthenticateForm):
    labels = {"password": _("Password")}
    helps = {"password": lazy(_forgotten, str)()}


class _Code(_Plain):
    labels = {"code": _("Code")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]  # of the form
        fields["code"].widget.attrs.update(CODE_ATTRIBUTES)


class AuthenticateForm(_Code, mfa.AuthenticateForm):
    helps = {
        "code": _("The six digits that your application shows, or one of your recovery codes.")
    }


class ReauthenticateCodeForm(_Code, mfa.ReauthenticateForm):
    helps = {
        "code": _("The six digits that your application shows, or one of your recovery codes.")
    }


class ActivateTOTPForm(_Code, totp.ActivateTOTPForm):
    helps = {"code": _("The six digits that your application shows now.")}


class AddWebAuthnForm(_Plain, webauthn.AddWebAuthnForm):
    labels = {"name": _("Name of this key"), "passwordless": _("Sign in with it alone")}
    helps = {
        "name": _("So that you know it again: “my phone”, “the office's key”."),
        "passwordless": _(
            "No password is asked any more: your device checks your fingerprint, your face or "
            "its PIN."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["passwordless"].initial = True


class EditWebAuthnForm(_Plain, webauthn.EditWebAuthnForm):
    labels = {"name": _("Name of this key")}
