"""Addresses of accounts, under `/compte/`: allauth's views and names, in French words."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from participation.accounts import views

_entrance = [
    path("inscription/", account.signup, name="account_signup"),
    path("connexion/", account.login, name="account_login"),
    path("connexion/second-facteur/", views.SecondFactor.as_view(), name="mfa_authenticate"),
    path("connexion/cle/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("compte-ferme/", account.account_inactive, name="account_inactive"),
    path("reprendre/", views.resume, name="account_resume"),
    path("confirmer/", account.reauthenticate, name="account_reauthenticate"),
    path("confirmer/second-facteur/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("confirmer/cle/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
]

_address = [
    path("adresse/", account.email, name="account_email"),
    path(
        "adresse/a-confirmer/",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    re_path(
        r"^adresse/confirmer/(?P<key>[-:\w]+)/$",
        account.confirm_email,
        name="account_confirm_email",
    ),
]

_password = [
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path(
        "mot-de-passe/oublie/envoye/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "mot-de-passe/oublie/change/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

_second_factor = [
    path("securite/", mfa.index, name="mfa_index"),
    path("securite/application/activer/", totp.activate_totp, name="mfa_activate_totp"),
    path("securite/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "securite/codes-de-secours/",
        views.recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "securite/codes-de-secours/renouveler/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "securite/codes-de-secours/telecharger/",
        views.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("securite/cles/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("securite/cles/ajouter/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("securite/cles/<int:pk>/retirer/", views.RemoveKey.as_view(), name="mfa_remove_webauthn"),
    path("securite/cles/<int:pk>/renommer/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
]


def _to(name: str) -> Any:
    """The page of that name, with the `next` that leads back to where one came from."""
    return RedirectView.as_view(pattern_name=name, query_string=True)


# The pages of the account show rows of the spine, so they live above, in `space`; these two
# names are what the rest of the site and allauth know.
_account = [
    path("", _to("space:dashboard"), name="dashboard"),
    path("profil/", _to("space:profile"), name="profile"),
]

urlpatterns = [
    path("", include((_account, "accounts"))),
    *_entrance,
    *_address,
    *_password,
    *_second_factor,
]
